"""What clients put into the element of the history and is none: a mail that is passed on, answers between its lines."""

from __future__ import annotations

import re

from chalicelib.intake.mail.headlines import may_end_headline
from chalicelib.intake.mail.phrases import FORWARDED

_DEPTH = re.compile(r"(?:> )*")
_HEADLINE = 3
"""Lines of a headline above the first quotation at most."""


def taken_out(lines: list[str], *, answered: bool) -> list[str]:
    """The lines of the outermost element that holds history, each marked at least once, as they are meant: what is
    passed on without a mark, and one mark less where answers stand below quotations in it. `answered`: the element is
    one in which a client lets people write."""
    first = next((line for line in lines if line.strip("> ")), "")
    if FORWARDED.match(first.lstrip("> ")) or (answered and _holds_answers(lines)):
        return [line.removeprefix("> ") for line in lines]
    return lines


def _holds_answers(lines: list[str]) -> bool:
    """Whether words of the element itself follow a quotation in it, above which there was nothing but a headline."""
    depths = [_depth(line) for line in lines if line.strip("> ")]
    if 1 not in depths or max(depths) < 2:
        return False
    said = [line for line in lines if line.strip("> ")]
    begins = next(at for at, depth in enumerate(depths) if depth > 1)
    headed = 0 < begins <= _HEADLINE and may_end_headline(said[begins - 1])
    return headed and 1 in depths[begins:]


def _depth(line: str) -> int:
    found = _DEPTH.match(line)
    return len(found.group()) // 2 if found else 0
