"""Signs of a quotation that mean something else elsewhere: they count beside a headline or other quoted lines alone."""

# ruff: noqa: RUF001 - the signs that customers write with

from __future__ import annotations

import re
from collections.abc import Iterable

_ODD = re.compile(r"[|}\]:#%»›¦│┃▌+!;$~=/@'&º](?=\s|$)|[»›＞]|\|{1,2}>?|[-=~]>|&gt;|[^\W\d_][\w.-]{0,20}>(?=\s)")
_DIRECTIONS = "\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_DIRECTED = "\u200f\u202c\u2069"
"""One of these ends what another one begins."""
WIDE = "＞"
"""The mark of Japanese programs."""
BETWEEN_MARKS = re.compile(r">>>\s?[^\n>]{1,160}(?:>\s?)?[^\n>]{0,60}\d{1,2}[:.]\d{2}[^\n>]{0,20}>>>\s{0,4}$")
"""The headline of GroupWise, which marks nothing else."""
_LEFT_OUT = re.compile(
    r"\s{0,3}[\[(<]\s?[.…]{0,5}\s?(?:[.…]{1,5}|snip\w{0,4}|cut|trimmed|skip\w{0,4}|schnipp|gekürzt|coupé|omissis)"
    r"\s?[.…]{0,5}\s?[\])>]\s{0,3}|\s{0,3}[-=~]{1,20}\s?(?:snip\w{0,4}|schnipp|8<|>8)\s?[-=~8<>]{0,20}\s{0,3}",
    re.IGNORECASE,
)


def odd_mark(lines: Iterable[str]) -> str:
    """The sign before the first line with text, if it could be a program's mark, or ""."""
    first = next((line for line in lines if not is_left_out(line)), "")
    found = _ODD.match(first)
    return found.group() if found else ""


def without_directions(text: str) -> str:
    """The text without the marks of direction that clients put around the names and addresses of a headline."""
    if any(mark in text for mark in _DIRECTED):
        for mark in _DIRECTIONS:
            text = text.replace(mark, "")
    return text


def with_usual_marks(text: str, lines: list[str]) -> list[str]:
    """The lines of a text, with `>` for the wide sign at the beginning of one."""
    if WIDE not in text:
        return lines
    return [f">{line[1:]}" if line.startswith(WIDE) else line for line in lines]


def is_left_out(line: str) -> bool:
    """Whether a line is empty, or says that some of the quotation was left out: `[...]`."""
    return not line.strip() or (line.strip()[0] in "[(<-=~" and _LEFT_OUT.fullmatch(line) is not None)
