"""The timeline of an account: contacts, cases and payments on one line, page by page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.cases.letter_list import ListedLetter
from chalicelib.cases.messages import Direction
from chalicelib.contacts.jobs import record_contacts
from chalicelib.platform.dynamo import Put
from chalicelib.wiring import letter_list, table
from tests.contacts.records import payload, stream_event
from tests.contacts.test_callers import open_case
from tests.harness import HttpDesk, Meter


def pay(account_id: str, payment_id: str, at: str) -> None:
    """A payment as its domain stores it."""
    item = {
        "pk": f"A#{account_id}", "sk": f"P#{at}#{payment_id}", "kind": "payment", "payment_id": payment_id,
        "amount_minor": 1234, "currency": "GBP", "status": "succeeded", "created_at": at,
    }  # fmt: skip
    table().write(Put(item))


def call_on(day: int, **changes: Any) -> bytes:
    at = f"2001-10-{day:02d}T09:00:00Z"
    return payload(ContactId=f"c-{day}", InitiationTimestamp=at, **changes)


@pytest.fixture
def busy(desk: HttpDesk, ada: str) -> str:
    """A payment on the 1st of October, calls on the 2nd to 5th (the last a supervisor's), and a case of today."""
    pay(ada, "pay_1", "2001-10-01T10:00:00.000Z")
    monitor = call_on(5, InitiationMethod="MONITOR")
    record_contacts(stream_event(call_on(2), call_on(3, Agent=None), call_on(4), monitor), None)
    open_case(desk, ada)
    return ada


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["contact_id"] or entry["payment_id"] or entry["type"] for entry in entries]


def test_newest_first_with_what_each_is(desk: HttpDesk, busy: str) -> None:
    answer = desk.call("GET", f"/v1/accounts/{busy}/timeline")
    assert answer.status == 200, answer.text
    entries = answer.json["items"]
    assert ids(entries) == ["case", "c-5", "c-4", "c-3", "c-2", "pay_1"]
    assert (entries[0]["title"], entries[0]["state"]) == ("Bill", "open")
    assert (entries[2]["state"], entries[2]["duration_s"], entries[2]["agent"]) == ("handled", 250, "agent.one")
    assert (entries[3]["state"], entries[3]["duration_s"]) == ("abandoned", None)
    assert entries[5]["amount"] == {"amount_minor": 1234, "currency": "GBP"}


def test_customers_see_their_side(desk: HttpDesk, busy: str) -> None:
    url = f"/v1/accounts/{busy}/timeline"
    entries = desk.call("GET", url, role="customer", account_id=busy).json["items"]
    assert ids(entries) == ["case", "c-4", "c-3", "c-2", "pay_1"]
    assert not [entry for entry in entries if entry["agent"]]
    assert desk.call("GET", url, role="customer", account_id="acc_OTHER").status == 404


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_pages_neither_repeat_nor_hide_while_things_happen(desk: HttpDesk, busy: str, size: int) -> None:
    url = f"/v1/accounts/{busy}/timeline?limit={size}"
    whole = ids(desk.call("GET", f"/v1/accounts/{busy}/timeline").json["items"])
    page = desk.call("GET", url).json
    seen = ids(page["items"])
    case = desk.call("GET", f"/v1/accounts/{busy}/timeline").json["items"][0]["case_id"]
    outcome = {"reason": "billing_error", "outcome": "corrected", "root_cause": "rating_fault"}
    assert desk.call("POST", f"/v1/cases/{case}/resolutions", outcome).status < 300
    record_contacts(stream_event(payload(ContactId="c-new", InitiationTimestamp="2099-11-20T09:00:00Z")), None)
    while page["next_cursor"]:
        page = desk.call("GET", f"{url}&cursor={page['next_cursor']}").json
        seen += ids(page["items"])
    assert seen == whole


def test_an_account_that_is_not_there(desk: HttpDesk, ada: str) -> None:
    assert desk.call("GET", f"/v1/accounts/{ada}/timeline").json == {"items": [], "next_cursor": None}
    assert desk.call("GET", "/v1/accounts/acc_ABSENT/timeline").status == 404
    assert desk.call("GET", f"/v1/accounts/{ada}/timeline?cursor=x").status == 400


def test_costs(desk: HttpDesk, busy: str, meter: Meter) -> None:
    desk.call("GET", f"/v1/accounts/{busy}/timeline")
    assert meter.calls == ["Query"] * 5
    assert meter.read_units == 2.5


def test_letters_stand_between_what_else_happened_and_customers_see_those_that_left(desk: HttpDesk, ada: str) -> None:
    for number, (state, direction) in enumerate((("sent", "out"), ("held", "out"), ("received", "in"))):
        at = datetime(2026, 11, 2, 12, number, tzinfo=UTC)
        letter_list().put(
            ListedLetter(
                message_id=f"msg_{number}", account_id=ada, at=at, direction=Direction(direction), state=state,
                channel="mail", title=f"Letter {number}", text="Away until Monday." if direction == "in" else None,
            )
        )  # fmt: skip
    url = f"/v1/accounts/{ada}/timeline"
    shown = desk.call("GET", url).json["items"]
    assert [(e["type"], e["letter_id"], e["state"], e["text"]) for e in shown] == [
        ("letter", "msg_2", "received", "Away until Monday."), ("letter", "msg_1", "held", None),
        ("letter", "msg_0", "sent", None),
    ]  # fmt: skip
    mine = desk.call("GET", url, role="customer", account_id=ada).json["items"]
    assert [entry["letter_id"] for entry in mine] == ["msg_0"]
