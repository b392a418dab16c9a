"""Bodies made to cost a reader of mail the square of their length, each aimed at one thing that such readers do."""

from __future__ import annotations

from chalicelib.intake.mail.phrases import LABELS
from tests.intake.mails import raw

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
    "colons": ":\n",
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
    "styles": '<p style="display: ', "titles": "<title><", "text": "a ", "spaces": " ", "equals": "<a =", "quoted angles": '<a b=">"', "quoted tags": "<a b='<c d=\">\"'",
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
    return text | html | _headers(size) | _trees(size)


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
