"""How long holds last: company policy, and what the law gives where it does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pydantic import Field

from chalicelib.accounts.holds import HoldKind, months_before
from chalicelib.policy.model import PolicyKind, Rules


class HoldRules(Rules):
    """The days of holds. A period of days counts its first day."""

    breathing_space_days: int = Field(
        default=60, ge=1, le=366, description="Days of a breathing space (SI 2020/1311: 60); nobody can make it longer."
    )
    breathing_space_months_apart: int = Field(
        default=12, ge=0, le=120, description="Months between the beginnings of two breathing spaces; sooner is marked."
    )
    crisis_days_after: int = Field(
        default=30, ge=0, le=366, description="Days after the end of a mental health crisis treatment."
    )
    debt_advice_days: int = Field(
        default=30, ge=1, le=366, description="Days for a customer who looks for debt advice, unless said otherwise."
    )
    bereavement_days: int = Field(
        default=60, ge=1, le=366, description="Days after a death was told, unless said otherwise."
    )
    promise_days_most: int = Field(
        default=31, ge=1, le=366, description="Days ahead that a promise to pay may lie at most."
    )
    holds_most: int = Field(default=12, ge=1, le=20, description="Holds that one account can have at a time.")

    def last_day(self, kind: HoldKind, from_on: date, wanted: date | None, treatment_ended: date | None) -> date | None:
        """The last day of a hold, None for one without end. Raises ValueError for an end that cannot be."""
        if kind is HoldKind.MENTAL_HEALTH_CRISIS:
            if wanted is not None:
                raise ValueError("it ends by the end of the treatment: tell that")
            return treatment_ended + timedelta(days=self.crisis_days_after) if treatment_ended else None
        days = {
            HoldKind.BREATHING_SPACE: self.breathing_space_days,
            HoldKind.DEBT_ADVICE: self.debt_advice_days,
            HoldKind.BEREAVEMENT: self.bereavement_days,
        }.get(kind)
        usual = from_on + timedelta(days=days - 1) if days else None
        if kind is HoldKind.BREATHING_SPACE and wanted is not None and wanted != usual:
            raise ValueError("the law says how long it lasts; to end it earlier, release it")
        if kind is HoldKind.PAYMENT_PROMISE:
            if wanted is None:
                raise ValueError("a promise names the day")
            if wanted > from_on + timedelta(days=self.promise_days_most):
                raise ValueError(f"a promise lies {self.promise_days_most} days ahead at most")
        return wanted or usual

    def is_too_soon(self, from_on: date, last_began: date | None) -> bool:
        """Whether a breathing space begins too soon after the last one. It stands all the same: who decides on it is
        not us."""
        earliest = months_before(from_on, self.breathing_space_months_apart)
        return last_began is not None and earliest < last_began < from_on


HOLDS_POLICY: Final = PolicyKind(
    "holds", "How long we do not ask for money, by what stands behind it.", HoldRules()
)  # fmt: skip
