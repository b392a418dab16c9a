"""Where in a mail or a file a card number could stand: every text of it, and every way in which a text could be read.

Left out are the header fields that machines write, whose long random numbers would be taken for cards. PDF, images,
archives and office documents, which are archives inside, cannot be read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from chalicelib.intake.mail import body, charsets, markup, mime, transfer
from chalicelib.intake.mail.mime import Part
from chalicelib.intake.mail.tags import tokens

NESTED: Final = 3
"""Mails inside mails that are looked into."""
APART: Final = "\nx\n"
"""Between texts that are searched together: digits of two never make one number."""
_BY_MACHINES: Final = frozenset(
    {
        "arc-authentication-results", "arc-message-signature", "arc-seal", "authentication-results", "date",
        "dkim-signature", "domainkey-signature", "received", "received-spf", "x-google-dkim-signature",
        "x-ms-exchange-antispam-messagedata-0", "x-received",
    }
)  # fmt: skip
_FILTERS: Final = "x-spam-"
_MACHINE_FIELD: Final = re.compile(
    rf"^(?:{'|'.join(sorted(_BY_MACHINES))}|{_FILTERS}[^:\s]{{0,60}})[ \t]{{0,20}}:[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_NO_TEXT: Final = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_LOOKED_AT: Final = 4096
"""Bytes of a content that show whether it is text."""
_WRAPPING: Final = 50_000
_GAP: Final = re.compile("\0{2,}")
"""Between words in bytes; a single NUL is half of a letter."""
_CONTROLS: Final = bytes({*range(32)} - {9, 10, 12, 13, 27})
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_MAIL_INSIDE: Final = re.compile(rb"^content-transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|'([0-9a-fA-F]{2})|[ntr])")
_RTF_CONTROL: Final = re.compile(r"\\[a-z]{1,32}-?[0-9]{0,10} ?|[{}\r\n]")
_MARKED_UP: Final = ("text/html", "xml")


def texts(root: Part, nested: int = NESTED) -> Iterator[tuple[str, str]]:
    """The media type and the text of all that a mail says, mails inside it too."""
    yield "text/plain", _MACHINE_FIELD.sub("", charsets.decode(root.raw[: root.start]))
    for part in root.walk():
        yield "text/plain", APART.join(_of_header(part))
        if part.children and part.kind.startswith("multipart/"):
            yield "text/plain", APART.join(_between(part))
        elif part.children:
            yield "text/plain", _wrapping(part)
        else:
            yield from _of_content(part, nested)


def readings(kind: str, text: str) -> Iterator[str]:
    """The text as it stands, and as programs would show it that know its escapes, tags and control words; each once."""
    yield from dict.fromkeys(reading.strip() for reading in (text, *shown(kind, text)))


def shown(kind: str, text: str) -> Iterator[str]:
    """How programs would show the text that know its escapes, tags and control words."""
    if kind.endswith(_MARKED_UP) or "</" in text:
        yield markup.to_text(text)
        yield html.unescape("".join(words for words, _, _ in tokens(text)))
    if "&#" in text:
        yield html.unescape(text)
    if "%3" in text:
        yield unquote(text)
    if text.startswith("{\\rtf"):
        yield _RTF_CONTROL.sub("", _ESCAPE.sub(_unescaped, text))
    elif "\\" in text:
        yield _ESCAPE.sub(_unescaped, text)


def is_mail(kind: str, name: str, head: bytes) -> bool:
    """Whether a file is a mail, by its type, its name or how it begins."""
    return kind == "message/rfc822" or name.lower().endswith(".eml") or _MAIL_INSIDE.search(head) is not None


def is_text(kind: str, head: bytes) -> bool:
    """Text by its type or, since tables often travel under another one, by having no bytes that text never has."""
    if head.startswith(b"%PDF-"):
        return False
    if head.startswith(_WIDE) or _is_wide(head):
        return not kind.startswith(_NO_TEXT)
    return kind.startswith("text/") or head.translate(None, _CONTROLS) == head


def decoded(content: bytes, label: str) -> list[str]:
    """What the bytes say by their label and, where it differs, without it: labels lie."""
    said = charsets.decode(content, label)
    bare = charsets.decode(content) if label else said
    return [said] if said == bare else [said, bare]


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else " "


def _of_header(part: Part) -> Iterator[str]:
    fields = dict.fromkeys(name for name, _ in part.headers.fields)
    for name in fields:
        if name not in _BY_MACHINES and not name.startswith(_FILTERS):
            yield from part.headers.all(name)
    yield from part.parameters.values()
    yield from part.headers.parametered("content-disposition")[1].values()


def _between(part: Part) -> Iterator[str]:
    """What a multipart says outside its parts: before the first, after the last, and their headers."""
    position = part.start
    for child in part.children:
        if child.raw is part.raw and child.start >= position:
            yield charsets.decode(part.raw[position : child.start])
            position = child.end
    yield charsets.decode(part.raw[position : part.end])


def _wrapping(part: Part) -> str:
    """The beginning of what was opened, as far as it is words: more may stand in it than its parts say."""
    return _GAP.sub("x", _beginning(part, _WRAPPING).decode("latin-1")).replace("\0", "")


def _of_content(part: Part, nested: int) -> Iterator[tuple[str, str]]:
    name, head = part.parameters.get("name", ""), _beginning(part, _LOOKED_AT)
    if nested and is_mail(part.kind, name, head):
        yield from texts(mime.read(part.content), nested - 1)
    elif part.kind == "message/rfc822" or is_text(part.kind, head):
        content = part.content
        for text in decoded(content, body.charset_of(part, content)):
            yield part.kind, text
    encoding = part.headers.raw("content-transfer-encoding").strip().lower()
    if encoding == "base64" and b" " in part.raw[part.start : part.start + _LOOKED_AT]:
        yield "text/plain", charsets.decode(part.raw[part.start : part.end])  # words that are called base64


def _beginning(part: Part, size: int) -> bytes:
    """The first `size` bytes of the content; of a large part no more is decoded."""
    encoding = part.headers.raw("content-transfer-encoding")
    return transfer.undo(part.raw, part.start, min(part.end, part.start + 2 * size), encoding)[:size]


def _is_wide(head: bytes) -> bool:
    """Whether every other byte is NUL, as in the UTF-16 of most languages without its mark."""
    nuls = max(head[::2].count(0), head[1::2].count(0))
    return len(head) > 7 and nuls * 5 > len(head) * 2 and head.count(0) - nuls < nuls // 8 + 1
