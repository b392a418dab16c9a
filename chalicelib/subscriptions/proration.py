"""What the rest of a period is worth, reckoned without asking Stripe, to hold Stripe's figures against. Pure.

Every amount is a share of a whole period by the second, rounded once, half away from zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.payments.plan_orders import ChangeLater, ChangeNow, End
from chalicelib.platform.errors import Conflict
from chalicelib.platform.money import share
from chalicelib.subscriptions.parts import Part, come, gone
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.step import Step

TOLERANCE_MINOR: Final = 1
"""By how much two roundings of the same share may differ."""


@dataclass(frozen=True)
class Share:
    """A part of a period: `whole_minor` is for `of_seconds`, of which it lasts `seconds`; a credit is below zero."""

    part: Part
    starts_at: int
    seconds: int
    of_seconds: int
    is_credit: bool

    @property
    def amount_minor(self) -> int:
        """Before tax."""
        amount = share(self.part.whole_minor, self.seconds, self.of_seconds)
        return -amount if self.is_credit else amount


def shares_of(standing: Standing, step: Step) -> list[Share]:
    """What the change credits and charges on the bill that shows it. Raises Conflict for a price that has no whole
    amount a period."""
    match step.order:
        case ChangeNow(at=at):
            window = _rest(standing, at)
            unused = _shares(gone(standing.parts, step.after), at, window, is_credit=True)
            return [*unused, *_shares(come(standing.parts, step.after), at, window, is_credit=False)]
        case ChangeLater(restarts=True, at=at):
            return _shares(standing.parts, at, _rest(standing, at), is_credit=True)
        case End(at=int(at)) if at < standing.plan.period[1]:
            return _shares(standing.parts, at, _rest(standing, at), is_credit=True)
        case End(at=int(at)):
            return _until(standing, at)
        case _:
            return []


def _rest(standing: Standing, at: int) -> tuple[int, int]:
    """From a second to the end of its period, and the whole period, in seconds."""
    start, end = standing.whole_period
    while end < at:
        start, end = end, standing.period_end(end + 1)
    return end - at, end - start


def _until(standing: Standing, at: int) -> list[Share]:
    """The last period, when it is cut short by the end and is the next one to be billed."""
    start = standing.plan.period[1]
    end = standing.period_end(start + 1)
    if not start < at < end:
        return []
    return _shares(standing.parts, start, (at - start, end - start), is_credit=False)


def _shares(parts: Sequence[Part], at: int, window: tuple[int, int], *, is_credit: bool) -> list[Share]:
    billed = [part for part in parts if not part.is_metered]
    if any(part.unit_minor is None for part in billed):
        raise Conflict("One of its prices goes by steps; ask us, and we reckon it for you.", reason="not_quotable")
    return [Share(part, at, *window, is_credit) for part in billed if window[0]]
