"""Stripe's pages: what they are asked to show, and where they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.hosted import HostedPage, PayLine, PayPage, Returns, SetupPage
from chalicelib.platform.errors import Conflict, Refused, Unprocessable
from tests.payments.gateway.scripted import ScriptedStripe

UNTIL = datetime(2026, 11, 3, 9, tzinfo=UTC)
RETURNS = Returns("https://desk.example/done", "https://desk.example/back")
PAY = PayPage(
    "pay_1", "acc_1", "cus_1", "GBP", (PayLine("Bill 2026-001", 3300), PayLine("Credit", 700)), UNTIL, RETURNS
)
SETUP = SetupPage("set_1", "acc_1", "cus_1", "GBP", RETURNS)
URL = "https://checkout.example/c/pay/cs_1#secret"


def a_session(url: str | None = URL) -> dict[str, Any]:
    return {"id": "cs_1", "object": "checkout.session", "url": url, "expires_at": int(UNTIL.timestamp())}


def test_a_page_to_pay_shows_each_line_and_names_payment_and_account(
    script: ScriptedStripe, scripted: StripeGateway
) -> None:
    script.says(a_session())
    assert scripted.pay_page(PAY) == HostedPage("cs_1", URL, UNTIL)
    asked = script.only
    assert (asked.path, asked.key) == ("/v1/checkout/sessions", "desk-link-pay_1")
    assert asked.params == {
        "mode": "payment",
        "customer": "cus_1",
        "client_reference_id": "pay_1",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "gbp",
        "line_items[0][price_data][unit_amount]": "3300",
        "line_items[0][price_data][product_data][name]": "Bill 2026-001",
        "line_items[1][quantity]": "1",
        "line_items[1][price_data][currency]": "gbp",
        "line_items[1][price_data][unit_amount]": "700",
        "line_items[1][price_data][product_data][name]": "Credit",
        "metadata[payment_id]": "pay_1",
        "metadata[account_id]": "acc_1",
        "payment_intent_data[metadata][payment_id]": "pay_1",
        "payment_intent_data[metadata][account_id]": "acc_1",
        "expires_at": str(int(UNTIL.timestamp())),
        "success_url": RETURNS.done,
        "cancel_url": RETURNS.back,
    }


def test_a_page_to_save_a_method_is_for_the_currency_of_the_account(
    script: ScriptedStripe, scripted: StripeGateway
) -> None:
    script.says(a_session())
    assert scripted.setup_page(SETUP) == HostedPage("cs_1", URL, UNTIL)
    asked = script.only
    assert (asked.path, asked.key) == ("/v1/checkout/sessions", "desk-setup-set_1")
    assert asked.params == {
        "mode": "setup",
        "customer": "cus_1",
        "currency": "gbp",
        "metadata[setup_id]": "set_1",
        "metadata[account_id]": "acc_1",
        "setup_intent_data[metadata][setup_id]": "set_1",
        "setup_intent_data[metadata][account_id]": "acc_1",
        "success_url": RETURNS.done,
        "cancel_url": RETURNS.back,
    }


def test_the_portal_leads_back(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says({"id": "bps_1", "object": "billing_portal.session", "url": "https://portal.example/1"})
    page = scripted.portal_page("por_1", "cus_1", "https://desk.example")
    assert page == HostedPage("bps_1", "https://portal.example/1")
    assert script.only.params == {"customer": "cus_1", "return_url": "https://desk.example"}


def test_a_page_that_is_done_has_no_address(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_session(url=None))
    with pytest.raises(Conflict):
        scripted.pay_page(PAY)


def test_an_amount_that_stripe_does_not_take_names_the_field(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.refuses(400, code="amount_too_small", param="line_items")
    with pytest.raises(Unprocessable) as no:
        scripted.pay_page(PAY)
    assert [error.pointer for error in no.value.errors] == ["/amount/amount_minor"]


def test_a_page_is_closed_once(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_session(url=None))
    scripted.close_page("cs_1")
    assert script.only.path == "/v1/checkout/sessions/cs_1/expire"
    script.refuses(400)
    with pytest.raises(Conflict):
        scripted.close_page("cs_1")
    script.refuses(404, code="resource_missing", param="session")
    with pytest.raises(Refused):
        scripted.close_page("cs_none")
