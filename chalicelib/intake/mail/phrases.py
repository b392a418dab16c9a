"""What mail clients write over the mail that is answered, in the languages that customers use.

Data only: a new client is a new row here. Everything is compared without regard to case. Languages stand in the order
en, cy, de, nl, fr, es, pt, it, ro, sv, da, no, fi, pl, cs, sk, hu, hr, tr, el, ru, uk, vi, ja, zh, ko.
"""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re

VERBS = (
    "wrote", "writes", "sent", "said",
    "ysgrifennodd",
    "schrieb", "schrieben", "hat geschrieben", "folgendes geschrieben",
    "schreef", "geschreven",
    "a écrit", "a ecrit", "écrivait",
    "escribió", "escribio", "ha escrito",
    "escreveu", "escreveu isto",
    "ha scritto", "scrive",
    "a scris",
    "skrev", "skreiv",
    "kirjoitti",
    "napisał", "napisała", "napisał(a)", "napisal(a)", "pisze",
    "napsal", "napsala", "napsal(a)", "napísal", "napísal(a)",
    "írta", "ezt írta",
    "napisao je", "napisao/la je", "je napisao",
    "yazdı", "şunu yazdı",
    "έγραψε",
    "написал", "написала", "написал(а)", "пишет", "писал", "писал(а)",
    "пише", "написав", "написав(ла)", "написала(в)",
    "đã viết", "viết",
    "のメール", "のメッセージ", "さんは書きました",
    "写道", "寫道", "님이 작성", "작성",
    "va escriure", "kirjutas", "rakstīja", "rašė", "je napisala", "je napisal", "napisala", "napisal", "написа",
    "је написао", "napisana przez", "menulis", "เขียนว่า", "كتب", "כתב", "כתבה", "כתב/ה",
)  # fmt: skip
"""The end of the line over a quotation: `On Monday Ada wrote:`."""

OPENERS = (
    "on", "at", "ar", "am", "vom", "op", "le", "el", "em", "il giorno", "il", "in data", "pe", "den", "på", "w dniu",
    "dnia", "dne",
    "dňa", "dana", "vào", "vào lúc", "в", "于", "於", "în", "στις", "на", "pada", "bei", "v", "dnia", "בתאריך",
    "ב", "في", "เมื่อ",
)  # fmt: skip
"""The beginning of that line, before the date."""

LABELS = {
    "from": (
        "from", "oddi wrth", "von", "van", "de", "da", "från", "fra", "lähettäjä", "od", "feladó", "kimden",
        "gönderen", "από",
        "от", "от кого", "від", "šalje", "пошиљалац", "saatja", "nuo", "dari", "จาก", "من", "מאת", "từ",
        "差出人", "发件人", "寄件者", "보낸 사람",
    ),
    "date": (
        "sent", "date", "anfonwyd", "dyddiad", "gesendet", "datum", "verzonden", "envoyé", "envoyé le",
        "date d'envoi", "message du",
        "enviado", "enviado el", "enviado em", "fecha", "data", "inviato", "trimis", "skickat", "sendt", "dato",
        "lähetetty",
        "päivämäärä", "wysłano", "wysłane", "odesláno", "odoslané", "küldve", "elküldve", "poslano", "gönderildi",
        "tarih",
        "gönderme tarihi", "изпратено", "saadetud", "kuupäev", "nosūtīts", "išsiųsta", "dikirim", "tanggal",
        "enviat", "ส่งเมื่อ",
        "วันที่", "تم الإرسال", "تاريخ", "التاريخ", "נשלח", "תאריך", "στάλθηκε", "ημερομηνία", "отправлено",
        "дата", "надіслано", "ngày", "đã gửi",
        "送信日時",
        "日付", "发送时间",
        "日期", "寄件日期", "보낸 날짜", "날짜",
    ),
    "to": (
        "to", "at", "i", "an", "aan", "à", "a", "para", "till", "til", "vastaanottaja", "do", "komu", "címzett",
        "za", "kime", "alıcı",
        "prima", "adressaat", "saaja", "kam", "kepada", "per a", "ถึง", "إلى", "אל", "до", "προς", "кому",
        "đến", "tới", "宛先", "收件人", "收件者", "받는 사람",
    ),
    "copy": ("cc", "copi", "kopie", "kopi", "kopia", "copie à", "copia", "dw", "копия", "копія", "抄送", "참조"),
    "subject": (
        "subject", "pwnc", "betreff", "onderwerp", "objet", "asunto", "assunto", "oggetto", "subiect", "ämne",
        "emne", "aihe", "temat",
        "zadeva", "teema", "temats", "tema", "subjek", "assumpte", "относно", "เรื่อง", "الموضوع", "נושא",
        "předmět", "predmet",
        "tárgy", "konu", "θέμα", "тема", "chủ đề", "tiêu đề", "件名", "主题", "主旨", "제목",
    ),
}  # fmt: skip
"""The names of header fields as clients repeat them over the mail that is answered."""

_ORIGINAL = (
    "original message", "original mail", "original email", "reply message", "neges wreiddiol",
    "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "antwort nachricht", "oorspronkelijk bericht", "message d'origine",
    "message original",
    "message initial", "mensaje original", "mensagem original", "messaggio originale", "mesaj original",
    "mesajul original",
    "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "oprindelig besked",
    "opprinnelig melding",
    "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "pôvodná správa",
    "eredeti üzenet",
    "izvorna poruka", "orijinal mesaj", "özgün ileti", "αρχικό μήνυμα", "исходное сообщение", "вихідне повідомлення",
    "tin nhắn gốc",
    "元のメッセージ", "原始邮件", "原始郵件", "邮件原件", "원본 메시지",
)  # fmt: skip
_FORWARDED = (
    "forwarded message", "forwarded by", "begin forwarded message", "neges wedi'i hanfon ymlaen",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht", "doorgestuurd bericht", "begin doorgestuurd bericht",
    "message transféré",
    "message transmis", "début du message réexpédié", "début du message transféré", "mensaje reenviado",
    "inicio del mensaje reenviado",
    "mensagem encaminhada", "mensagem reencaminhada", "messaggio inoltrato", "inizio messaggio inoltrato",
    "mesaj redirecționat",
    "vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt meddelelse", "videresendt besked",
    "videresendt melding",
    "välitetty viesti", "wiadomość przekazana", "przekazana wiadomość", "přeposlaná zpráva", "továbbított üzenet",
    "proslijeđena poruka",
    "yönlendirilmiş mesaj", "προωθημένο μήνυμα", "пересылаемое сообщение", "переслане повідомлення",
    "転送されたメッセージ",
    "转发的邮件",
)  # fmt: skip


def _any(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


ORIGINAL = re.compile(
    rf"[>\s*]{{0,9}}[-_=*]{{2,80}}\s{{0,5}}(?:{_any(_ORIGINAL)})\s{{0,5}}[-_=*]{{2,80}}", re.IGNORECASE
)
"""The line over the whole of the mail that is answered."""
FORWARDED = re.compile(
    rf"[>\s*]{{0,9}}[-_=*]{{0,80}}\s{{0,5}}(?:{_any(_FORWARDED)})\s{{0,5}}[-_=*:]{{1,80}}", re.IGNORECASE
)
"""The line over a mail that the customer passes on: what follows is meant for the desk."""
LABEL = re.compile(
    r"[>\s*_|\u200e\u200f]{0,9}(?:"
    + "|".join(rf"(?P<{kind}>{_any(names)})" for kind, names in LABELS.items())
    + r")\s{0,3}[*_]{0,2}\s{0,3}[:：][\s*_]{0,4}",
    re.IGNORECASE,
)

ABOVE = re.compile(
    r"[>\s]{0,4}[-#=*_]{2,40}\s{0,5}(?:(?:please )?(?:type|write|enter|add) your (?:reply|answer|response) above"
    r"|(?:please )?reply above|in replies all text above|bitte (?:antworten|schreiben) sie (?:oberhalb|über) dieser"
    r"|antworten sie (?:oberhalb|über)|(?:veuillez )?répond(?:re|ez) au[- ]dessus"
    r"|(?:por favor,? )?respond[ea] (?:por )?encima"
    r"|(?:per favore )?rispond(?:i|ere) sopra|(?:por favor,? )?respond[ae] acima|antwoord boven|svara ovanför|svar over"
    r"|odpowiedz powyżej|ysgrifennwch eich ateb uwchben)",
    re.IGNORECASE,
)
"""The line that a ticket system asks to write above."""
CREDIT = re.compile(
    r"\s{0,3}(?:quoting|citing|zitat von|zitiere|citation de|en réponse à|citando(?: a)?"
    r"|citat(?:ion)? (?:från|fra)|cytat od"
    r"|in reply to|citazione di|antwort auf|citeert|цитирую|引用)\s[^\n]{1,200}[:：]\s{0,3}",
    re.IGNORECASE,
)
"""A headline without a date; it counts only directly over marked lines."""

HISTORY_CLASSES = frozenset(
    {
        "gmail_quote", "gmail_quote_container", "gmail_extra", "yahoo_quoted", "protonmail_quote", "zmail_extra",
        "moz-cite-prefix",
        "ms-outlook-mobile-reference-message", "tutanota_quote", "freemail_quote", "cite",
    }
)  # fmt: skip
HISTORY_IDS = frozenset(
    {"olk_src_body_section", "mail-editor-reference-message-container", "reply-intro", "isforwardcontent"}
)
"""HTML elements into which clients put the mail that is answered (lower case)."""
