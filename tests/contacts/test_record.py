"""Reading Amazon Connect's contact record: what it may lack, what it may hold, and what is never kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.customer import Customer
from chalicelib.contacts.record import UnreadableRecord, read_record
from tests.contacts.records import AGENT, QUEUE, a_record, payload
from tests.house.recorded import raw, rows_of


def test_a_whole_record() -> None:
    reading = read_record(payload(Attributes={"account_id": "acc_1", "reason": "arrears", "test": "true"}))
    contact = reading.contact
    assert reading.customer == Customer("phone", "+447700900123")
    assert (contact.contact_id, contact.chain_id, contact.channel, contact.method) == ("c-1", "c-1", "voice", "INBOUND")
    assert contact.initiated_at == datetime(2026, 11, 2, 9, 10, tzinfo=UTC)
    assert contact.updated_at == datetime(2026, 11, 2, 9, 16, tzinfo=UTC)
    assert (contact.queue, contact.queue_s, contact.agent, contact.handling_s) == ("BillingQueue", 15, "agent.one", 250)
    assert (contact.account_id, contact.category, contact.test) == ("acc_1", "arrears", True)


def test_everything_that_may_be_null_may_be_null() -> None:
    nothing = dict.fromkeys(a_record()) | {"ContactId": "c-1", "InitiationTimestamp": "2026-11-02T09:10:00Z"}
    contact = read_record(json.dumps(nothing).encode()).contact
    assert (contact.channel, contact.method, contact.queue, contact.agent) == ("unknown", "UNKNOWN", None, None)
    assert contact.updated_at == contact.initiated_at


@pytest.mark.parametrize(
    ("agent", "queue", "names"),
    [
        ({**AGENT, "Username": None}, {**QUEUE, "Name": None}, ("a", "q")),
        ({}, {}, (None, None)),
        (AGENT, {**QUEUE, "Name": "Q" * 300}, ("agent.one", "Q" * 127)),
    ],
)
def test_names_fall_back_to_the_last_part_of_the_arn(agent: Any, queue: Any, names: tuple[str, str]) -> None:
    contact = read_record(payload(Agent=agent, Queue=queue)).contact
    assert (contact.agent, contact.queue) == names


@pytest.mark.parametrize(
    ("endpoint", "customer"),
    [
        ({"Address": "Aoife@Example.com", "Type": "EMAIL_ADDRESS"}, Customer("email", "aoife@example.com")),
        ({"Address": "anonymous", "Type": "TELEPHONE_NUMBER"}, None),
        ({"Address": "+266696687", "Type": "TELEPHONE_NUMBER"}, None),
        ({"Address": "+7378742833", "Type": "TELEPHONE_NUMBER"}, None),
        ({"Address": "", "Type": "TELEPHONE_NUMBER"}, None),
        ({"Address": None}, None),
        ({"Address": "x" * 10_000}, None),
        ("+447700900123", None),
        (None, None),
    ],
)
def test_the_customer_is_found_by_a_true_address_alone(endpoint: Any, customer: Customer | None) -> None:
    assert read_record(payload(CustomerEndpoint=endpoint)).customer == customer


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "json_invalid"),
        (b"{", "json_invalid"),
        (b"\xff\xfe", "json_invalid"),
        (b"[]", "record: model_type"),
        (b'"x"', "record: model_type"),
        (payload(ContactId=None), "ContactId: string_type"),
        (payload(ContactId="a b"), "ContactId: string_pattern_mismatch"),
        (payload(LastUpdateTimestamp="yesterday afternoon"), "LastUpdateTimestamp"),
        (payload(InitiationTimestamp="9999-12-31T23:59:59Z"), "InitiationTimestamp: value_error"),
        (payload(InitiationTimestamp="2026-11-02T09:10:00"), "InitiationTimestamp: timezone_aware"),
        (payload(Agent={**AGENT, "AgentInteractionDuration": -1}), "AgentInteractionDuration"),
        (payload(Agent="agent.one"), "Agent: model_type"),
        (json.dumps({"ContactId": "c-1"}).encode(), "no timestamp"),
    ],
)
def test_what_cannot_be_read_is_named_without_its_value(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableRecord, match=says) as refused:
        read_record(content)
    assert "yesterday" not in str(refused.value)


_ODD = st.recursive(st.none() | st.text() | st.integers(), st.lists)


@given(st.binary(max_size=300) | _ODD.map(lambda value: payload(Agent=value, Attributes=value, Queue=value)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read = read_record(content).contact.contact_id
    except UnreadableRecord as refused:
        read = str(refused)
    assert read


def test_attributes_are_closed_by_default() -> None:
    attributes = {
        "customer_name": "Margaret Ellison", "typed": "4242424242424242", "callback": "+442079460187",
        "reason": "Margaret Ellison", "account_id": "acc_not-an-ulid", "training": "no",
    }  # fmt: skip
    contact = read_record(payload(Attributes=attributes)).contact
    kept = contact.model_dump_json()
    assert (contact.category, contact.account_id, contact.test) == (None, None, False)
    assert not [text for text in ("Margaret", "4242", "+4420", "7700900123") if text in kept]


@pytest.mark.parametrize("row", rows_of("contacts"))
def test_the_recorded_ones_are_read_or_parked_as_promised(row: dict[str, Any]) -> None:
    if row["expect"] == "parked":
        with pytest.raises(UnreadableRecord):
            read_record(raw(row))
    else:
        contact = read_record(raw(row)).contact
        assert contact.contact_id == row["contact_id"]
        assert contact.chain_id == row.get("chain_id", row["contact_id"])
        assert not [text for text in row.get("must_not_store", []) if text in contact.model_dump_json()]
