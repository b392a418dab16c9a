"""Webhooks: signed, in order, delivered until taken, to whoever asks for them."""

import pytest
import stripe

from tests.infra.stripe.desk import SECRET, Desk, customers
from tests.infra.stripe.receiver import Receiver, order


def test_each_change_is_told_in_order_and_signed(hooked: Desk, receiver: Receiver) -> None:
    hooked.paid()
    receiver.wait_for(lambda r: len(r.received) == 3)

    assert receiver.types() == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    for each in receiver.received:
        event = stripe.Webhook.construct_event(each.payload, each.signature, SECRET)
        assert event.id == hooked.v1.events.retrieve(event.id).id
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(each.payload + b" ", each.signature, SECRET)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(each.payload, each.signature, "whsec_other")


def test_while_secrets_rotate_both_sign(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("config", webhook_secrets=["whsec_new", SECRET])
    customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 1)

    for secret in ("whsec_new", SECRET):
        stripe.Webhook.construct_event(receiver.received[0].payload, receiver.received[0].signature, secret)


def test_an_event_names_the_request_that_caused_it(hooked: Desk) -> None:
    reply = hooked.http("POST", "/v1/customers", "name=a", Idempotency_Key="make-1")

    event = hooked.v1.events.list({"type": "customer.created"}).data[0]
    assert event.request is not None
    assert (event.request.id, event.request.idempotency_key) == (reply.headers["Request-Id"], "make-1")


def test_what_was_undone_is_not_told(hooked: Desk, receiver: Receiver) -> None:
    hooked.http("POST", "/v1/customers", "name=a&expand[]=colour")
    customers(hooked, 1)
    hooked.control("flush")

    assert receiver.types() == ["customer.created"]


def test_a_refused_event_is_sent_again_until_it_is_taken(hooked: Desk, receiver: Receiver) -> None:
    receiver.status = 503
    customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 2)
    event = hooked.v1.events.list().data[0]
    assert event.pending_webhooks == 1
    assert hooked.v1.events.list({"delivery_success": False}).data[0].id == event.id

    receiver.status = 204
    assert hooked.control("flush")["flushed"]

    assert len({each.event["id"] for each in receiver.received}) == 1
    assert hooked.v1.events.retrieve(event.id).pending_webhooks == 0


@pytest.mark.parametrize("status", [301, 302, 400])
def test_only_2xx_is_taken(hooked: Desk, receiver: Receiver, status: int) -> None:
    receiver.status = status
    customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 2)

    assert hooked.http("GET", "/_control/webhooks").body["deliveries"]["pending"] == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"webhook_url": 5}', '{"webhook_url": "ftp://x"}', '{"colour": 1}'])
def test_a_control_call_that_makes_no_sense_is_refused(desk: Desk, body: str) -> None:
    content_type = "application/json" if body else "text/plain"

    assert desk.http("POST", "/_control/config", body, Content_Type=content_type).status == 400
    assert desk.http("GET", "/_control/config").body == {"webhook_url": None}
    assert desk.http("GET", "/_control/nothing").status == 404
    assert desk.http("GET", "/_control/health").body["status"] == "ok"


def test_the_address_can_change_while_events_wait(hooked: Desk, receiver: Receiver) -> None:
    nowhere = "http://127.0.0.1:9/"
    hooked.control("config", webhook_url=nowhere)
    made = customers(hooked, 2)
    assert not hooked.control("flush", timeout_seconds=0.2)["flushed"]

    assert hooked.control("config", webhook_url=receiver.url) == {"webhook_url": receiver.url}
    assert hooked.control("flush")["flushed"]

    assert order(receiver) == made


def test_endpoints_are_made_through_the_api_and_get_what_they_ask_for(desk: Desk, receiver: Receiver) -> None:
    endpoint = desk.v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["charge.succeeded"]})
    assert endpoint.secret is not None
    desk.paid()
    desk.control("flush")

    assert receiver.types() == ["charge.succeeded"]
    stripe.Webhook.construct_event(receiver.received[0].payload, receiver.received[0].signature, endpoint.secret)
    assert desk.http("GET", f"/v1/webhook_endpoints/{endpoint.id}").body.get("secret") is None
    desk.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    desk.paid()
    desk.v1.webhook_endpoints.delete(endpoint.id)
    assert desk.control("flush")["deliveries"]["pending"] == 0
    assert len(receiver.received) == 1
