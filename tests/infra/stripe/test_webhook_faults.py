"""Webhooks that are late, doubled, reordered or dropped because they were told to be."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.infra.stripe.desk import Desk, customers, start
from tests.infra.stripe.receiver import Receiver, order


def test_doubled(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", copies=3)
    made = customers(hooked, 4)
    assert hooked.control("flush")["flushed"]

    assert Counter(order(receiver)) == dict.fromkeys(made, 3)


def test_reordered(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", shuffle=5, seed=7)
    made = customers(hooked, 5)
    receiver.wait_for(lambda r: len(r.received) == 5)

    assert sorted(order(receiver)) == sorted(made)
    assert order(receiver) != made


def test_held_back_until_enough_wait_or_a_flush(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", shuffle=100)
    made = customers(hooked, 3)
    assert hooked.http("GET", "/_control/webhooks").body["deliveries"]["held"] == 3
    assert receiver.received == []

    assert hooked.control("flush")["deliveries"] == {"pending": 0, "held": 0, "delivered": 3, "dropped": 0}
    assert sorted(order(receiver)) == sorted(made)


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
        made = customers(desk, 20)
        desk.control("flush")
        kept.append([str(made.index(each)) for each in order(receiver) if each in made])
        desk.server.stop()

    assert kept[0] == kept[1]
    assert 0 < len(kept[0]) < 20


def test_late_and_then_hurried(hooked: Desk, receiver: Receiver) -> None:
    hooked.control("webhooks", late_seconds=3600)
    customers(hooked, 1)
    hooked.control("webhooks")
    prompt = customers(hooked, 1)
    receiver.wait_for(lambda r: len(r.received) == 1)

    assert order(receiver) == prompt
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
