"""The letters of a plan: which, when, and with which facts. Pure.

What asks for money that is late is a collection letter and passes the interlock; the others are service: they say what
was agreed, what is about to happen, and how it ended."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts.letters import Letter, Purpose, Row
from chalicelib.plans.model import Ask, PayBy, Plan
from chalicelib.plans.standing import Standing
from chalicelib.plans.steps import Remind, Warn
from chalicelib.platform.clock import format_instant


def agreed(plan: Plan) -> Letter:
    """The agreement with its schedule."""
    rows: tuple[Row, ...] = tuple(
        {"number": each.number, "due_on": each.due_on.isoformat(), "amount_minor": each.amount_minor}
        for each in plan.instalments
    )
    facts: Row = {"total_minor": plan.total_minor, "is_charged": plan.pay_by is PayBy.SAVED_METHOD,
                  "grace_days": plan.terms.grace_days}  # fmt: skip
    return _letter("agreed", plan, plan.made_at, "", facts).model_copy(update={"rows": rows})


def reminder(plan: Plan, step: Remind, short_minor: int, at: datetime) -> Letter:
    """An instalment is due soon."""
    facts: Row = {"amount_minor": short_minor, "due_on": step.due.due_on.isoformat(),
                  "is_charged": plan.pay_by is PayBy.SAVED_METHOD}  # fmt: skip
    return _letter("reminder", plan, at, str(step.due.number), facts)


def due(plan: Plan, ask: Ask, url: str | None, until: datetime | None, at: datetime) -> Letter:
    """An instalment is due today and to be paid by the customer, by a link if there is one."""
    link: Row = {"url": url, "until_at": format_instant(until)} if url and until else {}
    facts: Row = {"amount_minor": ask.amount_minor, "was_tried": ask.attempt > 1}
    return _letter("due", plan, at, f"{ask.number}/{ask.attempt}", {**facts, **link})


def late(plan: Plan, step: Warn, now: Standing, at: datetime) -> Letter:
    """An instalment was not paid on its day; until when it can be, and when its charge is tried again."""
    again: Row = {"again_on": step.again_on.isoformat()} if step.again_on else {}
    facts: Row = {"amount_minor": now.owed_minor, "due_on": step.due.due_on.isoformat(),
                  "until_on": step.until.isoformat()}  # fmt: skip
    return _letter("late", plan, at, str(step.due.number), {**facts, **again}, Purpose.COLLECTION)


def broken(plan: Plan, now: Standing, at: datetime) -> Letter:
    """The plan is over because an instalment was missed."""
    return _letter("broken", plan, at, "", {"left_minor": now.position.left_minor}, Purpose.COLLECTION)


def completed(plan: Plan, left_minor: int, at: datetime) -> Letter:
    """Everything is paid, but perhaps for what is too little to be asked for."""
    left: Row = {"left_minor": left_minor} if left_minor else {}
    return _letter("completed", plan, at, "", {"total_minor": plan.total_minor, **left})


def cancelled(plan: Plan, at: datetime) -> Letter:
    """The plan is over because somebody ended it."""
    return _letter("cancelled", plan, at, "", {})


def _letter(
    what: str, plan: Plan, at: datetime, occasion: str, facts: Row, purpose: Purpose = Purpose.SERVICE
) -> Letter:
    return Letter(
        name=f"plans/{what}", object_id=plan.plan_id, occasion=occasion, account_id=plan.account_id, at=at,
        purpose=purpose, currency=plan.currency, facts=facts,
    )  # fmt: skip
