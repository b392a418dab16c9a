"""Changes of when bills are made and collected, and planned changes that are taken back."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.platform.errors import Conflict, Unprocessable
from chalicelib.subscriptions.quote import QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.selling import ADVISOR, SUBSCRIPTION, Selling, second

DAY = 86_400


def test_bills_of_a_pause_are_not_collected(selling: Selling) -> None:
    quote = selling.asked(Kind.PAUSE, until_on=date(2027, 3, 20))
    assert (quote.bill_after_minor, quote.no_bill) == (0, True)
    selling.agreed(quote)
    assert selling.subscription().status == "paused"
    with pytest.raises(Conflict, match="Resume it first"):
        selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    selling.until("2027-03-02T12:00:00")
    assert selling.compared(quote).is_kept

    resumed = selling.asked(Kind.RESUME)
    assert resumed.bill_after_minor == 3300
    selling.agreed(resumed)
    selling.until("2027-04-01T12:00:00")
    assert selling.compared(resumed).is_kept


@pytest.mark.parametrize("until_on", [date(2027, 2, 11), date(2027, 2, 20), date(2027, 6, 1)])
def test_a_pause_must_take_up_a_bill_and_end(selling: Selling, until_on: date) -> None:
    with pytest.raises(Unprocessable):
        selling.asked(Kind.PAUSE, until_on=until_on)


@pytest.mark.parametrize("day", [20, 5, 31])
def test_another_billing_day_is_billed_exactly(selling: Selling, day: int) -> None:
    quote = selling.asked(Kind.BILLING_DAY, day=day)
    first = {20: "2027-02-20", 5: "2027-03-05", 31: "2027-03-31"}[day]
    assert quote.effective_at == quote.bill_at == second(f"{first}T10:00:00")
    selling.agreed(quote)
    selling.until(quote.effective_at + 7200)
    assert selling.compared(quote).is_kept
    assert selling.subscription().anchor_day == day
    selling.until(quote.effective_at + 40 * DAY)
    selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")


def test_the_billing_day_is_another_one(selling: Selling) -> None:
    with pytest.raises(Unprocessable):
        selling.asked(Kind.BILLING_DAY, day=1)


def test_a_planned_change_is_taken_back(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-24M")
    selling.agreed(quote)
    with pytest.raises(Conflict, match="planned"):
        selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")

    selling.planned.take_back(SUBSCRIPTION, ADVISOR)

    assert selling.quotes.get(quote.quote_id).state is QuoteState.TAKEN_BACK
    assert selling.offers.terms("acc_1", [SUBSCRIPTION]) == {}
    assert selling.subscription().planned is None
    with pytest.raises(Conflict, match="Nothing"):
        selling.planned.take_back(SUBSCRIPTION, ADVISOR)
    selling.until("2027-03-01T12:00:00")
    assert selling.quotes.get(quote.quote_id).comparison is None
    selling.agreed(selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500"))


def test_an_end_is_taken_back_with_its_fee(selling: Selling) -> None:
    selling.bound(date(2027, 5, 15), exit_fee={"per_month_minor": 1500})
    quote = selling.asked(Kind.CANCEL)
    selling.agreed(quote)
    selling.planned.take_back(SUBSCRIPTION, ADVISOR)
    selling.until("2027-03-01T12:00:00")
    assert selling.someone.invoices()[-1].total == 3300
    assert selling.subscription().status == "active"
