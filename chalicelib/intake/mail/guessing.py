"""What bytes are whose label is missing or a lie: UTF-8 with some damage, Cyrillic, or else Western European."""

from __future__ import annotations

import re
from typing import Final

_LOOKED_AT: Final = 65_536
_FOREIGN: Final = re.compile("[^\x00-\x7f\ufffd]")
_WORDS: Final = re.compile(rb"[\xa3\xa8\xb3\xb8\xc0-\xff]{3,}")
"""Letters in a row as Cyrillic has them; Western languages put one or two between letters of ASCII."""
_SINGLE: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
_SMALL: Final = re.compile("[\u0430-\u044f\u0451]")
_MOSTLY: Final = 0.8
_WESTERN: Final = "cp1252"


def guess(data: bytes) -> str:
    """The codec that reads the bytes best; each of those named reads any byte, some as a replacement character."""
    beginning = data[:_LOOKED_AT]
    text = beginning.decode("utf-8", "replace")
    proper = len(_FOREIGN.findall(text))
    if proper >= 2 and proper >= 2 * text.count("\ufffd"):
        return "utf-8"
    words = b"".join(_WORDS.findall(beginning))
    if len(words) < 2 * len(_SINGLE.findall(beginning)) or not words:
        return _WESTERN
    small, codec = max((len(_SMALL.findall(words.decode(name))), name) for name in ("cp1251", "koi8-r"))
    return codec if small >= _MOSTLY * len(words) else _WESTERN
