"""Other subscriptions of the same customer, and what waits for the next bill of any of them, in a quote."""

from __future__ import annotations

from typing import Any

from chalicelib.subscriptions.quote import Cause
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.selling import Selling


def beside(selling: Selling) -> str:
    """Another subscription of the customer, billed on the 11th; what the desk calls it."""
    item: Any = {"price": selling.price("FIBRE-500"), "metadata": {"desk_subscription_id": "sub_beside"}}
    selling.desk.v1.subscriptions.create({"customer": selling.someone.id, "items": [item]})
    selling.hear()
    return "sub_beside"


def test_the_next_bill_is_that_of_the_plan_alone(selling: Selling) -> None:
    other = beside(selling)
    selling.agreed(selling.asked(Kind.ADD_ADDON, other, offer="ROUTER"))

    quote = selling.asked(Kind.ADD_ADDON, offer="ROUTER")

    assert quote.bill_before_minor == 3300
    assert {line.price_id for line in quote.lines} == {selling.price("FIBRE-100"), selling.price("ROUTER")}
    selling.agreed(quote, "key-2")
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_what_waits_for_any_bill_comes_with_the_first_one(selling: Selling) -> None:
    """Both quotes show it, for either bill may take it; the later one then lacks it, and says what came between."""
    other = beside(selling)
    owed: Any = {"customer": selling.someone.id, "amount": 500, "currency": "gbp", "description": "Engineer's visit"}
    selling.desk.v1.invoice_items.create(owed)
    first, later = (selling.asked(Kind.ADD_ADDON, each, offer="ROUTER") for each in ("sub_fibre", other))
    for number, quote in enumerate((first, later)):
        assert "Engineer's visit" in {line.name for line in quote.lines}
        selling.agreed(quote, f"key-{number}")
    selling.until("2027-03-12T12:00:00")
    assert selling.compared(first).is_kept
    assert [each.cause for each in selling.compared(later).differences] == [Cause.CREDIT]
    assert selling.told.broken == {}
