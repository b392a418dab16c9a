"""From the quote to the bill: what was quoted is what is carried out, and what is billed."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.money import portion
from chalicelib.subscriptions.quote import QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.infra.stripe.desk import Desk
from tests.subscriptions.selling import ADVISOR, SUBSCRIPTION, Selling, second

DAY = 86_400
BEGUN, ASKED, END = (second(f"2027-{day}T10:00:00") for day in ("02-01", "02-11", "03-01"))


def test_an_upgrade_counts_now_and_is_billed_to_the_second(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")

    credit, charge = [line for line in quote.lines if line.is_change]
    assert (credit.net_minor, charge.net_minor) == (-round(2750 * 18 / 28), round(3500 * 18 / 28))
    assert (credit.tax_minor, charge.tax_minor) == (portion(credit.net_minor, 2000), portion(charge.net_minor, 2000))
    assert charge.words == "£35.00 \u00d7 1,555,200 of 2,419,200 seconds"
    assert credit.name == "Fibre 100 broadband, 11 February 2027 to 1 March 2027: paid, not used"
    assert (quote.effective_at, quote.bill_at) == (ASKED, END)
    assert (quote.bill_before_minor, quote.bill_after_minor) == (3300, 4200 + 578)

    confirmed = selling.agreed(quote)
    assert confirmed.state is QuoteState.CONFIRMED
    assert selling.subscription().plan_code == "FIBRE-500"

    selling.until("2027-03-01T12:00:00")
    found = selling.compared(quote)
    assert found.is_kept
    assert found.billed_minor == found.quoted_minor == quote.bill_after_minor
    assert selling.told.broken == {}
    assert (selling.counted["ChangesQuoted"], selling.counted["QuotesKept"]) == (1, 1)


def test_a_downgrade_counts_from_the_end_of_the_period(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-24M")
    assert (quote.effective_at, quote.bill_at, quote.bill_after_minor) == (END, END, 2400)
    assert [line.is_change for line in quote.lines] == [False]
    assert quote.terms_after is not None
    assert quote.terms_after.minimum_ends_on == date(2029, 2, 28)

    selling.agreed(quote)
    planned = selling.subscription().planned
    assert planned is not None
    assert planned.plan_code == "FIBRE-24M"

    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept
    assert selling.subscription().plan_code == "FIBRE-24M"
    assert selling.offers.terms("acc_1", [SUBSCRIPTION])[SUBSCRIPTION] == quote.terms_after


def test_either_can_be_had_at_the_other_time(selling: Selling) -> None:
    assert selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500", when="period_end").effective_at == END
    assert selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-24M", when="now").effective_at == ASKED


def test_more_of_the_same_plan(selling: Selling) -> None:
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-100", quantity=3)
    assert [line.net_minor for line in quote.lines if line.is_change] == [-1768, 5304]
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_an_add_on_comes_and_goes(selling: Selling) -> None:
    added = selling.asked(Kind.ADD_ADDON, offer="SECURITY")
    selling.agreed(added)
    with pytest.raises(Conflict, match="already"):
        selling.asked(Kind.ADD_ADDON, offer="SECURITY")
    removed = selling.asked(Kind.REMOVE_ADDON, offer="SECURITY")
    assert [each.code for each in removed.consequences] == ["stops"]
    selling.agreed(removed, "key-2")

    selling.until("2027-03-01T12:00:00")

    assert [selling.compared(quote).is_kept for quote in (removed,)] == [True]
    assert {each.cause for each in selling.compared(added).differences} == {"another_change"}
    assert selling.told.broken == {}


def test_add_ons_that_do_not_go_with_the_plan_end_with_it(selling: Selling) -> None:
    for code in ("SECURITY", "ROUTER"):
        selling.agreed(selling.asked(Kind.ADD_ADDON, offer=code))
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    assert [part.code for part in quote.after] == ["FIBRE-500", "ROUTER"]
    assert "Security stops on 11 February 2027." in [each.text for each in quote.consequences]
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_an_end_with_the_period_brings_no_bill(selling: Selling) -> None:
    quote = selling.asked(Kind.CANCEL)
    assert (quote.effective_at, quote.bill_at, quote.bill_after_minor, quote.lines) == (END, None, 0, ())
    selling.agreed(quote)
    assert selling.subscription().ends_at is not None
    selling.until("2027-04-02T12:00:00")
    assert selling.quotes.get(quote.quote_id).comparison is None
    assert selling.subscription().status == "cancelled"


def test_leaving_early_costs_what_was_agreed(selling: Selling) -> None:
    selling.bound(date(2027, 5, 15), exit_fee={"per_month_minor": 1500}, notice_days=0)
    quote = selling.asked(Kind.CANCEL)
    assert quote.exit_fee_minor == 2 * 1500 + round(1500 * 15 / 31)
    assert "exit_fee" in [each.code for each in quote.consequences]
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    found = selling.compared(quote)
    assert found.is_kept
    assert found.billed_minor == quote.bill_after_minor == quote.exit_fee_minor + portion(quote.exit_fee_minor, 2000)


def test_an_end_before_the_period_gives_the_rest_back(selling: Selling) -> None:
    quote = selling.asked(Kind.CANCEL, when="now")
    assert quote.effective_at == ASKED + 1800
    (line,) = quote.lines
    assert line.net_minor == -round(2750 * (18 * DAY - 1800) / (28 * DAY))
    selling.agreed(quote)
    selling.until("2027-02-11T12:00:00")
    assert selling.compared(quote).is_kept


@pytest.mark.parametrize(("notice", "ends"), [(14, "2027-02-25"), (30, "2027-03-13")])
def test_notice_is_kept(selling: Selling, notice: int, ends: str) -> None:
    selling.bound(date(2026, 12, 31), notice_days=notice)
    quote = selling.asked(Kind.CANCEL, when="now")
    assert quote.effective_at == second(f"{ends}T10:00:00")
    later = selling.asked(Kind.CANCEL)
    assert later.effective_at == second("2027-03-01T10:00:00" if notice == 14 else "2027-04-01T10:00:00")
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_a_part_of_a_plan_ends_alone(stripe_desk: Desk) -> None:
    selling = Selling.open(stripe_desk)
    selling.take("FIBRE-100", "ROUTER")
    selling.until("2027-02-11T10:00:00")
    quote = selling.asked(Kind.CANCEL, "sub_router")
    assert [part.code for part in quote.after] == ["FIBRE-100"]
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept
    assert selling.subscription("sub_router").status == "cancelled"
    assert selling.subscription().status == "active"


def test_another_subscriptions_quote_is_not_found(selling: Selling) -> None:
    quote = selling.asked(Kind.CANCEL)
    with pytest.raises(NotFound):
        selling.changes.confirm("sub_other", quote.quote_id, "key", ADVISOR)
