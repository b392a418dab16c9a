"""A file of a Macintosh in one piece (AppleSingle, RFC 1740): where its content is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KIND: Final = "application/applefile"
_SINGLE: Final = b"\x00\x05\x16\x00"
_ENTRIES_AT: Final = 24
_DATA, _NAME = 1, 3
_MAX_ENTRIES: Final = 50


@dataclass(frozen=True)
class Fork:
    name: str
    start: int
    end: int


def data_fork(content: bytes) -> Fork | None:
    """The content of the file and its name; None when the bytes are something else or hold none. Never raises."""
    if not content.startswith(_SINGLE):
        return None
    places: dict[int, tuple[int, int]] = {}
    count = int.from_bytes(content[_ENTRIES_AT : _ENTRIES_AT + 2], "big")
    for number in range(min(count, _MAX_ENTRIES)):
        at = _ENTRIES_AT + 2 + 12 * number
        entry, start, size = (int.from_bytes(content[at + n : at + n + 4], "big") for n in (0, 4, 8))
        places[entry] = start, min(start + size, len(content))
    start, end = places.get(_DATA, (0, 0))
    first, last = places.get(_NAME, (0, 0))
    return Fork(content[first:last][:255].decode("mac-roman"), start, end) if end > start else None
