"""What a contact counts as."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.contacts.model import Outcome
from chalicelib.contacts.record import read_record
from tests.contacts.records import AGENT, QUEUE, payload

NO_AGENT: dict[str, Any] = {"Agent": None}
OUT: dict[str, Any] = {"InitiationMethod": "OUTBOUND", "Queue": None}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.HANDLED),
        ({"InitiationMethod": "TRANSFER"}, Outcome.HANDLED),
        ({"InitiationMethod": "QUEUE_TRANSFER"}, Outcome.HANDLED),
        ({"InitiationMethod": "CALLBACK"}, Outcome.HANDLED),
        ({"InitiationMethod": "API", "Channel": "CHAT"}, Outcome.HANDLED),
        (OUT, Outcome.HANDLED),
        ({**OUT, "ConnectedToSystemTimestamp": None}, Outcome.UNANSWERED),
        ({**OUT, "DisconnectReason": "TELECOM_UNANSWERED"}, Outcome.UNANSWERED),
        ({"InitiationMethod": "CALLBACK", "ConnectedToSystemTimestamp": None}, Outcome.UNANSWERED),
        ({"InitiationMethod": "CALLBACK", **NO_AGENT}, Outcome.UNANSWERED),
        (NO_AGENT, Outcome.ABANDONED),
        ({**NO_AGENT, "InitiationMethod": "TRANSFER"}, Outcome.ABANDONED),
        ({**NO_AGENT, "NextContactId": "c-2"}, Outcome.MOVED),
        ({**NO_AGENT, "TransferCompletedTimestamp": "2026-11-02T09:12:00Z"}, Outcome.MOVED),
        ({**NO_AGENT, "Queue": None}, Outcome.ENDED),
        ({"InitiationMethod": "MONITOR"}, Outcome.ENDED),
        ({"InitiationMethod": "DISCONNECT", **NO_AGENT}, Outcome.ENDED),
        ({"InitiationMethod": "SATELLITE_RELAY"}, Outcome.ENDED),
        ({"InitiationMethod": "API", "Channel": "TASK"}, Outcome.ENDED),
    ],
)
def test_outcome(changes: dict[str, Any], outcome: Outcome) -> None:
    assert read_record(payload(**changes)).contact.outcome is outcome


@pytest.mark.parametrize(
    ("changes", "arrived", "queued"),
    [
        ({}, True, True),
        ({"Queue": None}, True, False),
        ({"InitiationMethod": "WEBRTC_API"}, True, True),
        ({"InitiationMethod": "TRANSFER"}, False, True),
        ({"InitiationMethod": "CALLBACK"}, False, False),
        (OUT, False, False),
        ({"InitiationMethod": "API"}, False, False),
    ],
)
def test_demand_is_what_customers_begin(changes: dict[str, Any], arrived: bool, queued: bool) -> None:
    contact = read_record(payload(**changes)).contact
    assert (contact.is_arrival, contact.is_queued) == (arrived, queued)


@pytest.mark.parametrize("part", ["AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration"])
def test_a_time_that_is_missing_is_unknown_and_not_zero(part: str) -> None:
    assert read_record(payload(Agent={**AGENT, part: None})).contact.handling_s is None
    assert read_record(payload(Agent={**AGENT, part: 0})).contact.handling_s == 250 - AGENT[part]  # type: ignore[operator]


def test_the_queue_is_what_it_was() -> None:
    assert read_record(payload(Queue=QUEUE)).contact.queue_s == 15
