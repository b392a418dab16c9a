"""Customers and their saved methods."""

import pytest
import stripe

from tests.infra.stripe.desk import Desk


def test_a_customer_is_made_read_changed_and_found(desk: Desk) -> None:
    made = desk.v1.customers.create(
        {
            "email": "ada@example.com",
            "name": "Ada Byron",
            "phone": "+442079460000",
            "address": {"line1": "1 High Street", "country": "GB"},
            "preferred_locales": ["en-GB"],
            "metadata": {"account_id": "acc_1", "note": "x"},
        }
    )
    changed = desk.v1.customers.update(made.id, {"name": "Ada King", "phone": "", "metadata": {"note": ""}})

    assert (changed.name, changed.phone, changed.email) == ("Ada King", None, "ada@example.com")
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"account_id": "acc_1"}
    assert changed.address is not None
    assert (changed.address.line1, changed.address.city) == ("1 High Street", None)
    assert [found.id for found in desk.v1.customers.list({"email": "ada@example.com"}).data] == [made.id]
    previous = desk.v1.events.list({"type": "customer.updated"}).data[0].data.previous_attributes
    assert previous is not None
    assert previous["name"] == "Ada Byron"


def test_a_deleted_customer_leaves_a_stub_and_no_saved_card(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    card = desk.v1.customers.payment_methods.list(customer).data[0].id

    desk.v1.customers.delete(customer)

    stub = desk.v1.customers.retrieve(customer)
    assert stub.to_dict() == {"id": customer, "object": "customer", "deleted": True}
    assert desk.v1.customers.list().data == []
    assert desk.v1.payment_methods.retrieve(card).customer is None
    assert desk.event_types()[-2:] == ["payment_method.detached", "customer.deleted"]
    with pytest.raises(stripe.InvalidRequestError) as again:
        desk.v1.customers.delete(customer)
    assert (again.value.http_status, again.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as used:
        desk.v1.payment_intents.create({"amount": 500, "currency": "gbp", "customer": customer})
    assert (used.value.http_status, used.value.param) == (400, "customer")


def test_a_customer_whose_card_is_refused_is_not_made(desk: Desk) -> None:
    with pytest.raises(stripe.CardError):
        desk.v1.customers.create({"payment_method": "pm_card_chargeDeclined"})

    assert desk.v1.customers.list().data == []


def test_the_default_card_must_be_one_of_the_customers(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    other = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    card = desk.v1.customers.payment_methods.list(customer).data[0].id

    changed = desk.v1.customers.update(
        customer,
        {
            "invoice_settings": {"default_payment_method": card},
            "expand": ["invoice_settings.default_payment_method"],
        },
    )

    assert changed.invoice_settings is not None
    default = changed.invoice_settings.default_payment_method
    assert isinstance(default, stripe.PaymentMethod)
    assert default.id == card
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.customers.update(other, {"invoice_settings": {"default_payment_method": card}})


def test_a_detached_card_is_gone_for_good(desk: Desk) -> None:
    customer = desk.v1.customers.create({"payment_method": "pm_card_visa"}).id
    card = desk.v1.customers.payment_methods.list(customer).data[0].id

    assert desk.v1.payment_methods.detach(card).customer is None

    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        desk.v1.payment_methods.attach(card, {"customer": customer})
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.payment_methods.detach(card)


def test_a_card_number_is_never_taken(desk: Desk) -> None:
    reply = desk.http("POST", "/v1/payment_methods", "type=card&card[number]=4242424242424242&card[exp_month]=1")

    assert (reply.status, reply.error["type"]) == (402, "invalid_request_error")
    assert "4242424242424242" not in reply.text


def test_every_card_has_a_token(desk: Desk) -> None:
    made = desk.v1.payment_methods.create(
        {"type": "card", "card": {"token": "tok_mastercard"}, "billing_details": {"email": "ada@example.com"}}
    )

    assert made.card is not None
    assert (made.card.brand, made.billing_details.email, made.customer) == ("mastercard", "ada@example.com", None)
    with pytest.raises(stripe.InvalidRequestError, match="No such token"):
        desk.v1.payment_methods.create({"type": "card", "card": {"token": "tok_none"}})


@pytest.mark.parametrize(
    "metadata", [{f"k{n}": "v" for n in range(51)}, {"k" * 41: "v"}, {"k": "v" * 501}], ids=["many", "key", "value"]
)
def test_metadata_has_limits(desk: Desk, metadata: dict[str, str]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.customers.create({"metadata": metadata})

    assert refusal.value.param is not None
    assert refusal.value.param.startswith("metadata")
