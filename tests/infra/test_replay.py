"""Events that nothing tries any more are listed, and queued again."""

from __future__ import annotations

import json

import boto3
import pytest

from chalicelib import wiring
from chalicelib.payments.markers import Marker, MarkerStore, Outcome
from infra import replay
from infra.replay import Queue
from tests.fakes import FixedClock
from tests.harness import TABLE
from tests.payments.fakes import FakeStripe


@pytest.fixture
def markers(cloud: None) -> MarkerStore:
    """Two events are parked, and one was dealt with."""
    store = MarkerStore(wiring.table())
    for event_id, outcome in (("evt_1", Outcome.PARKED), ("evt_2", Outcome.PARKED), ("evt_3", Outcome.APPLIED)):
        store.keep(
            Marker(
                event_id=event_id,
                event_type="payment_intent.succeeded",
                api_version="2031-01-01.fern",
                object_id="pi_1",
                outcome=outcome,
                at=FixedClock()(),
            )
        )
    return store


@pytest.fixture
def queue(cloud: None) -> Queue:
    client = boto3.client("sqs")
    dead = client.create_queue(QueueName="dead")["QueueUrl"]
    for n in range(12):
        client.send_message(QueueUrl=dead, MessageBody=f"dead {n}")
    return Queue(client, client.get_queue_url(QueueName="stripe-events")["QueueUrl"], dead)


@pytest.fixture
def stripe() -> FakeStripe:
    """It has forgotten the second event."""
    known = FakeStripe()
    known.knows({"object": "event", "id": "evt_1"})
    return known


def queued(queue: Queue) -> list[str]:
    bodies: list[str] = []
    while found := queue.client.receive_message(QueueUrl=queue.events_url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in found]
    return sorted(bodies)


def test_they_are_listed_and_left_alone(markers: MarkerStore, queue: Queue, stripe: FakeStripe) -> None:
    lines = list(replay.replay(markers, stripe, queue, send=False))
    assert lines == ["dead letters: 12", "evt_1: parked", "evt_2: parked"]
    assert queued(queue) == []
    assert queue.dead() == 12


def test_they_are_queued_as_stripe_sent_them(markers: MarkerStore, queue: Queue, stripe: FakeStripe) -> None:
    lines = list(replay.replay(markers, stripe, queue, send=True))
    assert [line for line in lines if line.startswith("evt")] == ["evt_1: queued", "evt_2: Stripe has forgotten it"]
    bodies = queued(queue)
    assert bodies[:12] == sorted(f"dead {n}" for n in range(12))
    assert json.loads(bodies[12]) == {"object": "event", "id": "evt_1"}
    assert queue.dead() == 0


def test_parked_events_fill_pages(markers: MarkerStore) -> None:
    for n in range(130):
        known = {"event_type": "x", "api_version": None, "object_id": None, "outcome": Outcome.PARKED}
        markers.keep(Marker(event_id=f"evt_p{n:03}", at=FixedClock()(), **known))
    assert len(replay.parked(markers)) == 132


def test_the_stage_says_where_everything_is(
    markers: MarkerStore, queue: Queue, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {
        "TableName": TABLE,
        "StripeSecretId": "desk-test-stripe",
        "StripeEventsUrl": queue.events_url,
        "StripeDeadLettersUrl": queue.dead_url,
    }
    monkeypatch.setattr(replay, "outputs", lambda client, name: found if name == "desk-prod-data" else {})
    assert replay.main([]) == 0
    assert capsys.readouterr().out == "dead letters: 12\nevt_1: parked\nevt_2: parked\n"
    _, stripe, _ = replay._of("prod", "eu-west-2", "")
    assert stripe.api_key() == "sk_test_desk"


def test_a_stage_that_is_not_there_is_said(cloud: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay.main([]) == 1
    assert "not deployed" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        replay.main(["--stage", "nowhere"])


def test_a_queue_that_is_not_there_is_said(
    cloud: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = dict.fromkeys(("TableName", "StripeSecretId", "StripeEventsUrl", "StripeDeadLettersUrl"), "https://gone")
    monkeypatch.setattr(replay, "outputs", lambda client, name: gone)
    assert replay.main([]) == 1
    assert "cannot be read" in capsys.readouterr().err
