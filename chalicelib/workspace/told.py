"""What we wrote to a customer lately that makes people get in touch, kept in the account's summary by what it is about.

| item | pk            | sk       | units                                             |
| told | `A#<account>` | `L$TOLD` | 1 write for each letter of these names, no read   |
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.accounts.letters import Letter
from chalicelib.accounts.store import summary_key
from chalicelib.platform.clock import format_instant
from chalicelib.platform.dynamo import Attr, ConditionFailed, Table, Update


class Matter(StrEnum):
    """What a letter is about."""

    CONTRACT_END = "contract_end"
    PRICE_RISE = "price_rise"
    PLAN_CHANGE = "plan_change"
    PLAN_END = "plan_end"


LETTERS: Final[Mapping[str, Matter]] = {
    "subscriptions/change_confirmed": Matter.PLAN_CHANGE,
    "subscriptions/end_confirmed": Matter.PLAN_END,
    "usage/contract_ends": Matter.CONTRACT_END,
    "usage/price_rises": Matter.PRICE_RISE,
}


@dataclass(frozen=True)
class ToldStore:
    """Hears of each letter that is queued; the newest of its matter stays."""

    table: Table

    def queued(self, letter: Letter) -> None:
        """Any number of times, in any order. One write for a letter that matters. Raises Unavailable."""
        matter = LETTERS.get(letter.name)
        if matter is None:
            return
        at = format_instant(letter.at)
        said = {"kind": "summary", f"{matter}_at": at, f"{matter}_id": letter.object_id}
        newer = Attr(f"{matter}_at").not_exists() | Attr(f"{matter}_at").lt(at)
        with suppress(ConditionFailed):
            self.table.write(Update(*summary_key(letter.account_id, "TOLD"), set=said, condition=newer))
