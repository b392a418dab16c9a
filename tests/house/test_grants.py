"""What functions ask of the table, on paths that a change elsewhere led through them, held against their roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.contacts.jobs import identify_caller, record_contacts
from chalicelib.platform.entry import Failed
from chalicelib.wiring import accounts
from tests.accounts.test_routes import ADA
from tests.contacts.records import payload, stream_event
from tests.contacts.test_callers import a_call
from tests.harness import HttpDesk
from tests.house.roles import Role
from tests.identity.http import verify
from tests.intake.mails import raw
from tests.intake.test_jobs import deliver, put

LOOKING_UP = ["IdentifyCaller", "ReceiveMail", "RecordContacts", "RecordMailEvents"]


@dataclass(frozen=True)
class Merged:
    """An account that goes on, and the number of the one that went on in it."""

    account_id: str
    other_number: str


@pytest.fixture
def merged(desk: HttpDesk) -> Merged:
    """Both accounts had one mail address and one phone number."""
    known = {**ADA, "emails": ["ada@example.com"], "phones": ["+447700900123"]}
    first, second = (desk.call("POST", "/v1/accounts", known).json for _ in range(2))
    for account in (first, second):
        verify(desk, account["account_id"], role="supervisor")
    body, url = {"duplicate_account_id": second["account_id"]}, f"/v1/accounts/{first['account_id']}/merges"
    assert desk.call("POST", url, body, role="supervisor").status == 201
    return Merged(first["account_id"], second["account_number"])


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(
    ("function", "work"),
    [
        ("IdentifyCaller", lambda: identify_caller(a_call(), None)["known"] == "true"),
        ("RecordContacts", lambda: record_contacts(stream_event(payload()), None) == {"batchItemFailures": []}),
        ("ReceiveMail", lambda: deliver(put(raw())) == []),
    ],
)
def test_who_was_merged_is_known_to_whoever_is_called_or_written_to(function: str, work: Callable[[], bool]) -> None:
    with Role(function).taken():
        assert work()


@pytest.mark.parametrize("function", LOOKING_UP)
def test_whoever_looks_accounts_up_may_go_on_to_where_a_merged_one_leads(merged: Merged, function: str) -> None:
    with Role(function).taken():
        found, _ = accounts().find("account_number", merged.other_number)
    assert [ref.account_id for ref in found] == [merged.account_id]


@pytest.mark.usefixtures("merged")
def test_a_call_without_a_grant_is_seen() -> None:
    with Role("ProjectFacts").taken(), pytest.raises(Failed, match="Denied"):
        identify_caller(a_call(), None)
