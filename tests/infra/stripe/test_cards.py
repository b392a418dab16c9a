"""Every test card answers a payment, a later payment and being saved as its issuer would."""

from typing import Any

import pytest
import stripe

from infra.local.stripe.cards import CARDS, Authentication
from tests.infra.stripe.desk import RETURN_URL, Desk

DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline", "try_again_later"),
    "pm_card_visa_chargeDeclined": ("card_declined", "generic_decline", "try_again_later"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": ("card_declined", "insufficient_funds", "try_again_later"),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card", "do_not_try_again"),
    "pm_card_visa_chargeDeclinedStolenCard": ("card_declined", "stolen_card", "do_not_try_again"),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": ("card_declined", "card_velocity_exceeded", None),
    "pm_card_chargeDeclinedExpiredCard": ("expired_card", "expired_card", "confirm_card_data"),
    "pm_card_chargeDeclinedIncorrectCvc": ("incorrect_cvc", "incorrect_cvc", "confirm_card_data"),
    "pm_card_chargeDeclinedProcessingError": ("processing_error", "processing_error", "try_again_later"),
    "pm_card_chargeDeclinedFraudulent": ("card_declined", "fraudulent", None),
    "pm_card_chargeCustomerFail": ("card_declined", "generic_decline", "try_again_later"),
}
PLAIN = [name for name, card in CARDS.items() if not card.decline and card.authentication is Authentication.NEVER]


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_card_pays_and_shows_itself_on_the_charge(shared_desk: Desk, name: str) -> None:
    intent = shared_desk.paid(card=f"pm_card_{name}", expand=["latest_charge"])

    charge = intent.latest_charge
    assert intent.status == "succeeded"
    assert intent.amount_received == 1000
    assert isinstance(charge, stripe.Charge)
    assert charge.paid
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card.last4 == CARDS[name].last4
    assert charge.payment_method_details.card.country == CARDS[name].country


@pytest.mark.parametrize(("card", "expected"), DECLINES.items())
def test_a_decline_is_402_with_its_code_and_the_intent_inside(
    shared_desk: Desk, card: str, expected: tuple[str, str, str | None]
) -> None:
    refusal = shared_desk.declined(card)

    error: Any = refusal.error
    assert refusal.http_status == 402
    assert (error.type, error.code, error.decline_code) == ("card_error", *expected[:2])
    assert getattr(error, "advice_code", None) == expected[2]
    assert error.payment_intent.status == "requires_payment_method"
    assert error.payment_intent.payment_method is None
    kept = shared_desk.v1.payment_intents.retrieve(error.payment_intent.id, {"expand": ["latest_charge"]})
    assert kept.last_payment_error is not None
    assert kept.last_payment_error.decline_code == expected[1]
    assert isinstance(kept.latest_charge, stripe.Charge)
    assert (kept.latest_charge.status, kept.latest_charge.failure_code) == ("failed", expected[0])


def test_a_declined_intent_is_paid_by_a_second_card(desk: Desk) -> None:
    declined: Any = desk.declined("pm_card_visa_chargeDeclined").error

    paid = desk.v1.payment_intents.confirm(declined.payment_intent.id, {"payment_method": "pm_card_visa"})

    assert paid.status == "succeeded"
    assert paid.last_payment_error is None
    assert desk.event_types() == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.parametrize("card", [card for card in DECLINES if card != "pm_card_chargeCustomerFail"])
def test_a_declining_card_cannot_be_saved(shared_desk: Desk, card: str) -> None:
    customer = shared_desk.v1.customers.create({})

    with pytest.raises(stripe.CardError) as attached:
        shared_desk.v1.payment_methods.attach(card, {"customer": customer.id})
    with pytest.raises(stripe.CardError) as set_up:
        shared_desk.v1.setup_intents.create(
            {"customer": customer.id, "payment_method": card, "confirm": True, "return_url": RETURN_URL}
        )

    assert attached.value.code == set_up.value.code == DECLINES[card][0]
    assert shared_desk.v1.customers.payment_methods.list(customer.id).data == []


def test_a_card_that_fails_later_can_be_saved_first(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_chargeCustomerFail"})
    saved = desk.v1.customers.payment_methods.list(customer.id).data[0]

    refusal = desk.declined(saved.id, customer=customer.id, off_session=True)

    assert refusal.code == "card_declined"


@pytest.mark.parametrize(
    ("card", "on_session", "off_session", "off_session_once_set_up"),
    [
        ("authenticationRequired", "requires_action", "declined", "declined"),
        ("threeDSecure2Required", "requires_action", "declined", "declined"),
        ("authenticationRequiredOnSetup", "requires_action", "declined", "succeeded"),
        ("authenticationRequiredSetupForOffSession", "requires_action", "succeeded", "succeeded"),
        ("threeDSecureOptional", "succeeded", "succeeded", "succeeded"),
    ],
)
def test_when_a_bank_wants_the_customer_to_authenticate(
    shared_desk: Desk, card: str, on_session: str, off_session: str, off_session_once_set_up: str
) -> None:
    customer = shared_desk.v1.customers.create({"payment_method": f"pm_card_{card}"}).id
    saved = shared_desk.v1.customers.payment_methods.list(customer).data[0].id

    assert shared_desk.paid(card=saved, customer=customer).status == on_session
    assert _off_session(shared_desk, saved, customer) == off_session
    _set_up(shared_desk, saved, customer)
    assert _off_session(shared_desk, saved, customer) == off_session_once_set_up


def _off_session(desk: Desk, method: str, customer: str) -> str | None:
    try:
        return desk.paid(card=method, customer=customer, off_session=True).status
    except stripe.CardError as refusal:
        error: Any = refusal.error
        assert (error.code, error.decline_code) == ("authentication_required", "authentication_required")
        assert error.payment_method.id == method
        return "declined"


def _set_up(desk: Desk, method: str, customer: str) -> None:
    intent = desk.v1.setup_intents.create(
        {"customer": customer, "payment_method": method, "confirm": True, "return_url": RETURN_URL}
    )
    if intent.status == "requires_action":
        action: Any = intent.next_action
        desk.http("POST", action.redirect_to_url.url.removeprefix(desk.server.url), "result=success")
    assert desk.v1.setup_intents.retrieve(intent.id).status == "succeeded"
