"""How mail systems say that a mail did not arrive, or not yet, in the languages that they speak."""

from __future__ import annotations

import re
from typing import Final

DAEMON: Final = re.compile(
    r"(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|microsoftexchange[0-9a-f]{8,40}|mail-?delivery(?:-?sub)?-?system"
    r"|mail-?system)@|^(?:mailer-daemon|postmaster)$",
    re.IGNORECASE,
)
"""Addresses of mail systems."""
SUBJECT: Final = re.compile(
    r"undeliver(?:ed|able)|delivery (?:status notification|status|failure|has failed|failed|problem|incomplete|error)"
    r"|returned (?:mail|to sender)|mail returned|message status|permanent(?:ly)? (?:delivery )?fail"
    r"|mail (?:delivery (?:failed|system|error)|could not be delivered|system error)|failure notice|non-?delivery"
    r"|rejected:|(?:message|mail|e-?mail) (?:could )?not (?:be )?(?:delivered|sent)|returning message"
    r"|unable to deliver"
    r"|unzustellbar|nicht zugestellt|zustell(?:ung|benachrichtigung|fehler)|nicht zustellbar|rückläufer"
    r"|onbestelbaar|niet (?:bezorgd|afgeleverd|besteld)|non remis|échec de (?:la |l')?(?:remise|envoi|distribution)"
    r"|(?:message|courrier|courriel) (?:non distribué|retourné)|non-remise|état de remise"
    r"|no se (?:puede|ha podido) entregar"
    r"|no entregado|correo devuelto|(?:error|fallo) (?:de|en la) entrega|estado de entrega"
    r"|(?:mensaje|correo) no entregado"
    r"|não (?:foi )?(?:é possível )?entreg(?:ue|ar)|falha na entrega|mensagem devolvida|mancato recapito"
    r"|impossibile recapitare|non recapita|recapito non riuscito|mancata consegna|messaggio respinto"
    r"|kunde inte levereras|går inte att leverera|olevererbar|(?:ikke|kan ikke) leveres|toimittamaton"
    r"|toimitus epäonnistui"
    r"|ei voi toimittaa|niedostarczon|niedostarczal|nie można dostarczyć|nie dostarczono|zwrot (?:poczty|wiadomości)"
    r"|nedoručiteln|nelze doručit|kézbesíthetetlen|teslim edilemedi|недоставлен|не доставлен|не удается доставить"
    r"|配信不能|配信(?:できません|エラー|失敗)|配送エラー|不達|お届けできません|退信|退回|投递失败|发送失败"
    r"|无法送达|未送达|未传递"
    r"|(?:couldn't|wasn't|can't|cannot|unable to) be delivered|(?:wasn't|was not|not been) delivered"
    r"|(?:user|recipient|address|mailbox)"
    r" (?:unknown|not found|unavailable|full|rejected|does not exist)|no such user|over quota|quota exceeded"
    r"|konnte nicht (?:\w+ ){0,4}(?:zugestellt|ausgeliefert|übermittelt)"
    r"|n'a (?:pas )?pu être (?:remis|délivré|distribué|livré)"
    r"|no (?:se )?(?:pudo|ha podido|fue posible) (?:ser )?entreg|non è stato (?:possibile )?(?:recapita|consegna)"
    r"|kon niet worden (?:bezorgd|afgeleverd)|nie (?:mogła|może|została) (?:zostać |być )?dostarczon"
    r"|não pôde ser entregue"
    r"|不能投递|无法投递|无法发送|投递失敗|配信され|届きません|送信できません|不明なユーザ|宛先"
    r"|не может быть доставлен|не было доставлено"
    r"|반송|배달되지|전송 ?실패|ni ellid danfon|methwyd danfon",
    re.IGNORECASE,
)
CODE: Final = re.compile(
    r"(?<![\d.])(?:5[0-7]\d[ -]{1,3}(?:#?5\.\d{1,3}\.\d{1,3}|[A-Za-z<])|#?5\.[0-7]\.\d{1,3}(?![\d.]))"
)
"""What the other side answers for good (RFC 5321, RFC 3463)."""
DELAY: Final = re.compile(
    r"\(delay\)|\bdelay(?:ed)?\b|still being retried|not yet been delivered|^warning:|\bverzögert|\bvertraagd"
    r"|\bretardé"
    r"|\bretrasad|\bin ritardo|\bopóźnion|\bfördröj|\bforsinket|遅延|延迟|задерж",
    re.IGNORECASE,
)
STILL_TRIED: Final = re.compile(
    r"(?:will|shall) (?:\w+ ){0,2}(?:keep|continue|be) (?:\w+ ){0,2}(?:try|retr|attempt|deliver)"
    r"|do not need to resend"
    r"|delivery attempts will continue|not yet been delivered|has been delayed|no action is required|still trying"
    r"|weitere zustellversuche|wird weiterhin versucht|nouvelles tentatives|se seguirá intentando"
    r"|nog steeds geprobeerd",
    re.IGNORECASE,
)
"""In the words of a report: nothing has failed for good."""
COPY: Final = re.compile(
    r"^(?:-{3,}|(?:return-path|received|message-id|from|to|subject|date):)", re.IGNORECASE | re.MULTILINE
)
"""Where the mail begins that came back, or a part of the report."""
