"""Payment and setup intents: their states, the customer's authentication, and what may be used with whom."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import RETURN_URL, Desk


def test_an_intent_goes_from_wish_to_money_step_by_step(desk: Desk) -> None:
    intent = desk.v1.payment_intents.create({"amount": 4999, "currency": "GBP", "metadata": {"payment_id": "pay_1"}})
    assert (intent.status, intent.currency) == ("requires_payment_method", "gbp")

    intent = desk.v1.payment_intents.update(intent.id, {"payment_method": "pm_card_visa", "amount": 5000})
    assert intent.status == "requires_confirmation"

    intent = desk.v1.payment_intents.confirm(intent.id, {"return_url": RETURN_URL})
    assert (intent.status, intent.amount_received, intent.metadata["payment_id"]) == ("succeeded", 5000, "pay_1")


@pytest.mark.parametrize("amount", [-1, 0, 29, 100_000_000])
def test_an_amount_outside_the_limits_is_refused(desk: Desk, amount: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_intents.create({"amount": amount, "currency": "gbp"})

    assert refusal.value.param == "amount"
    assert desk.event_types() == []


@pytest.mark.parametrize("action", ["confirm", "cancel", "update"])
@pytest.mark.parametrize("ended", ["succeeded", "canceled"])
def test_an_intent_that_ended_stays_as_it_is(desk: Desk, action: str, ended: str) -> None:
    intent = desk.paid() if ended == "succeeded" else desk.v1.payment_intents.create({"amount": 500, "currency": "gbp"})
    if ended == "canceled":
        desk.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "duplicate"})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        getattr(desk.v1.payment_intents, action)(intent.id)

    error: Any = refusal.value.error
    assert (error.code, error.payment_intent.status) == ("payment_intent_unexpected_state", ended)
    assert desk.v1.payment_intents.retrieve(intent.id).status == ended


@pytest.mark.parametrize(
    ("card", "result", "ended"),
    [
        ("pm_card_threeDSecure2Required", "success", "succeeded"),
        ("pm_card_threeDSecure2Required", "failure", "requires_payment_method"),
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "success", "requires_payment_method"),
    ],
)
def test_the_customer_authenticates_on_the_hosted_page(desk: Desk, card: str, result: str, ended: str) -> None:
    waiting = desk.paid(card=card)
    assert (waiting.status, waiting.amount_received) == ("requires_action", 0)
    page = _page(desk, waiting)
    assert "really you" in desk.http("GET", page).text

    reply = desk.http("POST", page, f"result={result}")

    assert reply.status == 303
    assert reply.headers["Location"].startswith(f"{RETURN_URL}?payment_intent={waiting.id}&")
    assert f"redirect_status={'succeeded' if ended == 'succeeded' else 'failed'}" in reply.headers["Location"]
    assert desk.v1.payment_intents.retrieve(waiting.id).status == ended
    assert desk.http("POST", page, "result=success").status == 400


def test_the_hosted_page_wants_the_secret_of_the_intent(desk: Desk) -> None:
    page = _page(desk, desk.paid(card="pm_card_threeDSecure2Required"))

    assert desk.http("POST", page.partition("?")[0] + "?client_secret=guess", "result=success").status == 400
    assert desk.http("GET", "/_hosted/authenticate/pi_none?client_secret=x").status == 404


def test_an_action_can_be_refused_beforehand(desk: Desk) -> None:
    error: Any = desk.declined("pm_card_threeDSecure2Required", error_on_requires_action=True).error

    assert (error.code, error.decline_code) == ("authentication_required", "authentication_not_handled")
    assert error.payment_intent.status == "requires_payment_method"


def test_confirming_needs_a_way_back_unless_no_method_leads_away(desk: Desk) -> None:
    params: Any = {"amount": 500, "currency": "gbp", "payment_method": "pm_card_visa", "confirm": True}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_intents.create(params)
    stays = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}

    assert refusal.value.param == "return_url"
    assert desk.v1.payment_intents.create(params | stays).status == "succeeded"


def test_a_card_used_without_a_customer_is_used_once(desk: Desk) -> None:
    card = desk.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}}).id
    assert desk.paid(card=card).status == "succeeded"

    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        desk.paid(card=card)


def test_a_saved_card_pays_for_its_own_customer_only(desk: Desk) -> None:
    owner = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    other = desk.v1.customers.create({}).id
    card = desk.v1.customers.payment_methods.list(owner).data[0].id

    assert desk.paid(card=card, customer=owner).customer == owner
    assert desk.paid(card=card, customer=owner, off_session=True).status == "succeeded"
    owners: list[dict[str, Any]] = [{"customer": other}, {}]
    for customer in owners:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            desk.paid(card=card, **customer)
        assert refusal.value.param == "payment_method"


def test_paying_can_save_the_card_for_later(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id

    desk.paid(customer=customer, setup_future_usage="off_session")

    saved = desk.v1.customers.payment_methods.list(customer).data
    assert [method.customer for method in saved] == [customer]
    assert "payment_method.attached" in desk.event_types()


def test_off_session_without_confirming_is_refused(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.payment_intents.create({"amount": 500, "currency": "gbp", "off_session": True})

    assert refusal.value.param == "off_session"


def test_a_setup_intent_saves_a_card_without_taking_money(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    intent = desk.v1.setup_intents.create({"customer": customer, "automatic_payment_methods": {"enabled": True}})
    assert intent.status == "requires_payment_method"

    done = desk.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_gb", "return_url": RETURN_URL})

    assert (done.status, done.usage) == ("succeeded", "off_session")
    assert [method.id for method in desk.v1.customers.payment_methods.list(customer).data] == [done.payment_method]
    assert desk.v1.charges.list({"customer": customer}).data == []
    assert desk.event_types()[-2:] == ["payment_method.attached", "setup_intent.succeeded"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.setup_intents.cancel(intent.id)
    assert refusal.value.code == "setup_intent_unexpected_state"


def test_a_setup_that_fails_authentication_can_be_tried_again(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    params: Any = {"customer": customer, "confirm": True, "return_url": RETURN_URL}
    waiting = desk.v1.setup_intents.create(params | {"payment_method": "pm_card_authenticationRequired"})

    desk.http("POST", _page(desk, waiting), "result=failure")

    failed = desk.v1.setup_intents.retrieve(waiting.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_setup_error is not None
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    assert desk.event_types()[-1] == "setup_intent.setup_failed"
    assert desk.v1.setup_intents.confirm(waiting.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def _page(desk: Desk, intent: stripe.PaymentIntent | stripe.SetupIntent) -> str:
    action: Any = intent.next_action
    url: str = action.redirect_to_url.url
    return url.removeprefix(desk.server.url)
