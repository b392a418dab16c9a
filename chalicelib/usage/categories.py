"""What use is counted in: its kinds, their units, and what price lists call them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MEGABYTE: Final = 1024 * 1024
"""Bytes of what price lists call a megabyte: the larger of the two usual ones, so that nobody gets less than told."""


class Unit(StrEnum):
    """What a record counts."""

    BYTES = "bytes"
    SECONDS = "seconds"
    COUNT = "count"


class Category(StrEnum):
    """A kind of use with an allowance and a price of its own."""

    DATA = "data"
    VOICE = "voice"
    TEXT = "text"
    ROAMING_DATA = "roaming_data"
    ROAMING_VOICE = "roaming_voice"
    ROAMING_TEXT = "roaming_text"
    PREMIUM_VOICE = "premium_voice"
    PREMIUM_TEXT = "premium_text"

    @property
    def kind(self) -> Kind:
        return _KINDS[self]


@dataclass(frozen=True)
class Kind:
    """`measure` is its name in offers, one of which is `size` of its units; `words` stand on bills."""

    unit: Unit
    measure: str
    words: str
    size: int = 1


_KINDS: Final[Mapping[Category, Kind]] = {
    Category.DATA: Kind(Unit.BYTES, "data_mb", "Mobile data", MEGABYTE),
    Category.VOICE: Kind(Unit.SECONDS, "voice_s", "Calls"),
    Category.TEXT: Kind(Unit.COUNT, "texts", "Texts"),
    Category.ROAMING_DATA: Kind(Unit.BYTES, "roaming_data_mb", "Mobile data abroad", MEGABYTE),
    Category.ROAMING_VOICE: Kind(Unit.SECONDS, "roaming_voice_s", "Calls abroad"),
    Category.ROAMING_TEXT: Kind(Unit.COUNT, "roaming_texts", "Texts abroad"),
    Category.PREMIUM_VOICE: Kind(Unit.SECONDS, "premium_voice_s", "Premium calls"),
    Category.PREMIUM_TEXT: Kind(Unit.COUNT, "premium_texts", "Premium texts"),
}

BY_MEASURE: Final[Mapping[str, Category]] = {kind.measure: category for category, kind in _KINDS.items()}

BARRABLE: Final = frozenset(each for each in Category if each.startswith(("roaming_", "premium_")))
"""What a customer may have barred: use that is dear, or begun by accident."""

_STEPS: Final = ((1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))


def spoken_quantity(category: Category, quantity: int) -> str:
    """For people: `4.50 GB`, `83 min`, `45 s`, `12`."""
    if category.kind.unit is Unit.SECONDS:
        minutes, seconds = divmod(quantity, 60)
        return " ".join(
            part for part in (f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else "") if part
        ) or "0 min"  # fmt: skip
    if category.kind.unit is Unit.COUNT:
        return f"{quantity:,}"
    for size, name in _STEPS:
        if quantity >= size:
            hundredths = quantity * 100 // size
            return f"{hundredths // 100:,}.{hundredths % 100:02} {name}"
    return f"{quantity} B"
