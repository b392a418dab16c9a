"""Asking for an instalment: a charge of the saved method without the customer there, or a link to pay by.

What is to be asked is noted in the plan before anything is asked, and the note names the payment: whatever ends in
between, going on asks for the same payment again and never for a second one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.accounts.letters import Post
from chalicelib.audit.model import Actor
from chalicelib.payments.model import PaymentOrder
from chalicelib.payments.news import PLANS
from chalicelib.plans import letters
from chalicelib.plans.model import Ask, AskState, PayBy, Plan
from chalicelib.plans.ports import KnowsMethods, OpensLinks, TakesPayments
from chalicelib.plans.standing import Standing
from chalicelib.plans.steps import Collect
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, Declined, NotFound, Refused, Unprocessable
from chalicelib.platform.money import Money

DESK: Final = Actor(PLANS, "Payment plans")
NEVER_AGAIN: Final = frozenset(
    {
        "authentication_required", "bank_account_closed", "card_not_supported", "currency_not_supported",
        "debit_not_authorized", "do_not_try_again", "expired_card", "invalid_account", "lost_card", "no_account",
        "pickup_card", "restricted_card", "revocation_of_all_authorizations", "revocation_of_authorization",
        "security_violation", "stolen_card", "stop_payment_order", "transaction_not_allowed",
    }
)  # fmt: skip
"""Declines that trying again does not mend, or that nobody may try again: the customer gets a link instead."""


@dataclass(frozen=True)
class Asking:
    payments: TakesPayments
    links: OpensLinks
    methods: KnowsMethods
    post: Post
    clock: Clock

    def noted(self, plan: Plan, step: Collect, now: Standing, today: date) -> Plan:
        """The plan with what is to be asked for. Raises Refused, Unavailable of Stripe."""
        by, method = step.by, None
        if by is PayBy.SAVED_METHOD:
            method = self._method(plan)
            by = by if method else PayBy.LINK
        ask = Ask(
            number=step.due.number, attempt=step.attempt, on=today, amount_minor=now.owed_minor,
            invoice_ids=now.position.invoices, by=by, payment_method=method,
        )  # fmt: skip
        return plan.model_copy(update={"asks": (*plan.asks, ask)})

    def done(self, plan: Plan, ask: Ask) -> Plan:
        """Ask, and the plan with what came of it. Raises Unavailable: go on with it later."""
        order = PaymentOrder(
            plan.account_id, Money(amount_minor=ask.amount_minor, currency=plan.currency), ask.invoice_ids,
            ask.payment_method, off_session=ask.by is PayBy.SAVED_METHOD,
        )  # fmt: skip
        if ask.by is PayBy.SAVED_METHOD:
            return plan.with_answer(*self._charged(order, ask.key(plan.plan_id)))
        return plan.with_answer(AskState.ASKED, self._linked(plan, ask, order))

    def withdrawn(self, plan: Plan, ask: Ask) -> Plan:
        """The plan without an ask that is not wanted any more. Where the bank may have been asked already, its payment
        stays noted: what becomes of it is not asked for again."""
        charged = ask.by is PayBy.SAVED_METHOD and self.payments.begun(plan.account_id, ask.key(plan.plan_id))
        if charged:
            return plan.with_answer(AskState.ASKED, charged.payment_id)
        return plan.model_copy(update={"asks": plan.asks[:-1]})

    def _method(self, plan: Plan) -> str | None:
        """The method that was agreed while it is there, else the default one, else none."""
        saved = self.methods.of_account(plan.account_id)
        if any(each.method_id == plan.payment_method for each in saved):
            return plan.payment_method
        return next((each.method_id for each in saved if each.is_default), None)

    def _charged(self, order: PaymentOrder, key: str) -> tuple[AskState, str | None]:
        try:
            return AskState.ASKED, self.payments.take(order, key, DESK).payment.payment_id
        except Declined as no:
            payment_id = str(no.extra["payment_id"])
            code = self.payments.get(payment_id).failure_code
            return AskState.FAILED if code in NEVER_AGAIN else AskState.DECLINED, payment_id
        except Conflict:  # begun so long ago that nobody can say what became of it: never a second charge
            return AskState.ASKED, None
        except (NotFound, Refused, Unprocessable):
            return AskState.FAILED, None

    def _linked(self, plan: Plan, ask: Ask, order: PaymentOrder) -> str | None:
        """The payment behind the link. Without one the letter still says what is due: there are other ways to pay."""
        url, until, payment_id = None, None, None
        try:
            link = self.links.open(order, ask.key(plan.plan_id), DESK)
            url, until, payment_id = link.page.url, link.page.expires_at, link.payment.payment_id
        except (Conflict, NotFound, Refused, Unprocessable):
            pass
        self.post.send(letters.due(plan, ask, url, until, self.clock()))
        return payment_id
