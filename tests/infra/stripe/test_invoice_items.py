"""What is billed: items and lines by amount or by price, changed while their invoice is a draft."""

from decimal import Decimal
from typing import Any

import pytest
import stripe

from tests.infra.stripe.billing import draft, opened, payer, vat
from tests.infra.stripe.desk import Desk


def test_an_item_costs_its_price_times_its_quantity(desk: Desk) -> None:
    customer = payer(desk)
    product = desk.v1.products.create({"name": "Call-out"})
    price = desk.v1.prices.create({"product": product.id, "currency": "gbp", "unit_amount_decimal": Decimal("12.5")})

    item = desk.v1.invoice_items.create({"customer": customer, "pricing": {"price": price.id}, "quantity": 3})

    assert (item.amount, item.quantity, item.currency, item.description) == (38, 3, "gbp", "Call-out")
    assert item.pricing is not None
    assert item.pricing.price_details is not None
    assert (item.pricing.price_details.price, item.pricing.price_details.product) == (price.id, product.id)
    assert desk.v1.invoice_items.update(item.id, {"quantity": 4}).amount == 50
    assert desk.v1.invoice_items.update(item.id, {"amount": 7}).quantity == 1


def test_a_price_can_be_made_on_the_way(desk: Desk) -> None:
    customer, product = payer(desk), desk.v1.products.create({"name": "Visit"})

    item = desk.v1.invoice_items.create(
        {
            "customer": customer,
            "price_data": {"currency": "gbp", "product": product.id, "unit_amount": 250},
            "quantity": 2,
        }
    )

    assert (item.amount, item.description) == (500, "Visit")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"amount": 5, "quantity": 2},
        {"amount": 5, "unit_amount_decimal": "5"},
        {"pricing": {"price": "price_none"}},
        {"amount": 5, "currency": "gbp", "quantity": -1},
        {"amount": 5, "period": {"start": 10, "end": 5}},
        {"amount": 5, "tax_rates": ["txr_none"]},
        {"amount": 5, "discounts": [{"coupon": "none"}]},
        {"amount": 5, "invoice": "in_none"},
        {"amount": 10**14},
    ],
)
def test_what_cannot_be_billed_is_refused(desk: Desk, given: dict[str, Any]) -> None:
    params: Any = {"customer": payer(desk), "currency": "gbp", **given}

    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.invoice_items.create(params)

    assert desk.v1.invoice_items.list().data == []


def test_a_draft_follows_its_items(desk: Desk) -> None:
    customer = payer(desk)
    invoice = str(draft(desk, customer, 1000, 500).id)
    first, second = (item.id for item in desk.v1.invoice_items.list({"invoice": invoice}).data[::-1])

    desk.v1.invoice_items.update(first, {"amount": 1200, "tax_rates": [vat(desk)], "description": "more"})
    desk.v1.invoice_items.delete(second)

    after = desk.v1.invoices.retrieve(invoice)
    assert (after.subtotal, after.total) == (1200, 1440)
    assert [line.description for line in after.lines.data] == ["more"]


def test_items_of_a_finalized_invoice_stay(desk: Desk) -> None:
    invoice = str(opened(desk, payer(desk), 1000).id)
    item = desk.v1.invoice_items.list({"invoice": invoice}).data[0].id

    for act in (
        lambda: desk.v1.invoice_items.update(item, {"amount": 1}),
        lambda: desk.v1.invoice_items.delete(item),
        lambda: desk.v1.invoices.add_lines(invoice, {"lines": [{"amount": 1}]}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            act()
        assert refused.value.code == "invoice_not_editable"


def test_lines_are_added_changed_and_removed(desk: Desk) -> None:
    customer = payer(desk)
    pending = desk.v1.invoice_items.create({"customer": customer, "amount": 300, "currency": "gbp"})
    invoice = str(draft(desk, customer, 1000).id)

    more = desk.v1.invoices.add_lines(invoice, {"lines": [{"amount": 200}, {"invoice_item": pending.id}]})
    assert [line.amount for line in more.lines.data] == [1000, 200, 300]
    first, second, third = (line.id for line in more.lines.data)
    desk.v1.invoices.line_items.update(invoice, first, {"amount": 900, "description": "less"})
    desk.v1.invoices.update_lines(invoice, {"lines": [{"id": second, "amount": 100}]})
    rest = desk.v1.invoices.remove_lines(
        invoice, {"lines": [{"id": second, "behavior": "delete"}, {"id": third, "behavior": "unassign"}]}
    )

    assert ([line.amount for line in rest.lines.data], rest.total) == ([900], 900)
    assert [item.id for item in desk.v1.invoice_items.list({"pending": True}).data] == [pending.id]


def test_many_lines_are_read_page_by_page(desk: Desk) -> None:
    invoice = draft(desk, payer(desk), *range(1, 13))

    assert (len(invoice.lines.data), invoice.lines.has_more, invoice.total) == (10, True, sum(range(1, 13)))
    every = desk.v1.invoices.line_items.list(str(invoice.id), {"limit": 5})
    assert [line.amount for line in every.auto_paging_iter()] == list(range(1, 13))
    last = desk.v1.invoices.line_items.list(str(invoice.id), {"limit": 2, "ending_before": every.data[3].id})
    assert ([line.amount for line in last.data], last.has_more) == ([2, 3], True)
