"""Checkout sessions that sell a subscription: with something due at once, with a trial, and when nobody pays."""

from typing import Any

import pytest
import stripe
from stripe.checkout import Session

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Page, Visitor

SUCCESS = "https://desk.example/welcome"
MONTHLY: dict[str, Any] = {
    "quantity": 2,
    "price_data": {
        "currency": "gbp",
        "unit_amount": 1500,
        "product_data": {"name": "Broadband"},
        "recurring": {"interval": "month"},
    },
}
ROUTER: dict[str, Any] = {
    "quantity": 1,
    "price_data": {"currency": "gbp", "unit_amount": 4000, "product_data": {"name": "Router"}},
}


def opened(desk: Desk, **more: Any) -> Session:
    params: Any = {"mode": "subscription", "line_items": [MONTHLY], "success_url": SUCCESS}
    return desk.v1.checkout.sessions.create(params | {"customer_email": "ann@example.com"} | more)


def pay(desk: Desk, session: Session, method: str = "pm_card_visa") -> Page:
    assert session.url
    return Visitor(desk).submit(session.url, payment_method=method)


def done(desk: Desk, session: Session) -> Any:
    return desk.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice", "customer"]})


def test_what_is_due_is_paid_and_the_subscription_begins(desk: Desk) -> None:
    session = opened(desk, line_items=[MONTHLY, ROUTER], subscription_data={"metadata": {"account": "a1"}})
    assert (session.amount_total, session.subscription) == (7000, None)

    assert pay(desk, session).url == SUCCESS

    ended = done(desk, session)
    subscription = ended.subscription
    assert (ended.status, ended.payment_status, ended.payment_intent) == ("complete", "paid", None)
    assert (subscription.status, subscription.metadata["account"]) == ("active", "a1")
    assert (ended.invoice.status, ended.invoice.total) == ("paid", 7000)
    saved = desk.v1.customers.payment_methods.list(ended.customer.id).data
    assert [method.id for method in saved] == [subscription.default_payment_method]
    types = desk.event_types()
    assert types.index("invoice.paid") < types.index("checkout.session.completed")


def test_a_declined_first_payment_is_tried_again_on_the_same_subscription(desk: Desk) -> None:
    session = opened(desk)

    assert "declined" in pay(desk, session, "pm_card_visa_chargeDeclined").text
    assert done(desk, session).subscription is None
    question = pay(desk, session, "pm_card_threeDSecure2Required")
    assert Visitor(desk).submit(question, result="success").url == SUCCESS

    assert done(desk, session).subscription.status == "active"
    assert len(desk.v1.subscriptions.list({"status": "all"}).data) == 1


def test_a_trial_takes_nothing_now_but_saves_what_will_pay(desk: Desk) -> None:
    session = opened(desk, subscription_data={"trial_period_days": 14})
    assert session.amount_total == 0

    pay(desk, session, "pm_card_mastercard")

    ended = done(desk, session)
    assert (ended.payment_status, ended.subscription.status) == ("no_payment_required", "trialing")
    method = desk.v1.payment_methods.retrieve(ended.subscription.default_payment_method)
    assert (method.card and method.card.brand, method.customer) == ("mastercard", ended.customer.id)
    assert desk.v1.charges.list().data == []


def test_a_debit_completes_the_session_and_is_paid_later(desk: Desk) -> None:
    session = opened(desk)

    pay(desk, session, "pm_bacsDebit_success")
    assert done(desk, session).payment_status == "unpaid"
    desk.control("settle")

    ended = done(desk, session)
    assert (ended.payment_status, ended.subscription.status) == ("paid", "active")


def test_a_session_that_expires_leaves_no_subscription_and_no_debt(desk: Desk) -> None:
    session = opened(desk)
    pay(desk, session, "pm_card_visa_chargeDeclined")

    desk.v1.checkout.sessions.expire(session.id)

    (subscription,) = desk.v1.subscriptions.list({"status": "all"}).data
    (invoice,) = desk.v1.invoices.list().data
    assert (subscription.status, invoice.status) == ("incomplete_expired", "void")
    assert desk.event_types()[-1] == "checkout.session.expired"


def test_a_price_of_the_catalogue_is_subscribed_to_by_its_id(desk: Desk) -> None:
    recurring: Any = {"interval": "month"}
    price = desk.v1.prices.create(
        {"currency": "gbp", "unit_amount": 900, "recurring": recurring, "product_data": {"name": "Line"}}
    )

    session = opened(desk, line_items=[{"price": price.id, "quantity": 1}])
    pay(desk, session)

    assert done(desk, session).subscription["items"].data[0].price.id == price.id


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"line_items": [ROUTER]}, "line_items"),
        ({"mode": "payment"}, "line_items"),
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        ({"customer_creation": "always"}, "customer_creation"),
        ({"subscription_data": {"default_tax_rates": ["txr_1"]}}, "subscription_data[default_tax_rates]"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(desk: Desk, change: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        opened(desk, **change)

    assert refusal.value.param == param
