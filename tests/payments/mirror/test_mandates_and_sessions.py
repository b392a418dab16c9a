"""Withdrawn mandates are told once; checkout pages that closed unused end their payments."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments.markers import Outcome
from chalicelib.payments.model import PaymentStatus
from tests.payments.books import balance_minor
from tests.payments.conftest import Take
from tests.payments.fakes import FakeStripe, an_intent
from tests.payments.mirror.conftest import Happens
from tests.payments.money_desk import Listener, MoneyDesk


def a_mandate(status: str = "inactive", kind: str = "multi_use") -> dict[str, Any]:
    return {"id": "mandate_1", "object": "mandate", "status": status, "type": kind, "payment_method": "pm_1"}


def a_session(payment_id: str, **changes: Any) -> dict[str, Any]:
    about = {"id": "cs_1", "object": "checkout.session", "status": "expired", "payment_status": "unpaid"}
    return {**about, "metadata": {"payment_id": payment_id}, **changes}


@pytest.fixture
def method(stripe: FakeStripe, customer: str) -> None:
    stripe.knows({"id": "pm_1", "object": "payment_method", "customer": customer})


@pytest.mark.usefixtures("method")
def test_a_withdrawn_mandate_is_told_once(happens: Happens, listener: Listener) -> None:
    for _ in range(2):
        assert happens("mandate.updated", a_mandate()) is Outcome.APPLIED
    assert [(each.topic.value, each.object_id, each.account_id) for each in listener.told.values()] == [
        ("mandate_withdrawn", "pm_1", "acc_1")
    ]


@pytest.mark.usefixtures("method")
@pytest.mark.parametrize("mandate", [a_mandate("active"), a_mandate("pending"), a_mandate(kind="single_use")])
def test_a_mandate_that_stands_or_was_used_up_is_no_news(
    happens: Happens, listener: Listener, mandate: dict[str, Any]
) -> None:
    assert happens("mandate.updated", mandate) is Outcome.NOTED
    assert listener.told == {}


def test_a_mandate_of_nobody_known_is_counted(happens: Happens, listener: Listener, money: MoneyDesk) -> None:
    assert happens("mandate.updated", a_mandate()) is Outcome.UNMATCHED
    assert listener.told == {}


def test_a_page_that_closed_unused_ends_its_payment(happens: Happens, take: Take) -> None:
    payment = take(4000, payment_method="pm_card_authenticationRequired")
    for outcome in (Outcome.APPLIED, Outcome.OLDER):
        assert happens("checkout.session.expired", a_session(payment.payment_id)) is outcome
    assert wiring.payments().get(payment.payment_id).status is PaymentStatus.CANCELED


def test_money_that_came_through_it_after_all_counts(happens: Happens, take: Take) -> None:
    payment = take(4000, payment_method="pm_card_authenticationRequired")
    happens("checkout.session.expired", a_session(payment.payment_id))
    happens("payment_intent.succeeded", an_intent(payment))
    happens("checkout.session.expired", a_session(payment.payment_id))
    assert wiring.payments().get(payment.payment_id).status is PaymentStatus.SUCCEEDED
    assert balance_minor() == 2600


@pytest.mark.parametrize(
    "session",
    [
        a_session("pay_x", payment_status="paid"),
        a_session("pay_x", status="complete"),
        a_session("", metadata=None),
    ],
)
def test_other_sessions_are_noted(happens: Happens, money: MoneyDesk, session: dict[str, Any]) -> None:
    assert happens("checkout.session.expired", session) is Outcome.NOTED


@pytest.mark.parametrize(
    "event_type",
    ["checkout.session.completed", "payment_method.attached", "setup_intent.succeeded", "charge.succeeded"],
)
def test_what_others_say_too_is_noted(happens: Happens, money: MoneyDesk, event_type: str) -> None:
    assert happens(event_type, {"id": "x_1", "object": "x"}) is Outcome.NOTED


def test_a_payment_of_another_system_is_not_ended(happens: Happens, money: MoneyDesk) -> None:
    assert happens("checkout.session.expired", a_session("pay_alien")) is Outcome.UNMATCHED
