"""A bill of ours says exactly what Stripe's invoice says."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror import StripeCredit, mirrored
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.mirror_shapes import Unmirrorable
from chalicelib.billing.model import Invoice, LineKind
from tests.billing.stripe_bills import NOVEMBER, a_stripe_invoice, a_stripe_line, a_tax

LONDON = ZoneInfo("Europe/London")
FIBRE = CataloguePrice(price_id="price_fibre", product_id="prod_fibre", code="BB-FIBRE-100", currency="GBP")


def bill(*lines: dict[str, Any], prices: tuple[CataloguePrice, ...] = (FIBRE,), **changes: Any) -> Invoice:
    read = StripeBill.model_validate(a_stripe_invoice(*lines, **changes))
    return mirrored(read, "acc_1", {price.price_id: price for price in prices}, read.known_rates, LONDON)


def test_a_plain_bill() -> None:
    mine = bill()
    assert (mine.invoice_id, mine.number, mine.period) == ("inv_in_1", "ABC-0001", "2026-11")
    assert (mine.issued_on, mine.due_on) == (date(2026, 11, 1), date(2026, 11, 15))
    assert (mine.net_minor, mine.tax_minor, mine.total_minor, mine.currency) == (3000, 600, 3600, "GBP")
    (line,) = mine.lines
    assert (line.kind, line.code, line.tax_rate_bp) == (LineKind.SUBSCRIPTION, "BB-FIBRE-100", 2000)
    assert line.description == "1 × Fibre (at £30.00 / month)"


def test_the_day_of_issue_is_that_of_the_place_where_the_desk_bills() -> None:
    summer_midnight = 1_782_860_400  # 30 June 2026, 23:00 UTC
    mine = bill(status_transitions={"finalized_at": summer_midnight}, due_date=None)
    assert mine.issued_on == mine.due_on == date(2026, 7, 1)


def test_the_period_is_the_one_that_is_billed_not_the_one_that_is_over() -> None:
    assert bill(period_start=1).period == "2026-11"
    once = a_stripe_line(parent={"invoice_item_details": {"proration": False}}, period={"start": 1, "end": 1})
    assert bill(once, created=NOVEMBER - 86_400).period == "2026-10"


def test_kinds_follow_from_where_a_line_comes_from() -> None:
    metered = FIBRE.model_copy(update={"is_metered": True})
    assert bill(prices=(metered,)).lines[0].kind is LineKind.USAGE
    prorated = {"subscription_item_details": {"proration": True}}
    assert bill(a_stripe_line(parent=prorated)).lines[0].kind is LineKind.PRORATION
    single = bill(a_stripe_line(parent=None, pricing=None, description=None)).lines[0]
    assert (single.kind, single.code, single.description) == (LineKind.ONE_OFF, "one_off", "Charge")


def test_a_discount_is_a_line_of_its_own_with_its_own_tax() -> None:
    charge, discount = bill(a_stripe_line(5000, discounts=(500,))).lines
    assert (charge.net_minor, charge.tax_minor, charge.tax_rate_bp) == (5000, 1000, 2000)
    assert (discount.kind, discount.net_minor, discount.tax_minor) == (LineKind.DISCOUNT, -500, -100)


def test_tax_in_the_price_is_taken_out_of_charge_and_discount() -> None:
    charge, discount = bill(a_stripe_line(1200, discounts=(120,), inclusive=True)).lines
    assert (charge.net_minor, charge.tax_minor) == (1000, 200)
    assert (discount.net_minor, discount.tax_minor) == (-100, -20)


def test_a_free_bill_shows_what_it_would_have_cost() -> None:
    mine = bill(a_stripe_line(3000, discounts=(3000,)))
    assert [line.net_minor for line in mine.lines] == [3000, -3000]
    assert mine.total_minor == 0


def test_quantities_stay_where_they_divide_the_amount() -> None:
    assert bill(a_stripe_line(3000, quantity=3)).lines[0].unit_amount_minor == 1000
    uneven = bill(a_stripe_line(1000, quantity=3)).lines[0]
    assert (uneven.quantity, uneven.unit_amount_minor) == (1, 1000)
    assert bill(a_stripe_line(0, quantity=0)).lines[0].quantity == 1


def test_delivery_is_a_line() -> None:
    shipped = {"amount_subtotal": 500, "amount_tax": 100, "amount_total": 600}
    mine = bill(shipping_cost=shipped, total=4200, total_excluding_tax=3500)
    assert [line.code for line in mine.lines] == ["BB-FIBRE-100", "shipping"]
    assert (mine.net_minor, mine.tax_minor) == (3500, 700)


def test_tax_that_was_rounded_once_for_the_bill_is_levelled() -> None:
    mine = bill(*(a_stripe_line(33, tax=7) for _ in range(3)), total=99 + 20)
    assert sorted(line.tax_minor for line in mine.lines) == [6, 7, 7]


def test_rates_finer_than_basis_points_and_unknown_rates_hold() -> None:
    fine = [{"id": "txr_vat", "percentage": 8.875}]
    assert bill(a_stripe_line(1_000_000, tax=88_750), default_tax_rates=fine).lines[0].tax_rate_bp == 888
    assert bill(a_stripe_line(2000, tax=400), default_tax_rates=[]).lines[0].tax_rate_bp == 2000


@pytest.mark.parametrize(
    "wrong",
    [
        a_stripe_invoice(total=3601, total_excluding_tax=3001),
        a_stripe_invoice(total_excluding_tax=3100, total=3600),
        a_stripe_invoice(a_stripe_line(10, tax=500)),
    ],
)
def test_what_does_not_add_up_is_said(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unmirrorable):
        mirrored(StripeBill.model_validate(wrong), "acc_1", {}, {}, LONDON)


def test_a_credit_note_with_its_tax() -> None:
    about = {"id": "cn_1", "status": "void", "amount": 120, "created": NOVEMBER, "total_taxes": [a_tax(20)]}
    read = StripeCredit.model_validate(about)
    note = read.mirrored("inv_in_1", "acc_1")
    assert (note.credit_note_id, note.amount_minor, note.tax_minor, read.is_void) == ("cn_1", 120, 20, True)


@st.composite
def stripe_lines(draw: st.DrawFn) -> dict[str, Any]:
    """A line with up to three discounts and up to two taxes, each included in the price or on top of it."""
    amount = draw(st.integers(-2_000_000, 2_000_000))
    discounts, left = [], amount
    for _ in range(draw(st.integers(0, 3)) if amount > 0 else 0):
        discounts.append(draw(st.integers(0, left)))
        left -= discounts[-1]
    percents = draw(st.lists(st.sampled_from([0, 500, 887, 1900, 2000, 2750]), max_size=2))
    inclusive = draw(st.booleans())
    whole = 10_000 + sum(percents) if inclusive else 10_000
    taxes = [a_tax(round(left * bp / whole), inclusive=inclusive, rate=f"txr_{bp}") for bp in percents]
    quantity = draw(st.sampled_from([None, 0, 1, 2, 7]))
    return a_stripe_line(amount, discounts=tuple(discounts), taxes=taxes, quantity=quantity)


@given(st.lists(stripe_lines(), min_size=1, max_size=6), st.booleans())
def test_every_sum_is_stripes_own(lines: list[dict[str, Any]], known: bool) -> None:
    rates = [{"id": f"txr_{bp}", "percentage": bp / 100} for bp in (0, 500, 887, 1900, 2000, 2750)]
    theirs = a_stripe_invoice(*lines, default_tax_rates=rates if known else [])
    mine = bill(*lines, default_tax_rates=theirs["default_tax_rates"])
    assert (mine.total_minor, mine.net_minor) == (theirs["total"], theirs["total_excluding_tax"])
    assert len(mine.lines) == len(lines) + sum(
        bool(each["amount"]) for line in lines for each in line["discount_amounts"]
    )
