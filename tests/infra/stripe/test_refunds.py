"""Refunds never exceed what was taken, in whatever parts and from however many sides they come."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.stripe.desk import Desk


@settings(max_examples=60, deadline=None)
@given(amount=st.integers(30, 5000), asked=st.lists(st.integers(-10, 3000), max_size=8))
def test_accepted_refunds_add_up_and_never_exceed_the_charge(shared_desk: Desk, amount: int, asked: list[int]) -> None:
    intent = shared_desk.paid(amount)
    given_back = 0
    for part in asked:
        accepted = _try_refund(shared_desk, intent.id, part)
        assert accepted is (0 < part <= amount - given_back)
        given_back += part if accepted else 0

    charge = shared_desk.v1.charges.retrieve(str(intent.latest_charge))
    refunds = shared_desk.v1.refunds.list({"payment_intent": intent.id, "limit": 100}).data
    assert charge.amount_refunded == given_back == sum(refund.amount for refund in refunds)
    assert charge.refunded is (given_back == amount)


def test_concurrent_refunds_do_not_exceed_the_charge(desk: Desk) -> None:
    intent = desk.paid(1000)

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(lambda _: _try_refund(desk, intent.id, 300), range(8)))

    assert accepted.count(True) == 3
    assert desk.v1.charges.retrieve(str(intent.latest_charge)).amount_refunded == 900


def test_a_refund_without_an_amount_gives_back_what_is_left(desk: Desk) -> None:
    intent = desk.paid(1000)
    desk.v1.refunds.create({"charge": str(intent.latest_charge), "amount": 250, "reason": "duplicate"})

    rest = desk.v1.refunds.create({"payment_intent": intent.id, "expand": ["charge"]})

    assert (rest.amount, rest.status, rest.currency) == (750, "succeeded", "gbp")
    assert isinstance(rest.charge, stripe.Charge)
    assert rest.charge.refunded
    assert desk.event_types()[-2:] == ["charge.refunded", "refund.created"]
    previous = desk.v1.events.list({"type": "charge.refunded", "limit": 1}).data[0].data.previous_attributes
    assert previous is not None
    assert previous.to_dict() == {"amount_refunded": 250, "refunded": False}
    with pytest.raises(stripe.InvalidRequestError) as again:
        desk.v1.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"


def test_a_charge_that_took_nothing_is_not_refunded(desk: Desk) -> None:
    error: Any = desk.declined("pm_card_chargeDeclined").error
    failed = error.payment_intent
    waiting = desk.v1.payment_intents.create({"amount": 500, "currency": "gbp"})

    for intent in (failed.id, waiting.id):
        with pytest.raises(stripe.InvalidRequestError):
            desk.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.refunds.create({})
    assert desk.v1.refunds.list().data == []


def _try_refund(desk: Desk, intent: str, amount: int) -> bool:
    try:
        desk.v1.refunds.create({"payment_intent": intent, "amount": amount})
    except stripe.InvalidRequestError:
        return False
    return True
