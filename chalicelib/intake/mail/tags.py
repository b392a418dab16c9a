"""HTML split into text and tags, in time that grows with the length alone, whatever is left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

_RAW = frozenset(
    {
        "script", "style", "title", "textarea", "template", "xmp", "iframe", "noframes",
    }
)  # fmt: skip
SHEET = "#style"
"""Stands for the name of the element where the content of a `style` is yielded."""
_USUAL = re.compile(
    r"""<(/?)([a-zA-Z][^\s/<>"'=]{0,40})(?=[\s/>])(?:="[^"<>]*"|='[^'<>]*'|[^<>"'])*+>""",
)
"""A tag whose values hold no angle: it ends at the first `>`. No match looks beyond the next tag."""
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
_OPEN_QUOTE = re.compile(r"""=\s{0,9}(["'])""")


def tokens(markup: str) -> Iterator[tuple[str | None, str]]:
    """(None, text), (element name, tag) and (SHEET, css) in order; comments, declarations and the content of other
    `_RAW` elements are left out."""
    position, last = 0, {char: markup.rfind(char) for char in ">\"'"}
    while (start := markup.find("<", position)) >= 0:
        if start > position:
            yield None, markup[position:start]
        usual = _USUAL.match(markup, start)
        name = usual or _NAME.match(markup, start)
        if name is None and markup[start + 1 : start + 2] not in {"!", "?", "/"}:
            yield None, "<"
            position = start + 1
            continue
        end = usual.end() - 1 if usual else _end(markup, start, last, is_tag=name is not None)
        if end < 0:
            return
        position = end + 1
        if name:
            tag = name[2].lower()
            yield tag, markup[start:end]
            if tag in _RAW and not name[1]:
                position = _raw_end(markup, tag, position)
                if tag == "style":
                    yield SHEET, markup[end + 1 : position]
    yield None, markup[position:]


def _raw_end(markup: str, tag: str, position: int) -> int:
    closing = re.compile(rf"</{tag}", re.IGNORECASE).search(markup, position)
    return closing.start() if closing else len(markup)


def _end(markup: str, start: int, last: dict[str, int], *, is_tag: bool) -> int:
    if is_tag:
        return _tag_end(markup, start, last)
    if not markup.startswith("<!--", start):
        return markup.find(">", start)
    end = markup.find("-->", start + 2)
    return end + 2 if end >= 0 else -1


def _tag_end(markup: str, start: int, last: dict[str, int]) -> int:
    """The `>` that ends the tag, past those inside quoted values. `last` saves the search for what does not come any
    more."""
    if start > last[">"]:
        return -1
    first = end = markup.find(">", start)
    position = start
    while opened := _OPEN_QUOTE.search(markup, position, end):
        if last[opened[1]] < opened.end():
            return first
        position = markup.find(opened[1], opened.end()) + 1
        if position > end:
            if position > last[">"]:
                # No `>` comes any more outside of what look like quotes: this and all further tags end at the next one.
                last.update({'"': -1, "'": -1})
                return first
            end = markup.find(">", position)
    return end
