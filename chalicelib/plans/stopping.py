"""Bills that Stripe collects by itself: while they are on a plan, Stripe is told not to, or both would take the money.

It is never told to go on: when a plan breaks, a charge of all that is left, without a word, is the last thing that
helps. What is late is then collected by letters and people, like any other late bill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.payments.mirror import bill_news
from chalicelib.payments.news import Newsroom
from chalicelib.plans.model import Plan
from chalicelib.plans.ports import CollectsBills
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, Refused, Unprocessable

_MIRRORED: Final = "inv_in_"
"""How the ids of invoices begin that were made by Stripe: `inv_` before Stripe's own."""


@dataclass(frozen=True)
class Stopping:
    stripe: CollectsBills
    newsroom: Newsroom
    clock: Clock

    def left(self, plan: Plan) -> tuple[str, ...]:
        """The bills of a plan that Stripe may still collect by itself."""
        return tuple(each for each in plan.invoice_ids if each.startswith(_MIRRORED) and each not in plan.stopped)

    def stopped(self, plan: Plan) -> Plan:
        """The plan with all its bills stopped; finance hears of one that Stripe does not stop. Raises Unavailable."""
        for invoice_id in self.left(plan):
            try:
                self.stripe.collect_by_itself(invoice_id.removeprefix("inv_"), wanted=False)
            except (Conflict, Refused, Unprocessable):
                at = int(self.clock().timestamp())
                what, said = "an invoice on a payment plan", "Stripe goes on collecting it by itself"
                self.newsroom.tell(bill_news.differs(invoice_id, plan.account_id, at, what, said))
            plan = plan.model_copy(update={"stopped": (*plan.stopped, invoice_id)})
        return plan
