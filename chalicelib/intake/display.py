"""The HTML of a mail as it may be shown: nothing that runs, fetches, submits or leaves its place, nor card numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Final

import nh3

from chalicelib.intake.mail import allowed, body, charsets, markup
from chalicelib.intake.mail.mime import Part
from chalicelib.intake.mail.shown import HTML
from chalicelib.intake.mail.tidy import CUT, tidy
from chalicelib.intake.searched import readings
from chalicelib.platform.cards import hide_cards, holds_card

MAX_SHOWN: Final = 250_000
"""Characters of HTML that are kept; the raw mail has the rest."""
_MOST_BYTES: Final = 4 * markup.MAX_MARKUP
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_EVERYWHERE: Final = {*allowed.EVERYWHERE, "style"}
_ATTRIBUTES: Final = {
    "*": _EVERYWHERE, "a": {"href", "data-goes-to"}, **{name: {*more} for name, more in allowed.ATTRIBUTES.items()},
}  # fmt: skip
_TAG: Final = re.compile(r"<[^<>]*>")


def display(parts: tuple[Part, ...], files: Mapping[str, int]) -> str | None:
    """Safe HTML of the parts. Images stand in it by the number of their file, `files` has these by Content-ID; images
    and backgrounds elsewhere by their host. None when there is nothing to show, or a card number that cannot be
    hidden. The same mail gives the same HTML."""
    shown = "".join(_sanitised_each(parts, files))
    if (hidden := hide_cards(shown)) != shown:
        shown = sanitised(hidden, files)
    if any(map(holds_card, readings(HTML, shown))):
        return None
    return shown if html.unescape(_TAG.sub("", shown)).strip() or "<img" in shown else None


def sanitised(source: str, files: Mapping[str, int], most: int = MAX_SHOWN) -> str:
    """HTML of known elements, attributes and styles alone, at most about `most` characters. What it returns it would
    not change again. Never raises; time grows with the length alone."""
    return nh3.clean(
        tidy(source, files, most), tags=set(allowed.ELEMENTS), attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES, url_relative="deny", filter_style_properties=set(allowed.STYLES),
        link_rel="noopener noreferrer nofollow", set_tag_attribute_values={"a": {"target": "_blank"}},
    )  # fmt: skip


def _sanitised_each(parts: tuple[Part, ...], files: Mapping[str, int]) -> Iterator[str]:
    """Each part by itself, so that what one leaves open ends with it. All together are bound as one would be."""
    to_read, most = markup.MAX_MARKUP, MAX_SHOWN
    for part in parts:
        if to_read < 0 or most < len(CUT):
            yield CUT
            return
        source = _markup(part)
        shown = sanitised(source, files, most)
        to_read, most = to_read - len(source), most - len(shown)
        yield shown


def _markup(part: Part) -> str:
    content = part.content[:_MOST_BYTES]
    text = charsets.decode(content, body.charset_of(part, content))
    if part.kind == HTML:
        return text
    lines = html.escape(text).strip().splitlines()
    return f"<div>{'<br>'.join(lines)}</div>"
