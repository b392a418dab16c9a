"""Bodies made to cost a reader of mail the square of their length, each aimed at one thing that such readers do."""

from __future__ import annotations

from chalicelib.intake.mail.phrases import LABELS
from tests.intake.mails import multipart, raw
from tests.intake.wrapped import SIGNED_OID, attached, attribute, der, endless, properties, whole, winmail

_LINES = {
    "openers": "On ", "openers with digits": "On 1 ",
    "headline without end": "On 3 May 2026 at 10:00 Ada <a@b.example>\n",
    "verbs": "On 3 May wrote:\n", "quotation marks": ">", "marks in lines": "> \n", "initials": "C> \n", "rules": "_",
    "rules in lines": "____\n", "dashes": "-- \n", "original": "-----Original Message", "forwarded": ">- forwarded ",
    "labels": "From: ", "labels in lines": "From: a\nDate: b\n",
    "every label": "".join(f"{n[0]}: " for n in LABELS.values()),
    "at signs": "a@", "addresses": "a@b.c ", "digits": "1", "digits and dots": "1.", "links": "http://",
    "open links": "<http://a\n",
    "spaces": " ", "blank lines": "\n", "spaces in lines": "     \n", "carriage returns": "\r", "stars": "*",
    "closings": "Regards\n", "devices": "Sent from ", "device lines": "x from my gönderildi\n",
    "footers": "This message ",
    "footer lines": "This e-mail is confidential and intended\n", "names": "Ada L ", "name lines": "Ada Lovelace\n",
    "armour": "-----BEGIN PGP SIGNED MESSAGE-----\n", "armour fields": "-----BEGIN PGP SIGNED MESSAGE-----\nHash: a\n",
    "one long line": "why is my bill so high ", "one word": "x", "umlauts": "ü", "separators": "\u2028",
    "colons": ":\n", "fields of nobody": "a: b <c@d>\n",
    "headlines over marks": "On 3 May 2026 at 10:00, A wrote:\n| x\n",
    "headlines over names": "".join(f"On 3 May 2026 at 10:00, A wrote:\nN{n}> x\n" for n in range(500)),
    "rules with words": "---- original words ----\n", "legal": "confidential recipient delete disclose " * 4 + "\n\n",
    "left out": "[... snip ...]\n", "between marks": ">>> A <a@b> 10:00 >>>\n", "wide marks": "＞a\n",
    "escaped": ">From a\n",
    "interleaved": "> a\nb\n", "wrapped quotes": "> " + "w" * 70 + "\nrest\n",
}  # fmt: skip
_MARKUP = {
    "open tags": "<div>", "open angles": "<", "open quotes": '<a href="', "single quotes": "<a b='",
    "attributes": "<a b=c d ",
    "open comments": "<!--", "dashes in comments": "<!-- --", "closings of nothing": "</b>",
    "crossed": "<b><i></b></i>",
    "references": "&#", "long references": "&#111111111111;", "ampersands": "&", "quotes": "<blockquote>",
    "forwarded quotes": "<blockquote>Forwarded message:<br>", "hidden": '<i style="display:none">',
    "scripts": "<script>",
    "cells": "<td>", "items": "<ul><li>", "paragraphs": "<p>", "breaks": "<br>", "pre": "<pre>\n", "processing": "<?",
    "styles": '<p style="display: ', "titles": "<title><", "text": "a ", "spaces": " ", "equals": "<a =",
    "quoted angles": '<a b=">"', "quoted tags": "<a b='<c d=\">\"'",
    "cdata": "<![CDATA[", "sheets": "<style>.a{display:none}</style>", "one sheet": "<style>.a{display:none} ",
    "open rules": "<style>.a{</style><style>@media{", "css comments": "<style>/*",
    "many classes": "<b class='a a a a'>", "tiny": "<p style='font-size:0'>a",
}  # fmt: skip
_HEADERS = {
    "folding": b"Subject: a\r\n" + b" b\r\n", "words": b"=?utf-8?q?a?= ", "open words": b"=?utf-8?q?", "commas": b"a, ",
    "angles": b"<", "comments": b"(", "quotes": b'"', "ids": b"<a@b> ", "semicolons": b'; a="', "backslashes": b"\\",
    "stars": b"; a*0*=b", "colons": b":", "group": b"a:b;",
}  # fmt: skip


def bodies(size: int) -> dict[str, bytes]:
    """By name, mails of about `size` bytes."""
    text = {f"text: {name}": raw(_filled(unit, size)) for name, unit in _LINES.items()}
    kind = "text/html; charset=utf-8"
    html = {f"html: {name}": raw(_filled(unit, size), content_type=kind) for name, unit in _MARKUP.items()}
    return text | html | _headers(size) | _trees(size) | _wrapped(size)


def _filled(unit: str, size: int) -> str:
    return unit * (size // len(unit.encode()))


def _headers(size: int) -> dict[str, bytes]:
    """One field as long as the mail, as From, as References and as a type."""
    found = {}
    for field in (b"From", b"To", b"References", b"Subject", b"Content-Type", b"Content-Disposition", b"Date"):
        for name, unit in _HEADERS.items():
            found[f"{field.decode()}: {name}"] = field + b": " + unit * (size // len(unit)) + b"\r\n\r\nwords"
    return found


def _trees(size: int) -> dict[str, bytes]:
    """Structures: boundaries that almost occur, parts without end, nesting, encodings."""
    mixed = "multipart/mixed; boundary=frontier"
    nested = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    return {
        "tree: almost a boundary": raw("--frontie\r\n" * (size // 11), content_type=mixed),
        "tree: boundary in lines": raw("x--frontier" * (size // 11), content_type=mixed),
        "tree: empty parts": raw("--frontier\r\n" * (size // 12), content_type=mixed),
        "tree: nested": nested * (size // len(nested)),
        "tree: fields": b"a: b\r\n" * (size // 6),
        "tree: no fields": b"a\r\n" * (size // 3),
        "tree: dashes": raw("--\r\n" * (size // 4), content_type="multipart/mixed"),
        "tree: base64": raw("A\n--" * (size // 4), content_transfer_encoding="base64"),
        "tree: uuencode": raw("begin \n" * (size // 7), content_transfer_encoding="uuencode"),
        "tree: quoted-printable": raw("=\n" * (size // 2), content_transfer_encoding="quoted-printable"),
        "tree: equals": raw("=" * size, content_transfer_encoding="quoted-printable"),
        "tree: report": raw("Action: \n" * (size // 9), content_type="message/delivery-status"),
        "tree: escapes": raw(b"\x1b$B" * (size // 3), content_type="text/plain; charset=iso-2022-jp"),
        "tree: utf-7": raw("+AGE-" * (size // 5), content_type="text/plain; charset=utf-7"),
    }


def _wrapped(size: int) -> dict[str, bytes]:
    """What is wrapped: lengths that lie, structures of nothing but beginnings, wraps in wraps."""
    start, tnef, cms = winmail(), "application/ms-tnef", "application/pkcs7-mime"
    values = [(3, n % 0x7FFF, b"1234") for n in range(size // 8)]
    rich = b"\0" * 4 + (1 << 30).to_bytes(4, "little") + b"LZFu" + b"\0" * 4
    pieces, opened = der(4, b"a") * (size // 3), b"\x24\x80" * (size // 2)
    signed = endless(0x30, SIGNED_OID, endless(0xA0, endless(0x30, b"\2\1\1", b"1\0", b"0\x80\6\0\xa0\x80\x24\x80")))[
        :-6
    ]
    held = b"x" * (size // 8)
    for _ in range(12):
        held = b"Content-Type: application/pkcs7-mime\r\n\r\n" + der(
            0x30, SIGNED_OID, der(0xA0, der(0x30, b"\2\1\1", b"1\0", der(0x30, b"\6\0", der(0xA0, der(4, held)))))
        )
    found = {
        "attributes": whole(start + attribute(2, 0x00069002, b"") * (size // 11), tnef),
        "properties": whole(start + attribute(1, 0x00069003, properties(*values)), tnef),
        "many lists": whole(start + attribute(1, 0x00069003, properties(*values[:1])) * (size // 23), tnef),
        "values": whole(start + attribute(1, 0x00069003, b"\1\0\0\0\x02\x11\0\x10" + b"\xff" * 4 + b"\0" * size), tnef),
        "compressed": whole(winmail((0x102, 0x1009, rich + b"\0" * size)), tnef),
        "references": whole(winmail((0x102, 0x1009, rich + b"\xff\0\x0f" * (size // 3))), tnef),
        "pieces": whole(signed + pieces, cms), "open pieces": whole(signed + opened, cms), "wraps": held,
        "many winmails": multipart(*[attached(winmail(body="a" * 40), tnef)] * min(400, size // 300)),
    }  # fmt: skip
    rtf = {"groups": b"{", "ends": b"}", "escapes": b"\\'e9", "characters": b"\\u-1?", "words": b"\\a", "back": b"\\"}
    mela = b"\0" * 8 + b"MELA" + b"\0" * 4 + b"{\\rtf1 "
    found |= {
        f"rtf {name}": whole(winmail((0x102, 0x1009, mela + unit * (size // len(unit)))), tnef)
        for name, unit in rtf.items()
    }
    texts = {
        "begins": "begin 644 a\n",
        "uu lines": "begin 644 a\n" + "#86)C\n" * 9,
        "files": "begin 644 a\n#86)C\n`\nend\n",
    }
    found |= {name: raw(_filled(unit, size)) for name, unit in texts.items()}
    flowed = "text/plain; format=flowed"
    found |= {
        f"flowed {unit!r}": raw(_filled(unit, size), content_type=flowed) for unit in ("a \n", "> \n", "> a \na \n")
    }
    return {f"wrapped: {name}": mail for name, mail in found.items()}
