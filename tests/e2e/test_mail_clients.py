"""Customers with twenty programs and ten languages at the mail door: the right case of the right account in the right
queue, the customer's words alone, what they ask for, and one acknowledgement for each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo.desk import Desk, wait_for
from tests.e2e.client_mails import MAILS, ClientMail
from tests.e2e.money import ADDRESS

NAME = "Zoë, Ltd. 'Ångström'"


@dataclass(frozen=True)
class Sent:
    """The Message-ID of each mail, the address that it came from and its customer's account, by client."""

    message_ids: dict[str, str]
    senders: dict[str, str]
    accounts: dict[str, str]


@pytest.fixture(scope="module")
def sent(desk: Desk) -> Sent:
    """All are handed in: first those that open a case, and when their cases stand, the answers."""
    run = uuid4().hex[:12]
    ids = {mail.client: f"{mail.client}.{run}@mail.example" for mail in MAILS}
    senders = {mail.client: f"{mail.answers or mail.client}.{run}@example.org" for mail in MAILS}
    accounts = {address: opened(desk, address) for address in dict.fromkeys(senders.values())}
    for mail in sorted(MAILS, key=lambda mail: mail.answers is not None):
        parent = ids[mail.answers] if mail.answers else None
        if parent:
            place_of(desk, parent)
        desk.send_mail(mail.raw(ids[mail.client], senders[mail.client], NAME, parent), senders[mail.client])
    return Sent(ids, senders, {client: accounts[address] for client, address in senders.items()})


def opened(desk: Desk, address: str) -> str:
    new = {"name": {"given": "Zoë", "family": "Ångström"}, "emails": [address], "billing_address": ADDRESS}
    answer = desk.call("POST", "/v1/accounts", new, role="advisor")
    assert answer.status == 201, answer.json
    account_id: str = answer.json["account_id"]
    return account_id


def place_of(desk: Desk, message_id: str) -> tuple[str, str]:
    mark = wait_for(lambda: desk.mark_of_mail(message_id))
    assert mark, "the mail became no case"
    return mark


def entry_of(desk: Desk, case_id: str, entry_id: str) -> dict[str, Any]:
    def find() -> dict[str, Any] | None:
        answer = desk.call("GET", f"/v1/cases/{case_id}/timeline?limit=100", role="advisor")
        entries: list[dict[str, Any]] = answer.json["items"] if answer.status == 200 else []
        return next((entry for entry in entries if entry["entry_id"] == entry_id), None)

    found = wait_for(find)
    assert found, "the message is not on the timeline of its case"
    return found


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: str(mail.client))
def test_a_mail_of_this_client_is_read_right(desk: Desk, sent: Sent, mail: ClientMail) -> None:
    case_id, entry_id = place_of(desk, sent.message_ids[mail.client])
    entry = entry_of(desk, case_id, entry_id)
    assert entry["text"] == mail.words
    assert entry["reading"]["intent"] == mail.intent
    case = desk.call("GET", f"/v1/cases/{case_id}", role="advisor").json
    assert (case["channel"], case["state"], case["account_id"]) == ("mail", "open", sent.accounts[mail.client])
    first = mail.answers or mail.client
    opening = next(one for one in MAILS if one.client == first)
    assert (case["category"], case["queue"]) == (opening.category, opening.queue)
    assert case_id == place_of(desk, sent.message_ids[first])[0]
    acknowledged = wait_for(lambda: desk.mails(sent.senders[first]) or None)
    assert acknowledged is not None
    assert [case["reference"] in str(answer["Subject"]) for answer in acknowledged] == [True]
    assert sent.message_ids[first] in str(acknowledged[0]["References"])
