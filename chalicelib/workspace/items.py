"""What is read of each domain's item in an account's summary: no more than is shown. Pure.

Each domain keeps its own item as it likes; a field that comes or goes there leaves the workspace as it is."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import Field

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Minor

_LIMIT: Final = "limit|"
"""How alerts of a spending limit are named; others are of an allowance."""


class CaseGlance(Record):
    """A case that is not done; `due_at` is the next answer that we owe."""

    case_id: str
    reference: str
    subject: str
    state: str
    queue: str
    priority: str
    channel: str
    category: str | None = None
    assignee: str | None = None
    created_at: Instant
    due_at: Instant | None = None


class Covered(Record):
    """What a plan covers of an invoice."""

    invoice_id: str
    due_minor: Minor


class PlanGlance(Record):
    """The payment plan that is under way."""

    plan_id: str
    status: str
    total_minor: Minor
    left_minor: Minor
    next_due_on: date | None = None
    next_minor: Minor = 0
    ends_on: date
    covered: tuple[Covered, ...] = ()

    def covers_minor(self, invoice_id: str) -> int:
        return sum(each.due_minor for each in self.covered if each.invoice_id == invoice_id)


class Rung(Record):
    """Where the collection of one late bill stands, and why it goes no further."""

    invoice_id: str
    step: str | None = None
    taken_on: date | None = None
    held: tuple[str, ...] = ()


class LadderGlance(Record):
    """Where the collection of late bills stands."""

    places: tuple[Rung, ...] = ()
    next_on: date | None = None


class AlertGlance(Record):
    """A share of an allowance or of a spending limit that was reached."""

    name: str
    at: Instant

    @property
    def percent(self) -> int:
        """The share, 0 where the name does not end in one."""
        last = self.name.rpartition("|")[2]
        return int(last) if last.isascii() and last.isdigit() else 0

    @property
    def is_of_limit(self) -> bool:
        return self.name.startswith(_LIMIT)


class UnusualBill(Record):
    """A bill that is about to be issued and is unlike those before it."""

    invoice_id: str
    total_minor: Minor
    usual_minor: Minor
    at: Instant


class UsageGlance(Record):
    """Spending limits in minor units with tax by scope (`account` or a subscription), what is barred, and alerts."""

    limits: dict[str, Minor] = Field(default_factory=dict)
    barred: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    alerts: tuple[AlertGlance, ...] = ()
    unusual_bill: UnusualBill | None = None


class ToldGlance(Record):
    """What we wrote of lately, each with its subscription or quote; see `told`."""

    contract_end_at: Instant | None = None
    contract_end_id: str = ""
    price_rise_at: Instant | None = None
    price_rise_id: str = ""
    plan_change_at: Instant | None = None
    plan_change_id: str = ""
    plan_end_at: Instant | None = None
    plan_end_id: str = ""
