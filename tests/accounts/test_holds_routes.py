"""Holds over HTTP: who may, what is refused, and the letter in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.accounts.letters import Letter
from tests.billing.builders import an_invoice, open_account
from tests.harness import HttpDesk

URL = "/v1/accounts/acc_1/holds"


@pytest.fixture
def holding(desk: HttpDesk) -> HttpDesk:
    open_account(wiring.table())
    wiring.invoices().issue(an_invoice())
    return desk


def test_an_advisor_places_changes_and_releases_a_hold(holding: HttpDesk) -> None:
    placed = holding.call("POST", URL, {"kind": "mental_health_crisis", "reference": "MHC-1"})
    assert (placed.status, placed.json["until_on"], placed.json["is_standing"]) == (201, None, True)
    one = f"{URL}/{placed.json['hold_id']}"
    ended = wiring.today() + timedelta(days=10)
    changed = holding.call("PATCH", one, {"treatment_ended_on": ended.isoformat()}, headers={"If-Match": '"1"'})
    assert changed.json["until_on"] == (ended + timedelta(days=30)).isoformat()
    assert [hold["version"] for hold in holding.call("GET", URL).json["items"]] == [2]
    assert holding.call("POST", f"{one}/releases", {"reason": "it was another customer"}).status == 200
    assert holding.call("GET", URL).json["items"] == []
    trail = holding.call("GET", "/v1/accounts/acc_1/audit", role="supervisor").json["items"]
    assert [row["action"] for row in trail] == ["hold.released", "hold.changed", "hold.placed"]


def test_a_part_of_an_invoice_is_disputed(holding: HttpDesk) -> None:
    body = {"kind": "dispute", "invoice_id": "inv_1", "amount": {"amount_minor": 1200, "currency": "GBP"}}
    assert holding.call("POST", URL, body).json["amount_minor"] == 1200
    refused = holding.call("POST", URL, {**body, "invoice_id": "inv_9"})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/invoice_id")


@pytest.mark.parametrize("from_on", ["0001-01-01", "9999-12-31", "2026-02-30", "tomorrow"])
def test_a_day_that_no_hold_can_have_is_refused(holding: HttpDesk, from_on: str) -> None:
    refused = holding.call("POST", URL, {"kind": "breathing_space", "from_on": from_on})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/from_on")


@pytest.mark.parametrize(("role", "reads", "places"), [("customer", 403, 403), ("finance", 200, 403)])
def test_who_may(holding: HttpDesk, role: str, reads: int, places: int) -> None:
    account_id = "acc_1" if role == "customer" else None
    assert holding.call("GET", URL, role=role, account_id=account_id).status == reads
    assert holding.call("POST", URL, {"kind": "vulnerability"}, role=role, account_id=account_id).status == places


def test_a_hold_that_is_not_there_is_not_found(holding: HttpDesk) -> None:
    assert holding.call("POST", f"{URL}/hold_x/releases", {"reason": "none"}).status == 404
    assert holding.call("POST", "/v1/accounts/acc_9/holds", {"kind": "vulnerability"}).status == 404


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "dispute", "amount_minor": 1200},
        {"kind": "breathing_space", "until_on": "2026-12-31"},
        {"kind": "mental_health_crisis"},
        {"kind": "bereavement", "until_on": "2026-12-31"},
        {"kind": "payment_promise", "until_on": "2026-12-31"},
        {"kind": "vulnerability"},
    ],
)
def test_the_letter_says_what_is_paused(holding: HttpDesk, facts: dict[str, str | int], language: str) -> None:
    known = {"from_on": "2026-11-02", **facts}
    letter = Letter(
        name="collections/hold_placed", object_id="hold_1", account_id="acc_1", at="2026-11-02T09:00:00Z",
        currency="GBP", facts=known,
    )  # fmt: skip
    said = wiring.letter_words().of(letter, language)
    assert len(said.subject) > 10
    assert ("£12.00" in said.text or "12,00 £" in said.text) == ("amount_minor" in facts)
    assert ("31" in said.text) == ("until_on" in facts)
    assert "{" not in said.text
