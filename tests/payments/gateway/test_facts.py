"""Stripe's objects as JSON: one with all that is in it, and many, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.objects import ObjectPage, TooManyPages, Window
from chalicelib.platform.errors import Refused, Unavailable
from tests.payments.gateway.scripted import ScriptedStripe
from tests.payments.gateway.test_intents import a_payment

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW = Window(SINCE, SINCE + timedelta(days=1))
ALWAYS = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def a_list(*ids: str, has_more: bool = False, **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": each} for each in ids], "has_more": has_more, **more}


def test_an_intent_comes_with_its_charge_and_as_plain_json(gateway: StripeGateway) -> None:
    made = gateway.create_intent(a_payment(), gateway.create_customer("acc_1"))
    intent = gateway.read("payment_intent", made.intent_id)
    assert intent is not None
    assert type(intent["latest_charge"]) is dict
    assert (intent["amount"], intent["latest_charge"]["id"]) == (500, made.charge_id)
    assert intent["metadata"] == {"payment_id": "pay_1", "account_id": "acc_1"}
    charge = gateway.read("charge", str(made.charge_id))
    assert charge is not None
    assert charge["payment_intent"] == made.intent_id


@pytest.mark.parametrize("kind", ["charge", "customer", "payment_intent", "payment_method", "refund", "setup_intent"])
def test_what_stripe_does_not_have_is_none(gateway: StripeGateway, kind: str) -> None:
    assert gateway.read(kind, "id_none") is None


def test_a_kind_that_the_desk_does_not_read_is_none_and_costs_nothing(
    script: ScriptedStripe, scripted: StripeGateway
) -> None:
    assert scripted.read("issuing.card", "ic_1") is None
    assert script.asked == []


def test_what_cannot_be_read_now_is_not_taken_for_absent(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.refuses(403)
    with pytest.raises(Refused):
        scripted.read("charge", "ch_1")
    script.refuses(500, times=2)
    with pytest.raises(Unavailable):
        scripted.read("charge", "ch_1")


def test_an_id_cannot_lead_elsewhere(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says({"id": "x"})
    scripted.read("charge", "../customers?limit=1")
    assert script.only.path == "/v1/charges/..%2Fcustomers%3Flimit%3D1"


def test_numbers_stay_as_stripe_wrote_them(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says({"id": "price_1", "object": "price", "unit_amount": 0, "unit_amount_decimal": "0.05"})
    assert scripted.read("price", "price_1") == {
        "id": "price_1", "object": "price", "unit_amount": 0, "unit_amount_decimal": "0.05"
    }  # fmt: skip


def test_an_invoice_is_read_with_all_its_lines_and_payments(script: ScriptedStripe, scripted: StripeGateway) -> None:
    lines = a_list("il_1", "il_2", has_more=True, url="/v1/invoices/in_1/lines")
    script.says({"id": "in_1", "object": "invoice", "lines": lines, "payments": a_list("inpay_1")})
    script.says(a_list("il_3", "il_4", has_more=True))
    script.says(a_list("il_5"))
    invoice = scripted.read("invoice", "in_1")
    assert invoice is not None
    assert [line["id"] for line in invoice["lines"]["data"]] == ["il_1", "il_2", "il_3", "il_4", "il_5"]
    assert not invoice["lines"]["has_more"]
    first, *rest = script.asked
    assert first.params == {"expand[0]": "payments"}
    assert [(asked.path, asked.params["starting_after"]) for asked in rest] == [
        ("/v1/invoices/in_1/lines", "il_2"),
        ("/v1/invoices/in_1/lines", "il_4"),
    ]


def test_an_intent_names_the_invoice_that_it_pays(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says({"object": "list", "data": [{"id": "inpay_1", "invoice": "in_1"}], "has_more": False})
    assert scripted.invoice_of_intent("pi_1") == "in_1"
    asked = script.only
    assert asked.path == "/v1/invoice_payments"
    assert asked.params == {"payment[type]": "payment_intent", "payment[payment_intent]": "pi_1", "limit": "1"}
    script.says(a_list())
    assert scripted.invoice_of_intent("pi_2") is None


def test_a_page_asks_for_its_window(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_list("evt_2", "evt_1", has_more=True))
    page = scripted.page("event", WINDOW, after="evt_3", types=["charge.failed", "charge.succeeded"])
    assert page == ObjectPage(({"id": "evt_2"}, {"id": "evt_1"}), "evt_1")
    assert (script.only.method, script.only.path) == ("GET", "/v1/events")
    assert script.only.params == {
        "limit": "100",
        "created[gte]": str(int(SINCE.timestamp())),
        "created[lt]": str(int(SINCE.timestamp()) + 86_400),
        "types[0]": "charge.failed",
        "types[1]": "charge.succeeded",
        "starting_after": "evt_3",
    }


def test_ended_subscriptions_are_listed_too(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_list())
    assert scripted.page("subscription", WINDOW) == ObjectPage((), None)
    assert script.only.params["status"] == "all"


def test_all_pages_are_read_until_the_last(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_list("ch_3", "ch_2", has_more=True))
    script.says(a_list("ch_1"))
    assert [charge["id"] for charge in scripted.each("charge", WINDOW)] == ["ch_3", "ch_2", "ch_1"]


def test_more_than_is_read_in_one_go_is_never_left_out_in_silence(
    script: ScriptedStripe, scripted: StripeGateway
) -> None:
    script.says(a_list("ch_3", has_more=True))
    script.says(a_list("ch_2", has_more=True))
    read = []
    with pytest.raises(TooManyPages) as more:
        read += [charge["id"] for charge in scripted.each("charge", WINDOW, most_pages=2)]
    assert more.value.after == "ch_2"
    assert len(script.asked) == 2


def test_what_has_no_list_is_a_mistake_of_ours(scripted: StripeGateway) -> None:
    with pytest.raises(ValueError, match="does not list"):
        scripted.page("mandate", WINDOW)


def test_what_was_done_is_found_again(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    made = [gateway.create_intent(a_payment(f"pay_{n}"), customer).intent_id for n in range(3)]
    assert {each["id"] for each in gateway.each("payment_intent", ALWAYS)} == set(made)
    succeeded = list(gateway.each("event", ALWAYS, types=["payment_intent.succeeded"]))
    assert {event["data"]["object"]["id"] for event in succeeded} == set(made)
    assert list(gateway.each("refund", ALWAYS)) == []
