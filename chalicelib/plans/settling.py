"""Paying all that is left of a plan at once."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.audit.model import Actor
from chalicelib.payments.hosted import HostedPage
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.plans.model import PayBy, Plan
from chalicelib.plans.ports import OpensLinks, TakesPayments
from chalicelib.plans.service import PaymentPlans
from chalicelib.platform.errors import Conflict
from chalicelib.platform.money import Money


@dataclass(frozen=True)
class Settlement:
    """The payment that settles a plan, with the page on which the customer makes it, or the secret with which the
    customer's app goes on when the bank wants an approval."""

    plan: Plan
    payment: Payment
    page: HostedPage | None = None
    client_secret: str | None = None


@dataclass(frozen=True)
class Settling:
    plans: PaymentPlans
    payments: TakesPayments
    links: OpensLinks

    def settle(
        self, plan: Plan, pay_by: PayBy, method: str | None, key: str, actor: Actor, *, alone: bool
    ) -> Settlement:  # fmt: skip
        """Take what is left of a plan, or open a page that takes it; the plan is complete when the money is booked.

        `alone`: the customer is not at the screen. Raises Conflict when the plan is over, nothing is left, or
        money for these bills is on its way; Declined, Unprocessable, Refused, Unavailable of the payment."""
        # The NUL keeps these keys apart from those of payments: no header can hold one.
        own_key = f"settle\0{plan.plan_id}\0{key}"
        look = self.plans.seen(plan)
        left = look.now.position.left_minor
        if not plan.is_under_way or not left:
            raise Conflict("Nothing is left to settle.", reason="plan_over", status=plan.status)
        if self.plans.looks.coming_minor(plan) and not self.payments.begun(plan.account_id, own_key):
            raise Conflict("A payment of these bills is on its way; wait for it.", reason="payment_on_its_way")
        chosen = self.plans.method(plan.account_id, pay_by, method or plan.payment_method)
        order = PaymentOrder(
            plan.account_id, Money(amount_minor=left, currency=plan.currency), look.now.position.invoices, chosen,
            off_session=alone and chosen is not None,
        )  # fmt: skip
        if pay_by is PayBy.LINK:
            link = self.links.open(order, own_key, actor)
            return Settlement(plan, link.payment, page=link.page)
        taken = self.payments.take(order, own_key, actor)
        return Settlement(plan, taken.payment, client_secret=taken.client_secret)
