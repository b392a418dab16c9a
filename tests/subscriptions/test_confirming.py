"""Only the quote that was seen is carried out, once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.audit.store import AuditStore
from chalicelib.payments.plan_orders import PlanOrder
from chalicelib.platform.dynamo import Delete
from chalicelib.platform.errors import Conflict, Refused, Unavailable
from chalicelib.subscriptions.quote import ChangeQuote, QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.memory_table import MemoryTable
from tests.subscriptions.selling import ADVISOR, Selling, second
from tests.tables import Crash


def reason_of(refused: Callable[[], object]) -> Any:
    with pytest.raises(Conflict) as caught:
        refused()
    return caught.value.extra["reason"]


@pytest.fixture
def quote(selling: Selling) -> ChangeQuote:
    return selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")


def test_a_repeat_is_the_same_change(selling: Selling, quote: ChangeQuote) -> None:
    first = selling.agreed(quote)
    assert selling.agreed(quote) == first
    assert reason_of(lambda: selling.agreed(quote, "another-key")) == "quote_used"
    entries, _ = AuditStore(selling.table).page("A#acc_1", 100, None)
    assert [(entry.action, entry.actor) for entry in entries] == [("subscription.changed", "sub-advisor")]
    assert len(selling.post.sent) == 1


def test_a_quote_expires(selling: Selling, quote: ChangeQuote) -> None:
    selling.clock.tick(1799)
    assert selling.quotes.get(quote.quote_id).is_valid(selling.clock())
    selling.clock.tick(1)
    assert reason_of(lambda: selling.agreed(quote)) == "quote_expired"


def test_a_cancellation_is_not_confirmed_as_a_change(selling: Selling, quote: ChangeQuote) -> None:
    ends = selling.asked(Kind.CANCEL)
    for each, wrong in ((quote, True), (ends, False)):
        confirm = lambda each=each, wrong=wrong: selling.changes.confirm(  # noqa: E731
            each.subscription_id, each.quote_id, "key", ADVISOR, ends=wrong
        )
        assert reason_of(confirm) == "wrong_quote"


def test_another_price_is_another_quote(selling: Selling, quote: ChangeQuote) -> None:
    coupon: Any = {"percent_off": 50, "duration": "forever"}
    half = selling.desk.v1.coupons.create(coupon).id
    selling.desk.v1.subscriptions.update(quote.plan_id, {"discounts": [{"coupon": half}]})

    with pytest.raises(Conflict) as caught:
        selling.agreed(quote)

    assert caught.value.extra["reason"] == "price_drifted"
    new = selling.quotes.get(caught.value.extra["quote_id"])
    assert new.bill_after_minor < quote.bill_after_minor
    assert selling.subscription().plan_code == "FIBRE-100"
    selling.agreed(new)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(new).is_kept


def test_a_period_that_turned_is_another_quote(selling: Selling, quote: ChangeQuote) -> None:
    selling.until("2027-03-02T12:00:00")
    assert reason_of(lambda: selling.agreed(quote)) == "price_drifted"


def test_use_that_grows_is_no_other_price(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    metered = quote.lines[-1].model_copy(update={"is_metered": True, "net_minor": 5})
    used = quote.model_copy(update={"lines": (*quote.lines[:-1], metered)})
    more = used.model_copy(update={"lines": (*quote.lines[:-1], metered.model_copy(update={"net_minor": 9}))})
    assert used.says_the_same(more)
    assert not used.says_the_same(quote)


def test_what_changed_meanwhile_forbids_it(selling: Selling, quote: ChangeQuote) -> None:
    selling.agreed(selling.asked(Kind.CANCEL))
    assert reason_of(lambda: selling.agreed(quote)) == "end_planned"


@pytest.mark.parametrize("at", range(1, 12))
def test_a_crash_anywhere_is_mended_by_the_repeat(selling: Selling, quote: ChangeQuote, at: int) -> None:
    steps = iter(range(1, 1000))

    def step(name: str) -> None:
        if name.startswith(("before", "after transact", "after write")) and next(steps) == at:
            raise Crash

    fragile = selling.on(selling.table.seen(step))
    try:
        fragile.agreed(quote)
    except Crash:
        selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.quotes.get(quote.quote_id).state is QuoteState.CONFIRMED
    assert selling.compared(quote).is_kept
    assert len(selling.post.sent) == 1


class Failing:
    """Stripe, where one call does not go through; `done` says whether it had its effect."""

    def __init__(self, stripe: Any, error: Exception, *, done: bool) -> None:
        self.stripe, self.error, self.done = stripe, error, done

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stripe, name)

    def carry_out(self, order: PlanOrder, quote_id: str) -> None:
        if self.done:
            self.stripe.carry_out(order, quote_id)
        raise self.error


def failing(selling: Selling, error: Exception, *, done: bool) -> Selling:
    found = selling.on(selling.table)
    found.gateway = Failing(selling.gateway, error, done=done)
    return found


@pytest.mark.parametrize("done", [True, False])
def test_an_answer_that_is_lost_is_asked_for_again(selling: Selling, quote: ChangeQuote, done: bool) -> None:
    with pytest.raises(Unavailable):
        failing(selling, Unavailable("no answer"), done=done).agreed(quote)
    assert selling.quotes.get(quote.quote_id).state is QuoteState.CONFIRMING
    selling.clock.tick(3600)
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


@pytest.mark.parametrize("done", [True, False])
def test_a_day_later_it_is_what_stripe_says(selling: Selling, quote: ChangeQuote, done: bool) -> None:
    with pytest.raises(Unavailable):
        failing(selling, Unavailable("no answer"), done=done).agreed(quote)
    selling.clock.tick(86_400)
    if done:
        assert selling.agreed(quote).state is QuoteState.CONFIRMED
        return
    assert reason_of(lambda: selling.agreed(quote)) == "quote_expired"
    assert selling.quotes.get(quote.quote_id).state is QuoteState.REFUSED
    assert selling.quotes.promises(quote.plan_id) == []


def test_what_stripe_refuses_leaves_no_promise(selling: Selling, quote: ChangeQuote) -> None:
    with pytest.raises(Refused):
        failing(selling, Refused("no"), done=False).agreed(quote)
    assert selling.quotes.get(quote.quote_id).state is QuoteState.REFUSED
    assert selling.quotes.promises(quote.plan_id) == []
    assert reason_of(lambda: selling.agreed(quote)) == "quote_used"
    assert selling.post.sent == {}
    entries, _ = AuditStore(selling.table).page("A#acc_1", 100, None)
    assert sorted(each.action for each in entries) == ["subscription.change_refused", "subscription.changed"]


def test_the_promise_is_held_against_the_first_bill_alone(selling: Selling, quote: ChangeQuote) -> None:
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    before = selling.compared(quote)
    selling.until("2027-04-01T12:00:00")
    assert selling.compared(quote) == before
    assert [promise.is_open for promise in selling.quotes.promises(quote.plan_id)] == [False]
    assert second("2027-03-01T10:00:00") == quote.bill_at


def test_two_at_once_are_one(selling: Selling, quote: ChangeQuote) -> None:
    """A rival claims the quote between our look and our claim."""
    table = selling.table
    fired = iter([True])

    def step(name: str) -> None:
        if name == "before transact" and next(fired, False):
            selling.agreed(quote, "rival")

    slow = selling.on(MemoryTable(table.items, table.lock, step))
    assert reason_of(lambda: slow.agreed(quote)) == "quote_used"
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_a_quote_that_expired_a_moment_before_its_promise_stops_no_bill(selling: Selling, quote: ChangeQuote) -> None:
    selling.agreed(quote)
    selling.table.write(Delete(f"CQ#{quote.quote_id}", "#"))
    selling.until("2027-03-01T12:00:00")
    assert selling.someone.invoices()[-1].total == quote.bill_after_minor
    assert selling.counted["QuotesKept"] == 0
