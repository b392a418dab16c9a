"""An end that is taken back costs nothing, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.platform.errors import Conflict, Unavailable
from chalicelib.subscriptions.quote import ChangeQuote, QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.selling import ADVISOR, SUBSCRIPTION, Selling
from tests.tables import Crash


class Silent:
    """Stripe, one call of which is not answered; `done` says whether it had its effect."""

    def __init__(self, stripe: Any, call: str, *, done: bool) -> None:
        self.stripe, self.call, self.done = stripe, call, done

    def __getattr__(self, name: str) -> Any:
        found: Callable[..., object] = getattr(self.stripe, name)
        return self._unanswered(found) if name == self.call else found

    def _unanswered(self, call: Callable[..., object]) -> Callable[..., object]:
        def tried(*given: Any, **named: Any) -> object:
            if self.done:
                call(*given, **named)
            raise Unavailable("no answer")

        return tried


def silent(selling: Selling, call: str, *, done: bool) -> Selling:
    found = selling.on(selling.table)
    found.gateway = Silent(selling.gateway, call, done=done)
    return found


def pending(selling: Selling) -> list[int]:
    """What waits for the customer's next bill, in minor units."""
    found = selling.desk.v1.invoice_items.list({"customer": selling.someone.id, "pending": True})
    return [item.amount for item in found.data]


@pytest.fixture
def leaving(selling: Selling) -> ChangeQuote:
    """A quote for an end with a fee."""
    selling.bound(date(2027, 5, 15), exit_fee={"per_month_minor": 1500})
    return selling.asked(Kind.CANCEL)


def must_stay(selling: Selling, quote: ChangeQuote) -> None:
    assert selling.quotes.get(quote.quote_id).state is QuoteState.TAKEN_BACK
    assert selling.quotes.promises(quote.plan_id) == []
    selling.until("2027-03-01T12:00:00")
    assert selling.someone.invoices()[-1].total == 3300
    assert selling.subscription().status == "active"


@pytest.mark.parametrize("call", ["go_on", "drop_fee"])
@pytest.mark.parametrize("done", [True, False])
def test_who_gets_no_answer_asks_again(selling: Selling, leaving: ChangeQuote, call: str, *, done: bool) -> None:
    selling.agreed(leaving)
    with pytest.raises(Unavailable):
        silent(selling, call, done=done).planned.take_back(SUBSCRIPTION, ADVISOR)
    selling.planned.take_back(SUBSCRIPTION, ADVISOR)
    must_stay(selling, leaving)


@pytest.mark.parametrize("at", range(1, 8))
def test_a_crash_anywhere_is_mended_by_the_repeat(selling: Selling, leaving: ChangeQuote, at: int) -> None:
    selling.agreed(leaving)
    steps = iter(range(1, 1000))

    def step(name: str) -> None:
        if name.startswith(("before", "after transact", "after write")) and next(steps) == at:
            raise Crash

    try:
        selling.on(selling.table.seen(step)).planned.take_back(SUBSCRIPTION, ADVISOR)
    except Crash:
        if selling.quotes.get(leaving.quote_id).state is QuoteState.CONFIRMED:
            selling.planned.take_back(SUBSCRIPTION, ADVISOR)
    must_stay(selling, leaving)


def test_no_fee_is_left_of_an_end_that_goes_on(selling: Selling, leaving: ChangeQuote) -> None:
    """Whoever is cut off does not ask again: then the customer leaves for nothing rather than stays and pays."""
    selling.agreed(leaving)
    with pytest.raises(Unavailable):
        silent(selling, "go_on", done=False).planned.take_back(SUBSCRIPTION, ADVISOR)
    assert pending(selling) == []


def test_an_end_of_which_stripe_did_not_answer_is_taken_back_too(selling: Selling, leaving: ChangeQuote) -> None:
    with pytest.raises(Unavailable):
        silent(selling, "carry_out", done=True).agreed(leaving)
    assert pending(selling) == [leaving.exit_fee_minor]
    with pytest.raises(Conflict, match="under way"):
        selling.planned.take_back(SUBSCRIPTION, ADVISOR)

    selling.clock.tick(60)
    selling.planned.take_back(SUBSCRIPTION, ADVISOR)

    with pytest.raises(Conflict):
        selling.agreed(leaving)
    assert selling.post.sent == {}
    must_stay(selling, leaving)


def test_a_fee_that_was_billed_meanwhile_is_given_back(selling: Selling) -> None:
    """With a month's notice the fee comes a bill before the end, which can still be taken back then."""
    selling.bound(date(2027, 6, 15), exit_fee={"per_month_minor": 1500}, notice_days=30)
    leaving = selling.asked(Kind.CANCEL)
    selling.agreed(leaving)
    selling.until("2027-03-02T12:00:00")
    billed = selling.someone.invoices()[-1].total
    assert billed == 3300 + leaving.exit_fee_minor * 12 // 10

    for _ in range(2):
        with pytest.raises(Unavailable):
            silent(selling, "go_on", done=False).planned.take_back(SUBSCRIPTION, ADVISOR)
    selling.planned.take_back(SUBSCRIPTION, ADVISOR)

    assert pending(selling) == [-leaving.exit_fee_minor]
    selling.until("2027-04-01T12:00:00")
    assert selling.someone.invoices()[-1].total == 3300 - leaving.exit_fee_minor * 12 // 10


def test_a_mirror_that_lags_takes_nothing_of_it_back(selling: Selling, leaving: ChangeQuote) -> None:
    """What was done is answered as done; the event of Stripe brings the mirror there."""
    selling.agreed(leaving)
    replace(selling.planned, mirror=Lagging()).take_back(SUBSCRIPTION, ADVISOR)
    must_stay(selling, leaving)


class Lagging:
    """A mirror that cannot read Stripe just now."""

    def follow(self, plan_id: str) -> object:
        raise Unavailable("no answer")
