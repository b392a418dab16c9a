"""Two who change one plan at the same time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.platform.errors import Conflict
from chalicelib.subscriptions.quote import ChangeQuote, QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.memory_table import MemoryTable
from tests.subscriptions.selling import Selling
from tests.tables import Crash


def interrupted(selling: Selling, at: str, rival: Any) -> Selling:
    """A desk before whose next step of this kind a rival does all of its own work."""
    fired = iter([True])

    def step(name: str) -> None:
        if name == at and next(fired, False):
            rival()

    return selling.on(MemoryTable(selling.table.items, selling.table.lock, step))


def test_two_who_end_it_at_once_pay_one_fee(selling: Selling) -> None:
    selling.bound(date(2027, 5, 15), exit_fee={"per_month_minor": 1500})
    one, other = selling.asked(Kind.CANCEL), selling.asked(Kind.CANCEL)

    slow = interrupted(selling, "before transact", lambda: selling.agreed(other, "rival"))
    with pytest.raises(Conflict):
        slow.agreed(one)

    found = selling.desk.v1.invoice_items.list({"customer": selling.someone.id, "pending": True})
    assert [item.amount for item in found.data] == [other.exit_fee_minor]
    assert selling.quotes.get(one.quote_id).state is QuoteState.OPEN
    assert [promise.quote_id for promise in selling.quotes.promises(one.plan_id)] == [other.quote_id]


def cut_off(selling: Selling, offer: str) -> ChangeQuote:
    """A change that was agreed to; before Stripe was asked, the process ended."""

    def step(name: str) -> None:
        if name == "after transact":
            raise Crash

    quote = selling.asked(Kind.ADD_ADDON, offer=offer)
    with pytest.raises(Crash):
        selling.on(selling.table.seen(step)).agreed(quote, "key-0")
    assert selling.quotes.get(quote.quote_id).state is QuoteState.CONFIRMING
    return quote


def test_who_comes_while_a_change_is_under_way_waits(selling: Selling) -> None:
    later = selling.asked(Kind.ADD_ADDON, offer="ROUTER")
    cut_off(selling, "SECURITY")
    selling.clock.tick(59)
    with pytest.raises(Conflict) as caught:
        selling.agreed(later)
    assert caught.value.extra["reason"] == "change_running"
    assert selling.quotes.get(later.quote_id).state is QuoteState.OPEN


def test_who_comes_after_a_change_that_was_cut_off_finishes_that_one(selling: Selling) -> None:
    later = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500", when="period_end")
    earlier = cut_off(selling, "ROUTER")
    selling.clock.tick(60)
    with pytest.raises(Conflict) as caught:
        selling.agreed(later)
    assert selling.quotes.get(earlier.quote_id).state is QuoteState.CONFIRMED
    assert caught.value.extra["reason"] == "price_drifted"
    selling.agreed(selling.quotes.get(caught.value.extra["quote_id"]))
    assert len(selling.post.sent) == 2


def test_what_a_refused_change_held_up_goes_on(selling: Selling) -> None:
    later = selling.asked(Kind.ADD_ADDON, offer="ROUTER")
    earlier = cut_off(selling, "SECURITY")
    selling.quotes.drop(earlier.model_copy(update={"state": QuoteState.REFUSED}), QuoteState.CONFIRMING)
    assert selling.agreed(later).state is QuoteState.CONFIRMED
