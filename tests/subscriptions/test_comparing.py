"""What came between a quote and its bill is named, and what nobody can name is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.subscriptions.broken import BrokenPromises
from chalicelib.subscriptions.comparing import compare
from chalicelib.subscriptions.quote import Cause, ChangeQuote
from chalicelib.subscriptions.wish import Kind
from tests.payments.money_desk import Listener
from tests.subscriptions.bills import a_bill, changed, one_off, recurring
from tests.subscriptions.selling import Selling


@pytest.fixture
def quote(selling: Selling) -> ChangeQuote:
    return selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")


def causes(selling: Selling, quote: ChangeQuote, *lines: dict[str, Any], **more: Any) -> set[str]:
    given = {"changed_since": False, **more}
    found = compare(quote, a_bill(quote, *lines), selling.clock(), lambda price: price == "price_metered", **given)
    return {each.cause.value for each in found.differences}


def test_the_bill_that_was_quoted_is_kept(selling: Selling, quote: ChangeQuote) -> None:
    assert causes(selling, quote) == set()


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (one_off(250), Cause.CHARGE),
        (one_off(-250), Cause.CREDIT),
        (recurring("price_metered", 120), Cause.USAGE),
        (recurring("price_extra", 900, proration=True), Cause.ANOTHER_CHANGE),
        (recurring("price_extra", 900), Cause.UNEXPLAINED),
    ],
)
def test_a_line_more_is_named(selling: Selling, quote: ChangeQuote, line: dict[str, Any], cause: Cause) -> None:
    assert causes(selling, quote, line) == {cause.value}


@pytest.mark.parametrize(
    ("of", "change", "cause"),
    [
        ("usual", {"discount": 500}, Cause.COUPON),
        ("usual", {"tax": 1}, Cause.TAX_CHANGE),
        ("usual", {"amount": 3600}, Cause.PRICE_CHANGE),
        ("usual", {"amount": 7000, "quantity": 2}, Cause.ANOTHER_CHANGE),
        ("usual", {"price": "price_other"}, Cause.PRICE_CHANGE),
        ("change", {"amount": 3000}, Cause.UNEXPLAINED),
        ("change", {"gone": True}, Cause.UNEXPLAINED),
        ("usual", {"gone": True}, Cause.UNEXPLAINED),
    ],
)
def test_a_line_that_differs_is_named(
    selling: Selling, quote: ChangeQuote, of: str, change: dict[str, Any], cause: Cause
) -> None:
    bill = changed(a_bill(quote), proration=of == "change", **change)
    found = compare(quote, bill, selling.clock(), lambda _: False, changed_since=False)
    assert {each.cause for each in found.differences} == {cause}


def test_what_the_desk_changed_since_is_another_change(selling: Selling, quote: ChangeQuote) -> None:
    bill = changed(a_bill(quote), proration=False, price="price_other")
    found = compare(quote, bill, selling.clock(), lambda _: False, changed_since=True)
    assert {each.cause for each in found.differences} == {Cause.ANOTHER_CHANGE}
    assert not found.needs_a_look


def test_dearer_than_promised_is_looked_at(selling: Selling, quote: ChangeQuote) -> None:
    """A price that rose for what was bought needs a look, a cheaper one or a coupon does not."""
    upgrade = quote.model_copy(
        update={"lines": tuple(line.model_copy(update={"is_change": True}) for line in quote.lines)}
    )
    for amount, looked_at in ((3600, True), (3400, False)):
        bill = changed(a_bill(quote), proration=False, amount=amount)
        found = compare(upgrade, bill, selling.clock(), lambda _: False, changed_since=False)
        assert found.needs_a_look is looked_at


def test_a_pause_that_was_billed_is_told(selling: Selling) -> None:
    usual = recurring("price_fibre", 2750, tax=550)
    quote = selling.asked(Kind.PAUSE, until_on=date(2027, 3, 20))
    void, paid = a_bill(quote, usual, status="void"), a_bill(quote, usual)
    kept, broken = (
        compare(quote, bill, selling.clock(), lambda _: False, changed_since=False) for bill in (void, paid)
    )
    assert (kept.is_kept, kept.billed_minor) == (True, 0)
    assert broken.needs_a_look


def test_a_broken_promise_opens_a_case_with_its_reason(selling: Selling, quote: ChangeQuote) -> None:
    selling.agreed(quote)
    bill = changed(a_bill(quote), proration=True, amount=3000)
    (promise,) = selling.quotes.promises(quote.plan_id)
    listener = Listener()
    promises = selling.promises_told_to(BrokenPromises(listener))

    for _ in range(2):
        promises.compare(promise, bill, [promise])

    (news,) = listener.told.values()
    assert news.topic == "quote_broken"
    assert "(unexplained)" in news.facts["found"]  # type: ignore[index]
    assert selling.counted["QuotesBroken"] == 1


def test_a_coupon_in_between_is_named_on_a_real_bill(selling: Selling, quote: ChangeQuote) -> None:
    selling.agreed(quote)
    coupon: Any = {"percent_off": 10, "duration": "forever"}
    tenth = selling.desk.v1.coupons.create(coupon).id
    selling.desk.v1.subscriptions.update(quote.plan_id, {"discounts": [{"coupon": tenth}]})
    item: Any = {"customer": selling.someone.id, "amount": 500, "currency": "gbp", "description": "Engineer"}
    selling.desk.v1.invoice_items.create(item)
    selling.until("2027-03-01T12:00:00")
    assert {each.cause for each in selling.compared(quote).differences} == {Cause.COUPON, Cause.CHARGE}
    assert selling.told.broken == {}
