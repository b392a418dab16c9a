"""The winmail.dat of Outlook and Exchange (TNEF, MS-OXTNEF): the words and the files in it.

A reader of our own, since the one for Python that others use is under the LGPL. Every length is held against the end of
what it is in, and each byte is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chalicelib.intake.mail import charsets

SIGNATURE: Final = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES: Final = 5_000
MAX_FILES: Final = 200
MAX_DEPTH: Final = 3
_MESSAGE, _ATTACHMENT = 1, 2
_SUBJECT, _BODY, _MESSAGE_PROPERTIES, _CODEPAGE = 0x8004, 0x800C, 0x9003, 0x9007
_RENDERING, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_PR_SUBJECT, _PR_BODY, _PR_RTF, _PR_HTML, _PR_CODEPAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_PR_DATA, _PR_KIND, _PR_CONTENT_ID = 0x3701, 0x370E, 0x3712
_PR_NAMES: Final = (0x3707, 0x3704, 0x3001)
"""The long name of a file, the short one, and the one that is shown."""
_INTERFACE_ID: Final = 16
"""Bytes before the content of an object."""
_MANY, _STRING, _UNICODE, _OBJECT, _BINARY = 0x1000, 0x1E, 0x1F, 0x0D, 0x102
_SIZED: Final = frozenset({_STRING, _UNICODE, _OBJECT, _BINARY})
_EIGHT: Final = frozenset({0x05, 0x06, 0x07, 0x14, 0x40})
_CLASS_ID: Final = 0x48
_NAMED: Final = 0x8000
_CODECS: Final = {65001: "utf-8", 20127: "ascii", 28591: "iso-8859-1", 28592: "iso-8859-2", 50220: "iso-2022-jp",
                  51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 20866: "koi8-r"}  # fmt: skip


@dataclass
class File:
    """What is attached: its bytes are those from `start` to `end`, and `message` what they say when they are another
    message."""

    title: str = ""
    name: str = ""
    kind: str = ""
    content_id: str = ""
    start: int = 0
    end: int = 0
    message: Message | None = None


@dataclass
class Message:
    """`plain` and `html` are decoded, `rtf` is as Outlook compressed it; what was not there is empty."""

    subject: str = ""
    plain: str = ""
    html: str = ""
    rtf: bytes = b""
    files: list[File] = field(default_factory=list)
    codec: str = ""


@dataclass(frozen=True)
class _Value:
    """A MAPI property; of several values the first."""

    number: int
    kind: int
    start: int
    end: int


def read(data: bytes, steps: Iterator[int]) -> Message | None:
    """The message that begins with the data, None when none does; each attribute and property of it, and each value of
    those that have several, takes a step. Never raises; takes linear time."""
    return _Reader(data, steps).message(0, len(data), 0)


class _Reader:
    def __init__(self, data: bytes, steps: Iterator[int]) -> None:
        self.data, self.steps = data, steps

    def message(self, start: int, end: int, depth: int) -> Message | None:
        if depth >= MAX_DEPTH or not self.data.startswith(SIGNATURE, start, end):
            return None
        message = Message()
        for level, number, first, last in _attributes(self.data, start + len(SIGNATURE) + 2, end, self.steps):
            if level == _MESSAGE:
                self._tell(message, number, first, last)
            elif number == _RENDERING:
                message.files.append(File())
            elif message.files:
                self._attach(message.files[-1], message.codec, (number, first, last), depth)
        message.files = [file for file in message.files if file.end > file.start or file.name or file.title][:MAX_FILES]
        return message

    def _tell(self, message: Message, number: int, start: int, end: int) -> None:
        data = self.data
        if number == _CODEPAGE:
            message.codec = _codec(_number(data, start))
        elif number == _SUBJECT:
            message.subject = _text(data[start:end], message.codec)
        elif number == _BODY:
            message.plain = _text(data[start:end], message.codec)
        elif number == _MESSAGE_PROPERTIES:
            values = {value.number: value for value in _values(data, start, end, self.steps)}
            told = values.get(_PR_CODEPAGE)
            codec = _codec(_number(data, told.start)) if told else message.codec
            message.subject = _said(data, values.get(_PR_SUBJECT), message.codec) or message.subject
            message.plain = _said(data, values.get(_PR_BODY), message.codec) or message.plain
            message.html = _said(data, values.get(_PR_HTML), codec)
            message.rtf = data[packed.start : packed.end] if (packed := values.get(_PR_RTF)) else b""

    def _attach(self, file: File, codec: str, attribute: tuple[int, int, int], depth: int) -> None:
        data, (number, start, end) = self.data, attribute
        if number == _TITLE:
            file.title = file.title or _text(data[start:end], codec)
        elif number == _DATA and not file.end:
            file.start, file.end = start, end
        elif number == _FILE_PROPERTIES:
            values = {value.number: value for value in _values(data, start, end, self.steps)}
            long, *others = (_said(data, values.get(name), codec) for name in _PR_NAMES)
            file.name = long or file.title or next(filter(None, others), "")
            file.kind = _said(data, values.get(_PR_KIND), codec).lower()
            file.content_id = _said(data, values.get(_PR_CONTENT_ID), codec)
            held = values.get(_PR_DATA)
            if held and held.kind == _OBJECT:
                file.start, file.end = min(held.start + _INTERFACE_ID, held.end), held.end
                file.message = self.message(file.start, file.end, depth + 1)
            elif held and not file.end:
                file.start, file.end = held.start, held.end


def _attributes(data: bytes, at: int, end: int, steps: Iterator[int]) -> Iterator[tuple[int, int, int, int]]:
    """Level, number, and where the value begins and ends. A value longer than what is left is cut."""
    for _ in zip(range(MAX_ATTRIBUTES), steps, strict=False):
        if at + 9 > end or data[at] not in {_MESSAGE, _ATTACHMENT}:
            return
        number, length = _number(data, at + 1, 2), _number(data, at + 5)
        yield data[at], number, at + 9, min(at + 9 + length, end)
        at += 9 + length + 2


def _values(data: bytes, at: int, end: int, steps: Iterator[int]) -> Iterator[_Value]:
    """The properties of a list (MS-OXTNEF 2.1.3.4); it ends where a length does not hold."""
    count, at = _number(data, at), at + 4
    for _ in zip(range(count), steps, strict=False):
        kind, number, at = _number(data, at, 2), _number(data, at + 2, 2), at + 4
        if number >= _NAMED:
            at += 20
            by_name = _number(data, at - 4) if at <= end else 0
            at += 4 + _padded(_number(data, at)) if by_name else 4
        one = kind & ~_MANY
        values = _number(data, at) if one in _SIZED or kind & _MANY else 1
        at += 4 if one in _SIZED or kind & _MANY else 0
        first = None
        for _ in zip(range(values), steps, strict=False):
            size = _number(data, at) if one in _SIZED else 16 if one == _CLASS_ID else 8 if one in _EIGHT else 4
            at += 4 if one in _SIZED else 0
            if at > end:
                return
            first = first or _Value(number, one, at, min(at + size, end))
            at += _padded(size)
        if first:
            yield first
        if at >= end:
            return


def _said(data: bytes, value: _Value | None, codec: str) -> str:
    if value is None or value.kind not in _SIZED:
        return ""
    return _text(data[value.start : value.end], "utf-16le" if value.kind == _UNICODE else codec)


def _text(data: bytes, codec: str) -> str:
    return charsets.decode(data, codec).rstrip("\0")


def _codec(codepage: int) -> str:
    return _CODECS.get(codepage, f"cp{codepage}" if codepage else "")


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _padded(size: int) -> int:
    return size + -size % 4
