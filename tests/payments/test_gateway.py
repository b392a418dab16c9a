"""The gateway against the local Stripe: what is asked, what comes back, and every error as one of ours."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stripe

from chalicelib.payments import gateway
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.model import CardDeclined, CardProcessor, Intent, Payment
from chalicelib.platform.errors import Refused, Unavailable, Unprocessable
from infra.local.stripe.server import LocalStripe, Settings

KEY = "sk_test_desk"
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def local_stripe(tmp_path: Path) -> Iterator[LocalStripe]:
    """The development server, in this process, with a state of its own."""
    server = LocalStripe(Settings(tmp_path / "stripe.sqlite", api_keys=(KEY,)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def processor(local_stripe: LocalStripe) -> CardProcessor:
    return StripeGateway(lambda: KEY, local_stripe.url)


def a_payment(
    payment_id: str = "pay_1", amount_minor: int = 500, payment_method: str | None = "pm_card_visa"
) -> Payment:
    return Payment(
        payment_id=payment_id, account_id="acc_1", amount_minor=amount_minor, currency="GBP",
        payment_method=payment_method, taken_by="sub", taken_by_name="one", created_at=AT,
    )  # fmt: skip


def test_a_customer_is_one_however_often_it_is_asked_for(processor: CardProcessor) -> None:
    first, second = processor.create_customer("acc_1"), processor.create_customer("acc_1")
    assert first == second
    assert first.startswith("cus_")
    assert processor.create_customer("acc_2") != first


def test_an_intent_names_our_payment_and_is_one_for_it(processor: CardProcessor, local_stripe: LocalStripe) -> None:
    customer = processor.create_customer("acc_1")
    first, second = (processor.create_intent(a_payment(), customer) for _ in range(2))
    assert first == second
    assert first.status == "succeeded"
    client = stripe.StripeClient(KEY, base_addresses={"api": local_stripe.url})
    (intent,) = client.v1.payment_intents.list().data
    assert (intent.amount, intent.currency, intent.customer) == (500, "gbp", customer)
    assert intent.metadata.to_dict() == {"payment_id": "pay_1", "account_id": "acc_1"}


@pytest.mark.parametrize(
    ("payment_method", "status"),
    [(None, "requires_payment_method"), ("pm_card_authenticationRequired", "requires_action")],
)
def test_the_app_can_go_on_with_the_secret(processor: CardProcessor, payment_method: str | None, status: str) -> None:
    made = processor.create_intent(a_payment(payment_method=payment_method), processor.create_customer("acc_1"))
    assert made.status == status
    assert made.client_secret
    assert made.client_secret.startswith(made.intent_id)
    assert processor.read_intent(made.intent_id) == made


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
def test_a_decline_carries_its_code(processor: CardProcessor, payment_method: str, code: str) -> None:
    customer = processor.create_customer("acc_1")
    for _ in range(2):
        with pytest.raises(CardDeclined) as no:
            processor.create_intent(a_payment(payment_method=payment_method), customer)
        assert no.value.code == code
        assert (no.value.intent_id or "").startswith("pi_")


@pytest.mark.parametrize(
    ("payment", "pointer"),
    [
        (a_payment(payment_method="pm_none"), "/payment_method"),
        (a_payment(amount_minor=1), "/amount/amount_minor"),
    ],
)
def test_what_the_caller_can_mend_names_the_field(processor: CardProcessor, payment: Payment, pointer: str) -> None:
    customer = processor.create_customer("acc_1")
    with pytest.raises(Unprocessable) as no:
        processor.create_intent(payment, customer)
    assert [error.pointer for error in no.value.errors] == [pointer]


def test_a_customer_that_stripe_does_not_know_is_refused(processor: CardProcessor) -> None:
    with pytest.raises(Refused, match="nothing was taken"):
        processor.create_intent(a_payment(), "cus_none")


def test_a_wrong_key_is_refused_and_the_right_one_is_taken_up(local_stripe: LocalStripe) -> None:
    keys = ["sk_test_wrong", KEY]
    processor = StripeGateway(lambda: keys.pop(0), local_stripe.url)
    with pytest.raises(Refused):
        processor.create_customer("acc_1")
    assert processor.create_customer("acc_2").startswith("cus_")


def test_one_key_for_two_orders_is_refused(processor: CardProcessor) -> None:
    customer = processor.create_customer("acc_1")
    processor.create_intent(a_payment(), customer)
    with pytest.raises(Refused):
        processor.create_intent(a_payment(amount_minor=501), customer)


def test_nobody_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unavailable):
            StripeGateway(lambda: KEY, nobody).create_customer("acc_1")


def test_concurrent_twins_make_one_charge(processor: CardProcessor, local_stripe: LocalStripe) -> None:
    customer = processor.create_customer("acc_1")

    def twin(_: int) -> Intent | None:
        try:
            return processor.create_intent(a_payment(), customer)
        except Unavailable:  # the other one is under way
            return None

    with ThreadPoolExecutor(6) as pool:
        made = {intent for intent in pool.map(twin, range(6)) if intent}
    assert len(made) == 1
    client = stripe.StripeClient(KEY, base_addresses={"api": local_stripe.url})
    assert len(client.v1.charges.list().data) == 1


def test_the_client_is_pinned_patient_for_seconds_and_tells_nothing() -> None:
    client = gateway._connect(KEY, "")
    assert stripe.enable_telemetry is False
    assert client._requestor._options.stripe_version == "2026-10-28.endive"
    assert vars(client._requestor._client)["_timeout"] == (3.0, 8.0)
    assert (gateway.CONNECT_SECONDS + gateway.READ_SECONDS) * (1 + gateway.RETRIES) < 25
