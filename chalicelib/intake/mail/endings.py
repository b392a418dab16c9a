"""What stands at the end of mails by habit, in the languages that customers use, in the order of `phrases.py`.

Data only: a new habit is a new row here.
"""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re

DEVICES = re.compile(
    r"[\s*_\-–—<(]{0,4}(?:sent (?:from|via|with|using|on)|via (?:mobile|phone|android)$"
    r"|get (?:outlook|bluemail|spark|newton)\b"
    r"|outlook \S{2,6} (?:ios|android|mac|windows)\b"
    r"|download (?:outlook|bluemail)"
    r"|anfonwyd o|gesendet (?:von|mit|über|aus|via|per)|von mein\S{1,20} .{1,40} gesendet"
    r"|diese nachricht wurde von mein"
    r"|verzonden (?:vanaf|met|via|vanuit)|verstuurd (?:vanaf|met|via)"
    r"|envoyé (?:de|depuis|à partir|avec|via)|télécharge[rz] outlook|obtenir outlook"
    r"|enviado (?:desde|do|de|a partir|con|pelo|via)"
    r"|obtener outlook|obter o outlook|inviato (?:da|dal|con|dall)|scarica outlook|ottieni outlook|trimis de pe"
    r"|skickat från|sendt fra|hämta outlook|hent outlook|skaff outlook|lähetetty|hanki outlook|wysłan[eoy] z"
    r"|pobierz outlook"
    r"|odesláno z|odoslané z|küldve|poslano s|gönderen:? outlook|.{1,40}'?(?:ımdan|imden|umdan|dan|den) gönderildi"
    r"|στάλθηκε από|отправлено (?:с|из)|надіслано з|được gửi từ"
    r"|发自我的|發自我的|从我的|傳送自|.{1,30}から送信|나의 .{1,30}에서 보냄)",
    re.IGNORECASE,
)
"""The line that a telephone or a mail program puts under a mail."""

CLOSINGS = frozenset(
    {
        "regards", "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards",
        "many regards", "with regards",
        "with kind regards", "with best regards", "best", "best wishes", "all the best",
        "many thanks and kind regards", "sincerely",
        "sincerely yours", "yours sincerely", "yours faithfully", "yours truly", "faithfully", "respectfully",
        "cheers", "rgds", "br",
        "cofion", "cofion gorau", "cofion cynnes", "yn gywir", "yr eiddoch yn gywir", "gyda diolch",
        "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit besten grüßen",
        "mit besten grüssen",
        "freundliche grüße", "freundliche grüsse", "freundlichen gruß", "viele grüße", "viele grüsse", "beste grüße",
        "beste grüsse",
        "liebe grüße", "schöne grüße", "herzliche grüße", "hochachtungsvoll", "gruß", "grüße", "lg", "vg", "mfg",
        "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten",
        "hartelijke groet",
        "hartelijke groeten", "groet", "groeten", "groetjes", "mvg", "hoogachtend",
        "cordialement", "bien cordialement", "très cordialement", "bien à vous", "salutations", "sincères salutations",
        "salutations distinguées", "meilleures salutations", "cdlt", "cdt",
        "saludos", "un saludo", "un cordial saludo", "saludos cordiales", "atentamente", "muy atentamente",
        "cordialmente",
        "atenciosamente", "cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "abraço",
        "abraços", "att", "atte",
        "cordiali saluti", "distinti saluti", "un cordiale saluto", "saluti", "cu stimă", "cu respect", "o zi bună",
        "mvh", "med vänlig hälsning", "med vänliga hälsningar", "vänlig hälsning", "vänliga hälsningar",
        "hälsningar", "hälsning", "vh",
        "med venlig hilsen", "venlig hilsen", "mange hilsner", "de bedste hilsner", "bedste hilsner",
        "kærlig hilsen", "hilsen", "kh",
        "med vennlig hilsen", "vennlig hilsen", "beste hilsen", "hilsner", "ystävällisin terveisin", "terveisin",
        "parhain terveisin",
        "pozdrawiam", "serdecznie pozdrawiam", "z poważaniem", "z powazaniem", "z wyrazami szacunku", "pozdrowienia",
        "s pozdravem", "s přátelským pozdravem", "s pozdravom", "üdvözlettel", "tisztelettel", "srdačan pozdrav",
        "lijep pozdrav",
        "saygılarımla", "iyi çalışmalar", "με εκτίμηση", "φιλικά",
        "с уважением", "с наилучшими пожеланиями", "з повагою", "з найкращими побажаннями", "trân trọng",
    }
)  # fmt: skip
"""A line that is nothing but a polite ending; name and address follow."""

DISCLAIMERS = re.compile(
    r"[\s*_>\-]{0,6}(?:this (?:e-?mail|message|communication|transmission)\b"
    r".{0,120}\b(?:confidential|intended|privileged|virus)"
    r"|(?:the|any) (?:information|content)s? (?:contained )?(?:in|of) this (?:e-?mail|message)"
    r"|(?:confidentiality|legal|privacy) (?:notice|disclaimer)|disclaimer\b|internet e-?mail confidentiality"
    r"|if you (?:are not|have received) (?:the intended|this (?:e-?mail|message))|please consider the environment"
    r"|virus-free\."
    r"|mae'r neges hon|mae’r neges hon|diese (?:e-?mail|nachricht)\b.{0,80}\bvertraulich|der inhalt dieser e-?mail"
    r"|dit (?:e-?mail)?bericht\b.{0,80}\bvertrouwelijk|de informatie in (?:dit|deze)"
    r"|ce (?:message|courriel|mail)\b.{0,80}\bconfident"
    r"|este (?:mensaje|correo|e-?mail)\b.{0,80}\bconfidencia|esta mensagem\b.{0,80}\bconfidencia"
    r"|(?:questo messaggio|la presente (?:e-?mail|comunicazione)|le informazioni contenute)"
    r"|ta wiadomość\b.{0,80}\bpoufn"
    r"|detta (?:e-?post|meddelande)|denne (?:e-?mail|e-?post|meddelelse))",
    re.IGNORECASE,
)
"""The beginning of a legal or advertising footer."""
