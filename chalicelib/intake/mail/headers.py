"""A header block: its fields, their text (encoded words, raw 8-bit), parameters, identifiers and dates.

No value leaves this module with a line break or another control character in it: a decoded one could add a header to
the mail that answers this one.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import unquote_to_bytes

from chalicelib.intake.mail import charsets, transfer

MAX_VALUE = 32_768
"""Bytes of one field that are looked at."""
WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^\r\n]{0,1000}?)\?=")
"""An encoded word (RFC 2047)."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_QUOTED_OR_END = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?$)|;', re.DOTALL)
_ID = re.compile(r"<([^<>\s]{1,900})>")
_NO_SEMICOLON = re.compile(r"\s*([^\s=;\"]{0,100}(?=\s|$)|)\s*([A-Za-z*0-9]{1,30}\s{0,3}=.*)", re.DOTALL)
"""A first parameter that stands behind the value without a semicolon, or instead of it."""
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,400}@[^\s<>,;\"]{1,400}")


@dataclass(frozen=True)
class Headers:
    """Fields in their order, names in lower case, values raw and unfolded. `charset` is that of raw 8-bit text."""

    fields: tuple[tuple[str, bytes], ...] = ()
    charset: str = ""

    def raw(self, name: str) -> str:
        """The first such field without any decoding of encoded words, or ""."""
        named = self._named.get(name)
        return self._text(named[0]) if named else ""

    def raws(self, name: str) -> list[str]:
        """Each such field without any decoding of encoded words."""
        return [self._text(value) for value in self._named.get(name, ())]

    def all(self, name: str) -> list[str]:
        """Each such field, decoded."""
        return [decode_words(value) for value in self.raws(name)]

    def text(self, name: str) -> str:
        """The first such field, decoded, on one line, or ""."""
        return decode_words(self.raw(name))

    def has(self, name: str) -> bool:
        return name in self._named

    def parametered(self, name: str) -> tuple[str, dict[str, str]]:
        """A field such as Content-Type: its value in lower case and its parameters (RFC 2045, RFC 2231, and common
        abuse)."""
        if not self.has(name):
            return "", {}
        value, *rest = _split_parameters(self.raw(name))
        if "=" in value and (found := _NO_SEMICOLON.match(value)):
            value, rest = found[1], [found[2], *rest]
        return value.strip().lower(), _parameters(rest)

    def ids(self, name: str) -> tuple[str, ...]:
        """The message ids of a field without their angle brackets, junk left out, in order, the last hundred."""
        value = self.raw(name)
        found = _ID.findall(value) or ([] if "<" in value else _BARE_ID.findall(value))
        return tuple(dict.fromkeys(found))[-100:]

    def id(self, name: str) -> str | None:
        """The one message id of a field; a bare one counts when it looks like one."""
        found = self.ids(name)
        bare = self.raw(name).strip("<> \t")
        return found[0] if found else bare[:900] if "@" in bare and not re.search(r"[\s<>]", bare) else None

    def date(self) -> datetime | None:
        """The Date field in UTC, or None when it is absent or no date. Without a zone it counts as UTC."""
        try:
            at = parsedate_to_datetime(self.raw("date")[:100])
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None

    @cached_property
    def _named(self) -> dict[str, list[bytes]]:
        named: dict[str, list[bytes]] = {}
        for name, value in self.fields:
            named.setdefault(name, []).append(value)
        return named

    def _text(self, value: bytes) -> str:
        if value.isascii() and len(value) <= MAX_VALUE and (text := value.decode()).isprintable():
            return text.strip()
        # Whatever the charset of the body, a header of ASCII is ASCII.
        return one_line(charsets.decode(value[:MAX_VALUE], "" if value.isascii() else self.charset))


def one_line(text: str) -> str:
    """Text without line breaks and control characters; each run of them becomes a space."""
    return _CONTROLS.sub(" ", text).strip()


def decode_words(text: str) -> str:
    """RFC 2047, also where it is not allowed. White space between two words goes; a character may be split over two."""
    if "=?" not in text:
        return text
    return one_line("".join(_decoded(text)))


def _decoded(text: str) -> Iterator[str]:
    position, pending, label = 0, b"", ""
    for word in WORD.finditer(text):
        between = text[position : word.start()]
        charset = word[1].split("*")[0].lower()
        if pending and (between.strip() or charset != label):
            yield charsets.decode(pending, label)
            pending = b""
        if between.strip() or not position:
            yield between
        label, position = charset, word.end()
        pending += _word_bytes(word[2].lower(), word[3])
    if pending:
        yield charsets.decode(pending, label)
    yield text[position:]


def _word_bytes(encoding: str, content: str) -> bytes:
    data = content.encode("utf-8", "replace")
    return binascii.a2b_qp(data, header=True) if encoding == "q" else transfer.mended(data)


def _split_parameters(text: str) -> list[str]:
    """Split at semicolons outside quotes."""
    parts, start = [], 0
    for token in _QUOTED_OR_END.finditer(text):
        if token.group() == ";":
            parts.append(text[start : token.start()])
            start = token.end()
    return [*parts, text[start:]]


def _parameters(parts: list[str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for part in parts[:100]:
        name, _, value = part.partition("=")
        name, value = name.strip().lower(), _unquoted(value.strip())
        base, star, rest = name.partition("*")
        if star:
            number = re.fullmatch(r"([0-9]{1,3})\*?", rest)
            extended = rest.endswith("*") or not rest
            pieces.setdefault(base, []).append((int(number[1]) if number else 0, extended, value))
        elif name and name not in plain:
            plain[name] = decode_words(value)
    return plain | {name: _joined(sorted(given, key=lambda piece: piece[0])) for name, given in pieces.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """RFC 2231: pieces in order; the first extended one names the charset."""
    label, data = "utf-8", b""
    for n, (_, extended, value) in enumerate(pieces):
        said = value
        if extended and n == 0 and value.count("'") >= 2:
            label, _, said = value.split("'", 2)
        data += unquote_to_bytes(said) if extended else said.encode("utf-8", "replace")
    return one_line(charsets.decode(data, label or "utf-8"))


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value
    return re.sub(r"\\(.)", r"\1", value[1:].rstrip('"') if value.endswith('"') else value[1:])
