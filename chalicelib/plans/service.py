"""Use cases of payment plans: agree to one, read it, end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.holds import held_on
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.letters import Post
from chalicelib.approvals.model import ApprovalAction, ApprovalRequired
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.billing.store import BillingStore
from chalicelib.plans import letters
from chalicelib.plans.agreement import PlanOrder, drafted, refuse_unless_agreeable
from chalicelib.plans.looking import Look, Looks
from chalicelib.plans.model import PayBy, Plan, PlanStatus
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.ports import KnowsMethods
from chalicelib.plans.quote import Choice, Objection, Quote, objections
from chalicelib.plans.quote_store import QuoteStore
from chalicelib.plans.stopping import Stopping
from chalicelib.plans.store import PlanChanged, PlanStore
from chalicelib.plans.summary import summary
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unavailable, Unprocessable
from chalicelib.policy.model import RulesOn


@dataclass(frozen=True)
class PaymentPlans:
    """`today` is the calendar day where the desk bills; `count` adds one to a metric."""

    plans: PlanStore
    quotes: QuoteStore
    billing: BillingStore
    holds: HoldStore
    looks: Looks
    methods: KnowsMethods
    stopping: Stopping
    post: Post
    rules: RulesOn[PlanRules]
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    count: Callable[[str], None]

    def make(self, order: PlanOrder, actor: Actor, *, by_staff: bool, approval_id: str | None = None) -> Plan:
        """Agree to a choice of a quote, once: a repeat gives the same plan. `approval_id` of a second person's approval
        lets it pass the limits of the one who asks.

        Six reads, one transaction and a letter. Raises NotFound, Conflict when what was quoted holds no more or another
        plan is under way, Unprocessable, ApprovalRequired, and Unavailable of Stripe."""
        quote, choice = self.chosen(order)
        made = self.plans.find(order.plan_id)
        if made is None:
            wrong = () if approval_id else self.objections(quote, by_staff=by_staff)[choice.choice]
            if wrong:
                raise ApprovalRequired(
                    "This plan is beyond what you can agree to alone.", action=ApprovalAction.PAYMENT_PLAN,
                    subject_id=quote.quote_id, objections=[each.value for each in wrong],
                )  # fmt: skip
            made = self._begun(order, quote, choice, actor, approval_id)
        if not order.made(made):
            raise Conflict("This quote was agreed to in another way.", reason="quote_used", plan_id=made.plan_id)
        self.post.send(letters.agreed(made))
        return self._stopped(made)

    def chosen(self, order: PlanOrder) -> tuple[Quote, Choice]:
        """The quote and the choice of an order. Raises NotFound, Unprocessable, Conflict when it is to follow a plan
        that the quote does not follow."""
        quote = self.quotes.get(order.quote_id)
        if quote.account_id != order.account_id:
            raise NotFound
        choice = quote.named(order.choice)
        if choice is None:
            raise Unprocessable("The quote has no such choice.", [FieldError("/choice", "is not in the quote")])
        if order.replaces != quote.replaces:
            raise Conflict(
                "A plan is under way: renegotiate it." if quote.replaces else "The quote does not follow this plan.",
                reason="plan_under_way", plan_id=quote.replaces,
            )  # fmt: skip
        return quote, choice

    def objections(self, quote: Quote, *, by_staff: bool) -> dict[str, tuple[Objection, ...]]:
        """Why this person may not agree to each choice alone. One or two reads."""
        found, _ = self.plans.of_account(quote.account_id, 25, None)
        earlier = {plan.plan_id: plan for plan in found}
        # The list may not know yet of a plan that was made just now.
        if quote.replaces and (replaced := self.plans.find(quote.replaces)):
            earlier[replaced.plan_id] = replaced
        rules, plans, today = self.rules(self.today()).rules, tuple(earlier.values()), self.today()
        return {each.choice: objections(quote, each, rules, plans, today, by_staff=by_staff) for each in quote.choices}

    def get(self, plan_id: str) -> Plan:
        """Raises NotFound."""
        return self.plans.get(plan_id)

    def seen(self, plan: Plan) -> Look:
        """Where a plan stands now, by the ledger."""
        return self.looks.at(plan, self.today())

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Look], Item | None]:
        """Plans of an account, newest first, each as it stands now."""
        found, key = self.plans.of_account(account_id, limit, start)
        return self.looks.each(found, self.today()), key

    def method(self, account_id: str, pay_by: PayBy, wanted: str | None) -> str | None:
        """The saved method to charge: the one wanted, else the default one, else the newest; None for a link. Raises
        Unprocessable."""
        if pay_by is PayBy.LINK:
            return None
        saved = self.methods.of_account(account_id)
        fits = [each for each in saved if wanted in (None, each.method_id)]
        if not fits:
            wrong = FieldError("/payment_method", "is not a saved method of this account")
            raise Unprocessable("There is nothing to charge.", [wrong])
        return next((each for each in fits if each.is_default), fits[0]).method_id

    def cancel(self, plan_id: str, reason: str, actor: Actor) -> Plan:
        """End a plan: what is left is due like any other bill. Raises NotFound, Conflict when it is over."""
        plan = self.plans.get(plan_id)
        if not plan.is_under_way:
            raise Conflict("This plan is over.", reason="plan_over", status=plan.status)
        ended = plan.ended(PlanStatus.CANCELLED, self.clock(), reason)
        try:
            self.plans.end(ended, self._audit("payment_plan.cancelled", plan, ended, actor))
        except PlanChanged:
            raise Conflict("The plan was changed just now; read it again.", reason="plan_changed") from None
        self.post.send(letters.cancelled(ended, self.clock()))
        self.count("PlansCancelled")
        return self.plans.get(plan_id)

    def _begun(
        self, order: PlanOrder, quote: Quote, choice: Choice, actor: Actor, approval_id: str | None
    ) -> Plan:  # fmt: skip
        today, ruling = self.today(), self.rules(self.today())
        owed = self.billing.receivables(quote.account_id, consistent=True)
        holds = self.holds.of(quote.account_id, consistent=True).holds
        refuse_unless_agreeable(
            quote, choice, owed, today, self.clock(), held_on(holds, today, ruling.rules.resting_holds)
        )  # fmt: skip
        replaced = self.plans.get(quote.replaces) if quote.replaces else None
        method = self.method(order.account_id, order.pay_by, order.payment_method)
        drawn = drafted(order, quote, choice, owed.seq, ruling, replaced, actor, today, self.clock())
        plan = drawn.model_copy(update={"approval_id": approval_id, "payment_method": method})
        entries = [self._audit("payment_plan.made", None, plan, actor)]
        if replaced:
            replaced, before = replaced.ended(PlanStatus.RENEGOTIATED, self.clock()), replaced
            entries.append(self._audit("payment_plan.renegotiated", before, replaced, actor))
        try:
            self.plans.begin(plan, summary(plan, self.seen(plan).now), replaced, entries)
        except PlanChanged:
            raise Conflict("A plan is under way on this account.", reason="plan_under_way") from None
        self.count("PlansMade")
        return plan

    def _stopped(self, plan: Plan) -> Plan:
        """With Stripe told not to collect its bills by itself; when it cannot be told now, the daily run tells it."""
        try:
            stopped = self.stopping.stopped(plan)
            if stopped != plan:
                self.plans.put(stopped)
        except (PlanChanged, Unavailable):
            self.count("PlanBillsNotStopped")
        return self.plans.get(plan.plan_id)

    def _audit(self, action: str, before: Plan | None, after: Plan, actor: Actor) -> AuditEntry:
        said = {"plan_id", "status", "total_minor", "quote_id", "pay_by", "policy", "approval_id", "end_reason"}
        old = before.model_dump(mode="json", include=said - {"plan_id"}, exclude_none=True) if before else {}
        new = after.model_dump(mode="json", include=said, exclude_none=True)
        return entry(self.new_id("aud"), f"A#{after.account_id}", action, actor, self.clock(), old, new)
