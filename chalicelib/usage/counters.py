"""The counters of an account for the bills of one month: how much was used under which rules, what of it is on bills.

They are sums, so no order or repetition of records changes them; all money is reckoned from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pydantic import Field

from chalicelib.platform.fields import Record
from chalicelib.usage.categories import Category


class Stretch(NamedTuple):
    """A period of a subscription, by its first day."""

    subscription_id: str
    starts_on: date

    @property
    def key(self) -> str:
        return f"{self.subscription_id}|{self.starts_on}"

    @classmethod
    def of(cls, key: str) -> Stretch:
        """The stretch of a key."""
        subscription_id, _, day = key.rpartition("|")
        return cls(subscription_id, date.fromisoformat(day))


class Cell(NamedTuple):
    """Use of one category in a stretch, while the same rules held: since the instant that `era` names."""

    stretch: Stretch
    era: str
    category: Category


@dataclass(frozen=True)
class Move:
    """So much more of a cell, or less; `day` is the day of the use."""

    cell: Cell
    quantity: int
    day: date


class Month(Record):
    """`used` by stretch, era and category; `invoiced` in minor units before tax by stretch and category; `bills` counts
    those that a stretch is on; `late` are the days of what came after that; `alerts` those that were reached, with the
    instant, and `untold` those whose letter is still to be sent."""

    account_id: str
    month: str
    version: int = 0
    used: dict[str, dict[str, dict[Category, int]]] = Field(default_factory=dict)
    invoiced: dict[str, dict[Category, int]] = Field(default_factory=dict)
    bills: dict[str, int] = Field(default_factory=dict)
    late: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    alerts: dict[str, str] = Field(default_factory=dict)
    untold: tuple[str, ...] = ()

    def cells(self) -> list[tuple[Cell, int]]:
        """All counters, in the order in which charges use up a limit: by era, subscription, period and category."""
        found = [
            (Cell(Stretch.of(key), era, category), quantity)
            for key, eras in self.used.items()
            for era, counted in eras.items()
            for category, quantity in counted.items()
        ]
        order = list(Category)
        return sorted(found, key=lambda each: (each[0].era, each[0].stretch, order.index(each[0].category)))

    def stretches(self) -> list[Stretch]:
        """The periods that were used in."""
        return sorted(map(Stretch.of, self.used))

    def moved(self, moves: Iterable[Move]) -> Month:
        """The counters after these."""
        used = {key: {era: dict(counted) for era, counted in eras.items()} for key, eras in self.used.items()}
        late = {key: set(days) for key, days in self.late.items()}
        for move in moves:
            key, category = move.cell.stretch.key, move.cell.category
            counted = used.setdefault(key, {}).setdefault(move.cell.era, {})
            counted[category] = counted.get(category, 0) + move.quantity
            if self.bills.get(key):
                late.setdefault(f"{key}|{category}", set()).add(str(move.day))
        return self.model_copy(update={"used": used, "late": {key: tuple(sorted(days)) for key, days in late.items()}})

    def on_bills(self, stretch: Stretch, category: Category) -> int:
        """What of it is on bills already, in minor units before tax."""
        return self.invoiced.get(stretch.key, {}).get(category, 0)
