"""Everything that stored, sent or logged bytes could be read as: a number that was not hidden stands in one of the
readings."""

from __future__ import annotations

import binascii
import html
import quopri
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.header import decode_header
from urllib.parse import unquote

_TAG = re.compile(r"<[^>]*>")
_UNSEEN = re.compile(r"<!--.*?-->|<span style=display:none>.*?</span>", re.DOTALL)
_PACKED = re.compile(rb"[A-Za-z0-9+/]{12,}(?:[A-Za-z0-9+/=]|\r?\n(?!\r?\n))*")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_TELLING = 12
_CODECS = ("utf-8", "utf-16-le", "utf-16-be", "cp037", "utf-7")


def digits_of(documents: Iterable[str | bytes]) -> str:
    """The digits of every reading of the documents, all in one row."""
    return "".join(_digits(reading) for document in documents for reading in _readings(document))


def tells(digits: str, number: str) -> bool:
    """Whether twelve of a number's digits stand in a row: the rest can be tried, so half hidden is not hidden."""
    return any(number[at : at + _TELLING] in digits for at in range(len(number) - _TELLING + 1))


def _digits(text: str) -> str:
    found = re.sub(r"\D+", "", text)
    return found if found.isascii() else "".join(str(int(digit)) for digit in found)


def _readings(document: str | bytes) -> Iterator[str]:
    data = document.encode("utf-8", "replace") if isinstance(document, str) else document
    for layer in _layers(data):
        for codec in _CODECS if isinstance(document, bytes) else ("utf-8",):
            yield from _shown(layer.decode(codec, "ignore"))


def _shown(text: str) -> Iterator[str]:
    yield text
    if "<" in text:
        yield _TAG.sub("", _UNSEEN.sub("", text))
    if "&#" in text:
        yield html.unescape(text)
        yield html.unescape(_TAG.sub("", text))
    if "%" in text:
        yield unquote(text)
    if "\\u" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _layers(data: bytes) -> Iterator[bytes]:
    """The bytes, and what they hold encoded: quoted-printable, base64, parts and headers of a mail."""
    yield data
    if b"=" in data:
        yield quopri.decodestring(data)
    for packed in _PACKED.findall(data):
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", packed)
        try:
            yield binascii.a2b_base64(clean[: len(clean) // 4 * 4])
        except binascii.Error:
            continue
    if b"Content-Type:" in data:
        yield from _of_mail(data)


def _of_mail(data: bytes) -> Iterator[bytes]:
    for part in message_from_bytes(data).walk():
        for value in part.values():
            yield b"".join(word if isinstance(word, bytes) else word.encode() for word, _ in decode_header(str(value)))
        if name := part.get_filename():
            yield name.encode()
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content
            yield from _of_mail(content) if b"Message-ID:" in content else ()
