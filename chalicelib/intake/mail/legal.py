"""Legal footers in whatever words: a paragraph near the end that speaks of secrecy, of recipients and of deletion, but
in which nobody speaks."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chalicelib.intake.mail.endings import DISCLAIMERS, SCANNED

_LEAST: Final = 120
"""Characters of a footer, half as many where a sign is a word."""
_SECRET: Final = (
    "confiden", "privileg", "vertraul", "vertrouw", "riservat", "poufn", "konfiden", "конфиденц", "конфіденц", "důvěrn",
    "dôvern", "bizalmas", "gizli", "εμπιστ", "απόρρ", "luottamuks", "fortroli", "sekretess", "povjerljiv", "zaupn",
    "поверит", "trúnað", "cyfrinachol", "機密", "秘密", "机密", "保密", "기밀", "비밀", "سري", "חסוי", "ลับ",
    "rahasia", "bảo mật",
)  # fmt: skip
_THEMES: Final = (
    "|".join(_SECRET),
    r"intended|recipient|addressee|empfänger|adressat|bestimmt|destinat|destinad|bestemd"
    r"|geadresseerd|ontvanger|adresat"
    r"|przeznaczon|odbiorc|адресат|получател|одержувач|příjemc|určen|príjemc|címzett|alıcı|παραλήπτ|αποδέκτ"
    r"|vastaanottaj|mottag|modtag|mottak|avsedd|beregnet|primatelj|naslovnik|viðtakand"
    r"|derbynnydd|宛|受信者|收件人|接收|수신|مستلم"
    r"|נמען|ผู้รับ|penerima|người nhận",
    r"unauthori|prohibit|disclos|distribut|disseminat|forbidden|untersagt|unbefugt|unzulässig"
    r"|verboten|weitergabe|verbreitung"
    r"|interdit|non autoris|divulgu|diffusion|prohibid|proibid|no autorizad|não autorizad|vietat"
    r"|non autorizzat|divulga"
    r"|diffusione|verspreid|openbaar|verboden|zabronion|niedozwolon|ujawni|запрещ|заборон|разглаш"
    r"|zakázán|zakázan|tilos|yasak|izinsiz"
    r"|απαγορ|kiellett|förbjud|forbud|zabranjen|prepoveda|óheimil|gwaharddir|禁|严禁|嚴禁|금지|אסור"
    r"|ห้าม|dilarang|nghiêm cấm",
    r"delet|destroy|notify|in error|lösch|vernicht|irrtümlich|informieren|benachrichtig|supprim"
    r"|détrui|par erreur|avertir"
    r"|elimin|borr|destru|por error|por erro|notifi|apag|cancell|distrugg|per errore|avvis"
    r"|verwijder|vernietig|abusievelijk"
    r"|usun|usuń|skasow|omyłk|zniszcz|удал|уничтож|по ошибке|видал|помилк|smaž|vymaž|vymaz|omyl"
    r"|törö|tévedés|silin|silme|yanlışlık"
    r"|διαγρά|λάθος|poista|erehdy|radera|misstag|slett|slet|ved en fej|obriš|izbriš|pogrešk|pomot|eyða|mistök|ddileu"
    r"|dileu|削除|破棄|删除|刪除|销毁|삭제|حذف|מחק|ลบ|hapus|xóa",
    r"attachment|anhäng|anlage|pièces? jointe|archivos? adjunt|anexo|allegat|bijlage|załączn|вложен"
    r"|příloh|mellékl|ekler|συνημμ|liite"
    r"|bilag|vedlegg|virus|liab|haftung|responsab|aansprakel|odpowiedzialno|ответствен|添付|附件|첨부",
)
"""What footers speak of; people who write of one of these themes do not write of three."""
_SPEAKER: Final = re.compile(
    r"\b(?:I|[Mm]y|me|[Ii]ch|[Mm]ein\w{0,2}|mir|mich|[Jj]e (?:vous|ne|suis|veux)|[Jj]['’]\w+|mon|mes|moi|mis?|[Yy]o"
    r"|mi[oa]|miei|meus?|minha|[Ii]k|mijn|mój|moj\w{1,3}|mnie|[Яя]|мне|меня|мо[йяёи]|jag|jeg|mig|mitt|mina|můj|nekem|engem"
    r"|benim|bana|minu[nal]\w*|fy)\b|私|我|제가|저는|나는"
)
"""One person, who complains about a secret that was not kept."""
_SEVERAL: Final = 3
_THEMED: Final = tuple(re.compile(theme, re.IGNORECASE) for theme in _THEMES)
_MOST: Final = 4_000
_SEARCHED: Final = 2_500
"""Characters at the end of a text in which a footer says that it is one."""


def footer_of(lines: Sequence[str], first: int) -> int | None:
    """The line at or after line `first` on which a legal or advertising footer begins, or None."""
    lower = "\n".join(lines[first:]).lower().split("\n")
    known = next((index for index, line in enumerate(lower, first) if line and _is_known(line)), len(lines))
    found = _legal_paragraph(lines[:known], first)
    return found if found is not None or known == len(lines) else known


def _is_known(line: str) -> bool:
    return DISCLAIMERS.match(line) is not None or ("www.av" in line and SCANNED.match(line) is not None)


def _legal_paragraph(lines: Sequence[str], first: int) -> int | None:
    tail = "\n".join(lines[first:])[-_SEARCHED:].casefold()
    if not any(sign in tail for sign in _SECRET):
        return None
    while first < len(lines) and lines[first - 1].strip():
        first += 1
    start, length = first, 0
    for index in range(first, len(lines) + 1):
        if index < len(lines) and lines[index].strip():
            start, length = (start if length else index), length + len(lines[index]) + 1
            continue
        if length and _is_legal("\n".join(lines[start:index])[:_MOST]):
            return start
        length = 0
    return None


def _is_legal(paragraph: str) -> bool:
    least = _LEAST if paragraph.isascii() or " " in paragraph else _LEAST // 3
    if len(paragraph) < least or _SPEAKER.search(paragraph):
        return False
    return sum(theme.search(paragraph) is not None for theme in _THEMED) >= _SEVERAL
