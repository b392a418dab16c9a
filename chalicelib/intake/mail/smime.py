"""What a cryptographic envelope holds (CMS, RFC 5652, as S/MIME uses it).

Signed content is taken out and its signature is not checked: who wrote is proven by DMARC alone. Encrypted content
stays closed. BER with indefinite lengths is read, as streaming senders write it, without recursion.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.intake.mail import transfer

MAX_INFLATED: Final = 20_000_000
_GROWTH, _SMALL = 20, 1_000_000
"""What compressed content may grow to, by its size: mail shrinks to a tenth, a bomb to a thousandth."""
_PKCS7: Final = bytes.fromhex("2a864886f70d0107")
_SMIME: Final = bytes.fromhex("2a864886f70d01091001")
_SIGNED, _COMPRESSED = _PKCS7 + b"\x02", _SMIME + b"\x09"
_ENCRYPTED: Final = frozenset({_PKCS7 + b"\x03", _PKCS7 + b"\x04", _PKCS7 + b"\x06", _SMIME + b"\x17"})
"""envelopedData, signedAndEnvelopedData, encryptedData, authEnvelopedData."""
_OCTETS, _OBJECT_ID, _SEQUENCE, _CONTENT = 0x04, 0x06, 0x30, 0xA0
_ARMOUR: Final = re.compile(rb"^-----[^\n]*", re.MULTILINE)
_CONSTRUCTED: Final = 0x20
_END: Final = 0x00


class _NotBer(Exception):
    """The bytes are no such structure, or one of too many elements."""


@dataclass(frozen=True)
class Envelope:
    """`content` is None when it is encrypted."""

    content: bytes | None


@dataclass(frozen=True)
class _Element:
    """`stop` is None when the length is indefinite."""

    tag: int
    start: int
    stop: int | None


def opened(data: bytes, steps: Iterator[int]) -> Envelope | None:
    """The envelope in `data`, DER, BER or base64 of it. None when there is none, when nothing is in it (a detached
    signature), and when it is damaged or needs more steps than are left. Never raises; takes linear time."""
    if data[:2] == b"MI" or data[:10] == b"-----BEGIN":
        data = transfer.mended(_ARMOUR.sub(b"", data))
    try:
        return _Reader(data, steps).envelope()
    except (_NotBer, zlib.error):
        return None


class _Reader:
    """Walks forward through the elements of a structure, each once."""

    def __init__(self, data: bytes, steps: Iterator[int]) -> None:
        self.data, self.at, self.steps = data, 0, steps

    def envelope(self) -> Envelope | None:
        self._enter(_SEQUENCE)
        kind = self._object_id()
        if kind in _ENCRYPTED:
            return Envelope(None)
        if kind not in {_SIGNED, _COMPRESSED}:
            return None
        for tag in (_CONTENT, _SEQUENCE):
            self._enter(tag)
        self._skip()  # version
        self._skip()  # algorithms
        inner = self._enter(_SEQUENCE)
        self._object_id()
        if self.at == inner.stop or self._peek() == _END:
            return None
        self._enter(_CONTENT)
        content = self._octets()
        return Envelope(_inflated(content) if kind == _COMPRESSED else content)

    def _peek(self) -> int:
        return self.data[self.at] if self.at < len(self.data) else _END

    def _next(self) -> _Element:
        """The next header; what it announces begins behind it. A length beyond the end is cut."""
        if next(self.steps, None) is None or self.at + 2 > len(self.data):
            raise _NotBer
        tag, length, start = self.data[self.at], self.data[self.at + 1], self.at + 2
        if tag & 0x1F == 0x1F or length > 0x88:
            raise _NotBer
        if length > 0x80:
            start, length = start + length - 0x80, int.from_bytes(self.data[start : start + length - 0x80], "big")
        elif length == 0x80:
            self.at = start
            return _Element(tag, start, None)
        self.at = start
        return _Element(tag, start, min(start + length, len(self.data)))

    def _enter(self, tag: int) -> _Element:
        element = self._next()
        if element.tag != tag:
            raise _NotBer
        return element

    def _object_id(self) -> bytes:
        element = self._enter(_OBJECT_ID)
        self.at = element.stop or element.start
        return self.data[element.start : self.at]

    def _skip(self) -> None:
        """Pass over an element, with all that is in it when it has to be looked for its end."""
        opened = 0
        while True:
            element = self._next()
            if element.stop is None:
                opened += 1
            elif element.tag == _END:
                opened -= 1
            else:
                self.at = element.stop
            if opened <= 0:
                return

    def _octets(self) -> bytes:
        """A string of octets in one piece or in pieces, which may be nested."""
        first = self._next()
        if first.tag == _OCTETS:
            return self.data[first.start : first.stop]
        if first.tag != _OCTETS | _CONSTRUCTED:
            raise _NotBer
        view, pieces, opened = memoryview(self.data), [], int(first.stop is None)
        while (opened if first.stop is None else self.at < first.stop) and self.at < len(self.data):
            element = self._next()
            if element.tag == _OCTETS and element.stop is not None:
                pieces.append(view[element.start : element.stop])
                self.at = element.stop
            elif element.tag == _OCTETS | _CONSTRUCTED:
                opened += element.stop is None
            elif element.tag == _END:
                opened -= 1
            else:
                raise _NotBer
        return b"".join(pieces)


def _inflated(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    content = inflating.decompress(data, min(MAX_INFLATED, _GROWTH * len(data) + _SMALL))
    if inflating.unconsumed_tail:
        raise _NotBer
    return content
