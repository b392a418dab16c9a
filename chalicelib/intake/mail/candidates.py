"""Which lines of a text are worth a closer look: found in a few passes over all of it, for most lines are not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

from chalicelib.intake.mail.headlines import may_end_with

_NO_SIGN = bytes({*range(256)} - {*"\n-_=*#:\uff1a".encode()})
"""Every header field and every line over history or a forwarded mail has one of the other bytes; most have not."""


def signed_lines(text: str) -> set[int]:
    """The lines that have a sign: see `_NO_SIGN`. In a few passes over the whole text, which is cheaper than a search
    in each line."""
    signs = text.encode(errors="replace").translate(None, _NO_SIGN).split(b"\n")
    return set(compress(range(len(signs)), signs))


def lines_with_ends(lines: list[str]) -> Iterator[int]:
    """The lines that may end a headline. Most end alike, so that few ends are looked at."""
    ends = [line[-2:] for line in lines]
    telling = set(filter(may_end_with, set(ends)))
    return compress(range(len(lines)), map(telling.__contains__, ends)) if telling else iter(())
