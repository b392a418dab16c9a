"""The recorded contact records: real shape, every way to begin and end, and the figures that they must come to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.house.recorded import ACCOUNTS, MANIFEST, ROWS, load, rows_of

CONTACT_FIELDS = {
    "AWSAccountId", "AWSContactTraceRecordFormatVersion", "Agent", "AgentConnectionAttempts",
    "AnsweringMachineDetectionStatus", "Attributes", "Campaign", "Channel", "ConnectedToSystemTimestamp",
    "ContactDetails", "ContactId", "ContactLens", "CustomerEndpoint", "DisconnectReason", "DisconnectTimestamp",
    "InitialContactId", "InitiationMethod", "InitiationTimestamp", "InstanceARN", "LastUpdateTimestamp",
    "MediaStreams", "NextContactId", "PreviousContactId", "Queue", "Recording", "Recordings", "References",
    "RelatedContactId", "ScheduledTimestamp", "SegmentAttributes", "SystemEndpoint", "Tags",
    "TransferCompletedTimestamp", "TransferredToEndpoint", "VoiceIdResult",
}  # fmt: skip
METHODS = {"INBOUND", "OUTBOUND", "TRANSFER", "CALLBACK", "API", "QUEUE_TRANSFER", "MONITOR", "DISCONNECT"}


def current_contacts() -> list[dict[str, Any]]:
    """The newest record of each contact that is not poison."""
    newest: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        if row["door"] == "contacts" and row["expect"] != "parked":
            record = load(row)
            known = newest.get(record["ContactId"])
            if known is None or record["LastUpdateTimestamp"] > known["LastUpdateTimestamp"]:
                newest[record["ContactId"]] = record
    return list(newest.values())


@pytest.mark.parametrize("row", rows_of("contacts", but="parked"))
def test_contact_record_has_every_field_of_a_real_one(row: dict[str, Any]) -> None:
    record = load(row)
    assert record.keys() >= CONTACT_FIELDS
    assert row["contact_id"] == record["ContactId"]
    assert row.get("chain_id") in {None, record["InitialContactId"]}
    times = [value for name, value in record.items() if name.endswith("Timestamp") and value is not None]
    assert all(re.fullmatch(r"2026-11-20T\d\d:\d\d:\d\dZ", value) for value in times)
    assert record["InitiationTimestamp"] <= record["DisconnectTimestamp"] <= record["LastUpdateTimestamp"]


def test_contacts_show_every_way_a_contact_begins_and_ends() -> None:
    records = current_contacts()
    assert {record["InitiationMethod"] for record in records} >= METHODS
    assert {record["Channel"] for record in records} >= {"VOICE", "CHAT", "TASK", "EMAIL"}
    agents = {record["Agent"]["Username"] for record in records if record["Agent"]}
    assert agents == {"agent.one", "agent.two", "agent.three", "agent.four"}
    queues = {record["Queue"]["Name"] for record in records if record["Queue"]}
    assert queues == {"BillingQueue", "PaymentsQueue", "ComplaintsQueue"}
    ids = {record["ContactId"] for record in records}
    linked = {record[name] for record in records for name in ("NextContactId", "PreviousContactId", "InitialContactId")}
    assert linked - {None} <= ids


def test_contact_on_an_account_came_from_its_phone_or_names_it() -> None:
    reach = {account["account_id"]: {*account["phones"], *account["emails"]} for account in ACCOUNTS}
    for row in ROWS:
        if row["door"] == "contacts" and row.get("account_id"):
            record = load(row)
            named = record["Attributes"].get("account_id") == row["account_id"]
            endpoint = record["CustomerEndpoint"] or {"Address": None}
            assert named or endpoint["Address"] in reach[row["account_id"]], row["file"]


def test_figures_of_the_manifest_are_those_of_the_records() -> None:
    calls = [record for record in current_contacts() if record["Channel"] == "VOICE"]
    arrived = [call for call in calls if call["InitiationMethod"] == "INBOUND"]
    lost = [call for call in arrived if call["Queue"] and not call["Agent"] and not call["NextContactId"]]
    counted = [call for call in calls if call["InitiationMethod"] not in {"MONITOR", "DISCONNECT"}]
    legs = [call for call in counted if call["Agent"] and call["Agent"]["AgentInteractionDuration"]]
    parts = ("AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration")
    times = [[leg["Agent"][part] for part in parts] for leg in legs]
    complete = [time for time in times if None not in time]
    assert MANIFEST["figures"] == {
        "calls_arrived": len(arrived),
        "calls_offered": len([call for call in arrived if call["Queue"]]),
        "calls_abandoned": len(lost),
        "calls_handled": len(legs),
        "chains_handled": len({leg["InitialContactId"] or leg["ContactId"] for leg in legs}),
        "callbacks": len([call for call in calls if call["InitiationMethod"] == "CALLBACK"]),
        "aht_leg": {
            "numerator": sum(map(sum, complete)),
            "denominator": len(complete),
            "unknown": len(times) - len(complete),
        },
    }


@pytest.mark.parametrize("row", rows_of("contacts"))
def test_only_poison_contacts_cannot_be_read(row: dict[str, Any]) -> None:
    try:
        record = load(row)
        sound = record["ContactId"] and record["LastUpdateTimestamp"].startswith("2026-")
    except (ValueError, KeyError, TypeError):
        sound = False
    assert bool(sound) == (row["expect"] != "parked")
