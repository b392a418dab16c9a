"""Where an image of the mail itself stands in its HTML, as a mark in the text that is made of it."""

from __future__ import annotations

import re
from typing import Final

PICTURE: Final = "\ue000"
"""Stands around the Content-ID of an image."""
_OWN: Final = re.compile(r"""\ssrc\s{0,9}=\s{0,9}["']?cid:([^"'<>\s]{1,200})""", re.IGNORECASE)
_SMALL: Final = re.compile(
    r"""(?<![\w-])(?:width|height)\s?[=:]\s?["']?[0-9]{1,2}(?![0-9%.])""", re.IGNORECASE
)  # fmt: skip
"""Less than a hundred pixels: a logo, an ornament or a tracking pixel."""


def mark(tag: str) -> str:
    """The mark of an `img` tag, "" for an image from elsewhere or a small one."""
    own = _OWN.search(tag)
    return f"{PICTURE}{own[1]}{PICTURE}" if own and not _SMALL.search(tag) else ""
