"""Billing requests of every form: never a failure of the server, and never paid twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.stripe.billing import opened, paid, payer
from tests.infra.stripe.desk import Desk

_NAMES = [
    "amount", "currency", "customer", "invoice", "quantity", "unit_amount_decimal", "pricing[price]", "discounts",
    "period[start]", "period[end]", "discounts[0][coupon]", "discounts[0][discount]", "tax_rates[]", "due_date",
    "default_tax_rates[]", "collection_method", "days_until_due", "auto_advance", "pending_invoice_items_behavior",
    "lines[0][type]", "lines[0][amount]", "lines[0][quantity]", "lines[0][id]", "lines[0][behavior]",
    "lines[0][invoice_item]", "lines[0][invoice_line_item]", "lines[0][unit_amount]", "lines[0][description]",
    "credit_amount", "refund_amount", "refunds[0][refund]", "out_of_band_amount", "percent_off", "amount_off",
    "duration", "percentage", "inclusive", "display_name", "promotion[type]", "promotion[coupon]", "payment_method",
    "payment_intent", "paid_out_of_band", "expand[]", "effective_at", "metadata[a]", "redeem_by", "id",
]  # fmt: skip
_VALUES = [
    "", "0", "1", "-1", "500", "9" * 14, "0.5", "true", "gbp", "eur", "xyz", "CUSTOMER", "INVOICE", "PAID", "LINE",
    "send_invoice", "charge_automatically", "include", "delete", "unassign", "once", "coupon", "invoice_line_item",
    "custom_line_item", "payments", "discounts", "lines.data", "\xe9", "\0",
]  # fmt: skip
# What each operation takes, so that what is changed of it reaches beyond the first check.
_FORMS = {
    "invoices": {"customer": "CUSTOMER", "collection_method": "send_invoice", "days_until_due": "1"},
    "invoiceitems": {"customer": "CUSTOMER", "amount": "500", "currency": "gbp"},
    "invoices/INVOICE": {"description": "d"},
    "invoices/INVOICE/add_lines": {"lines[0][amount]": "500"},
    "invoices/INVOICE/update_lines": {"lines[0][id]": "LINE", "lines[0][amount]": "500"},
    "invoices/INVOICE/remove_lines": {"lines[0][id]": "LINE", "lines[0][behavior]": "unassign"},
    "invoices/INVOICE/lines/LINE": {"amount": "500"},
    "invoices/INVOICE/pay": {},
    "invoices/PAID/attach_payment": {},
    "credit_notes": {"invoice": "PAID", "amount": "1", "credit_amount": "1"},
    "tax_rates": {"display_name": "VAT", "inclusive": "true", "percentage": "20"},
    "coupons": {"percent_off": "10"},
    "promotion_codes": {"promotion[type]": "coupon", "promotion[coupon]": "none"},
    "customers/CUSTOMER/balance_transactions": {"amount": "1", "currency": "gbp"},
}
_changes = st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_VALUES), max_size=3)


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(sorted(_FORMS)), changes=_changes)
def test_no_billing_form_makes_the_server_fail(shared_desk: Desk, path: str, changes: dict[str, str]) -> None:
    names = _known(shared_desk)
    body = _form(names, _FORMS[path] | changes)
    for word, value in names.items():
        path = path.replace(word, value)

    assert shared_desk.http("POST", f"/v1/{path}", body.encode()).status < 500


@settings(max_examples=100, deadline=None)
@given(changes=_changes)
def test_no_preview_makes_the_server_fail(shared_desk: Desk, changes: dict[str, str]) -> None:
    form = _FORMS["credit_notes"] | {name: value for name, value in changes.items() if value.isascii()}
    query = _form(_known(shared_desk), form).replace("\0", "%00")

    assert shared_desk.http("GET", f"/v1/credit_notes/preview?{query}").status < 500


def test_an_invoice_is_paid_once_however_many_ask(desk: Desk) -> None:
    invoice = str(opened(desk, payer(desk), 1000).id)

    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(lambda _: _try_pay(desk, invoice), range(6)))

    assert accepted.count(True) == 1
    assert len(desk.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    "kind", ["invoices", "invoiceitems", "credit_notes", "tax_rates", "coupons", "promotion_codes", "invoice_payments"]
)
def test_an_unknown_document_is_404(desk: Desk, kind: str) -> None:
    assert desk.http("GET", f"/v1/{kind}/none").status == 404


def _try_pay(desk: Desk, invoice: str) -> bool:
    try:
        desk.v1.invoices.pay(invoice)
    except stripe.InvalidRequestError:
        return False
    return True


def _form(names: dict[str, str], pairs: dict[str, str]) -> str:
    return "&".join(f"{name}={names.get(value, value)}" for name, value in pairs.items())


def _known(desk: Desk) -> dict[str, str]:
    """Words for ids; made once for the shared server, and an invoice that is a draft no more is replaced."""
    drafts = desk.v1.invoices.list({"status": "draft", "limit": 1}).data
    done = desk.v1.invoices.list({"status": "paid", "limit": 1}).data
    if not drafts or not done:
        customer = payer(desk)
        done = [paid(desk, customer, 1000)]
        fresh = desk.v1.invoices.create({"customer": customer})
        desk.v1.invoice_items.create({"customer": customer, "invoice": str(fresh.id), "amount": 900})
        drafts = [desk.v1.invoices.retrieve(str(fresh.id))]
    line = drafts[0].lines.data[0].id if drafts[0].lines.data else "il_none"
    return {"CUSTOMER": str(drafts[0].customer), "INVOICE": str(drafts[0].id), "PAID": str(done[0].id), "LINE": line}
