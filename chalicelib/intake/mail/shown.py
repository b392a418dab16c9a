"""The parts of a mail that a mail program shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.intake.mail.body import is_text
from chalicelib.intake.mail.part import Part
from chalicelib.intake.mail.unpacking import TNEF

HTML: Final = "text/html"


def displayable(root: Part) -> tuple[Part, ...]:
    """The parts that would be shown one below the other, HTML rather than plain text; what stands in a winmail.dat
    where there is no HTML beside it. None when no part is HTML."""
    shown = tuple(_shown(root))
    if _is_rich(shown):
        return shown
    wrapped = (part.children for part in root.walk() if part.kind == TNEF)
    inside = tuple(one for children in wrapped for child in children for one in _shown(child))
    return inside if _is_rich(inside) else ()


def _is_rich(parts: tuple[Part, ...]) -> bool:
    return any(part.kind == HTML for part in parts)


def _shown(part: Part) -> Iterator[Part]:
    if part.kind == TNEF:
        return
    if part.kind == "multipart/alternative" and part.children:
        choices = [tuple(_shown(child)) for child in part.children]
        rich = [choice for choice in choices if _is_rich(choice)]
        yield from (rich or choices)[-1 if rich else 0]
    elif part.children:
        for child in part.children:
            yield from _shown(child)
    elif is_text(part):
        yield part
