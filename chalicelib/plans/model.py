"""A payment plan: what it covers, its instalments, and what was done to collect them. Pure.

What has been paid is not said here: the ledger of the account says it, see `position`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.accounts.holds import HoldKind
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.resting import Rest
from chalicelib.plans.schedule import Frequency, Instalment
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Line, Record, Version
from chalicelib.platform.money import Currency, Minor


class PlanStatus(StrEnum):
    """`late`: an instalment is due and not paid, and its grace has not run out. Only the first two are under way."""

    ACTIVE = "active"
    LATE = "late"
    BROKEN = "broken"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RENEGOTIATED = "renegotiated"


UNDER_WAY: Final = frozenset({PlanStatus.ACTIVE, PlanStatus.LATE})


class PayBy(StrEnum):
    """How instalments are paid: a saved method is charged, or a link to pay by is sent."""

    SAVED_METHOD = "saved_method"
    LINK = "link"


class Covered(Record):
    """An invoice of a plan, and what was due of it when the plan was agreed."""

    invoice_id: str
    due_minor: Minor


class Terms(Record):
    """The rules that a plan was agreed under; a policy that changes later changes no plan. See PlanRules."""

    grace_days: int
    missed_allowed: int
    reminder_days: int
    retry_after_days: tuple[int, ...]
    least_charge_minor: int
    resting_holds: tuple[HoldKind, ...]
    working_days_of: str

    @classmethod
    def of(cls, rules: PlanRules) -> Terms:
        return cls(**{name: getattr(rules, name) for name in cls.model_fields})


class AskState(StrEnum):
    """What became of asking for an instalment. `begun` is noted before anything is asked for: a crash goes on there."""

    BEGUN = "begun"
    ASKED = "asked"  # the money is on its way, or the customer has the link
    DECLINED = "declined"  # the bank said no; may be tried again
    FAILED = "failed"  # cannot be charged at all, such as a method that is gone: the customer gets a link


class Ask(Record):
    """One time that an instalment was asked for: which, the how manieth time, how much, and of which open invoices."""

    number: int
    attempt: int
    on: date
    amount_minor: Minor
    invoice_ids: tuple[str, ...]
    by: PayBy
    payment_method: str | None = None
    state: AskState = AskState.BEGUN
    payment_id: str | None = None

    def key(self, plan_id: str) -> str:
        """What makes asking again the same payment."""
        again = f"/{self.attempt}" if self.attempt > 1 else ""
        return f"plan/{plan_id}/{self.number}{again}"


class Plan(Record):
    """One agreement. `ledger_seq` is the account's last ledger entry before it; `rests` are the days it has rested.

    `reminded` and `warned` are the numbers of the last instalment announced and of the last one whose grace was told;
    `missed` those whose grace ran out, `stopped` the bills of Stripe's that it does not collect by itself meanwhile."""

    plan_id: str
    account_id: str
    currency: Currency
    status: PlanStatus = PlanStatus.ACTIVE
    total_minor: Minor
    covered: tuple[Covered, ...]
    ledger_seq: int
    choice: str
    frequency: Frequency
    instalments: tuple[Instalment, ...]
    pay_by: PayBy
    payment_method: str | None = None
    agreed_on: date
    made_at: Instant
    made_by: str
    made_by_name: str
    quote_id: str
    replaces: str | None = None
    terms: Terms
    policy: str
    approval_id: str | None = None
    rests: tuple[Rest, ...] = ()
    asks: tuple[Ask, ...] = ()
    reminded: int = 0
    warned: int = 0
    missed: tuple[int, ...] = ()
    stopped: tuple[str, ...] = ()
    ended_at: Instant | None = None
    end_reason: Line | None = None
    version: Version = Field(default=1)

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def invoice_ids(self) -> tuple[str, ...]:
        return tuple(each.invoice_id for each in self.covered)

    @property
    def open_ask(self) -> Ask | None:
        """The last ask when nobody knows yet what became of it."""
        return self.asks[-1] if self.asks and self.asks[-1].state is AskState.BEGUN else None

    def asks_for(self, number: int) -> tuple[Ask, ...]:
        """Each time that an instalment was asked for."""
        return tuple(ask for ask in self.asks if ask.number == number)

    def with_answer(self, state: AskState, payment_id: str | None) -> Plan:
        """After it is known what became of the last ask."""
        answered = self.asks[-1].model_copy(update={"state": state, "payment_id": payment_id})
        return self.model_copy(update={"asks": (*self.asks[:-1], answered)})

    def ended(self, status: PlanStatus, at: Instant, reason: str | None = None) -> Plan:
        """After its end."""
        return self.model_copy(update={"status": status, "ended_at": at, "end_reason": reason})
