"""Webhooks: signed, delivered until taken, and wrong in the way that was asked for."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import API_KEY, SECRET, Desk, start
from tests.infra.stripe.receiver import Receiver


def _customers(desk: Desk, count: int) -> list[str]:
    return [desk.v1.customers.create({"name": f"n{number}"}).id for number in range(count)]


def _order(receiver: Receiver) -> list[str]:
    return [each.event["data"]["object"]["id"] for each in receiver.received]


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
    _customers(hooked, 1)
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
    _customers(hooked, 1)
    hooked.control("flush")

    assert receiver.types() == ["customer.created"]


def test_a_refused_event_is_sent_again_until_it_is_taken(hooked: Desk, receiver: Receiver) -> None:
    receiver.status = 503
    _customers(hooked, 1)
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
    _customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 2)

    assert hooked.http("GET", "/_control/webhooks").body["deliveries"]["pending"] == 1


def test_doubled(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", copies=3)
    made = _customers(hooked, 4)
    assert hooked.control("flush")["flushed"]

    assert Counter(_order(receiver)) == dict.fromkeys(made, 3)


def test_reordered(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", shuffle=5, seed=7)
    made = _customers(hooked, 5)
    receiver.wait_for(lambda r: len(r.received) == 5)

    assert sorted(_order(receiver)) == sorted(made)
    assert _order(receiver) != made


def test_held_back_until_enough_wait_or_a_flush(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", shuffle=100)
    made = _customers(hooked, 3)
    assert hooked.http("GET", "/_control/webhooks").body["deliveries"]["held"] == 3
    assert receiver.received == []

    assert hooked.control("flush")["deliveries"] == {"pending": 0, "held": 0, "delivered": 3, "dropped": 0}
    assert sorted(_order(receiver)) == sorted(made)


def test_dropped_but_still_listed(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", drop=True, types=["charge."])
    hooked.paid()
    assert hooked.control("flush")["deliveries"]["dropped"] == 1

    assert receiver.types() == ["payment_intent.created", "payment_intent.succeeded"]
    assert "charge.succeeded" in hooked.event_types()
    lost = hooked.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in lost] == ["charge.succeeded"]


def test_a_share_dropped_is_the_same_for_the_same_seed(tmp_path: Path, receiver: Receiver) -> None:
    kept: list[list[str]] = []
    for run in ("first", "second"):
        desk = start(tmp_path / run, receiver.url)
        desk.control("webhooks", drop=0.5, seed=3)
        made = _customers(desk, 20)
        desk.control("flush")
        kept.append([str(made.index(each)) for each in _order(receiver) if each in made])
        desk.server.stop()

    assert kept[0] == kept[1]
    assert 0 < len(kept[0]) < 20


def test_late_and_then_hurried(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", late_seconds=3600)
    _customers(hooked, 1)
    hooked.control("webhooks")
    prompt = _customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 1)

    assert _order(receiver) == prompt
    assert hooked.control("flush")["flushed"]
    assert len(receiver.received) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"copies": 0},
        {"copies": 1.5},
        {"drop": 2},
        {"drop": "all"},
        {"colour": 1},
        {"types": "charge."},
        {"shuffle": True},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(desk: Desk, fault: dict[str, Any]) -> None:
    reply = desk.http("POST", "/_control/webhooks", json.dumps(fault), Content_Type="application/json")

    assert reply.status == 400


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
    made = _customers(hooked, 2)
    assert not hooked.control("flush", timeout_seconds=0.2)["flushed"]

    assert hooked.control("config", webhook_url=receiver.url) == {"webhook_url": receiver.url}
    assert hooked.control("flush")["flushed"]

    assert _order(receiver) == made


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


def test_undelivered_events_survive_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    receiver.status = 500
    first = start(tmp_path / "state.sqlite", receiver.url)
    first.control("webhooks", copies=2)
    made = _customers(first, 3)
    first.server.stop()
    receiver.status, receiver.received[:] = 200, []

    second = start(tmp_path / "state.sqlite")
    assert second.control("flush")["flushed"]
    second.server.stop()

    assert Counter(_order(receiver)) == dict.fromkeys(made, 2)


def test_a_killed_server_loses_neither_money_nor_events(tmp_path: Path, receiver: Receiver) -> None:
    receiver.status = 500
    command = [sys.executable, "-m", "infra.local.stripe", "--port", "0", "--state", str(tmp_path / "state.sqlite")]
    given = ["--webhook-url", receiver.url, "--webhook-secret", SECRET, "--api-key", API_KEY]
    with subprocess.Popen([*command, *given], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        client = stripe.StripeClient(API_KEY, base_addresses={"api": found[0]}, max_network_retries=0)
        made = [client.v1.customers.create({}).id for _ in range(5)]
        os.kill(process.pid, signal.SIGKILL)
    receiver.status, receiver.received[:] = 200, []

    after = start(tmp_path / "state.sqlite")
    assert after.control("flush")["flushed"]
    kept = [each.id for each in after.v1.customers.list().data]
    after.server.stop()

    assert kept == made[::-1]
    assert set(_order(receiver)) == set(made)


def test_a_told_server_stops_by_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.local.stripe", "--port", "0", "--state", str(tmp_path / "state.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()

        assert process.wait(20) == 0
