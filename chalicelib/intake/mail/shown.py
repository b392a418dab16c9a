"""The parts of a mail that a mail program shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.intake.mail.body import is_text
from chalicelib.intake.mail.mime import Part

HTML: Final = "text/html"


def displayable(root: Part) -> tuple[Part, ...]:
    """The parts that would be shown one below the other, HTML rather than plain text; none when no part is HTML."""
    shown = tuple(_shown(root))
    return shown if any(part.kind == HTML for part in shown) else ()


def _shown(part: Part) -> Iterator[Part]:
    if part.kind == "multipart/alternative" and part.children:
        choices = [tuple(_shown(child)) for child in part.children]
        rich = [choice for choice in choices if any(one.kind == HTML for one in choice)]
        yield from (rich or choices)[-1 if rich else 0]
    elif part.children:
        for child in part.children:
            yield from _shown(child)
    elif is_text(part):
        yield part
