"""What of a mail's HTML may be shown: elements, attributes and styles, each value by a pattern. Anything that is not
listed goes; no address that a browser would fetch by itself is listed at all."""

from __future__ import annotations

import re
from typing import Final

BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
        "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
        "table", "ul",
    }
)  # fmt: skip
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ROWS: Final = frozenset({"tbody", "tfoot", "thead"})
CELLS: Final = frozenset({"td", "th"})
FORMATTING: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"}
)  # fmt: skip
"""Elements that a browser opens again by itself after each block that ends before they do."""
INLINE: Final = frozenset(
    {"abbr", "bdo", "cite", "del", "dfn", "ins", "kbd", "mark", "q", "samp", "span", "sub", "sup", "var"}
)
VOID: Final = frozenset({"br", "hr", "img", "wbr"})
TABLE: Final = frozenset({"table", "tr"}) | ROWS
"""Elements of a table that hold no text themselves."""
ELEMENTS: Final = BLOCKS | ROWS | CELLS | FORMATTING | INLINE | VOID | {"tr"}

HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,30}")
_WORDS: Final = re.compile(r"[^\x00-\x1f\x7f]{1,300}")
_SIZE: Final = re.compile(r"[0-9]{1,4}(?:%|px)?")
_COUNT: Final = re.compile(r"[0-9]{1,3}")
_COLOUR: Final = re.compile(r"#?[A-Za-z0-9]{1,30}")
_PLACE: Final = re.compile(r"[A-Za-z]{1,12}")
EVERYWHERE: Final = {
    "align": _PLACE, "bgcolor": _COLOUR, "dir": _PLACE, "height": _SIZE, "lang": re.compile(r"[A-Za-z0-9-]{1,35}"),
    "title": _WORDS, "valign": _PLACE, "width": _SIZE, "data-host": HOST,
}  # fmt: skip
"""`data-host` is ours: where the element would have fetched something from."""
ATTRIBUTES: Final = {
    "font": {"color": _COLOUR, "face": re.compile(r"[\w ,'-]{1,200}"), "size": re.compile(r"[+-]?[0-9]")},
    "hr": {"data-cut": re.compile("")},
    "img": {"alt": _WORDS, "data-file": _COUNT},
    "li": {"value": _COUNT},
    "ol": {"start": _COUNT, "type": re.compile("[1aAiI]")},
    "table": {"border": _COUNT, "cellpadding": _COUNT, "cellspacing": _COUNT},
    "td": {"colspan": _COUNT, "rowspan": _COUNT},
    "th": {"colspan": _COUNT, "rowspan": _COUNT},
}
"""`data-file` is ours: the number of the file that the image is; `data-cut` says that more followed."""

_SIDES: Final = ("", "-bottom", "-left", "-right", "-top")
STYLES: Final = frozenset(
    {
        "background", "background-color", "border-collapse", "border-radius", "border-spacing", "color", "direction",
        "display", "font", "font-family", "font-size", "font-style", "font-weight", "height", "line-height",
        "list-style-type", "max-height", "max-width", "min-width", "opacity", "overflow", "text-align",
        "text-decoration", "text-indent", "text-transform", "vertical-align", "visibility", "white-space", "width",
        "word-break",
    }
    | {f"{name}{side}" for name in ("border", "margin", "padding") for side in _SIDES}
    | {f"border-{what}" for what in ("color", "style", "width")}
)  # fmt: skip
_STYLE_WORD: Final = (
    r"(?:[A-Za-z][A-Za-z-]{0,40}[0-9]{0,3}|(?:[0-9]{1,5}(?:\.[0-9]{1,4})?|\.[0-9]{1,4})(?:%|[a-z]{1,4})?"
    r"|#[0-9A-Fa-f]{3,8}|'[A-Za-z0-9 -]{1,60}'|(?:rgb|hsl)a?\([0-9., %]{1,40}\))"
)
_STYLE_VALUE: Final = re.compile(rf"{_STYLE_WORD}(?:(?: ?[,/] ?| ){_STYLE_WORD}){{0,20}}")
"""No function but colours, so nothing that fetches; no sign, so nothing that leaves its place; no escapes."""


def safe_style(style: str) -> str:
    """The declarations that may stay, in one form."""
    kept: dict[str, str] = {}
    for declaration in style[:5000].split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace('"', "'").replace("!important", "").strip()
        value = " ".join(value.split())
        if colon and name in STYLES and value and _STYLE_VALUE.fullmatch(value):
            kept[name] = value
    return ";".join(f"{name}:{value}" for name, value in kept.items())


def safe_attribute(element: str, name: str, value: str) -> bool:
    """Whether the attribute may stay with this value."""
    pattern = EVERYWHERE.get(name) or ATTRIBUTES.get(element, {}).get(name)
    return pattern is not None and pattern.fullmatch(value) is not None
