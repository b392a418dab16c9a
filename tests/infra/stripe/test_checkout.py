"""Checkout sessions: what opens one, the page on which a customer pays, and how each one ends."""

import threading
from typing import Any

import pytest
import stripe
from stripe.checkout import Session

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Page, Visitor

SUCCESS = "https://desk.example/paid?session={CHECKOUT_SESSION_ID}"
CANCEL = "https://desk.example/bill"
INVOICE: dict[str, Any] = {
    "quantity": 2,
    "price_data": {"currency": "gbp", "unit_amount": 1250, "product_data": {"name": "Broadband, March"}},
}


def opened(desk: Desk, **more: Any) -> Session:
    params: Any = {"mode": "payment", "line_items": [INVOICE], "success_url": SUCCESS, "cancel_url": CANCEL}
    return desk.v1.checkout.sessions.create(params | {"customer_email": "ann@example.com"} | more)


def pay(desk: Desk, session: Session, card: str = "pm_card_visa", **more: str) -> Page:
    assert session.url
    return Visitor(desk).submit(session.url, payment_method=card, **more)


def again(desk: Desk, session: Session, *expand: str) -> Session:
    return desk.v1.checkout.sessions.retrieve(session.id, {"expand": list(expand)})


def test_a_customer_pays_on_the_page_and_comes_back_to_the_shop(desk: Desk) -> None:
    session = opened(
        desk,
        client_reference_id="bill-7",
        metadata={"account": "a1"},
        payment_intent_data={"metadata": {"payment": "pay_1"}, "description": "Bill 7"},
    )
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 2500)
    assert session.payment_intent is None
    assert session.url
    page = Visitor(desk).open(session.url)
    assert "Broadband, March" in page.text
    assert "Pay £25.00" in page.text

    landed = pay(desk, session)

    assert landed.url == SUCCESS.replace("{CHECKOUT_SESSION_ID}", session.id)
    done = again(desk, session, "payment_intent", "line_items.data.price.product")
    intent: Any = done.payment_intent
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert (intent.status, intent.amount_received, intent.description) == ("succeeded", 2500, "Bill 7")
    assert (intent.metadata["payment"], done.client_reference_id) == ("pay_1", "bill-7")
    assert done.customer_details
    assert done.customer_details.email == "ann@example.com"
    assert done.line_items
    price: Any = done.line_items.data[0].price
    assert (price.unit_amount, price.product.name, price.active) == (1250, "Broadband, March", False)
    assert desk.event_types()[-2:] == ["payment_intent.succeeded", "checkout.session.completed"]


def test_a_declined_card_is_told_on_the_page_and_another_one_pays_the_same_intent(desk: Desk) -> None:
    session = opened(desk)

    page = pay(desk, session, "pm_card_visa_chargeDeclinedInsufficientFunds")

    assert page.url == session.url
    assert 'role="alert">Your card has insufficient funds.' in page.text
    declined = again(desk, session)
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert pay(desk, session).url.startswith("https://desk.example/paid")
    assert again(desk, session).payment_intent == declined.payment_intent
    assert len(desk.v1.payment_intents.list().data) == 1


@pytest.mark.parametrize(("answer", "ended"), [("success", "complete"), ("failure", "open")])
def test_the_bank_asks_in_between_and_the_customer_comes_back(desk: Desk, answer: str, ended: str) -> None:
    session = opened(desk)

    question = pay(desk, session, "pm_card_threeDSecure2Required")
    assert "really you" in question.text
    landed = Visitor(desk).submit(question, result=answer)

    assert again(desk, session).status == ended
    if ended == "complete":
        assert landed.url.startswith("https://desk.example/paid")
    else:
        assert "unable to authenticate" in landed.text
        assert pay(desk, session).url.startswith("https://desk.example/paid")


@pytest.mark.parametrize(
    ("account", "event", "paid"),
    [
        ("pm_bacsDebit_success", "checkout.session.async_payment_succeeded", "paid"),
        ("pm_bacsDebit_insufficientFunds", "checkout.session.async_payment_failed", "unpaid"),
    ],
)
def test_a_debit_completes_the_session_at_once_and_pays_it_or_not_later(
    desk: Desk, account: str, event: str, paid: str
) -> None:
    session = opened(desk)

    assert pay(desk, session, account).url.startswith("https://desk.example/paid")
    under_way = again(desk, session)
    desk.control("settle")

    assert (under_way.status, under_way.payment_status) == ("complete", "unpaid")
    assert again(desk, session).payment_status == paid
    types = desk.event_types()
    assert types.index("checkout.session.completed") < types.index(event)


def test_a_debit_that_was_set_up_pays_later_without_the_customer(desk: Desk) -> None:
    customer = desk.v1.customers.create({"email": "ann@example.com"}).id
    setup: Any = {"mode": "setup", "currency": "gbp", "customer": customer, "success_url": SUCCESS}
    pay(desk, desk.v1.checkout.sessions.create(setup), "pm_bacsDebit_success")
    saved = desk.v1.customers.payment_methods.list(customer).data[0].id

    intent = desk.paid(card=saved, customer=customer, off_session=True)

    assert intent.status == "processing"


@pytest.mark.parametrize(
    ("currency", "more", "types"),
    [
        ("gbp", {}, ["card", "bacs_debit"]),
        ("eur", {}, ["card", "sepa_debit"]),
        ("usd", {}, ["card"]),
        ("gbp", {"excluded_payment_method_types": ["card"]}, ["bacs_debit"]),
        ("gbp", {"allowed_payment_method_types": ["card", "sepa_debit"]}, ["card"]),
    ],
)
def test_the_page_offers_what_the_currency_and_the_request_allow(
    desk: Desk, currency: str, more: dict[str, Any], types: list[str]
) -> None:
    item: Any = {"quantity": 1, "price_data": INVOICE["price_data"] | {"currency": currency}}

    session = opened(desk, line_items=[item], **more)

    assert session.payment_method_types == types
    assert session.url
    assert ("Bacs Direct Debit" in Visitor(desk).open(session.url).text) is ("bacs_debit" in types)
    pay(desk, session, "pm_card_visa" if "card" in types else "pm_bacsDebit_success")
    intent: Any = again(desk, session, "payment_intent").payment_intent
    assert intent.payment_method_types == types


def test_a_form_that_is_sent_many_times_pays_once(desk: Desk) -> None:
    session = opened(desk)
    landed: list[str] = []
    clicks = [threading.Thread(target=lambda: landed.append(pay(desk, session).url)) for _ in range(5)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert len(set(landed)) == 1
    assert [charge.amount for charge in desk.v1.charges.list().data] == [2500]
    assert desk.event_types().count("checkout.session.completed") == 1


def test_a_session_that_was_paid_says_so_to_who_comes_back(desk: Desk) -> None:
    session = opened(desk)
    pay(desk, session)
    assert session.url

    page = Visitor(desk).open(session.url)

    assert (page.status, "Thank you" in page.text) == (200, True)
    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        desk.v1.checkout.sessions.expire(session.id)


def test_setup_mode_saves_a_method_with_the_customer_without_taking_money(desk: Desk) -> None:
    customer = desk.v1.customers.create({"email": "ann@example.com"}).id
    params: Any = {"mode": "setup", "currency": "gbp", "customer": customer, "success_url": SUCCESS}
    session = desk.v1.checkout.sessions.create(params | {"setup_intent_data": {"metadata": {"account": "a1"}}})
    assert (session.payment_status, session.amount_total) == ("no_payment_required", None)

    question = pay(desk, session, "pm_card_authenticationRequiredOnSetup")
    Visitor(desk).submit(question, result="success")

    done: Any = again(desk, session, "setup_intent")
    assert (done.status, done.setup_intent.status) == ("complete", "succeeded")
    assert done.setup_intent.metadata["account"] == "a1"
    assert [m.id for m in desk.v1.customers.payment_methods.list(customer).data] == [done.setup_intent.payment_method]
    assert desk.v1.charges.list().data == []


def test_a_customer_is_made_when_asked_for_and_keeps_the_method_that_is_to_be_used_again(desk: Desk) -> None:
    kept = {"setup_future_usage": "off_session"}
    session = opened(desk, customer_email=None, customer_creation="always", payment_intent_data=kept)
    assert pay(desk, session).status == 400

    pay(desk, session, email="bob@example.com")

    done: Any = again(desk, session, "customer")
    assert done.customer.email == "bob@example.com"
    saved = desk.v1.customers.payment_methods.list(done.customer.id).data
    assert [method.billing_details.email for method in saved] == ["bob@example.com"]


def test_a_saved_card_is_offered_to_its_customer_when_it_may_be_shown_again(desk: Desk) -> None:
    customer = desk.v1.customers.create({"email": "ann@example.com"}).id
    options: Any = {"payment_method_save": "enabled"}
    first = opened(desk, customer=customer, customer_email=None, saved_payment_method_options=options)
    pay(desk, first, "pm_card_mastercard", save="true")
    saved = desk.v1.customers.payment_methods.list(customer).data[0].id

    second = opened(desk, customer=customer, customer_email=None)
    assert second.url
    assert f'value="{saved}"' in Visitor(desk).open(second.url).text
    pay(desk, second, saved)

    done: Any = again(desk, second, "payment_intent")
    assert done.payment_intent.payment_method == saved
    stranger = opened(desk)
    assert pay(desk, stranger, saved).status == 400


def test_what_costs_nothing_needs_no_method(desk: Desk) -> None:
    free: Any = {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 0, "product_data": {"name": "Gift"}}}
    session = opened(desk, line_items=[free])

    landed = pay(desk, session, "")

    assert landed.url.startswith("https://desk.example/paid")
    assert again(desk, session).payment_status == "no_payment_required"


@pytest.mark.parametrize("way", ["call", "time"])
def test_an_expired_session_takes_nothing_and_cancels_its_intent(desk: Desk, way: str) -> None:
    session = opened(desk)
    url = session.url
    assert url
    pay(desk, session, "pm_card_visa_chargeDeclined")

    if way == "call":
        desk.v1.checkout.sessions.expire(session.id)
    else:
        assert desk.control("settle", within_seconds=25 * 3600)["ran"] == 1

    ended: Any = again(desk, session, "payment_intent")
    assert (ended.status, ended.url, ended.payment_intent.status) == ("expired", None, "canceled")
    page = Visitor(desk).submit(url, payment_method="pm_card_visa")
    assert (page.status, CANCEL in page.text) == (410, True)
    assert desk.event_types()[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_every_value_on_the_page_is_escaped(desk: Desk) -> None:
    nasty = "<script>alert('x')</script>\"&"
    item: Any = {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 100, "product_data": {"name": nasty}}}
    session = opened(desk, line_items=[item], branding_settings={"display_name": nasty})
    assert session.url

    page = Visitor(desk).open(session.url)

    assert "<script" not in page.text
    assert page.says.count(nasty) == 3
    assert pay(desk, session, nasty).status == 400


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"mode": None}, "mode"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"line_items": None}, "line_items"),
        ({"line_items": [{"price": "price_none", "quantity": 1}]}, "line_items[0][price]"),
        ({"line_items": [{**INVOICE, "tax_rates": ["txr_1"]}]}, "line_items[0][tax_rates]"),
        ({"setup_intent_data": {"description": "x"}}, "setup_intent_data"),
        ({"payment_intent_data": {"transfer_group": "x"}}, "payment_intent_data[transfer_group]"),
        ({"customer": "cus_none", "customer_email": None}, "customer"),
        ({"expires_at": 1}, "expires_at"),
        ({"ui_mode": "elements"}, "ui_mode=elements"),
        ({"currency": "eur"}, "currency"),
        ({"excluded_payment_method_types": ["card", "bacs_debit"]}, "allowed_payment_method_types"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused_and_leaves_nothing(
    desk: Desk, change: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        opened(desk, **change)

    assert refusal.value.param == param
    assert desk.event_types() == []


def test_sessions_and_their_items_are_listed(desk: Desk) -> None:
    ids = [opened(desk, line_items=[INVOICE, {**INVOICE, "quantity": 1}]).id for _ in range(3)]
    desk.v1.checkout.sessions.expire(ids[0])
    desk.v1.checkout.sessions.update(ids[1], {"metadata": {"seen": "yes"}})

    assert [each.id for each in desk.v1.checkout.sessions.list({"status": "open"}).data] == ids[:0:-1]
    assert desk.v1.checkout.sessions.retrieve(ids[1]).to_dict()["metadata"] == {"seen": "yes"}
    items = desk.v1.checkout.sessions.line_items.list(ids[0], {"limit": 1})
    assert (items.data[0].quantity, items.has_more) == (2, True)
    assert [item.amount_total for item in items.auto_paging_iter()] == [2500, 1250]
