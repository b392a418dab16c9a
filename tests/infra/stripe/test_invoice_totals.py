"""What an invoice says of itself fits together: its totals are the sums of its lines, and the due amount follows."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.stripe.billing import payer, vat
from tests.infra.stripe.desk import Desk

_rates = st.lists(st.tuples(st.sampled_from([2.5, 5.0, 19.6, 20.0]), st.booleans()), max_size=2)


@settings(max_examples=40, deadline=None)
@given(
    lines=st.lists(st.tuples(st.integers(-500, 5000), _rates), min_size=1, max_size=4),
    percent=st.sampled_from([None, 3.3, 10, 100]),
    amount_off=st.sampled_from([None, 1, 99, 7000]),
    balance=st.integers(-3000, 3000),
)
def test_an_invoice_adds_up(
    shared_desk: Desk, lines: list[tuple[int, Any]], percent: float | None, amount_off: int | None, balance: int
) -> None:
    desk, customer = shared_desk, payer(shared_desk)
    if balance:
        desk.v1.customers.balance_transactions.create(customer, {"amount": balance, "currency": "gbp"})
    for amount, rates in lines:
        tax_rates = [vat(desk, percentage, inclusive=inclusive) for percentage, inclusive in rates]
        item: Any = {"customer": customer, "amount": amount, "currency": "gbp", "tax_rates": tax_rates}
        desk.v1.invoice_items.create(item)
    wanted: list[Any] = [{"percent_off": percent}] if percent else []
    wanted += [{"amount_off": amount_off, "currency": "gbp"}] if amount_off else []
    discounts = [{"coupon": desk.v1.coupons.create(each).id} for each in wanted]
    params: Any = {"customer": customer, "pending_invoice_items_behavior": "include", "discounts": discounts}
    draft = desk.v1.invoices.create(params)

    invoice = desk.http("POST", f"/v1/invoices/{draft.id}/finalize").body

    found = invoice["lines"]["data"]
    taken = sum(each["amount"] for line in found for each in line["discount_amounts"])
    taxes = [tax for line in found for tax in line["taxes"]]
    on_top = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "exclusive")
    assert sum(line["amount"] for line in found) == sum(amount for amount, _ in lines) == invoice["subtotal"]
    assert invoice["total"] == invoice["subtotal"] - taken + on_top
    assert invoice["total_excluding_tax"] == invoice["total"] - sum(tax["amount"] for tax in taxes)
    assert sum(each["amount"] for each in invoice["total_discount_amounts"]) == taken
    assert sum(each["amount"] for each in invoice["total_taxes"]) == sum(tax["amount"] for tax in taxes)
    assert invoice["amount_due"] + invoice["ending_balance"] == invoice["total"] + balance
    assert (invoice["status"] == "paid") is (invoice["amount_due"] == 0)
