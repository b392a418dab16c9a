"""Card numbers in the names and the content of attachments, by what disguises them."""

from __future__ import annotations

from tests.intake.disguises import Maker
from tests.intake.mails import multipart, raw
from tests.intake.parts import FILLER, WORDS, attached, entities, escaped, folded_invite, grouped, inside, invite, part
from tests.intake.wrapped import CMS, TNEF, signed, whole, winmail
from tests.platform.planted import disguised

IN_FILES: dict[str, Maker] = {
    "attachment name": lambda r, n: multipart(WORDS, part("x", "image/png", "", name=f"{n}.png")),
    "attachment name in pieces": lambda r, n: multipart(
        WORDS,
        f"Content-Type: image/png\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''card%20{n[:5]};\r\n"
        f" filename*1={n[5:]};\r\n filename*2=.png\r\n\r\nx\r\n",
    ),
    "attached text": lambda r, n: attached(f"card {disguised(r, n)}\n", "text/plain", "a.txt"),
    "attached text in utf-16": lambda r, n: attached(n, "text/plain", "a.txt", charset="utf-16le", codec="utf-16-le"),
    "attached text in EBCDIC": lambda r, n: attached(grouped(n), "text/plain", "a.txt", charset="cp037"),
    "attached text in utf-7": lambda r, n: attached(
        f"{n[:5]}+AC0-{n[5:]}", "text/plain", "a.txt", charset="utf-7", codec="ascii"
    ),
    "attached csv": lambda r, n: attached(f"name;card;exp\nAda;{n};12/29\n", "application/vnd.ms-excel", "a.csv"),
    "attached json": lambda r, n: attached(f'{{"card": "{n}", "ok": true}}', "application/json", "a.json"),
    "attached json escapes": lambda r, n: attached(f'{{"card": "{escaped(n)}"}}', "application/json", "a.json"),
    "attached html": lambda r, n: attached(f"<p>{entities(n)}</p>", "text/html", "a.html"),
    "attached html, hidden": lambda r, n: attached(
        f"<p title='{entities(n)}'>{n[:4]}<!-- {n} --></p>", "text/html", "a.html"
    ),
    "attached rtf": lambda r, n: attached(f"{{\\rtf1 card {n[:6]}{{\\b {n[6:]}}}\\par}}", "application/rtf", "a.rtf"),
    "attached xml": lambda r, n: attached(f"<card><a>{n[:8]}</a><b>{n[8:]}</b></card>", "application/xml", "a.xml"),
    "attached svg": lambda r, n: attached(f"<svg><text>{grouped(n)}</text></svg>", "image/svg+xml", "a.svg"),
    "attached eml": lambda r, n: attached(raw(f"It is {n}").decode(), "application/octet-stream", "a.eml", charset=""),
    "attached eml, header": lambda r, n: attached(raw(x_card=n).decode(), "message/rfc822", "a.eml", charset=""),
    "attached vcf": lambda r, n: attached(f"BEGIN:VCARD\nNOTE:{grouped(n)}\nEND:VCARD\n", "text/vcard", "a.vcf"),
    "attached vcf, folded": lambda r, n: attached(
        f"BEGIN:VCARD\nNOTE:{n[:7]}\n {n[7:]}\nEND:VCARD\n", "text/x-vcard", "a.vcf"
    ),
    "octet stream": lambda r, n: attached(f"card {n}", "application/octet-stream", "a.bin", charset=""),
    "octet stream in utf-16": lambda r, n: attached(
        f"card {n}", "application/octet-stream", "a.dat", charset="", codec="utf-16"
    ),
    "text called a picture": lambda r, n: attached(f"card {n}", "image/png", "a.png", charset=""),
    "text called a PDF": lambda r, n: attached(f"card {grouped(n)}", "application/pdf", "a.pdf", charset=""),
    "message inside": lambda r, n: multipart(WORDS, inside(raw(grouped(n)))),
    "message inside a message": lambda r, n: multipart(WORDS, inside(multipart(WORDS, inside(raw(subject=n))))),
    "invitation": lambda r, n: multipart(WORDS, part(invite(grouped(n), "SUMMARY"), "text/calendar", name="a.ics")),
    "invitation, folded": lambda r, n: multipart(WORDS, part(folded_invite(n), "text/calendar", name="a.ics")),
    "invitation, description": lambda r, n: multipart(WORDS, part(invite(n, "DESCRIPTION"), "text/calendar")),
    "far down a file": lambda r, n: attached(FILLER * 4_200 + n, "text/plain", "long.txt"),
    "winmail": lambda r, n: whole(winmail(body=f"card {grouped(n)}"), TNEF),
    "winmail, HTML": lambda r, n: whole(winmail((0x102, 0x1013, f"<p>{n[:4]}<b>{n[4:]}</b></p>".encode())), TNEF),
    "winmail, subject": lambda r, n: whole(winmail((0x1F, 0x37, f"{n}\0".encode("utf-16-le")), body="Hello"), TNEF),
    "winmail, file": lambda r, n: whole(winmail(body="Hello", files=[("a.csv", f"a;{n}".encode())]), TNEF),
    "signed": lambda r, n: whole(signed(f"Content-Type: text/plain\r\n\r\ncard {grouped(n)}".encode()), CMS),
}
