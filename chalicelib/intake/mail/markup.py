"""HTML to text: what a reader sees, one line a block, quoted history marked with `> `.

A tokenizer of its own: every tree builder that was tried needs time that grows with the square of the nesting depth
(Lexbor takes minutes for 1.5 MB of unclosed divs). Only two facts about open elements matter here, hidden and quoted.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.intake.mail.enclosed import taken_out
from chalicelib.intake.mail.hiding import Look, Sheets
from chalicelib.intake.mail.phrases import HISTORY_CLASSES, HISTORY_IDS, QUOTED_CLASS
from chalicelib.intake.mail.placing import mark
from chalicelib.intake.mail.tags import SHEET, tokens

MAX_MARKUP = 400_000
"""Characters that are read; what follows is left to the raw mail."""
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_SPACED = frozenset(
    {
        "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul",
    }
)  # fmt: skip
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    }
)  # fmt: skip
_SIBLINGS = {
    "li": {"li"},
    "p": _BLOCKS,
    "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"},
    "tr": {"tr"},
    "option": {"option"},
}
"""An open element that the start of another one closes."""
_ATTRIBUTE = re.compile(r"""([^\s=/>"'<]{1,60})\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)""")
_ABOVE_HISTORY = re.compile(
    r"\bid\s?=\s?[\"']?divrplyfwdmsg\b|border-top\s?:\s?solid #(?:e1e1e1|b5c4df) 1\.0pt", re.IGNORECASE
)
"""How Outlook on the web and on the desk sets off the header of the mail that is answered, whatever its language."""
_HIDDEN_ATTRIBUTE = re.compile(r"\shidden(?:[\s=/]|$)", re.IGNORECASE)
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANKS = re.compile(" {2,}")


def to_text(markup: str, *, pictures: bool = False) -> str:
    """The visible text, on demand with the marks of images of the mail itself (`placing`). Never raises;
    time grows with the length alone."""
    page = _Page(pictures=pictures)
    for tag, chunk in tokens(markup[:MAX_MARKUP]):
        if tag is None:
            page.say(chunk)
        elif tag == SHEET:
            page.sheets.read(chunk)
        elif chunk.startswith("</"):
            page.close(tag)
        else:
            page.open(tag, chunk)
    return page.text()


class _Element(NamedTuple):
    name: str
    hidden: bool
    quote_from: int | None
    tiny_around: bool


@dataclass
class _Page:
    """What is open, and the lines so far."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    opened: list[_Element] = field(default_factory=list)
    names: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    hidden: int = 0
    quoted: int = 0
    above: bool = False
    tiny: bool = False
    sheets: Sheets = field(default_factory=Sheets)
    pictures: bool = False

    def say(self, text: str) -> None:
        if not text or self.hidden or self.tiny:
            return
        text = html.unescape(_LONG_REFERENCE.sub("", text)) if "&" in text else text
        if self.names["pre"]:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for line in rest:
                self._flush()
                self.line.append(line)
        else:
            # Printable text has no space but blanks, and `_flush` makes one of several.
            self.line.append(text if text.isprintable() else _SPACE.sub(" ", text))

    def open(self, name: str, tag: str) -> None:
        if self.opened and name in _SIBLINGS.get(self.opened[-1].name, ()):
            self.close(self.opened[-1].name)
        self._lay_out(name)
        if name == "img" and self.pictures:
            self.say(mark(tag))
        if name in _VOID or tag.endswith("/"):
            return
        self.names[name] += 1
        if len(tag) == len(name) + 1 and name != "blockquote":  # no attributes: it changes nothing
            self.opened.append(_Element(name, False, None, self.tiny))
            return
        look, quote = _marks(name, tag, self.sheets)
        if not self.above and self.lines and _ABOVE_HISTORY.search(tag):
            # Nothing encloses this history: it is all that follows. Without words above it is what the customer shows.
            self.above, self.quoted = True, self.quoted + 1
        self.opened.append(_Element(name, look.hidden, len(self.lines) if quote else None, self.tiny))
        self.hidden += look.hidden
        self.tiny = self.tiny if look.tiny is None else look.tiny
        self.quoted += quote

    def close(self, name: str) -> None:
        if not self.names[name]:
            return
        while True:
            element = self.opened.pop()
            if element.name in _BLOCKS:
                self._flush()
            self.names[element.name] -= 1
            self.hidden -= element.hidden
            self.tiny = element.tiny_around
            if element.quote_from is not None:
                self.quoted -= 1
                if not self.quoted:  # the outermost element decides, so that each line is looked at once
                    held, answered = self.lines[element.quote_from :], element.name != "blockquote"
                    self.lines[element.quote_from :] = taken_out(held, answered=answered)
            if element.name == name:
                break
        if name in _SPACED:
            self._blank()

    def text(self) -> str:
        self._flush()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        return "\n".join(self.lines).strip("\n")

    def _lay_out(self, name: str) -> None:
        if name == "br":
            self._flush(keep_empty=True)
        elif name in {"td", "th"}:
            self.line.append(" ")
        elif name in _BLOCKS:
            self._flush()
            if name in _SPACED:
                self._blank()
            if name == "li":
                self.line.append("- ")

    def _flush(self, *, keep_empty: bool = False) -> None:
        if not self.line and not keep_empty:
            return
        line = "".join(self.line)
        self.line.clear()
        if not self.names["pre"]:
            line = _BLANKS.sub(" ", line) if "  " in line else line
        line = line.rstrip() if self.names["pre"] else line.strip(" ")
        if line.strip() or keep_empty:
            self.lines.append("> " * min(self.quoted, 9) + line)

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quoted, 9))


def _marks(name: str, tag: str, sheets: Sheets) -> tuple[Look, bool]:
    """How an element appears, and whether it holds history."""
    attributes = {found[1].lower(): found[2].strip("\"'") for found in _ATTRIBUTE.finditer(tag)} if "=" in tag else {}
    classes, own_id = attributes.get("class", "").lower().split(), attributes.get("id", "").lower()
    look = sheets.look(name, attributes.get("style", "").lower(), classes, own_id)
    if "hidden" in attributes or ("hidden" in tag.lower() and _HIDDEN_ATTRIBUTE.search(_ATTRIBUTE.sub("", tag))):
        look = Look(hidden=True)
    if name == "blockquote" or not HISTORY_CLASSES.isdisjoint(classes):
        return look, True
    if "quote" in tag.lower() and any(map(QUOTED_CLASS.search, classes)):
        return look, True
    named = {attributes.get(each, "").lower() for each in ("id", "name", "data-marker")}
    return look, not HISTORY_IDS.isdisjoint(named)
