"""Coupons, promotion codes and tax rates, and what they make of an invoice."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.billing import draft, opened, payer, vat
from tests.infra.stripe.desk import Desk


def test_exclusive_tax_comes_on_top_and_inclusive_tax_is_inside(desk: Desk) -> None:
    customer = payer(desk)

    on_top = draft(desk, customer, 999, rates=[vat(desk, 20)])
    inside = draft(desk, customer, 999, rates=[vat(desk, 20, inclusive=True)])

    assert (on_top.subtotal, on_top.total, on_top.total_excluding_tax) == (999, 1199, 999)
    assert (inside.subtotal, inside.total, inside.total_excluding_tax, inside.subtotal_excluding_tax) == (
        999,
        999,
        832,
        832,
    )
    (tax,) = inside.total_taxes or []
    assert (tax.amount, tax.taxable_amount, tax.tax_behavior) == (167, 832, "inclusive")


@pytest.mark.parametrize(("exempt", "reason"), [("exempt", "customer_exempt"), ("reverse", "reverse_charge")])
def test_an_exempt_customer_pays_no_tax(desk: Desk, exempt: str, reason: str) -> None:
    invoice = draft(desk, payer(desk, tax_exempt=exempt), 1000, rates=[vat(desk)])

    (tax,) = invoice.total_taxes or []
    assert (invoice.total, tax.amount, tax.taxability_reason) == (1000, 0, reason)


def test_discounts_of_lines_come_before_those_of_the_invoice_and_both_before_tax(desk: Desk) -> None:
    half, fixed = _coupon(desk, percent_off=50), _coupon(desk, amount_off=100, currency="gbp")
    customer = payer(desk)
    invoice = str(draft(desk, customer, 1000, default_tax_rates=[vat(desk)], discounts=[{"coupon": fixed}]).id)
    desk.v1.invoice_items.create(
        {"customer": customer, "invoice": invoice, "amount": 600, "discounts": [{"coupon": half}]}
    )

    read = desk.v1.invoices.retrieve(invoice, {"expand": ["discounts.source.coupon", "lines.data.discounts"]})

    assert (read.subtotal, read.total_excluding_tax, read.total) == (1300, 1200, 1440)
    assert sorted(each.amount for each in read.total_discount_amounts or []) == [100, 300]
    discount = read.discounts[0]
    assert isinstance(discount, stripe.Discount)
    assert isinstance(discount.source.coupon, stripe.Coupon)
    assert discount.source.coupon.times_redeemed == 1
    assert isinstance(read.lines.data[1].discounts[0], stripe.Discount)


def test_a_coupon_of_some_products_takes_nothing_off_others(desk: Desk) -> None:
    customer, product = payer(desk), desk.v1.products.create({"name": "Visit"})
    coupon = _coupon(desk, percent_off=10, applies_to={"products": [product.id]})
    invoice = str(draft(desk, customer, 1000, discounts=[{"coupon": coupon}]).id)
    desk.v1.invoice_items.create(
        {
            "customer": customer,
            "invoice": invoice,
            "price_data": {"currency": "gbp", "product": product.id, "unit_amount": 500},
        }
    )

    assert desk.v1.invoices.retrieve(invoice).total == 1450


def test_a_coupon_is_redeemed_so_often_and_no_more(desk: Desk) -> None:
    customer, coupon = payer(desk), _coupon(desk, percent_off=10, max_redemptions=1)
    opened(desk, customer, 1000, discounts=[{"coupon": coupon}])

    assert desk.v1.coupons.retrieve(coupon).valid is False
    with pytest.raises(stripe.InvalidRequestError) as spent:
        draft(desk, customer, 1000, discounts=[{"coupon": coupon}])
    assert spent.value.code == "coupon_expired"


def test_a_deleted_coupon_lives_on_in_its_discounts(desk: Desk) -> None:
    customer, coupon = payer(desk), _coupon(desk, percent_off=10)
    invoice = str(draft(desk, customer, 1000, discounts=[{"coupon": coupon}]).id)

    desk.v1.coupons.delete(coupon)

    assert desk.v1.invoices.finalize_invoice(invoice).total == 900
    with pytest.raises(stripe.InvalidRequestError):
        draft(desk, customer, 1000, discounts=[{"coupon": coupon}])


def test_a_promotion_code_redeems_its_coupon(desk: Desk) -> None:
    customer, coupon = payer(desk), _coupon(desk, percent_off=25)
    code = desk.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon}, "code": "SPRING"})
    mine = desk.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon}, "customer": customer})

    assert draft(desk, customer, 1000, discounts=[{"promotion_code": code.id}]).total == 750
    assert desk.v1.promotion_codes.retrieve(code.id).times_redeemed == 1
    with pytest.raises(stripe.InvalidRequestError):
        draft(desk, payer(desk), 1000, discounts=[{"promotion_code": mine.id}])
    desk.v1.promotion_codes.update(code.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError):
        draft(desk, customer, 1000, discounts=[{"promotion_code": code.id}])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"percent_off": 10, "amount_off": 5, "currency": "gbp"},
        {"percent_off": 0},
        {"percent_off": 100.5},
        {"amount_off": 5},
        {"amount_off": -5, "currency": "gbp"},
        {"percent_off": 5, "duration": "repeating"},
        {"percent_off": 5, "duration": "once", "duration_in_months": 2},
        {"percent_off": 5, "id": "no spaces"},
        {"percent_off": 5, "redeem_by": 1},
    ],
)
def test_a_senseless_coupon_is_refused(desk: Desk, given: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.coupons.create(given)


@pytest.mark.parametrize("percentage", [-1, 100.1, 1.00001])
def test_a_senseless_tax_rate_is_refused(desk: Desk, percentage: float) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        vat(desk, percentage)


def test_an_archived_tax_rate_is_for_old_documents_only(desk: Desk) -> None:
    customer, rate = payer(desk), vat(desk)
    invoice = str(draft(desk, customer, 1000, rates=[rate]).id)

    desk.v1.tax_rates.update(rate, {"active": False})

    assert desk.v1.invoices.finalize_invoice(invoice).total == 1200
    with pytest.raises(stripe.InvalidRequestError):
        draft(desk, customer, 1000, rates=[rate])


def _coupon(desk: Desk, **given: Any) -> str:
    params: Any = {"duration": "once", **given}
    return desk.v1.coupons.create(params).id
