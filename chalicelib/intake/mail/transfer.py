"""Content-Transfer-Encoding undone, as far as the bytes allow: damage costs the damaged bytes, never the part."""

from __future__ import annotations

import binascii
import io
import re

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}[ \t\r]{0,9}(?:\n|$)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
_NOT_BASE64 = bytes({*range(256)} - {*_BASE64.rstrip(b"=\r\n")})
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r\f\x1b"})
_NO_LETTER = re.compile("[^a-z0-9]+")
_SOFT_BREAK = re.compile(rb"=[ \t]{1,100}(\r?\n)")
_LOOKED_AT = 1_000
_APPENDED = 4_096
"""Bytes at the end of a part in which others may have added words."""
_MENDED = 200_000
"""Places of one part that are mended one by one: as many as a part of fifteen megabytes has lines."""
_LONG = 60
"""Bytes of a line that are base64 rather than a word."""


def undo(raw: bytes, start: int, end: int, encoding: str) -> bytes:
    """What the bytes between two offsets mean; a large part is not copied first. An encoding that nobody defined
    counts as none."""
    name = _NO_LETTER.sub("", encoding[:60].lower())
    if name.startswith("base64"):
        return _base64(raw, start, end)
    if name.startswith("quotedprintable"):
        return binascii.a2b_qp(_without_blanks(raw, start, end))
    if name.removeprefix("x") in {"uuencode", "uue"}:
        return _uuencoded(raw[start:end])
    return raw[start:end]


def _without_blanks(raw: bytes, start: int, end: int) -> bytes | memoryview:
    """Quoted-printable without the blanks that a relay put behind a soft line break (RFC 2045, 6.7)."""
    found = max(raw.find(b"= ", start, end), raw.find(b"=\t", start, end))
    return memoryview(raw)[start:end] if found < 0 else _SOFT_BREAK.sub(rb"=\1", raw[start:end], count=_MENDED)


def _base64(raw: bytes, start: int, end: int) -> bytes:
    stop = _end_of_base64(raw, start, end)
    if _is_prose(raw[start : min(stop, start + _LOOKED_AT)], goes_on=stop < end):
        return raw[start:end]
    data = memoryview(raw)[start:stop]
    padding = raw.find(b"=", start, stop)
    if padding >= 0 and raw[padding:stop].translate(None, b"=\r\n \t"):
        return b"".join(map(mended, raw[start:stop].split(b"=", _MENDED)))  # pieces that were encoded one by one
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return mended(bytes(data))


def _end_of_base64(raw: bytes, start: int, end: int) -> int:
    """Before the delimiter of a boundary that was not declared, and before words below a blank line, as lists and
    scanners append them."""
    stray = raw.find(b"\n--", start, end)
    end = stray if stray >= 0 else end
    while start < end and raw[start] in b"\r\n \t":
        start += 1
    for blank in (b"\n\r\n", b"\n\n"):
        at = raw.find(blank, max(start, end - _APPENDED), end)
        below = raw[at : min(end, at + _LOOKED_AT)].lstrip() if at >= 0 else b""
        if below and not _BASE64_LINE.match(below):
            end = at
    return end


def _is_prose(head: bytes, *, goes_on: bool) -> bool:
    """Whether the beginning of what is called base64 is words: it has blanks or letters that base64 has not, or
    `goes_on` in words; no line of it is long; and it is no text when it is decoded."""
    if not head.translate(None, _BASE64) and not goes_on:
        return False
    if sum(byte > 127 for byte in head) * 4 > len(head):
        return True
    if max(map(len, head.split()), default=0) > _LONG:
        return False
    decoded = mended(head)
    return decoded.translate(None, _CONTROLS) != decoded or not _is_utf8(decoded, was_cut=len(head) == _LOOKED_AT)


def _is_utf8(data: bytes, *, was_cut: bool) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return was_cut and error.start > len(data) - 4
    return True


def mended(data: bytes) -> bytes:
    """Base64 with its padding, some characters or its end missing."""
    clean = data.translate(None, _NOT_BASE64)
    # One character left over carries six bits: no byte can be made of it.
    whole = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _uuencoded(data: bytes) -> bytes:
    lines, decoded = io.BytesIO(data), bytearray()
    if not any(line.startswith(b"begin ") for line in lines):
        lines.seek(0)
    for line in lines:
        if line.strip() in {b"end", b"`"}:
            break
        try:
            decoded += binascii.a2b_uu(_stated(line.rstrip(b"\r\n")))
        except binascii.Error:
            continue
    return bytes(decoded)


def _stated(line: bytes) -> bytes:
    """The line as far as its first character says: some encoders fill it up, which binascii takes for damage."""
    size = (line[0] - 32) & 63 if line else 0
    return line[: 1 + -(-size * 4 // 3)]
