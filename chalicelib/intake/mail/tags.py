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
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]{0,40})")
_OPEN_QUOTE = re.compile(r"""=\s{0,9}(["'])""")


def tokens(markup: str) -> Iterator[tuple[str | None, str]]:
    """(None, text), (element name, tag) and (SHEET, css) in order; comments, declarations and the content of other
    `_RAW` elements are left out."""
    position, last = 0, {char: markup.rfind(char) for char in ">\"'"}
    while position < len(markup):
        start = markup.find("<", position)
        if start < 0:
            break
        yield None, markup[position:start]
        name = _NAME.match(markup, start)
        if name is None and markup[start + 1 : start + 2] not in {"!", "?", "/"}:
            yield None, "<"
            position = start + 1
            continue
        end = _comment_end(markup, start) if name is None else _tag_end(markup, start, last)
        if end < 0:
            return
        position = end + 1
        if name:
            tag = name[1].lower()
            yield tag, markup[start:end]
            if tag in _RAW and markup[start + 1] != "/":
                closing = re.compile(rf"</{tag}", re.IGNORECASE).search(markup, position)
                after = closing.start() if closing else len(markup)
                if tag == "style":
                    yield SHEET, markup[position:after]
                position = after
    yield None, markup[position:]


def _comment_end(markup: str, start: int) -> int:
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
                return first
            end = markup.find(">", position)
    return end
