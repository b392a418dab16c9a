"""HTML written anew before a tree builder reads it: known elements alone, well nested, to a limited depth.

Tree builders, the one of the sanitiser too, need time that grows with the square of the depth, and copy formatting
that was left open into every block that follows. What is written here has neither, and every tag has but one reading.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from chalicelib.intake.mail import allowed
from chalicelib.intake.mail.allowed import BLOCKS, CELLS, FORMATTING, HEADINGS, ROWS, TABLE, VOID
from chalicelib.intake.mail.markup import MAX_MARKUP
from chalicelib.intake.mail.tags import tokens
from chalicelib.intake.mail.targets import host_of, misleads
from chalicelib.intake.mail.written import attributes_of, image, plain, start_tag

MAX_DEPTH: Final = 100
MAX_FORMATTING: Final = 16
"""Elements for formatting that are open at once."""
_LISTED: Final = {"li": frozenset({"ol", "ul"}), "dd": frozenset({"dl"}), "dt": frozenset({"dl"})}
_LINK_WORDS: Final = 300
_PIECE: Final = 2000
CUT: Final = '<hr data-cut="">'
"""Stands where there was more."""
_LINK_COST: Final = 120
"""Characters that the sanitiser, and the host that is told, add to a link."""


def tidy(markup: str, files: Mapping[str, int], most: int) -> str:
    """The markup as well-formed HTML of at most about `most` characters; its end says when there was more. `files`
    are the numbers of the mail's images by Content-ID. Never raises; time grows with the length alone."""
    page = _Page(files, most - len(CUT))
    for text, name, tag in tokens(markup[:MAX_MARKUP]):
        if page.left >= 0:
            page.say(plain(text))
        if page.left < 0:
            break
        if tag.startswith("</"):
            page.end(name)
        elif name in allowed.ELEMENTS:
            page.start(name, tag)
    return page.text() + (CUT if page.left < 0 or len(markup) > MAX_MARKUP else "")


@dataclass
class _Link:
    """An open link: where its tag stands in the output, and its first words."""

    at: int
    attributes: dict[str, str]
    words: str = ""


@dataclass
class _Page:
    files: Mapping[str, int]
    left: int
    out: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    """Starts that were left out, so that their ends are."""
    link: _Link | None = None

    def say(self, text: str) -> None:
        if not text or (self._in_table() and not text.strip()):
            return
        if self.out and self.out[-1].startswith("<pre"):
            text = text.lstrip("\n")  # a browser drops the first one, so that a second reading would drop another
        if self.link and len(self.link.words) < _LINK_WORDS:
            self.link.words += text[:_LINK_WORDS]
        self._enter_cell()
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE]
            self._write(html.escape(piece, quote=False), 5 * piece.count("\xa0"))

    def start(self, name: str, tag: str) -> None:
        attributes = attributes_of(name, tag)
        if name == "img":
            if shown := image(attributes, self.files):
                self._enter_cell()
                self._write(shown)
        elif name in TABLE - {"table"} or name in CELLS:
            self._part_of_table(name, attributes)
        else:
            self._enter_cell()
            if self._make_room(name):
                self._open(name, attributes)

    def end(self, name: str) -> None:
        if self.passed[name]:
            self.passed[name] -= 1
        elif name not in VOID:
            crossed = frozenset({"table"}) if name in TABLE | CELLS and name != "table" else CELLS
            self._close_nearest({name}, crossed if name != "table" else frozenset())

    def text(self) -> str:
        while self.opened:
            self._close()
        return "".join(self.out)

    def _make_room(self, name: str) -> bool:
        """Close what the start of the element closes; False when it cannot stand here."""
        if name in BLOCKS:
            self._close_nearest({"p"}, CELLS)
        if name in HEADINGS:
            self._close_nearest(HEADINGS, CELLS)
        if name in _LISTED:
            self._close_nearest({"dd", "dt"} if name != "li" else {"li"}, CELLS | _LISTED[name])
        if name == "a" and self.link:
            self._close_nearest({"a"}, CELLS)
        full = name in FORMATTING and sum(open_ in FORMATTING for open_ in self.opened) >= MAX_FORMATTING
        if full or (name == "a" and self.link) or (len(self.opened) >= MAX_DEPTH and name not in VOID):
            self.passed[name] += 1
            return False
        return True

    def _part_of_table(self, name: str, attributes: Mapping[str, str]) -> None:
        """Rows and cells stand in a table, and a cell in a row."""
        wanted = TABLE if name in CELLS else ROWS | {"table"} if name == "tr" else frozenset({"table"})
        if "table" not in self.opened:
            self.passed[name] += 1
            return
        while self.opened[-1] not in wanted:
            self._close()
        for implied in self._implied(name):
            self._open(implied, {})
        self._open(name, attributes)

    def _implied(self, name: str) -> Iterator[str]:
        if self.opened[-1] == "table" and name not in ROWS:
            yield "tbody"
        if name in CELLS and self.opened[-1] != "tr":
            yield "tr"

    def _in_table(self) -> bool:
        return bool(self.opened) and self.opened[-1] in TABLE

    def _enter_cell(self) -> None:
        """What stands in a table beside its cells would be moved out of it: it gets one."""
        if self._in_table():
            self._part_of_table("td", {})

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        # Its end is paid for with its start, for what was opened is always closed.
        more = _LINK_COST + len(attributes.get("href", "")) if name == "a" else 0
        if not self._write(start_tag(name, attributes), more + len(name) + 3) or name in VOID:
            return
        self.opened.append(name)
        if name == "a":
            self.link = _Link(len(self.out) - 1, dict(attributes))

    def _close_nearest(self, names: Collection[str], bounds: frozenset[str]) -> None:
        """Close the innermost of these elements that is open inside the bounds, and what is open in it."""
        for name in reversed(self.opened):
            if name in names:
                break
            if name in bounds:
                return
        else:
            return
        while self._close() not in names:
            pass

    def _close(self) -> str:
        name = self.opened.pop()
        if name == "a" and self.link:
            link, self.link = self.link, None
            if misleads(link.attributes.get("href", ""), link.words):
                goes_to = {"data-goes-to": host_of(link.attributes["href"])}
                self.out[link.at] = start_tag("a", link.attributes | goes_to)
        self.out.append(f"</{name}>")
        return name

    def _write(self, piece: str, more: int = 0) -> bool:
        """Write it if there is room for it; nothing else once there was not."""
        if self.left >= 0:
            self.left -= len(piece) + more
        if piece and self.left >= 0:
            self.out.append(piece)
        return self.left >= 0
