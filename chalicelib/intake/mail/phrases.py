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
        "frá", "nga", "nork", "za od", "испраќач", "од", "از", "प्रेषक", "daripada", "ó", "kimdən", "de la",
        "absender", "expéditeur", "mittente", "remitente", "remetente", "afzender", "nadawca", "odesílatel",
        "avsändare", "afsender", "avsender", "отправитель", "від кого", "αποστολέας", "người gửi", "ผู้ส่ง",
        "差出人", "送信者", "发件人", "寄件者", "寄件人", "發件人", "보낸 사람", "보낸사람", "보낸이", "발신",
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
        "poslato", "послато", "испратено", "изпратено на", "dërguar", "bidaltze-data", "ارسال شده", "भेजा गया",
        "dihantar", "göndərildi", "dată", "dátum", "odeslané", "αποστολή", "saatmisaeg", "ส่ง", "время", "enviadas",
        "отправленные", "data wysłania", "verzonden op", "envoyés", "seolta", "送信日時", "日時", "送信日",
        "日付", "发送时间",
        "日期", "发送日期", "發送時間", "時間", "时间", "寄件日期", "보낸 날짜", "보낸날짜", "날짜",
    ),
    "to": (
        "to", "at", "i", "an", "aan", "à", "a", "para", "till", "til", "vastaanottaja", "do", "komu", "címzett",
        "za", "kime", "alıcı",
        "prima", "adressaat", "saaja", "kam", "kepada", "per a", "ถึง", "إلى", "אל", "до", "προς", "кому",
        "коме", "për", "nori", "به", "प्रति", "chuig", "kimə", "către", "empfänger", "destinataire", "destinatario",
        "destinatário", "ontvanger", "odbiorca", "příjemce", "mottagare", "modtager", "mottaker", "получатель",
        "đến", "tới", "宛先", "收件人", "收件者", "받는 사람", "받는사람", "받는이", "수신",
    ),
    "copy": ("cc", "copi", "kopie", "kopi", "kopia", "copie à", "copia", "dw", "копия", "копія", "抄送", "참조"),
    "subject": (
        "subject", "pwnc", "betreff", "onderwerp", "objet", "asunto", "assunto", "oggetto", "subiect", "ämne",
        "emne", "aihe", "temat",
        "zadeva", "teema", "temats", "tema", "subjek", "assumpte", "относно", "เรื่อง", "الموضوع", "נושא",
        "předmět", "predmet",
        "efni", "наслов", "naslov", "subjekti", "gaia", "موضوع", "विषय", "ábhar", "mövzu", "ogg", "предмет", "tēma",
        "tárgy", "konu", "θέμα", "тема", "chủ đề", "tiêu đề", "件名", "主题", "主　题", "主題", "标题",
        "主旨", "제목",
    ),
}  # fmt: skip
"""The names of header fields as clients repeat them over the mail that is answered."""

_ORIGINAL = (
    "original message", "original mail", "original email", "reply message", "neges wreiddiol",
    "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "antwort nachricht", "oorspronkelijk bericht", "message d'origine",
    "message original", "message initial",
    "mensaje original", "mensagem original", "messaggio originale", "mesaj original",
    "mesajul original",
    "ursprungligt meddelande", "originalmeddelande", "oprindelig meddelelse", "oprindelig besked",
    "opprinnelig melding",
    "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "pôvodná správa",
    "eredeti üzenet",
    "izvorna poruka", "orijinal mesaj", "özgün ileti", "αρχικό μήνυμα", "исходное сообщение", "вихідне повідомлення",
    "tin nhắn gốc",
    "ursprüngliche mail", "ursprüngliche e-mail", "mail original", "courriel original", "e-mail original",
    "correo original", "mail originale", "originele mail", "oprindelig mail", "oprindelig e-mail", "původní e-mail",
    "původní mail", "pôvodný e-mail", "oryginalny e-mail", "alkuperäinen sähköposti", "opprinnelig e-post",
    "eredeti levél", "orijinal e-posta", "izvorno sporočilo", "originalna poruka", "missatge original",
    "mensaxe orixinal", "оригінальне повідомлення", "оригинално съобщение", "оригинално писмо", "replied message",
    "回复的原邮件", "元のメール", "원본 메일",
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
    "weitergeleitete mail", "weitergeleitete e-mail", "e-mail transféré", "mail transféré", "correo reenviado",
    "e-mail inoltrata", "doorgestuurde mail", "doorgestuurd e-mailbericht", "přeposlaný e-mail", "preposlaná správa",
    "preposlaný e-mail", "posredovano sporočilo", "прослеђена порука", "prosleđena poruka", "препратено съобщение",
    "áframsent skeyti", "missatge reenviat", "mensaxe reenviada", "birtokított üzenet", "iletilen mesaj",
    "pesan terusan", "ข้อความที่ส่งต่อ", "רשומה שהועברה", "الرسالة المعاد توجيهها", "转发邮件", "轉寄的郵件",
    "전달된 메시지", "전달된 메일", "転送メッセージ", "転送されたメッセージ",
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

_REPLY = (
    "repl(?:y|ies)|respon|respost|answer|antw(?:ort|oord)|répon|respuesta|rispo|odpow|svar|vasta"
    "|odpov|válasz|yanıt|cevap|răspun|ответ"
    "|відпов|отговор|ateb|απάντη|trả lời|返信|回复|回覆|回復|답장|답변"
)
_OVER = (
    "above|oberhalb|über|au[- ]dessus|ci-dessus|encima|arriba|acima|sopra|boven|powyżej|nad |ovan|over |yläpuol|fölé"
    "|üst|deasupra|выше|вище|над |uwchben|πάνω|phía trên|上方|以上|上に|위에"
)
ABOVE = re.compile(
    r"[>\s]{0,4}[-#=*_—]{2,40}+(?:\s{0,5}(?:please )?(?:type|write|enter|add) your (?:reply|answer|response) above"
    r"|\s{0,5}(?:please )?reply above"
    rf"|(?=[^\n]{{0,120}}(?:{_REPLY}))(?=[^\n]{{0,120}}(?:{_OVER}))[^\n]{{0,160}}[-#=*_—]{{2}}\s{{0,4}}$)",
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
        "gmail_extra", "zmail_extra", "moz-cite-prefix", "ms-outlook-mobile-reference-message", "cite",
        "replyheader", "nh_extra", "history_container", "cm_replymail_content_wrap",
    }
)  # fmt: skip
QUOTED_CLASS = re.compile(r"(?:^|[_-])quoted?(?:$|[_-])")
"""A class that says so itself: most clients have one."""
HISTORY_IDS = frozenset(
    {
        "olk_src_body_section", "mail-editor-reference-message-container", "reply-intro", "isforwardcontent",
        "isreplycontent", "quote", "messagereplysection", "edo-original", "aqm-original", "__headers__",
        "__quoted_text__",
    }
)  # fmt: skip
"""HTML elements into which clients put the mail that is answered, by class and by id, name or marker (lower case)."""
