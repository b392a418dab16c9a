"""What stands at the end of mails by habit, in the languages that customers use, in the order of `phrases.py`.

Data only: a new habit is a new row here.
"""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re

_THING = (
    r"(?:i-?phone|ipad|ipod|apple watch|macbook|android|samsung|galaxy|huawei|honor|xiaomi|redmi|oneplus|pixel|nokia"
    r"|xperia|motorola|blackberry|windows|outlook|gmail|yahoo|gmx|web\.de|e?-?mail|handy|smartphone"
    r"|(?:t[eé]l[eé]|mobil)\w{0,12}"
    r"|tablet\w{0,4}|cep|okos\w{0,12})"
)
DEVICES = re.compile(
    r"[\s*_\-–—<(\[]{0,4}(?:sent (?:from|via|with|using|on|by)|via (?:mobile|phone|android)$"
    r"|(?:typed|written|composed|dictated) (?:on|with|from|by|using) (?:my|an?|the|siri|voice)\b"
    r"|(?:please )?(?:excuse|forgive|pardon) (?:my |any |the )?(?:typos|brevity|spelling)"
    r"|get (?:outlook|bluemail|spark|newton)(?: for\b|\W{0,3}$)"
    r"|(?:securely|sicher) (?:sent|versendet) (?:with|mit)"
    r"|outlook \S{2,6} (?:ios|android|mac|windows)\b"
    r"|download (?:outlook|bluemail)"
    r"|anfonwyd o|seolta ó|provenance\s?:\s?(?:courrier|mail)|gesendet (?:von|mit|über|aus|via|per|vom)"
    r"|von mein\S{1,20} .{1,40} gesendet"
    r"|von unterwegs (?:gesendet|geschrieben)"
    r"|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit|über|vom) .{1,60} (?:gesendet|verschickt|versendet)"
    r"|verzonden (?:vanaf|met|via|vanuit|door|van)|verstuurd (?:vanaf|met|via|vanuit|van)"
    r"|envoyé(?:e)? (?:de|depuis|à partir|avec|via|par)|télécharge[rz] outlook|obtenir outlook"
    r"|enviad[oa] (?:desde|do|de|da|a partir|con|com|pelo|pela|via|mediante)"
    r"|enviat (?:des|amb|de)|obtener outlook|obter o outlook"
    r"|inviat[oa] (?:da|dal|con|dall|tramite|via)|scarica outlook"
    r"|ottieni outlook|trimis (?:de pe|din|de la|cu|prin)"
    r"|skickat (?:från|med|via)|skickades från|sendt (?:fra|med|via|frå)|sent úr|hämta outlook|hent outlook"
    r"|skaff outlook"
    rf"|lähetetty|hanki outlook|wysłan[eoy] (?:z|za)|pobierz (?:program |aplikację )?outlook"
    rf"|saadetud .{{0,30}}{_THING}|nosūtīts no|išsiųsta iš"
    r"|odesl[áa]no (?:z|pomocí|přes)|odoslan[éo] z|posl[áa]no z|poslané z|küldve$"
    r"|(?:poslano|poslato|послато|изпратен[оа]|пратено) (?:s|sa|iz|z|са|из|от|од|с)\b"
    r"|gönderen:? outlook|στάλθηκε από|εστάλη από|απεστάλη από|отправлен[оа] (?:с|из|через)"
    r"|надіслано (?:з|за|через)|відправлено з"
    r"|được gửi từ|đã gửi từ|gửi từ|dikirim (?:dari|melalui)|dihantar dari|ipinadala mula|ส่งจาก|นำส่งจาก"
    r"|נשלח מ|أرسلت من"
    r"|أُرسلت من|تم الإرسال من|مرسل من|ارسال شده از|فرستاده شده از"
    r"|发自|發自|从我的|來自我的|来自我的|從我的|傳送自|寄自我的)",
    re.IGNORECASE,
)
"""The line that a telephone or a mail program puts under a mail, where it begins so in its language."""
CARRIED = re.compile(
    r"Sent (?:from my|via the) [A-Z][^,.!?;]{1,40}, (?:an? )?[A-Z][\w&+ -]{1,40} (?:smartphone|phone|device)$"
)
"""Such a line may have a comma: `Sent from my carrier, a maker's smartphone`."""
LAST_SAID = (
    "gesendet", "verschickt", "versendet", "geschrieben", "verzonden", "verstuurd", "küldve", "gönderildi", "bidalia",
    "bidalita", "से भेजा गया", "から送信", "送信されました", "보냄", "보낸 메일", "발송", "전송", "ios", "android",
    "入手", "herunter", "letöltése", "edinin", "다운로드",
)  # fmt: skip
"""Its last words in languages that end with the verb, and of advertisements; only then the whole line is looked at."""
DEVICES_LAST = re.compile(
    rf"(?:(?:von|vom|mit|aus|über|via)\b[^.!?]{{0,30}}\b{_THING}\S{{0,12}}(?: [^\s.!?]{{1,20}})?"
    r" (?:gesendet|verschickt|versendet|geschrieben|verzonden|verstuurd)"
    r"|[^.!?]{1,60}\S(?:ról|ről|ból|ből|val|vel) küldve"
    rf"|.{{1,40}}(?:ımdan|imden|umdan|ümden|dan|den|tan|ten) gönderildi|.{{0,30}}{_THING}.{{0,20}} bidali(?:t?a)"
    rf"|.{{0,20}}{_THING}.{{0,20}}से भेजा गया|.{{1,30}}から送信(?:されました)?|.{{0,30}}에서 (?:보냄|보낸 메일|발송|전송)"
    r"|[^.!?]{0,30}\boutlook\b[^.!?]{0,12}\b(?:ios|android)\b[^.!?]{0,20})$",
    re.IGNORECASE,
)

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
        "lep pozdrav", "lugupidamisega", "ar cieņu", "pagarbiai", "le gach dea-ghuí", "virðingarfyllst",
        "bestu kveðjur", "с поштовањем", "s poštovanjem", "поздрави", "с поздрав", "salutacions",
        "salutacions cordials",
        "agur", "adeitasunez", "una aperta", "saúdos", "hormat saya", "salam", "ขอแสดงความนับถือ", "בברכה", "مع تحياتي",
        "با احترام", "敬具", "以上", "敬礼", "此致", "顺祝商祺", "敬上", "드림", "올림", "सादर", "mvh.", "yours",
    }
)  # fmt: skip
"""A line that is nothing but a polite ending; name and address follow."""
SHORT_CLOSINGS = frozenset({"gruß", "grüße", "lg", "vg", "mfg", "mvg", "mvh", "vh", "kh", "cofion", "cdlt", "rgds"})
"""Such as are no other word, so that a name may stand on their line."""

DISCLAIMERS = re.compile(
    r"[\s*_>\-]{0,6}+(?:this (?:e-?mail|message|communication|transmission)\b"
    r".{0,120}\b(?:confidential|intended|privileged|virus)"
    r"|(?:the|any) (?:information|content)s? (?:contained )?(?:in|of) this (?:e-?mail|message)"
    r"|(?:confidentiality|legal|privacy) (?:notice|disclaimer)|disclaimer\b|internet e-?mail confidentiality"
    r"|if you (?:are not|have received) (?:the intended|this (?:e-?mail|message))|please consider the environment"
    r"|virus-free\.|reply to this e-?mail directly\b"
    r"|you (?:are receiving|received) this (?:message|e-?mail) because you (?:are|were) subscribed"
    r"|(?:this|diese[rs]?|cet|ce|este|el|questa?|il|deze|dit|ta|ten|niniejsz\w{1,3}|данное|это|bu|den|denne) .{0,60}"
    r"\b(?:avast|avg|kaspersky|norton|eset|mcafee|bitdefender|sophos)\b.{0,40}$"
    r"|(?:think|please think) before (?:you print|printing)|before printing this"
    r"|bitte (?:denken|prüfen) sie .{0,60}\b(?:umwelt|druck)"
    r"|(?:pensez à|respectez|préserv\w{1,4}) l['’]environnement|avant d['’]imprimer"
    r"|antes de imprimir|prima di stampare"
    r"|denk (?:aan het milieu|voor u print)|pomyśl (?:o środowisku|zanim wydruk)|tänk på miljön"
    r"|pense (?:no|antes de) (?:ambiente|imprimir)"
    r"|(?:avis|clause) (?:de confidentialité|juridique)|aviso (?:legal|de confidencialidad)"
    r"|vertraulichkeitshinweis"
    r"|haftungsausschluss|rechtlicher hinweis|avviso di riservatezza|klauzula poufności"
    r"|mae'r neges hon|mae’r neges hon|diese (?:e-?mail|nachricht)\b.{0,80}\bvertraulich|der inhalt dieser e-?mail"
    r"|dit (?:e-?mail)?bericht\b.{0,80}\bvertrouwelijk|de informatie in (?:dit|deze)"
    r"|ce (?:message|courriel|mail)\b.{0,80}\bconfident"
    r"|este (?:mensaje|correo|e-?mail)\b.{0,80}\bconfidencia|esta mensagem\b.{0,80}\bconfidencia"
    r"|(?:questo messaggio|la presente (?:e-?mail|comunicazione)|le informazioni contenute)"
    r"|ta wiadomość\b.{0,80}\bpoufn"
    r"|detta (?:e-?post|meddelande)|denne (?:e-?mail|e-?post|meddelelse))"
)
"""The beginning of a legal or advertising footer, in lower case, which is compared in half of the time."""
SCANNED = re.compile(r".{1,40}www\.(?:avast|avg)\.com")
"""What a virus scanner adds, in lower case."""
