"""Each error of Stripe as one of ours, and what every request carries."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from chalicelib.payments.declines import GENERIC
from chalicelib.payments.gateway import StripeGateway, client
from chalicelib.payments.processor import AuthenticationRequired, CardDeclined, Intent
from chalicelib.platform.errors import Conflict, DeskError, Refused, Unavailable, Unprocessable
from infra.local.stripe.server import LocalStripe
from tests.payments.gateway.conftest import KEY
from tests.payments.gateway.scripted import ScriptedStripe
from tests.payments.gateway.test_intents import a_payment

CARD: dict[str, Any] = {"type": "card_error", "payment_intent": {"id": "pi_1", "object": "payment_intent"}}


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, CardDeclined, "insufficient_funds"),
        ({"code": "expired_card"}, CardDeclined, "expired_card"),
        ({}, CardDeclined, GENERIC),
        ({"code": "authentication_required"}, AuthenticationRequired, "authentication_required"),
        (
            {"code": "card_declined", "decline_code": "authentication_required"},
            AuthenticationRequired,
            "authentication_required",
        ),
    ],
)
def test_a_decline(
    script: ScriptedStripe, scripted: StripeGateway, error: dict[str, Any], kind: type[CardDeclined], code: str
) -> None:
    script.refuses(402, **CARD, **error)
    with pytest.raises(CardDeclined) as no:
        scripted.create_intent(a_payment(), "cus_1")
    assert (type(no.value), no.value.code, no.value.intent_id) == (kind, code, "pi_1")


@pytest.mark.parametrize(
    ("status", "error", "kind", "pointer"),
    [
        (400, {"param": "payment_method", "code": "resource_missing"}, Unprocessable, "/payment_method"),
        (400, {"param": "payment_method_types[0]"}, Unprocessable, "/payment_method"),
        (400, {"param": "mandate_data"}, Unprocessable, "/payment_method"),
        (400, {"param": "amount", "code": "amount_too_small"}, Unprocessable, "/amount/amount_minor"),
        (400, {"param": "amount", "code": "amount_too_large"}, Unprocessable, "/amount/amount_minor"),
        (400, {"param": "customer", "code": "resource_missing"}, Refused, None),
        (400, {"code": "parameter_unknown"}, Refused, None),
        (400, {"type": "idempotency_error"}, Refused, None),
        (401, {"code": "api_key_invalid"}, Refused, None),
        (403, {}, Refused, None),
        (400, {"code": "charge_already_refunded"}, Conflict, None),
        (400, {"code": "charge_disputed"}, Conflict, None),
        (400, {"code": "payment_intent_unexpected_state"}, Conflict, None),
    ],
)
def test_what_no_repeat_mends(
    script: ScriptedStripe,
    scripted: StripeGateway,
    status: int,
    error: dict[str, Any],
    kind: type[DeskError],
    pointer: str | None,
) -> None:
    script.refuses(status, **error)
    with pytest.raises(DeskError) as no:
        scripted.create_intent(a_payment(), "cus_1")
    assert type(no.value) is kind
    assert [each.pointer for each in getattr(no.value, "errors", ())] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("status", "error"), [(409, {"code": "idempotency_key_in_use"}), (429, {}), (500, {}), (503, {})]
)
def test_what_a_repeat_may_mend_is_tried_twice_under_one_key(
    script: ScriptedStripe, scripted: StripeGateway, status: int, error: dict[str, Any]
) -> None:
    script.refuses(status, times=2, **error)
    with pytest.raises(Unavailable):
        scripted.create_intent(a_payment(), "cus_1")
    assert {asked.key for asked in script.asked} == {"desk-intent-pay_1"}
    assert len(script.asked) == (1 if status == 429 else 2)


def test_the_second_try_counts(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.refuses(500)
    script.says({"id": "cus_1", "object": "customer"})
    assert scripted.create_customer("acc_1") == "cus_1"


def test_an_answer_that_is_not_json_is_unavailable(script: ScriptedStripe, scripted: StripeGateway) -> None:
    for _ in range(2):
        script.says(b"<html>we are moving</html>", 502)
    with pytest.raises(Unavailable):
        scripted.create_customer("acc_1")


def test_nobody_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unavailable):
            StripeGateway(lambda: KEY, nobody).create_customer("acc_1")


def test_a_wrong_key_is_refused_and_the_right_one_is_taken_up(local_stripe: LocalStripe) -> None:
    keys = ["sk_test_wrong", KEY]
    gateway = StripeGateway(lambda: keys.pop(0), local_stripe.url)
    with pytest.raises(Refused):
        gateway.create_customer("acc_1")
    assert gateway.create_customer("acc_2").startswith("cus_")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, None),
        ({"type": "card_error", "code": "card_declined", "decline_code": "lost_card"}, "lost_card"),
        ({"type": "invalid_request_error", "code": "debit_not_authorized"}, "debit_not_authorized"),
    ],
)
def test_why_an_intent_failed(
    script: ScriptedStripe, scripted: StripeGateway, error: dict[str, str] | None, code: str | None
) -> None:
    script.says({"id": "pi_1", "object": "payment_intent", "status": "canceled", "last_payment_error": error})
    assert scripted.read_intent("pi_1") == Intent("pi_1", "canceled", None, failure_code=code)


POSTS: dict[str, Callable[[StripeGateway], object]] = {
    "desk-customer-acc_1": lambda gateway: gateway.create_customer("acc_1"),
    "desk-intent-pay_1": lambda gateway: gateway.create_intent(a_payment(), "cus_1"),
    "desk-confirm-act_1": lambda gateway: gateway.confirm_intent("pi_1", "pm_1", "act_1"),
    "desk-cancel-act_1": lambda gateway: gateway.cancel_intent("pi_1", "act_1"),
    "desk-portal-por_1": lambda gateway: gateway.portal_page("por_1", "cus_1", "https://desk.example"),
    "desk-close-cs_1": lambda gateway: gateway.close_page("cs_1"),
    "desk-default-aud_1": lambda gateway: gateway.make_default("cus_1", "pm_1", "aud_1"),
    "desk-detach-pm_1": lambda gateway: gateway.detach("pm_1"),
    "desk-attach-in_1-pi_1": lambda gateway: gateway.attach_payment("in_1", "pi_1"),
    "desk-settled-in_1": lambda gateway: gateway.paid_elsewhere("in_1"),
    "desk-accept-dp_1": lambda gateway: gateway.accept_dispute("dp_1"),
}


@pytest.mark.parametrize("key", POSTS)
def test_every_post_has_a_key_of_ours_and_tells_nothing_of_this_machine(
    script: ScriptedStripe, scripted: StripeGateway, key: str
) -> None:
    script.refuses(401)
    with pytest.raises(Refused):
        POSTS[key](scripted)
    asked = script.only
    assert (asked.method, asked.key) == ("POST", key)
    assert asked.headers["stripe-version"] == "2026-10-28.endive"
    assert "x-stripe-client-telemetry" not in asked.headers
    assert "platform" not in asked.headers["x-stripe-client-user-agent"]


def test_the_client_is_pinned_patient_for_seconds_and_tells_nothing() -> None:
    connected = client.connect(KEY, "")
    assert stripe.enable_telemetry is False
    assert connected._requestor._options.stripe_version == "2026-10-28.endive"
    assert vars(connected._requestor._client)["_timeout"] == (3.0, 8.0)
    assert (client.CONNECT_SECONDS + client.READ_SECONDS) * (1 + client.RETRIES) < 25
