"""Why the customer is likely to be in touch, likeliest first, each with the fact that says so. Pure.

The order is that of the table at the end; what it looks at is bounded in time by the spans at the top."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from chalicelib.platform.money import Money, spoken
from chalicelib.workspace.glance import Glance
from chalicelib.workspace.items import CaseGlance
from chalicelib.workspace.told import Matter

NEW_BILL: Final = timedelta(days=30)
LATELY: Final = timedelta(days=14)
SOON: Final = timedelta(days=7)
BY_MINOR, BY_BP = 500, 1000
"""A bill that differs by more than 5.00, or by more than 10%, makes people ask."""
FAILED: Final = frozenset({"failed_payment", "mandate_withdrawn"})
CHARGEBACK: Final = "chargeback"


class Reason(StrEnum):
    """What a customer may be in touch about."""

    PAYMENT_FAILED = "payment_failed"
    CHARGEBACK = "chargeback"
    BILL_WENT_UP = "bill_went_up"
    BILL_WENT_DOWN = "bill_went_down"
    FIRST_BILL = "first_bill"
    UNUSUAL_BILL = "unusual_bill"
    INSTALMENT_LATE = "instalment_late"
    OVERDUE = "overdue"
    OPEN_CASE = "open_case"
    CONTRACT_END = "contract_end"
    PRICE_RISE = "price_rise"
    PLAN_CHANGE = "plan_change"
    PLAN_END = "plan_end"
    USAGE_ALERT = "usage_alert"
    INSTALMENT_DUE = "instalment_due"
    CONTACT_CHANGED = "contact_changed"
    REMINDED = "reminded"
    DISPUTED_BILL = "disputed_bill"
    CREDIT = "credit"


@dataclass(frozen=True)
class Likely:
    """One reason: the fact in words, and the id of the thing that says so."""

    reason: Reason
    fact: str
    object_id: str


def likely(glance: Glance) -> list[Likely]:
    """All that hold, likeliest first."""
    return [found for rule in _RANKED for found in rule(glance)]


def priced(minor: int, glance: Glance) -> str:
    return spoken(Money(amount_minor=minor, currency=glance.owed.currency))


def day(at: date) -> str:
    return f"{at.day} {at:%B %Y}"


def cases_about(glance: Glance, categories: frozenset[str]) -> list[CaseGlance]:
    """The open cases of some categories, newest first."""
    return [case for case in glance.cases if (case.category or "") in categories]


def _failed(glance: Glance) -> Iterator[Likely]:
    for case in cases_about(glance, FAILED)[:1]:
        yield Likely(Reason.PAYMENT_FAILED, f"A payment did not go through: {_told(case)}", case.case_id)


def _chargeback(glance: Glance) -> Iterator[Likely]:
    for case in cases_about(glance, frozenset({CHARGEBACK}))[:1]:
        yield Likely(Reason.CHARGEBACK, f"A payment is disputed at the bank: {_told(case)}", case.case_id)


def _changed_bill(glance: Glance) -> Iterator[Likely]:
    bill = glance.last_bill
    if bill is None or bill.before_minor is None or glance.today - bill.issued_on > NEW_BILL:
        return
    delta = bill.total_minor - bill.before_minor
    if abs(delta) > BY_MINOR or abs(delta) * 10_000 > BY_BP * abs(bill.before_minor):
        word, reason = ("more", Reason.BILL_WENT_UP) if delta > 0 else ("less", Reason.BILL_WENT_DOWN)
        said = f"Bill {bill.number} of {day(bill.issued_on)} is {priced(abs(delta), glance)} {word} than the last one."
        yield Likely(reason, said, bill.invoice_id)


def _first_bill(glance: Glance) -> Iterator[Likely]:
    bill = glance.last_bill
    if bill and bill.before_minor is None and glance.today - bill.issued_on <= NEW_BILL:
        said = f"The first bill, {bill.number}, came on {day(bill.issued_on)}: {priced(bill.total_minor, glance)}."
        yield Likely(Reason.FIRST_BILL, said, bill.invoice_id)


def _unusual(glance: Glance) -> Iterator[Likely]:
    coming = glance.usage.unusual_bill
    if coming and _is_recent(glance, coming.at, LATELY):
        amounts = f"{priced(coming.total_minor, glance)} instead of {priced(coming.usual_minor, glance)}"
        yield Likely(Reason.UNUSUAL_BILL, f"The next bill will be unusual: {amounts}.", coming.invoice_id)


def _overdue(glance: Glance) -> Iterator[Likely]:
    if late := glance.owed.overdue_minor(glance.today):
        oldest = min(glance.late, key=lambda invoice: invoice.due_on, default=None)
        since = f" since {day(oldest.due_on)}" if oldest else ""
        said = f"{priced(late, glance)} should have been paid{since}."
        yield Likely(Reason.OVERDUE, said, oldest.invoice_id if oldest else glance.account.account_id)


def _instalment(glance: Glance, *, is_late: bool) -> Iterator[Likely]:
    plan = glance.plan
    if plan is None or plan.next_due_on is None or plan.next_due_on > glance.today + SOON:
        return
    if (plan.next_due_on < glance.today) is is_late:
        reason, verb = (Reason.INSTALMENT_LATE, "was") if is_late else (Reason.INSTALMENT_DUE, "is")
        said = f"An instalment of {priced(plan.next_minor, glance)} {verb} due on {day(plan.next_due_on)}."
        yield Likely(reason, said, plan.plan_id)


def _open_case(glance: Glance) -> Iterator[Likely]:
    others = [case for case in glance.cases if case.category not in (*FAILED, CHARGEBACK)]
    for case in sorted(others, key=lambda each: (each.due_at is None, each.due_at, each.created_at))[:1]:
        more = f", and {len(others) - 1} more" if len(others) > 1 else ""
        yield Likely(Reason.OPEN_CASE, f"A case is open{more}: {_told(case)}", case.case_id)


def _usage(glance: Glance) -> Iterator[Likely]:
    recent = [alert for alert in glance.usage.alerts if _is_recent(glance, alert.at, NEW_BILL)]
    for alert in sorted(recent, key=lambda each: (each.at, each.percent), reverse=True)[:1]:
        whole = "the spending limit" if alert.is_of_limit else "an allowance"
        said = f"{alert.percent}% of {whole} was reached on {day(alert.at.date())}."
        yield Likely(Reason.USAGE_ALERT, said, glance.account.account_id)


def _written(glance: Glance) -> Iterator[Likely]:
    for matter, (span, words) in _WRITTEN.items():
        at, object_id = getattr(glance.told, f"{matter}_at"), getattr(glance.told, f"{matter}_id")
        if at and _is_recent(glance, at, span):
            yield Likely(Reason(matter.value), f"We wrote on {day(at.date())} {words}.", object_id)


def _contact_changed(glance: Glance) -> Iterator[Likely]:
    at = glance.identity.contact_changed_at
    if at and _is_recent(glance, at, LATELY):
        said = f"A mail address or phone number was changed on {day(at.date())}."
        yield Likely(Reason.CONTACT_CHANGED, said, glance.account.account_id)


def _reminded(glance: Glance) -> Iterator[Likely]:
    rungs = [rung for rung in glance.ladder.places if rung.taken_on and glance.today - rung.taken_on <= LATELY]
    for rung in sorted(rungs, key=lambda each: each.taken_on or date.min, reverse=True)[:1]:
        assert rung.taken_on is not None
        yield Likely(Reason.REMINDED, f"We wrote about a late bill on {day(rung.taken_on)}.", rung.invoice_id)


def _disputed(glance: Glance) -> Iterator[Likely]:
    for invoice in glance.owed.open_invoices:
        if part := glance.disputed_minor(invoice):
            said = f"{priced(part, glance)} of a bill is disputed and on hold."
            yield Likely(Reason.DISPUTED_BILL, said, invoice.invoice_id)


def _credit(glance: Glance) -> Iterator[Likely]:
    if glance.owed.balance_minor < 0:
        said = f"The account has {priced(-glance.owed.balance_minor, glance)} of credit."
        yield Likely(Reason.CREDIT, said, glance.account.account_id)


def _told(case: CaseGlance) -> str:
    return f"{case.reference}, {case.state}, since {day(case.created_at.date())}."


def _is_recent(glance: Glance, at: datetime, within: timedelta) -> bool:
    return glance.now - at <= within


_WRITTEN: Final = {
    Matter.CONTRACT_END: (NEW_BILL, "that a contract ends"),
    Matter.PRICE_RISE: (NEW_BILL, "that a price rises"),
    Matter.PLAN_CHANGE: (LATELY, "that a plan was changed"),
    Matter.PLAN_END: (LATELY, "that a plan was ended"),
}
_RANKED: Final[Sequence[Callable[[Glance], Iterator[Likely]]]] = (
    _failed, _chargeback, partial(_instalment, is_late=True), _changed_bill, _first_bill, _unusual, _overdue,
    _open_case, _written, _usage, partial(_instalment, is_late=False), _contact_changed, _reminded, _disputed, _credit,
)  # fmt: skip
