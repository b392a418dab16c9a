"""Files that stand in a text as uuencode (`begin 644 name` to `end`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_BLOCKS: Final = 50
_BEGIN: Final = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_END: Final = re.compile(rb"(?:[ `]?\r?\n)?end[ \t]{0,20}(?:\r?\n|$)")
_LINE: Final = re.compile(rb"[!-`][ -`]{1,90}\r?\n")


@dataclass(frozen=True)
class Block:
    """`start` is at its `begin`, `end` behind its `end`."""

    name: bytes
    start: int
    end: int


def blocks(text: bytes) -> list[Block]:
    """The files in order. Lines that only look like the first of one are words; takes linear time."""
    found: list[Block] = []
    at = 0
    while len(found) < MAX_BLOCKS and (opened := _BEGIN.search(text, at)):
        at = first = opened.end()
        while line := _LINE.match(text, at):
            at = line.end()
        if at > first and (closed := _END.match(text, at)):
            at = closed.end()
            found.append(Block(opened[1].strip(), opened.start(), at))
    return found
