"""Signs of a quotation that mean something else elsewhere: they count beside a headline or other quoted lines alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ODD = re.compile(r"[|}\]:#%»›¦│┃▌](?=\s|$)|[»›＞]")  # noqa: RUF001 - a wide sign is one as well
_LEFT_OUT = re.compile(
    r"\s{0,3}[\[(<]\s?[.…]{0,5}\s?(?:[.…]{1,5}|snip\w{0,4}|cut|trimmed|skip\w{0,4}|gekürzt|coupé|omissis)"
    r"\s?[.…]{0,5}\s?[\])>]\s{0,3}",
    re.IGNORECASE,
)


def odd_mark(lines: Iterable[str]) -> str:
    """The sign before the first line with text, if it could be a program's mark, or ""."""
    first = next((line for line in lines if not is_left_out(line)), "")
    found = _ODD.match(first)
    return found.group() if found else ""


def is_left_out(line: str) -> bool:
    """Whether a line is empty, or says that some of the quotation was left out: `[...]`."""
    return not line.strip() or (line.strip()[0] in "[(<" and _LEFT_OUT.fullmatch(line) is not None)
