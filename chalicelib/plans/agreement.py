"""From a quote to a plan: what makes it impossible, and the plan that is agreed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.accounts.holds import Hold
from chalicelib.audit.model import Actor
from chalicelib.billing.receivables import Receivables
from chalicelib.plans.model import PayBy, Plan, Terms
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.quote import Choice, Quote
from chalicelib.platform.errors import Conflict
from chalicelib.policy.model import Ruling


@dataclass(frozen=True)
class PlanOrder:
    """A choice of a quote, and how it is paid. `replaces` is the plan under way that it follows."""

    account_id: str
    quote_id: str
    choice: str
    pay_by: PayBy
    payment_method: str | None = None
    replaces: str | None = None

    @property
    def plan_id(self) -> str:
        """A quote becomes one plan, however often it is agreed to."""
        return f"plan_{self.quote_id.removeprefix('pq_')}"

    def made(self, plan: Plan) -> bool:
        """Whether the plan is what this order asks for."""
        same_method = self.payment_method in (None, plan.payment_method)
        return (self.choice, self.pay_by) == (plan.choice, plan.pay_by) and same_method


def refuse_unless_agreeable(
    quote: Quote, choice: Choice, owed: Receivables, today: date, now: datetime, holds: Sequence[Hold]
) -> None:
    """Raises Conflict when the quote has run out, the first instalment would lie before the agreement, the bills are
    not what they were, or the account rests."""
    if now >= quote.valid_until or choice.instalments[0].due_on < today:
        raise Conflict("This quote has run out; make a new one.", reason="quote_expired")
    if any(owed.due_minor(each.invoice_id) != each.due_minor for each in quote.covered):
        raise Conflict("What is due has changed since the quote; make a new one.", reason="quote_changed")
    if holds:
        kinds = sorted({hold.kind.value for hold in holds})
        raise Conflict("The account is on hold: nobody is asked for money now.", reason="on_hold", holds=kinds)


def drafted(
    order: PlanOrder, quote: Quote, choice: Choice, seq: int, ruling: Ruling[PlanRules], replaced: Plan | None,
    actor: Actor, today: date, now: datetime,
) -> Plan:  # fmt: skip
    """The plan, before its method is known."""
    return Plan(
        plan_id=order.plan_id,
        account_id=quote.account_id,
        currency=quote.currency,
        total_minor=quote.total_minor,
        covered=quote.covered,
        ledger_seq=seq,
        choice=choice.choice,
        frequency=choice.frequency,
        instalments=choice.instalments,
        pay_by=order.pay_by,
        agreed_on=today,
        made_at=now,
        made_by=actor.subject,
        made_by_name=actor.name,
        quote_id=quote.quote_id,
        replaces=replaced.plan_id if replaced else None,
        terms=Terms.of(ruling.rules),
        policy=ruling.version,
        stopped=replaced.stopped if replaced else (),
    )
