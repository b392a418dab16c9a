"""HTML to text: what a reader sees, one line a block, quoted history marked with `> `.

A tokenizer of its own: every tree builder that was tried needs time that grows with the square of the nesting depth
(Lexbor takes minutes for 1.5 MB of unclosed divs). Only two facts about open elements matter here, hidden and quoted.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field

from chalicelib.intake.mail.elements import (
    BLOCKS,
    LAID_OUT,
    SIBLINGS,
    SPACED,
    VOID,
    Element,
    begins_history,
    marks_of,
    plain,
)
from chalicelib.intake.mail.enclosed import taken_out
from chalicelib.intake.mail.hiding import Sheets
from chalicelib.intake.mail.placing import mark
from chalicelib.intake.mail.tags import SHEET, tokens

MAX_MARKUP = 400_000
"""Characters that are read; what follows is left to the raw mail."""
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANKS = re.compile(" {2,}")


def to_text(markup: str, *, pictures: bool = False) -> str:
    """The visible text, on demand with the marks of images of the mail itself (`placing`). Never raises;
    time grows with the length alone."""
    page = _Page(pictures=pictures)
    for text, name, tag in tokens(markup[:MAX_MARKUP]):
        if text:
            page.say(text)
        if name == SHEET:
            page.sheets.read(tag)
        elif tag[:2] == "</":
            page.close(name)
        elif name:
            page.open(name, tag)
    return page.text()


@dataclass
class _Page:
    """What is open, and the lines so far."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    opened: list[Element] = field(default_factory=list)
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
        if text == "\n" and not self.line and not self.names["pre"]:
            return  # between two tags, at the beginning of a line
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
        if self.opened and (last := self.opened[-1].name) in SIBLINGS and name in SIBLINGS[last]:
            self.close(last)
        if name in LAID_OUT:
            self._lay_out(name)
        if name in VOID:
            self.say(mark(tag) if self.pictures and name == "img" else "")
            return
        if tag[-1:] == "/":
            return
        self.names[name] += 1
        if len(tag) == len(name) + 1 and name != "blockquote":  # no attributes: it changes nothing
            self.opened.append(plain(name, self.tiny))
            return
        look, quote = marks_of(name, tag, self.sheets)
        if not self.above and self.lines and begins_history(tag):
            # Nothing encloses this history: it is all that follows. Without words above it is what the customer shows.
            self.above, self.quoted = True, self.quoted + 1
        self.opened.append(Element(name, look.hidden, len(self.lines) if quote else None, self.tiny))
        self.hidden += look.hidden
        self.tiny = self.tiny if look.tiny is None else look.tiny
        self.quoted += quote

    def close(self, name: str) -> None:
        if not self.names[name]:
            return
        while True:
            ended, hidden, quote_from, self.tiny = self.opened.pop()
            if self.line and ended in BLOCKS:
                self._flush()
            self.names[ended] -= 1
            self.hidden -= hidden
            if quote_from is not None:
                self.quoted -= 1
                if not self.quoted:  # the outermost element decides, so that each line is looked at once
                    self.lines[quote_from:] = taken_out(self.lines[quote_from:], answered=ended != "blockquote")
            if ended == name:
                break
        if name in SPACED:
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
        else:
            self._flush()
            if name in SPACED:
                self._blank()
            if name == "li":
                self.line.append("- ")

    def _flush(self, *, keep_empty: bool = False) -> None:
        if not self.line and not keep_empty:
            return
        line = "".join(self.line)
        self.line.clear()
        line = line.rstrip() if self.names["pre"] else (_BLANKS.sub(" ", line) if "  " in line else line).strip(" ")
        if keep_empty or (line and not line.isspace()):
            self.lines.append(self._mark + line)

    @property
    def _mark(self) -> str:
        return "> " * min(self.quoted, 9) if self.quoted else ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._mark)
