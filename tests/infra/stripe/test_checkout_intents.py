"""The intent behind a checkout session is its page's: callers read it and note things on it, and no more."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.billing import payer
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Visitor
from tests.infra.stripe.test_checkout import SUCCESS, again, opened, pay

REFUSED: list[Any] = [
    ("confirm", {"payment_method": "pm_card_visa", "return_url": SUCCESS}),
    ("cancel", {}),
    ("update", {"amount": 100}),
    ("update", {"payment_method": "pm_card_visa"}),
]


@pytest.mark.parametrize(("action", "params"), REFUSED)
def test_a_payment_of_a_page_is_made_and_ended_by_the_page(desk: Desk, action: str, params: Any) -> None:
    session = opened(desk)
    pay(desk, session, "pm_card_visa_chargeDeclined")
    intent = str(again(desk, session).payment_intent)
    before = desk.v1.payment_intents.retrieve(intent)

    with pytest.raises(stripe.InvalidRequestError, match="created by Checkout"):
        getattr(desk.v1.payment_intents, action)(intent, params)

    assert desk.v1.payment_intents.retrieve(intent) == before
    assert desk.v1.payment_intents.update(intent, {"metadata": {"a": "b"}}).metadata["a"] == "b"
    assert pay(desk, session).url == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)


@pytest.mark.parametrize(("action", "params"), [REFUSED[0], REFUSED[1], REFUSED[3]])
def test_a_setup_of_a_page_is_made_and_ended_by_the_page(desk: Desk, action: str, params: Any) -> None:
    setup: Any = {
        "mode": "setup",
        "currency": "gbp",
        "customer": payer(desk, email="ann@example.com"),
        "success_url": SUCCESS,
    }
    session = desk.v1.checkout.sessions.create(setup)
    intent = str(session.setup_intent)

    with pytest.raises(stripe.InvalidRequestError, match="created by Checkout"):
        getattr(desk.v1.setup_intents, action)(intent, params)

    assert session.url
    Visitor(desk).submit(session.url, payment_method="pm_card_visa")
    assert desk.v1.setup_intents.retrieve(intent).status == "succeeded"
