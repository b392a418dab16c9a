"""The customer portal: one customer's saved methods and invoices, for a short time."""

from typing import Any

import pytest
import stripe
from stripe.billing_portal import Session

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Visitor

BACK = "https://desk.example/account"


def opened(desk: Desk, customer: str, **more: Any) -> Session:
    params: Any = {"customer": customer, "return_url": BACK, **more}
    return desk.v1.billing_portal.sessions.create(params)


def default_of(desk: Desk, customer: str) -> str | None:
    settings = desk.v1.customers.retrieve(customer).invoice_settings
    assert settings
    default = settings.default_payment_method
    assert default is None or isinstance(default, str)
    return default


def test_a_customer_adds_changes_and_removes_saved_methods(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    (first,) = (method.id for method in desk.v1.customers.payment_methods.list(customer).data)
    visitor, url = Visitor(desk), opened(desk, customer).url
    page = visitor.open(url)
    assert "Visa •••• 4242" in page.text
    assert f'href="{BACK}"' in page.text

    visitor.submit(url, action="add", payment_method="pm_card_mastercard")
    second = default_of(desk, customer)
    visitor.submit(url, action="default", payment_method=first)
    assert (second not in (None, first), default_of(desk, customer)) == (True, first)
    page = visitor.submit(url, action="remove", payment_method=first)

    assert default_of(desk, customer) is None
    assert [method.id for method in desk.v1.customers.payment_methods.list(customer).data] == [second]
    assert "4242" not in page.text.partition("Add another")[0]
    assert "payment_method.detached" in desk.event_types()


def test_a_refused_method_is_told_and_the_bank_may_ask(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id
    visitor, url = Visitor(desk), opened(desk, customer).url

    page = visitor.submit(url, action="add", payment_method="pm_card_visa_chargeDeclined")
    assert 'role="alert">Your card was declined.' in page.text
    question = visitor.submit(url, action="add", payment_method="pm_card_authenticationRequiredOnSetup")
    assert default_of(desk, customer) is None
    page = visitor.submit(question, result="success")

    assert "(default)" in page.text
    assert default_of(desk, customer)


@pytest.mark.parametrize(
    ("after", "lands"),
    [
        ({"type": "redirect", "redirect": {"return_url": f"{BACK}?done"}}, f"{BACK}?done"),
        ({"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": "All set"}}, "All set"),
        ({"type": "portal_homepage"}, "Your billing"),
    ],
)
def test_a_flow_ends_where_it_was_told_to(desk: Desk, after: dict[str, Any], lands: str) -> None:
    customer = desk.v1.customers.create({}).id
    session = opened(desk, customer, flow_data={"type": "payment_method_update", "after_completion": after})
    assert "Change how you pay" in Visitor(desk).open(session.url).text

    page = Visitor(desk).submit(session.url, action="add", payment_method="pm_card_visa")

    assert lands in (page.url, page.text) or lands in page.text
    assert default_of(desk, customer)


def test_a_customer_cannot_touch_what_belongs_to_another(desk: Desk) -> None:
    owner = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    card = desk.v1.customers.payment_methods.list(owner).data[0].id
    url = opened(desk, desk.v1.customers.create({}).id).url

    for action in ("default", "remove"):
        assert Visitor(desk).submit(url, action=action, payment_method=card).status == 400

    assert [method.id for method in desk.v1.customers.payment_methods.list(owner).data] == [card]
    assert Visitor(desk).submit(url, action="steal").status == 400


def test_a_configuration_says_what_the_page_offers(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    features: Any = {"invoice_history": {"enabled": True}}
    read_only = desk.v1.billing_portal.configurations.create({"features": features, "default_return_url": BACK})
    session = desk.v1.billing_portal.sessions.create({"customer": customer, "configuration": read_only.id})

    page = Visitor(desk).open(session.url)

    assert ("Visa •••• 4242" in page.text, BACK in page.text) == (False, True)
    assert Visitor(desk).submit(session.url, action="add", payment_method="pm_card_visa").status == 400
    desk.v1.billing_portal.configurations.update(read_only.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.billing_portal.sessions.create({"customer": customer, "configuration": read_only.id})
    assert refusal.value.param == "configuration"


def test_the_default_configuration_is_made_once(desk: Desk) -> None:
    customer = desk.v1.customers.create({}).id

    used = {opened(desk, customer).configuration for _ in range(2)}

    listed = desk.v1.billing_portal.configurations.list({"is_default": True}).data
    assert {each.id for each in listed} == used
    assert desk.event_types().count("billing_portal.configuration.created") == 1


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"customer": None}, "customer"),
        ({"customer": "cus_none"}, "customer"),
        ({"return_url": "desk.example"}, "return_url"),
        ({"flow_data": {"type": "subscription_cancel"}}, "flow_data[type]=subscription_cancel"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(desk: Desk, change: dict[str, Any], param: str) -> None:
    customer = desk.v1.customers.create({}).id

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        opened(desk, **({"customer": customer} | change))

    assert refusal.value.param == param
