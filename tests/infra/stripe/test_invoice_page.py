"""The hosted page of an invoice, driven by plain forms; and a bank debit that pays an invoice later."""

from typing import Any

from tests.infra.stripe.billing import default_intent, draft, opened, payer
from tests.infra.stripe.desk import Desk, Reply


def test_the_page_shows_the_lines_escaped_and_what_is_due(desk: Desk) -> None:
    customer = payer(desk)
    item: Any = {"customer": customer, "amount": 123456, "currency": "gbp", "description": "<b>Pump & hose</b>"}
    desk.v1.invoice_items.create(item)
    made = desk.v1.invoices.create({"customer": customer, "pending_invoice_items_behavior": "include"})
    invoice = desk.v1.invoices.finalize_invoice(str(made.id))

    page = _get(desk, str(invoice.hosted_invoice_url))

    assert (page.status, "&lt;b&gt;Pump &amp; hose&lt;/b&gt;" in page.text, "<b>Pump" in page.text) == (
        200,
        True,
        False,
    )
    assert "Pay £1,234.56" in page.text
    assert f"Invoice {invoice.number}" in page.text
    assert desk.http("GET", f"/_hosted/invoices/{draft(desk, customer, 5).id}").status == 404


def test_a_declined_payer_reads_why_and_pays_with_another_card(desk: Desk) -> None:
    invoice = opened(desk, payer(desk), 1000)
    url = str(invoice.hosted_invoice_url)

    assert _post(desk, url, "pm_card_visa_chargeDeclinedInsufficientFunds").status == 303
    assert "insufficient funds" in _get(desk, url).text
    assert _post(desk, url, "pm_none").status == 400
    assert [_post(desk, url, "pm_card_visa").status for _ in range(2)] == [303, 200]

    assert desk.v1.invoices.retrieve(str(invoice.id)).status == "paid"
    assert [charge.paid for charge in desk.v1.charges.list().data] == [True, False]
    assert "Pay £" not in _get(desk, url).text


def test_the_bank_of_a_payer_can_be_asked_on_the_way(desk: Desk) -> None:
    invoice = opened(desk, payer(desk), 1000)
    url = str(invoice.hosted_invoice_url)

    asked = _post(desk, url, "pm_card_threeDSecure2Required")
    back = desk.http("POST", _path(desk, asked.headers["Location"]), "result=success")

    assert back.headers["Location"].startswith(url)
    assert desk.v1.invoices.retrieve(str(invoice.id)).status == "paid"


def test_a_debit_pays_the_invoice_when_the_bank_answers(desk: Desk) -> None:
    good, bad = (opened(desk, payer(desk, email="ada@example.com"), 1000) for _ in range(2))
    _post(desk, str(good.hosted_invoice_url), "pm_bacsDebit_success")
    _post(desk, str(bad.hosted_invoice_url), "pm_bacsDebit_insufficientFunds")
    assert {desk.v1.invoices.retrieve(str(each.id)).status for each in (good, bad)} == {"open"}
    assert default_intent(desk, str(good.id)).status == "processing"

    desk.control("settle")

    assert desk.v1.invoices.retrieve(str(good.id)).status == "paid"
    failed = desk.v1.invoices.retrieve(str(bad.id))
    assert (failed.status, failed.attempted) == ("open", True)
    assert "invoice.payment_failed" in desk.event_types()


def test_money_that_arrives_after_a_credit_note_is_credit_of_the_customer(desk: Desk) -> None:
    customer = payer(desk, email="ada@example.com")
    invoice = opened(desk, customer, 1000)
    _post(desk, str(invoice.hosted_invoice_url), "pm_bacsDebit_success")
    desk.v1.credit_notes.create({"invoice": str(invoice.id), "amount": 1000})

    desk.control("settle")

    after = desk.v1.invoices.retrieve(str(invoice.id))
    assert (after.status, after.amount_paid, after.amount_overpaid) == ("paid", 0, 1000)
    assert desk.v1.customers.retrieve(customer).balance == -1000


def _path(desk: Desk, url: str) -> str:
    return url.removeprefix(desk.server.url)


def _get(desk: Desk, url: str) -> Reply:
    return desk.http("GET", _path(desk, url))


def _post(desk: Desk, url: str, method: str) -> Reply:
    return desk.http("POST", _path(desk, url), f"payment_method={method}")
