"""Customers and intents against the local Stripe: what is asked, and what comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.model import Payment
from chalicelib.payments.processor import AuthenticationRequired, CardDeclined, Intent
from chalicelib.platform.errors import Conflict, Refused, Unavailable, Unprocessable

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def a_payment(
    payment_id: str = "pay_1", amount_minor: int = 500, payment_method: str | None = "pm_card_visa"
) -> Payment:
    return Payment(
        payment_id=payment_id, account_id="acc_1", amount_minor=amount_minor, currency="GBP",
        payment_method=payment_method, taken_by="sub", taken_by_name="one", created_at=AT,
    )  # fmt: skip


def test_a_customer_is_one_however_often_it_is_asked_for(gateway: StripeGateway) -> None:
    first, second = gateway.create_customer("acc_1"), gateway.create_customer("acc_1")
    assert first == second
    assert first.startswith("cus_")
    assert gateway.create_customer("acc_2") != first


def test_an_intent_names_our_payment_and_is_one_for_it(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    first, second = (gateway.create_intent(a_payment(), customer) for _ in range(2))
    assert first == second
    assert first.status == "succeeded"
    assert (first.charge_id or "").startswith("ch_")
    (intent,) = sdk.v1.payment_intents.list().data
    assert (intent.amount, intent.currency, intent.customer) == (500, "gbp", customer)
    assert intent.metadata.to_dict() == {"payment_id": "pay_1", "account_id": "acc_1"}


@pytest.mark.parametrize(
    ("payment_method", "status"),
    [(None, "requires_payment_method"), ("pm_card_authenticationRequired", "requires_action")],
)
def test_the_app_can_go_on_with_the_secret(gateway: StripeGateway, payment_method: str | None, status: str) -> None:
    made = gateway.create_intent(a_payment(payment_method=payment_method), gateway.create_customer("acc_1"))
    assert made.status == status
    assert made.client_secret
    assert made.client_secret.startswith(made.intent_id)
    assert gateway.read_intent(made.intent_id) == made


@pytest.mark.parametrize(
    ("payment_method", "code"),
    [
        ("pm_card_visa_chargeDeclined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error"),
    ],
)
def test_a_decline_carries_its_code(gateway: StripeGateway, payment_method: str, code: str) -> None:
    customer = gateway.create_customer("acc_1")
    for _ in range(2):
        with pytest.raises(CardDeclined) as no:
            gateway.create_intent(a_payment(payment_method=payment_method), customer)
        assert no.value.code == code
        assert (no.value.intent_id or "").startswith("pi_")
    assert gateway.read_intent(str(no.value.intent_id)).failure_code == code


def test_without_the_customer_a_bank_that_wants_approval_is_a_decline_of_its_own(gateway: StripeGateway) -> None:
    payment = a_payment(payment_method="pm_card_authenticationRequired")
    with pytest.raises(AuthenticationRequired) as no:
        gateway.create_intent(payment, gateway.create_customer("acc_1"), off_session=True)
    assert no.value.code == "authentication_required"
    assert gateway.read_intent(str(no.value.intent_id)).status == "requires_payment_method"


def test_a_saved_method_pays_without_the_customer(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")
    saved = sdk.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    made = gateway.create_intent(a_payment(payment_method=saved), customer, off_session=True)
    assert made.status == "succeeded"


def test_a_declined_intent_is_tried_again_by_another_method_once_for_each_try(
    gateway: StripeGateway, sdk: stripe.StripeClient
) -> None:
    customer = gateway.create_customer("acc_1")
    with pytest.raises(CardDeclined) as no:
        gateway.create_intent(a_payment(payment_method="pm_card_visa_chargeDeclined"), customer)
    intent_id = str(no.value.intent_id)
    first, again = (gateway.confirm_intent(intent_id, "pm_card_visa", "try_2") for _ in range(2))
    assert first == again
    assert first.status == "succeeded"
    assert [charge.status for charge in sdk.v1.charges.list().data] == ["succeeded", "failed"]
    with pytest.raises(Conflict):
        gateway.confirm_intent(intent_id, "pm_card_visa", "try_3")


def test_nobody_pays_a_canceled_intent(gateway: StripeGateway) -> None:
    made = gateway.create_intent(a_payment(payment_method=None), gateway.create_customer("acc_1"))
    assert gateway.cancel_intent(made.intent_id, "act_1").status == "canceled"
    with pytest.raises(Conflict):
        gateway.confirm_intent(made.intent_id, "pm_card_visa", "act_2")


def test_what_is_paid_cannot_be_canceled(gateway: StripeGateway) -> None:
    made = gateway.create_intent(a_payment(), gateway.create_customer("acc_1"))
    with pytest.raises(Conflict, match="moved on"):
        gateway.cancel_intent(made.intent_id, "act_1")


@pytest.mark.parametrize(
    ("payment", "pointer"),
    [
        (a_payment(payment_method="pm_none"), "/payment_method"),
        (a_payment(amount_minor=1), "/amount/amount_minor"),
    ],
)
def test_what_the_caller_can_mend_names_the_field(gateway: StripeGateway, payment: Payment, pointer: str) -> None:
    customer = gateway.create_customer("acc_1")
    with pytest.raises(Unprocessable) as no:
        gateway.create_intent(payment, customer)
    assert [error.pointer for error in no.value.errors] == [pointer]


def test_a_customer_that_stripe_does_not_know_is_refused(gateway: StripeGateway) -> None:
    with pytest.raises(Refused, match="nothing was taken"):
        gateway.create_intent(a_payment(), "cus_none")


def test_concurrent_twins_make_one_charge(gateway: StripeGateway, sdk: stripe.StripeClient) -> None:
    customer = gateway.create_customer("acc_1")

    def twin(_: int) -> Intent | None:
        try:
            return gateway.create_intent(a_payment(), customer)
        except Unavailable:  # the other one is under way
            return None

    with ThreadPoolExecutor(6) as pool:
        made = {intent for intent in pool.map(twin, range(6)) if intent}
    assert len(made) == 1
    assert len(sdk.v1.charges.list().data) == 1
