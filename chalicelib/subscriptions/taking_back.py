"""Use case of taking back a change, or an end, that is planned and does not count yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, Refused, Unavailable
from chalicelib.subscriptions.parts import StandingPlan
from chalicelib.subscriptions.plan_desk import FollowsPlans, PlanDesk
from chalicelib.subscriptions.quote import ChangeQuote, QuoteState
from chalicelib.subscriptions.standings import Standings
from chalicelib.subscriptions.store import QuoteStore, running


@dataclass(frozen=True)
class PlannedChanges:
    """`count` adds one to a named business counter."""

    standings: Standings
    store: QuoteStore
    stripe: PlanDesk
    mirror: FollowsPlans
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def take_back(self, subscription_id: str, actor: Actor) -> None:
        """The subscription goes on as it is, and a fee that was to come does not. What is planned concerns all parts of
        its plan. A repeat goes on where the first one was cut off.

        Raises NotFound, Conflict when nothing is planned or a change is under way, Refused, Unavailable.
        """
        subscription = self.standings.subscription(subscription_id)
        plan = self.standings.plan(subscription)
        turn = self.store.turn(plan.id)
        if turn and turn.is_under_way(self.clock()):
            raise running()
        is_ending = bool(plan.cancel_at or plan.cancel_at_period_end)
        is_changing, quotes = self.standings.coming_change(plan), self._planned(plan)
        if plan.ended_at or not (is_ending or is_changing or quotes):
            raise Conflict("Nothing is planned that could be taken back.", reason="nothing_planned")
        action_id = self.new_id("act")
        said = {"subscription_id": subscription_id, "quote_ids": [quote.quote_id for quote in quotes]}
        self.store.note(
            entry(
                action_id, f"A#{subscription.account_id}", "subscription.planned_change_taken_back", actor,
                self.clock(), {}, said,
            )
        )  # fmt: skip
        self._drop_fees(plan, quotes)
        if is_ending:
            self.stripe.go_on(plan.id, action_id, at_period_end=plan.cancel_at_period_end)
        elif is_changing and plan.schedule_id:
            self.stripe.release(plan.schedule_id, action_id)
        for quote in quotes:
            self.store.drop(quote.model_copy(update={"state": QuoteState.TAKEN_BACK}), quote.state)
        self.count("PlannedChangesTakenBack")
        with suppress(Refused, Unavailable):  # Stripe's event brings the mirror there all the same.
            self.mirror.follow(plan.id)

    def _drop_fees(self, plan: StandingPlan, quotes: list[ChangeQuote]) -> None:
        """These go first: whoever is cut off then may leave for nothing, but nobody stays and pays for leaving."""
        for quote in quotes:
            if quote.exit_fee_minor:
                self.stripe.drop_fee(plan.id, plan.customer_id or "", quote.quote_id)

    def _planned(self, plan: StandingPlan) -> list[ChangeQuote]:
        """Our quotes that are agreed to and do not count yet, whether or not Stripe's answer was heard."""
        now = self.standings.now(plan)
        coming = [each for each in self.store.promises(plan.id) if each.effective_at > now]
        quotes = [self.store.get(each.quote_id) for each in coming]
        return [quote for quote in quotes if quote.state in (QuoteState.CONFIRMING, QuoteState.CONFIRMED)]
