"""Use cases of changes: quote one, agree to exactly what was quoted, and take a planned one back.

What was agreed to is written down before Stripe is asked, with the promise that its bill will be held against. A crash
in between leaves the quote `confirming`: the next confirmation looks whether Stripe has done it and goes on from there.
Of two changes of one plan the later one looks at what the earlier one made of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.accounts.letters import Post
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.billing.mirror_shapes import id_of
from chalicelib.payments.plan_orders import QUOTE_MARK
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unavailable, Unprocessable
from chalicelib.subscriptions.change_letters import letter_of
from chalicelib.subscriptions.plan_desk import FollowsPlans, PlanDesk
from chalicelib.subscriptions.quote import ChangeQuote, QuoteState
from chalicelib.subscriptions.quoting import Quoting, as_asked
from chalicelib.subscriptions.standings import Standings
from chalicelib.subscriptions.store import QuoteStore, Turn, running
from chalicelib.subscriptions.wish import Kind, Wish

RESUMED_WITHIN: Final = timedelta(hours=23)
"""Stripe knows a repeat as one for 24 hours."""


@dataclass(frozen=True)
class Changes:
    """`count` adds one to a named business counter."""

    standings: Standings
    quoting: Quoting
    store: QuoteStore
    stripe: PlanDesk
    mirror: FollowsPlans
    post: Post
    clock: Clock
    count: Callable[[str], None]

    def quote(self, subscription_id: str, wish: Wish) -> ChangeQuote:
        """What the change costs and means; it holds until `valid_until`.

        Raises NotFound, Conflict and Unprocessable for what cannot be had, Refused, Unavailable.
        """
        made = self.quoting.quote(self.standings.of(subscription_id), wish)
        self.store.put(made)
        self.count("ChangesQuoted")
        return made

    def get(self, quote_id: str) -> ChangeQuote:
        """The quote. Raises NotFound."""
        return self.store.get(quote_id)

    def confirm(
        self, subscription_id: str, quote_id: str, key: str, actor: Actor, *, ends: bool = False
    ) -> ChangeQuote:
        """Carry out what was quoted; the same quote and key again is the same change. `ends`: a cancellation is meant.

        Raises NotFound for a quote of another subscription; Conflict: quote_expired, quote_used, price_drifted (with
        the id of a new quote), wrong_quote, change_running; Refused, Unavailable: confirm again with the same key then.
        """
        quote, used_by = self.store.get(quote_id), hashlib.sha256(key.encode()).hexdigest()
        if quote.subscription_id != subscription_id:
            raise NotFound
        if ends is not (quote.wish.kind is Kind.CANCEL):
            where = "changes" if ends else "cancellations"
            raise Conflict(f"This quote is confirmed under `{where}`.", reason="wrong_quote")
        if quote.state is QuoteState.CONFIRMED and quote.used_by == used_by:
            return quote
        if quote.state is QuoteState.CONFIRMING:
            return self._resumed(quote, actor)
        if quote.state is not QuoteState.OPEN:
            raise Conflict("This quote has been used.", reason="quote_used")
        if not quote.is_valid(self.clock()):
            raise Conflict("This quote has expired. Ask for a new one.", reason="quote_expired")
        before = self._turn_before(quote, actor)
        self._must_stand(quote)
        claimed = quote.model_copy(update={"state": QuoteState.CONFIRMING, "used_by": used_by})
        self.store.claim(claimed, self._audited(claimed, actor), before)
        return self._carried_out(claimed, actor)

    def _turn_before(self, quote: ChangeQuote, actor: Actor) -> Turn | None:
        """The turn that comes before this one; what was cut off there is finished first. Raises Conflict when another
        change is under way, Refused, Unavailable."""
        turn = self.store.turn(quote.plan_id)
        if turn is None or not turn.is_taken:
            return turn
        if turn.is_under_way(self.clock()):
            raise running()
        with suppress(Conflict):
            self._resumed(self.store.get(turn.quote_id), actor)
        return self.store.turn(quote.plan_id)

    def _must_stand(self, quote: ChangeQuote) -> None:
        """Raises Conflict when the same wish would not be charged the same now."""
        standing = self.standings.of(quote.subscription_id)
        standing.must_allow(quote.wish.kind)
        start, end = standing.plan.period
        if start <= quote.asked_at < end:
            again = self.quoting.quote(as_asked(standing, quote), quote.wish, quote.made_at)
            if again.says_the_same(quote):
                return
        new = self.quote(quote.subscription_id, quote.wish)
        self.count("ChangePricesDrifted")
        words = "The price has changed since the quote was made. Nothing was changed; look at the new quote."
        raise Conflict(words, reason="price_drifted", quote_id=new.quote_id, quote=f"/v1/change-quotes/{new.quote_id}")

    def _resumed(self, quote: ChangeQuote, actor: Actor) -> ChangeQuote:
        if self._is_done(quote):
            # Its fee may be missing yet; Stripe knows it again for a day.
            return self._carried_out(quote, actor) if self._is_recent(quote) else self._done(quote)
        if self._is_recent(quote):
            return self._carried_out(quote, actor)
        self._refused(quote, actor)
        raise Conflict("This quote has expired. Ask for a new one.", reason="quote_expired")

    def _is_recent(self, quote: ChangeQuote) -> bool:
        return self.clock() < quote.made_at + RESUMED_WITHIN

    def _is_done(self, quote: ChangeQuote) -> bool:
        plan = self.stripe.read("subscription", quote.plan_id) or {}
        schedule_id = id_of(plan.get("schedule"))
        schedule = self.stripe.read("subscription_schedule", schedule_id) if schedule_id else None
        return any((each.get("metadata") or {}).get(QUOTE_MARK) == quote.quote_id for each in (plan, schedule or {}))

    def _carried_out(self, quote: ChangeQuote, actor: Actor) -> ChangeQuote:
        try:
            self.stripe.carry_out(quote.order, quote.quote_id)
        except (Refused, Conflict, Unprocessable):
            if not self._is_done(quote):
                self._refused(quote, actor)
            raise
        return self._done(quote)

    def _refused(self, quote: ChangeQuote, actor: Actor) -> None:
        """Nothing was changed, which is audited too: that it was agreed to stands there already."""
        refused = quote.model_copy(update={"state": QuoteState.REFUSED})
        said = refused.model_dump(mode="json", include={"quote_id", "subscription_id", "state"})
        action, entry_id = "subscription.change_refused", f"aud_{quote.quote_id}_refused"
        audited = entry(entry_id, f"A#{quote.account_id}", action, actor, self.clock(), {}, said)
        self.store.drop(refused, QuoteState.CONFIRMING, audited)

    def _done(self, quote: ChangeQuote) -> ChangeQuote:
        confirmed = quote.model_copy(update={"state": QuoteState.CONFIRMED, "confirmed_at": self.clock()})
        self.post.send(letter_of(confirmed, self.standings.zone))
        self.store.done(confirmed)
        self.count("SubscriptionsCancelled" if quote.wish.kind is Kind.CANCEL else "SubscriptionsChanged")
        with suppress(Refused, Unavailable):  # Stripe's event brings the mirror there all the same.
            self.mirror.follow(quote.plan_id)
        return confirmed

    def _audited(self, quote: ChangeQuote, actor: Actor) -> AuditEntry:
        """Named after the quote: one is agreed to once."""
        said = quote.model_dump(mode="json", include={"quote_id", "subscription_id", "wish", "effective_at"})
        price = {"bill_after_minor": quote.bill_after_minor, "exit_fee_minor": quote.exit_fee_minor}
        action = "subscription.cancelled" if quote.wish.kind is Kind.CANCEL else "subscription.changed"
        return entry(
            f"aud_{quote.quote_id}", f"A#{quote.account_id}", action, actor, self.clock(), {}, {**said, **price}
        )
