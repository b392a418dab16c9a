"""What a Connect flow is told about the caller: enough to route before verification, and no more."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.contacts.callers import Callers, read_call, word
from chalicelib.contacts.jobs import identify_caller
from chalicelib.contacts.store import ContactStore
from chalicelib.platform.errors import Unavailable
from chalicelib.wiring import accounts, invoices, ledger, table, today
from tests.billing.builders import a_line, an_invoice
from tests.contacts.conftest import NewAccount
from tests.harness import HttpDesk, Meter
from tests.house.recorded import load, rows_of


def a_call(phone: str | None = "+447700900123", attributes: Any = None, parameters: Any = None) -> dict[str, Any]:
    endpoint = phone and {"Address": phone, "Type": "TELEPHONE_NUMBER"}
    data = {"Attributes": attributes or {}, "CustomerEndpoint": endpoint, "LanguageCode": "en-GB"}
    return {"Details": {"ContactData": data, "Parameters": parameters or {}}, "Name": "ContactFlowEvent"}


def open_case(desk: HttpDesk, account_id: str, **fields: Any) -> dict[str, Any]:
    answer = desk.call("POST", "/v1/cases", {"account_id": account_id, "subject": "Bill", "text": "Why?", **fields})
    assert answer.status == 201, answer.text
    case: dict[str, Any] = answer.json
    return case


def owes(account_id: str, minor: int, due_on: date, issued_on: date) -> None:
    """One bill that is not paid."""
    line = a_line(net_minor=minor, tax_rate_bp=0)
    invoices().issue(an_invoice("inv_1", line, account_id=account_id, issued_on=issued_on, due_on=due_on))


def test_a_number_is_a_claim_so_nothing_personal_is_told(desk: HttpDesk, ada: str) -> None:
    open_case(desk, ada, priority="urgent")
    assert identify_caller(a_call(), None) == {
        "known": "true", "verification_level": "none", "open_cases": "1", "language": "en-GB", "priority": "high",
    }  # fmt: skip


@pytest.mark.parametrize("where", ["attributes", "parameters"])
def test_a_verified_caller_is_told_about(desk: HttpDesk, ada: str, where: str) -> None:
    open_case(desk, ada)
    latest = open_case(desk, ada)
    owes(ada, 5760, today() - timedelta(days=1), today() - timedelta(days=9))
    proof = {where: {"account_id": ada, "verification_level": "full"}}
    assert identify_caller(a_call(None, **proof), None) == {
        "known": "true", "account_id": ada, "verification_level": "full", "greeting_name": "Ada", "open_cases": "2",
        "latest_case": latest["reference"], "balance_minor": "5760", "currency": "GBP", "overdue": "true",
        "last_invoice_total_minor": "5760", "reason_1": "overdue_balance", "reason_2": "open_case",
        "reason_3": "new_bill", "language": "en-GB", "priority": "normal",
    }  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"verification_level": "full"},
        {"account_id": "acc_not-an-ulid", "verification_level": "full"},
        {"account_id": "ADA", "verification_level": "none"},
        {"account_id": "ADA", "verification_level": "FULL!"},
        {"account_id": "ADA"},
    ],
)
def test_half_a_proof_is_none(ada: str, said: dict[str, str]) -> None:
    said = {name: ada if value == "ADA" else value for name, value in said.items()}
    answer = identify_caller(a_call(attributes=said), None)
    assert answer["known"] == "true"
    assert not answer.keys() & {"account_id", "greeting_name", "balance_minor", "latest_case", "reason_1", "overdue"}


def test_a_shared_number_names_nobody(ada: str, new_account: NewAccount) -> None:
    new_account("Byron", phones=["+447700900123"])
    assert identify_caller(a_call(), None) == {
        "known": "false", "candidates": "2", "language": "en-GB", "priority": "normal",
    }  # fmt: skip


@pytest.mark.parametrize("given_name", ["Seán O'Brien", "李", "Anna-Lena", "<b>", "x" * 80])
def test_every_value_is_one_that_connect_can_hold(new_account: NewAccount, given_name: str) -> None:
    account = new_account(given_name)
    answer = identify_caller(a_call(None, {"account_id": account, "verification_level": "basic"}), None)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", value) for value in answer.values())


@pytest.mark.parametrize(
    "event",
    [
        {}, [], None, "x", 7, {"Details": None}, {"Details": []}, {"Details": {"ContactData": "x", "Parameters": 1}},
        a_call("garbage"), a_call("+266696687"), a_call(None), a_call(attributes=["x"], parameters="x"),
        a_call(None, {"account_id": "acc_01M6GG8HXXY3CSJ72Y8ZGD4THN", "verification_level": "full"}),
    ],
)  # fmt: skip
def test_garbage_and_strangers_are_not_known(cloud: None, event: Any) -> None:
    assert identify_caller(event, None)["known"] == "false"


_NAMES = st.sampled_from(
    ["Details", "ContactData", "Parameters", "Attributes", "CustomerEndpoint", "Address", "account_id"]
)
_EVENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(_NAMES, inner),
)


@given(_EVENTS)
def test_any_event_is_read(event: Any) -> None:
    call = read_call(event)
    assert call.account_id is None or call.account_id.startswith("acc_")


@given(st.text() | st.integers() | st.none())
def test_words_are_of_connects_alphabet(value: Any) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]*", word(value))


def test_a_store_that_is_down_is_an_unknown_caller(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Down(ContactStore):
        def caller(self, account_id: str) -> Any:
            raise Unavailable("down")

    lookup = Callers(Down(table()), accounts(), ledger(), today)
    monkeypatch.setattr("chalicelib.contacts.jobs.callers", lambda: lookup)
    assert identify_caller(a_call(None, {"account_id": "acc_1"}), None) == {"known": "false"}


@pytest.mark.parametrize("row", rows_of("flow"))
def test_the_recorded_flows_are_answered_as_promised(new_account: NewAccount, row: dict[str, Any]) -> None:
    data = load(row)["Details"].get("ContactData", {})
    phone = (data.get("CustomerEndpoint") or {}).get("Address")
    sharing = len(row.get("candidates", [])) or int(row["known"] and phone is not None)
    opened = [new_account(phones=[phone]) for _ in range(sharing)]
    event = load(row)
    if row["known"] and phone is None:
        event["Details"]["ContactData"]["Attributes"]["account_id"] = new_account()
    answer = identify_caller(event, None)
    assert answer["known"] == str(row["known"]).lower()
    assert answer.get("candidates") == (str(sharing) if sharing > 1 else None)
    assert not set(opened) & set(answer.values())


def test_costs(ada: str, meter: Meter) -> None:
    identify_caller(a_call(), None)
    assert meter.calls == ["Query", "Query"]
    identify_caller(a_call(None, {"account_id": ada}), None)
    assert meter.calls == ["Query", "Query", "Query"]
    # Money is read for a verified caller alone.
    identify_caller(a_call(None, {"account_id": ada, "verification_level": "full"}), None)
    assert meter.calls == ["Query"] * 5
