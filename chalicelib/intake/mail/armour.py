"""The words of an OpenPGP clear-signed text."""

from __future__ import annotations

import re

_FIRST_LINE = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_CLEARSIGNED = re.compile(rf"{_FIRST_LINE}(?:[A-Za-z]+: [^\n]*\n){{0,9}}\n?")
_ARMOUR = "-----BEGIN PGP SIGNATURE-----"


def without_armour(text: str) -> str:
    """The words of an OpenPGP clear-signed text (RFC 9580, section 7), its dash escapes undone."""
    opened = _CLEARSIGNED.search(text) if _FIRST_LINE in text else None
    if opened is None:
        return text
    inner = text[opened.end() :].split(_ARMOUR, 1)[0]
    return text[: opened.start()] + "\n".join(line.removeprefix("- ") for line in inner.split("\n"))
