"""The call door from outside: one interaction a contact, the newest record wins, poison is parked, figures follow."""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Desk, wait_for
from infra.local.demo.recording import EVENTS

Record = dict[str, Any]


@pytest.fixture
def call() -> Record:
    """An answered inbound call of a demo customer, an hour ago, as a contact of its own."""
    record: Record = json.loads((EVENTS / "contacts" / "inbound-handled.json").read_text())
    began = datetime.fromisoformat(record["InitiationTimestamp"])
    ahead = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1) - began
    return {**_moved(record, ahead), "ContactId": str(uuid4())}


def _moved(value: Any, ahead: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _moved(inner, ahead) for name, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, ahead) for inner in value]
    try:
        moved = datetime.fromisoformat(value) + ahead
    except (TypeError, ValueError):
        return value
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")


def later(record: Record, seconds: int) -> Record:
    changed = copy.deepcopy(record)
    at = datetime.fromisoformat(record["LastUpdateTimestamp"]) + timedelta(seconds=seconds)
    changed["LastUpdateTimestamp"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return changed


def send(desk: Desk, record: Record) -> None:
    desk.send_contact(json.dumps(record).encode())


def entries(desk: Desk, account: str, record: Record) -> list[Any]:
    page = desk.call("GET", f"/v1/accounts/{account}/timeline?limit=100", role="advisor").json["items"]
    return [entry for entry in page if entry.get("contact_id") == record["ContactId"]]


def handled_seconds(desk: Desk, record: Record) -> int:
    """Numerator of the handling time of the hour in which the call began, after a fold."""
    hour = datetime.fromisoformat(record["InitiationTimestamp"]).replace(minute=0, second=0)
    asked = (
        f"/v1/kpis?from={hour:%Y-%m-%dT%H:%M:%SZ}&to={hour + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}&granularity=hour"
    )
    desk.fold()
    items = desk.call("GET", asked, role="supervisor").json["items"]
    return sum(item["kpis"]["aht_leg"]["numerator"] or 0 for item in items)


def test_a_call_is_one_interaction_and_a_newer_record_updates_it(desk: Desk, call: Record) -> None:
    account = desk.handle["demo"]["account_id"]
    before = handled_seconds(desk, call)
    for _ in range(3):
        send(desk, call)
    assert wait_for(lambda: entries(desk, account, call) or None)
    agent = call["Agent"]
    seconds = agent["AgentInteractionDuration"] + agent["CustomerHoldDuration"] + agent["AfterContactWorkDuration"]
    assert wait_for(lambda: handled_seconds(desk, call) == before + seconds)
    newer = later(call, 60)
    newer["Agent"]["AfterContactWorkDuration"] += 40
    send(desk, newer)
    send(desk, later(call, -60))
    assert wait_for(lambda: handled_seconds(desk, call) == before + seconds + 40)
    assert len(entries(desk, account, call)) == 1


def test_poison_is_parked_and_the_next_call_is_recorded(desk: Desk, call: Record) -> None:
    poison = f"not json {uuid4().hex}".encode()
    desk.send_contact(poison)
    send(desk, call)
    encoded = b64encode(poison).decode()
    assert wait_for(lambda: entries(desk, desk.handle["demo"]["account_id"], call) or None)
    assert wait_for(lambda: any(encoded in body for body in desk.bodies("contact_failures")))


def test_a_flow_learns_who_calls_and_nothing_personal(desk: Desk) -> None:
    known = desk.ask_flow((EVENTS / "flow" / "known-caller.json").read_bytes())
    assert known["known"] == "true"
    assert all(isinstance(value, str) for value in known.values())
    assert "balance_minor" not in known or known["balance_minor"] == ""
    assert desk.ask_flow(b'{"Details": 7}')["known"] == "false"
