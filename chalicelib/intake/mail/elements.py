"""Elements of HTML: how they are laid out, and what the tag of one tells of it, hidden or quoted."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from chalicelib.intake.mail.hiding import Look, Sheets
from chalicelib.intake.mail.phrases import HISTORY_CLASSES, HISTORY_IDS, QUOTED_CLASS
from chalicelib.intake.mail.tags import ATTRIBUTE

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
LAID_OUT = BLOCKS | {"br", "td", "th"}
SPACED = frozenset(
    {
        "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul",
    }
)  # fmt: skip
VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    }
)  # fmt: skip
SIBLINGS = {
    "li": {"li"},
    "p": BLOCKS,
    "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"},
    "tr": {"tr"},
    "option": {"option"},
}
"""An open element that the start of another one closes."""
_ABOVE_HISTORY = re.compile(
    r"\bid\s?=\s?[\"']?divrplyfwdmsg\b|border-top\s?:\s?solid #(?:e1e1e1|b5c4df) 1\.0pt", re.IGNORECASE
)
"""How Outlook on the web and on the desk sets off the header of the mail that is answered, whatever its language."""
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?:[\s=/]|$)", re.IGNORECASE)


class Element(NamedTuple):
    name: str
    hidden: bool
    quote_from: int | None
    tiny_around: bool


@lru_cache(maxsize=500)
def plain(name: str, tiny_around: bool) -> Element:
    """An element that changes nothing."""
    return Element(name, hidden=False, quote_from=None, tiny_around=tiny_around)


def begins_history(tag: str) -> bool:
    """Whether all that follows is the mail that is answered."""
    lower = tag.lower()  # most tags have neither, which is seen without a regular expression
    return ("divrplyfwdmsg" in lower or "border-top" in lower) and _ABOVE_HISTORY.search(tag) is not None


def marks_of(name: str, tag: str, sheets: Sheets) -> tuple[Look, bool]:
    """How an element appears, and whether it holds history."""
    attributes = {key.lower(): value.strip("\"'") for key, value in ATTRIBUTE.findall(tag)} if "=" in tag else {}
    lower = tag.lower()
    classes, own_id = attributes.get("class", "").lower().split(), attributes.get("id", "").lower()
    look = sheets.look(name, attributes.get("style", "").lower(), classes, own_id)
    if "hidden" in attributes or ("hidden" in lower and _HIDDEN_ATTRIBUTE.search(ATTRIBUTE.sub("", tag))):
        look = Look(hidden=True)
    if name == "blockquote" or not HISTORY_CLASSES.isdisjoint(classes):
        return look, True
    if "quote" in lower and any(map(QUOTED_CLASS.search, classes)):
        return look, True
    named = {attributes.get(each, "").lower() for each in ("id", "name", "data-marker")}
    return look, not HISTORY_IDS.isdisjoint(named)
