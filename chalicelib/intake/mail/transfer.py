"""Content-Transfer-Encoding undone, as far as the bytes allow: damage costs the damaged bytes, never the part."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def undo(raw: bytes, start: int, end: int, encoding: str) -> bytes:
    """What the bytes between two offsets mean; a large part is not copied first. An encoding that nobody defined
    counts as none."""
    name = encoding.partition(";")[0].strip().lower()
    if name == "base64":
        return _base64(raw, start, end)
    if name == "quoted-printable":
        return binascii.a2b_qp(memoryview(raw)[start:end])
    if name in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _uuencoded(raw[start:end])
    return raw[start:end]


def _base64(raw: bytes, start: int, end: int) -> bytes:
    stray = raw.find(b"\n--", start, end)  # the delimiter of a boundary that was not declared
    data = memoryview(raw)[start : stray if stray >= 0 else end]
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return mended(bytes(data))


def mended(data: bytes) -> bytes:
    """Base64 with its padding, some characters or its end missing."""
    clean = _NOT_BASE64.sub(b"", data)
    # One character left over carries six bits: no byte can be made of it.
    whole = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _uuencoded(data: bytes) -> bytes:
    lines = data.splitlines()
    start = next((n + 1 for n, line in enumerate(lines) if line.startswith(b"begin ")), 0)
    decoded = bytearray()
    for line in lines[start:]:
        if line.strip() in {b"end", b"`"}:
            break
        try:
            decoded += binascii.a2b_uu(_stated(line))
        except binascii.Error:
            continue
    return bytes(decoded)


def _stated(line: bytes) -> bytes:
    """The line as far as its first character says: some encoders fill it up, which binascii takes for damage."""
    size = (line[0] - 32) & 63 if line else 0
    return line[: 1 + -(-size * 4 // 3)]
