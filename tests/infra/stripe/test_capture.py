"""Payments that are held first and captured by hand."""

import pytest
import stripe

from tests.infra.stripe.desk import Desk


def test_held_money_is_captured_in_part_and_the_rest_let_go(desk: Desk) -> None:
    held = desk.paid(1000, capture_method="manual", expand=["latest_charge"])
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1000, 0)
    assert isinstance(held.latest_charge, stripe.Charge)
    assert (held.latest_charge.captured, held.latest_charge.balance_transaction) == (False, None)

    done = desk.v1.payment_intents.capture(held.id, {"amount_to_capture": 600, "expand": ["latest_charge"]})

    assert (done.status, done.amount_capturable, done.amount_received) == ("succeeded", 0, 600)
    charge = done.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 600, 400)
    assert desk.event_types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]
    assert desk.v1.refunds.create({"payment_intent": held.id}).amount == 600


@pytest.mark.parametrize("amount", [0, 1001])
def test_no_more_is_captured_than_is_held(desk: Desk, amount: int) -> None:
    held = desk.paid(1000, capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_intents.capture(held.id, {"amount_to_capture": amount})

    assert refusal.value.param == "amount_to_capture"
    assert desk.v1.payment_intents.capture(held.id).amount_received == 1000
    with pytest.raises(stripe.InvalidRequestError) as again:
        desk.v1.payment_intents.capture(held.id)
    assert again.value.code == "payment_intent_unexpected_state"


def test_canceling_lets_go_of_what_is_held(desk: Desk) -> None:
    held = desk.paid(1000, capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError, match="not succeeded"):
        desk.v1.refunds.create({"payment_intent": held.id})

    ended = desk.v1.payment_intents.cancel(held.id, {"expand": ["latest_charge"]})

    assert (ended.status, ended.amount_capturable, ended.amount_received) == ("canceled", 0, 0)
    assert isinstance(ended.latest_charge, stripe.Charge)
    assert (ended.latest_charge.refunded, ended.latest_charge.amount_captured) == (True, 0)
    assert desk.v1.balance_transactions.list().data == []


def test_what_is_held_for_a_week_expires(desk: Desk) -> None:
    held, taken = (desk.paid(1000, capture_method="manual") for _ in range(2))
    desk.v1.payment_intents.capture(taken.id)

    desk.control("settle", within_seconds=8 * 86400)

    ended = desk.v1.payment_intents.retrieve(held.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "automatic")
    assert desk.v1.payment_intents.retrieve(taken.id).status == "succeeded"
    assert desk.event_types()[-2:] == ["charge.expired", "payment_intent.canceled"]
