"""Which elements a page hides: by their own style, and by the rules of its style sheets that name one element, class or
id. What stands in `@media` with a condition is for other screens. A colour like its background hides nothing from who
selects the text, and is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

MAX_SHEET = 100_000
"""Characters of one style sheet that are read."""
_MAX_RULES = 1_000
_TELLING = re.compile(r"display|visibility|mso-hide|opacity|font|overflow|max-height")
_SIZES = ("height", "width", "max-width")
_PROPERTIES = frozenset(
    {"display", "visibility", "mso-hide", "max-height", "opacity", "font-size", "font", "overflow", *_SIZES}
)
_SELECTOR = re.compile(r"(?:(?:html|body)\s{1,9}>?\s{0,9}){0,2}\*?([a-z0-9]{0,20}[.#][a-z0-9_-]{1,80})")
_ALWAYS = frozenset({"@media all", "@media screen", "@media only screen"})
_CONDITION = 100
"""Characters of a condition that is looked at."""
_BRACES = re.compile("([{}])")
_NOTHING = re.compile(r"(?:0+(?:\.0*)?|\.0+)(?:px|pt|em|rem|ex|%|vh|vw|in|cm|mm)?")
_UNREADABLE = re.compile(_NOTHING.pattern + r"|(?:1(?:\.0*)?|0*\.[0-9]+)p[xt]")
_RELATIVE = re.compile(r"inherit|unset|smaller|larger|[0-9.]+(?:em|ex|%)")


@dataclass(frozen=True)
class Look:
    """`hidden`: the element and all in it. `tiny`: its text has no size, None when that is as around it; an element
    within may have one again."""

    hidden: bool = False
    tiny: bool | None = None


_PLAIN = Look()


@dataclass
class Sheets:
    """The rules of a page that could hide something, by selector."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, css: str) -> None:
        """Add a style sheet; of two rules for one selector the later one wins."""
        for selectors, body in _rules(_without_comments(css[:MAX_SHEET].lower())):
            if not _TELLING.search(body) or len(self.rules) >= _MAX_RULES:
                continue
            told = _declared(body)
            for selector in selectors.split(","):
                if told and (named := _SELECTOR.fullmatch(selector.strip())):
                    _overrule(self.rules.setdefault(named[1], {}), told)

    def look(self, name: str, style: str, classes: list[str], own_id: str) -> Look:
        """How an element appears; all of it in lower case."""
        told: dict[str, str] = {}
        if self.rules:
            for mark in (*(f".{each}" for each in classes), f"#{own_id}"):
                for selector in (mark, f"{name}{mark}"):
                    _overrule(told, self.rules.get(selector, {}))
        if style and _TELLING.search(style):
            _overrule(told, _declared(style))
        return _look(told) if told else _PLAIN


def _look(told: Mapping[str, str]) -> Look:
    said = {name: value.partition("!")[0].strip() for name, value in told.items()}
    hidden = (
        said.get("display") == "none"
        or said.get("visibility") in {"hidden", "collapse"}
        or said.get("mso-hide") == "all"
        or any(_NOTHING.fullmatch(said.get(name, "")) for name in ("max-height", "opacity"))
        or (said.get("overflow") == "hidden" and any(_NOTHING.fullmatch(said.get(name, "")) for name in _SIZES))
    )
    size = said.get("font-size") or said.get("font", "").partition("/")[0].partition(" ")[0]
    if not size or _RELATIVE.fullmatch(size):
        return Look(hidden, True if _NOTHING.fullmatch(size) else None)
    return Look(hidden, _UNREADABLE.fullmatch(size) is not None)


def _overrule(told: dict[str, str], later: Mapping[str, str]) -> None:
    """What was said to be important is overruled by what is as well, and by nothing else."""
    for name, value in later.items():
        if "!" not in told.get(name, "") or "!" in value:
            told[name] = value


def _declared(body: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for declaration in body[:4_000].split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() in _PROPERTIES:
            _overrule(told, {name.strip(): value.strip()})
    return told


def _without_comments(css: str) -> str:
    first, *others = css.replace("<!--", "").replace("-->", "").split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _is_always(condition: str) -> bool:
    """Asked for every rule within it: a long one, which is none of these, costs no more than a short one."""
    return len(condition) < _CONDITION and " ".join(condition.split()) in _ALWAYS


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule outside of `@media` and the like."""
    opened: list[str] = []
    pieces = _BRACES.split(css)
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            opened.append(text.rpartition(";")[2].strip())
        elif opened:
            selectors = opened.pop()
            if "@" not in selectors and all(map(_is_always, opened[:3])):
                yield selectors, text
