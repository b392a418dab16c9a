"""The recorded events are whole: the manifest names each file, each file fits its door, nobody real is in them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.house.recorded import ACCOUNTS, EVENTS, ROWS, load, mail_of, raw, rows_of, text_of

OUTCOMES = re.compile(
    r"case|thread|parked|answer|refund|dispute|nothing:older|suspense|ignored:(auto|bounce|known|type)"
    r"|interaction(:no_account|:updated)?|payment:(succeeded|failed|processing|requires_action)|status:[245]\d\d"
)
RESERVED_DOMAIN = re.compile(r"(.+\.)?(example\.com|.+\.example)", re.IGNORECASE)
DRAMA_PHONE = re.compile(r"\+(447700900\d{3}|442079460\d{3}|35320915\d{4}|493023125\d{3})")
OUTLOOK_CID = re.compile(r"\bimage\d{3}\.png@[0-9A-F]{8}\.[0-9A-F]{8}\b")
"""A Content-ID of Outlook looks like a mail address and is none."""


def test_manifest_and_folders_name_the_same_files() -> None:
    named = [row["file"] for row in ROWS]
    present = {
        str(path.relative_to(EVENTS))
        for path in EVENTS.rglob("*")
        if path.is_file() and path.name not in {"manifest.json", "README.md", ".gitattributes"}
    }
    assert len(named) == len(set(named)) >= 48
    assert set(named) == present


def test_rows_speak_the_closed_vocabulary_in_order() -> None:
    doors = {"mail": 18, "contacts": 14, "flow": 6, "stripe": 8, "request": 6}
    for door, at_least in doors.items():
        rows = [row for row in ROWS if row["door"] == door]
        assert len(rows) >= at_least
        assert [row["order"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["door"] for row in ROWS} == doors.keys()
    assert not [row["file"] for row in ROWS if not (OUTCOMES.fullmatch(row["expect"]) and row["title"])]


def test_rows_point_to_accounts_payments_and_files_that_exist() -> None:
    accounts = {account["account_id"]: account for account in ACCOUNTS}
    payments = {payment["payment_id"] for account in ACCOUNTS for payment in account["payments"]}
    files = {row["file"] for row in ROWS}
    for row in ROWS:
        assert {row.get("account_id"), *row.get("candidates", [])} <= {None, *accounts}
        assert row.get("payment_id") in payments | {None}
        assert row.get("thread_of") in files | {None}


@pytest.mark.parametrize(
    "row", [param for door in ("mail", "contacts", "flow", "stripe", "request") for param in rows_of(door)]
)
def test_no_address_or_phone_of_a_living_person(row: dict[str, Any]) -> None:
    text = raw(row).decode("utf-8", "replace")
    if row["door"] == "mail":
        text = OUTLOOK_CID.sub("", text + text_of(mail_of(row)))
    domains = set(re.findall(r"[\w.+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", text))
    assert not {domain for domain in domains if not RESERVED_DOMAIN.fullmatch(domain)}
    assert not {phone for phone in re.findall(r"\+\d{9,15}\b", text) if not DRAMA_PHONE.fullmatch(phone)}


@pytest.mark.parametrize("row", rows_of("flow"))
def test_flow_request_is_what_connect_sends(row: dict[str, Any]) -> None:
    request = load(row)
    assert request["Name"] == "ContactFlowEvent"
    assert isinstance(row["known"], bool)
    assert row["known"] == bool(row["account_id"])
    data = request["Details"].get("ContactData")
    if data:
        assert request["Details"].keys() == {"ContactData", "Parameters"}
        assert data.keys() >= {"Attributes", "Channel", "ContactId", "CustomerEndpoint", "InitialContactId", "Queue"}
        assert isinstance(data["MediaStreams"], dict)


@pytest.mark.parametrize("row", rows_of("stripe"))
def test_stripe_event_is_one_event_object(row: dict[str, Any]) -> None:
    event = load(row)
    assert event["object"] == "event"
    assert event["id"] == row["event_id"]
    assert event.keys() >= {"api_version", "created", "data", "livemode", "pending_webhooks", "request", "type"}
    assert event["livemode"] is False
    subject = event["data"]["object"]
    assert subject["object"]
    if "payment_id" in row and subject["object"] != "dispute":
        assert subject["metadata"]["payment_id"] == row["payment_id"]


def test_stripe_events_fit_the_payments_they_are_about() -> None:
    payments = {payment["payment_id"]: payment for account in ACCOUNTS for payment in account["payments"]}
    for row in ROWS:
        if row["door"] == "stripe" and "payment_id" in row:
            subject = load(row)["data"]["object"]
            payment = payments[row["payment_id"]]
            assert payment["payment_intent_id"] == subject.get("payment_intent", subject["id"])
            assert subject["amount"] == payment["amount_minor"]
            assert payment["state"] == ("pending" if subject["object"] == "payment_intent" else "succeeded")


def test_stripe_events_hold_the_promised_kinds() -> None:
    events = [load(row) for row in ROWS if row["door"] == "stripe"]
    states = {f"payment_intent.{state}" for state in ("succeeded", "payment_failed", "processing", "requires_action")}
    assert {event["type"] for event in events} >= states | {
        "charge.refunded", "charge.dispute.created", "customer.updated",
    }  # fmt: skip
    assert {event["api_version"] for event in events} == {"2026-10-28.endive", "2024-06-20"}
    assert len({event["id"] for event in events}) == len(events)


@pytest.mark.parametrize("row", rows_of("request"))
def test_request_is_a_rest_proxy_event_without_a_secret(row: dict[str, Any]) -> None:
    event = load(row)
    assert event.keys() == {
        "resource", "path", "httpMethod", "headers", "multiValueHeaders", "queryStringParameters",
        "multiValueQueryStringParameters", "pathParameters", "stageVariables", "requestContext", "body",
        "isBase64Encoded",
    }  # fmt: skip
    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
    assert not re.search(r"eyJ[\w-]{20,}", json.dumps(event))
