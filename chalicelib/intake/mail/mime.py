"""Raw bytes to a tree of parts. Offsets into the one buffer, no copies; depth and number of parts are limited.

The standard library's parser recurses once for each level of nesting, keeps several copies of a mail as text, and
loses the text of a multipart whose boundary is wrong; this reader does none of that.
"""

from __future__ import annotations

import re

from chalicelib.intake.mail.headers import MAX_VALUE, Headers
from chalicelib.intake.mail.part import MAX_PARTS, Budget, Part
from chalicelib.intake.mail.unpacking import unpacked, with_note

__all__ = ["Part", "read"]

MAX_DEPTH = 64
MAX_HEADER_BYTES = 262_144
MAX_FIELDS = 2_000
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,20}:(.*)", re.DOTALL)
_MEDIA_TYPE = re.compile(
    r"(?<![a-z0-9-])(application|audio|chemical|font|image|message|model|multipart|text|video|x-[a-z0-9-]{1,30})"
    r"[ \t]{0,9}/[ \t]{0,9}([a-z0-9!#$&^_.+-]{1,100})"
)
_PARAMETER = re.compile(r"(charset|format|boundary)=[\"']?([^\s\"';,]{1,70})")
"""Parameters that stand behind a type without a semicolon."""
_FIRST_DELIMITER = re.compile(rb"(?:^|\n)--([^\r\n]{1,200}?)[ \t]{0,20}\r?\n(?=content-)", re.IGNORECASE)


def read(raw: bytes) -> Part:
    """The part tree of a whole mail. Leading blank lines, a byte order mark and an mbox `From ` line are passed
    over."""
    if raw.find(b"\n", 0, MAX_HEADER_BYTES) < 0:
        raw = raw.replace(b"\r", b"\n")  # as old Macintoshes end lines
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while raw[start : start + 1] in {b"\n", b"\r"}:
        start += 1
    if re.match(rb">?From [^\r\n]{0,500}\r?\n", raw[start : start + 600]):
        start = raw.find(b"\n", start) + 1
    return _part(raw, start, len(raw), 0, Budget(), "text/plain")


def _part(raw: bytes, start: int, end: int, depth: int, budget: Budget, default: str) -> Part:
    fields, body = _header_block(raw, start, end)
    bare = Headers(fields)
    kind, parameters = _media_type(bare, default)
    headers = Headers(fields, parameters.get("charset", ""))
    part = Part(raw, body, end, headers, kind, parameters)
    if depth >= MAX_DEPTH:
        return part
    if not kind.startswith("multipart/"):
        return unpacked(part, budget, lambda inner: _part(inner, 0, len(inner), depth + 1, budget, "text/plain"))
    child_default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    source, spans = raw, _spans(raw, body, end, parameters.get("boundary", ""))
    if not spans and headers.has("content-transfer-encoding") and budget.spend(end - body):
        # Forbidden and done: the multipart as a whole is encoded.
        source = part.content
        spans = _spans(source, 0, len(source), parameters.get("boundary", ""))
    children = tuple(_part(source, *span, depth + 1, budget, child_default) for span in spans if budget.take())
    # Without a boundary that occurs, the whole body is the text: nothing a customer wrote may be lost.
    return Part(raw, body, end, headers, kind if children else "text/plain", parameters, with_note(children, kind))


def _media_type(headers: Headers, default: str) -> tuple[str, dict[str, str]]:
    """The type of a part and its parameters, also where the field is damaged. What names no type is text (RFC 2045,
    5.2)."""
    value, parameters = headers.parametered("content-type")
    named = _MEDIA_TYPE.search(value[:500])
    if named is None:
        return default, parameters
    return f"{named[1]}/{named[2]}", dict(_PARAMETER.findall(value[named.end() : 500])) | parameters


def _header_block(raw: bytes, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
    """The fields from `start` on, and where the body begins: after the first blank line, or at the first line that is
    no field."""
    fields: list[tuple[str, bytes]] = []
    position = start
    while position < end and len(fields) < MAX_FIELDS and position - start < MAX_HEADER_BYTES:
        newline = raw.find(b"\n", position, end)
        following = end if newline < 0 else newline + 1
        line = raw[position:following].rstrip(b"\r\n")
        if not line.strip() and (not line or not fields):
            return tuple(fields), following
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            if len(value) < MAX_VALUE:
                fields[-1] = (name, value + line)
        elif found := _FIELD.match(line):
            fields.append((found[1].decode("ascii").lower(), found[2]))
        elif line.startswith(b"--") or not (fields and _field_follows(raw, following, end)):
            return tuple(fields), position
        position = following
    return tuple(fields), position


def _field_follows(raw: bytes, position: int, end: int) -> bool:
    """Whether the next line is a field: then the present one is a damaged line inside the block."""
    return _FIELD.match(raw[position : min(end, position + 120)].split(b"\n")[0]) is not None


def _spans(raw: bytes, start: int, end: int, boundary: str) -> list[tuple[int, int]]:
    """Start and end of each part between the delimiter lines; a declared boundary that never occurs is looked for."""
    spans = _delimited(raw, start, end, boundary.encode("utf-8", "replace")) if boundary else []
    if not spans and (seen := _FIRST_DELIMITER.search(raw, max(0, start - 1), end)):
        spans = _delimited(raw, start, end, seen[1])
    return spans


def _delimited(raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    delimiter, opened = b"--" + boundary.rstrip(), -1
    position = raw.find(delimiter, start, end)
    while position >= 0 and len(spans) < MAX_PARTS:
        newline = raw.find(b"\n", position, end)
        following = end if newline < 0 else newline + 1
        rest = raw[position + len(delimiter) : following].strip()
        if rest in {b"", b"--"} and (position == start or raw[position - 1] == 0x0A):
            if opened >= 0:
                spans.append((opened, _before_newline(raw, opened, position)))
            opened = following if not rest else -1
            if rest:
                break
        position = raw.find(delimiter, max(following - 1, position + 1), end)
    return [*spans, (opened, end)] if opened >= 0 else spans


def _before_newline(raw: bytes, start: int, position: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if position > start and raw[position - 1] == 0x0A:
        position -= 1
    return position - 1 if position > start and raw[position - 1] == 0x0D else position
