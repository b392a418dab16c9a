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
    r"""([^<]*+)(<(/?)([a-zA-Z][^\s/<>"'=]{0,40})(?=[\s/>])(?:="[^"<>]*"|='[^'<>]*'|[^<>"'])*+)>""",
)
"""Text and a tag whose values hold no angle: it ends at the first `>`. No match looks beyond the next tag."""
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
ATTRIBUTE = re.compile(r"""([^\s=/>"'<]{1,60})\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")
"""The name of an attribute and its value, with the quotes if it has any."""
_OPEN_QUOTE = re.compile(r"""=\s{0,9}(["'])""")


def tokens(markup: str) -> Iterator[tuple[str, str, str]]:
    """(text, name of the element, the tag that follows the text without its `>`) in order, and ("", SHEET, css); name
    and tag are "" where none follows. Comments, declarations and the content of other `_RAW` elements are left out."""
    position, last = 0, {char: markup.rfind(char) for char in ">\"'"}
    while position >= 0:
        if usual := _USUAL.match(markup, position):
            text, tag, closing, name = usual.groups()
            position = usual.end()
        else:
            text, tag, closing, name, position = _unusual(markup, position, last)
        name = name.lower()
        yield text, name, tag
        if name in _RAW and not closing:
            start, position = position, _raw_end(markup, name, position)
            if name == "style":
                yield "", SHEET, markup[start:position]


def _unusual(markup: str, position: int, last: dict[str, int]) -> tuple[str, str, str, str, int]:
    """The text from a position on and what else follows it: the tag, its slash, its name and where it ends, or -1."""
    start = markup.find("<", position)
    if start < 0:
        return markup[position:], "", "", "", -1
    text, named = markup[position:start], _NAME.match(markup, start)
    if named is None and markup[start + 1 : start + 2] not in {"!", "?", "/"}:
        return (text, "", "", "", start) if text else ("<", "", "", "", start + 1)
    end = _end(markup, start, last, is_tag=named is not None)
    if end < 0 or named is None:
        return text, "", "", "", end + 1 if end >= 0 else -1
    return text, markup[start:end], named[1], named[2], end + 1


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
