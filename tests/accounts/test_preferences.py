"""Preferences through HTTP, and the rule of what may be sent to whom."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.accounts.preferences_model import Channel, Preferences, QuietHours, consent_for
from tests.accounts.test_routes import ADA
from tests.harness import HttpAnswer, HttpDesk

WISHES: dict[str, Any] = {
    "formats": ["large_print"],
    "support_needs": [
        {"kind": "sight", "consent_to_record": True, "note": "Reads with a magnifier", "since_on": "2026-01-02"}
    ],
    "consents": [
        {"purpose": "marketing", "channel": "mail", "is_allowed": True, "source": "customer"},
        {"purpose": "collection", "channel": "sms", "is_allowed": False, "source": "advisor"},
    ],
    "quiet_hours": {"begins": "21:00", "ends": "08:30", "time_zone": "Europe/London"},
    "preferred_channel": "mail",
    "preferred_time": "morning",
}


@pytest.fixture
def url(desk: HttpDesk) -> str:
    return f"/v1/accounts/{desk.call('POST', '/v1/accounts', ADA).json['account_id']}/preferences"


def put(desk: HttpDesk, url: str, wishes: dict[str, Any], version: int, role: str = "advisor") -> HttpAnswer:
    own = url.split("/")[3] if role == "customer" else None
    return desk.call("PUT", url, wishes, role=role, account_id=own, headers={"If-Match": f'"{version}"'})


def test_what_was_never_set_is_empty_and_has_a_version(desk: HttpDesk, url: str) -> None:
    found = desk.call("GET", url)
    assert (found.status, found.headers["etag"], found.json["version"]) == (200, '"0"', 0)
    assert (found.json["formats"], found.json["consents"], found.json["quiet_hours"]) == ([], [], None)
    assert found.json["bill_limit"].endswith("/spending-limit")
    assert desk.call("GET", "/v1/accounts/acc_absent/preferences").status == 404


def test_they_are_set_and_letters_and_quality_know(desk: HttpDesk, url: str) -> None:
    account = url.removesuffix("/preferences")
    before = desk.call("GET", account).json
    changed = put(desk, url, WISHES, 0)
    assert (changed.status, changed.json["version"], changed.headers["etag"]) == (200, 1, '"1"'), changed.text
    assert changed.json == desk.call("GET", url).json
    after = desk.call("GET", account).json
    assert (after["formats"], after["version"]) == (["large_print"], before["version"])
    assert after["data_quality_score"] > before["data_quality_score"]


def test_the_same_wishes_again_change_nothing(desk: HttpDesk, url: str) -> None:
    first = put(desk, url, WISHES, 0)
    assert put(desk, url, WISHES, 1).json == first.json
    assert len(desk.call("GET", url.replace("preferences", "consent-history")).json["items"]) == 2


def test_each_change_of_a_consent_stays_in_the_history(desk: HttpDesk, url: str) -> None:
    put(desk, url, WISHES, 0)
    put(desk, url, {"consents": WISHES["consents"][1:]}, 1, role="customer")
    history = desk.call("GET", url.replace("preferences", "consent-history")).json["items"]
    told = [(event["purpose"], event["is_allowed"], event["source"]) for event in history]
    assert told == [
        ("marketing", None, "customer"),
        ("collection", False, "customer"),
        ("collection", False, "advisor"),
        ("marketing", True, "customer"),
    ]


def test_a_note_is_for_those_who_serve_and_never_in_the_audit_trail(desk: HttpDesk, url: str) -> None:
    put(desk, url, WISHES, 0)
    own = url.split("/")[3]
    seen = {
        role: desk.call("GET", url, role=role, account_id=own if role == "customer" else None).json
        for role in ("advisor", "customer", "finance")
    }
    notes = {role: found["support_needs"][0]["note"] for role, found in seen.items()}
    assert notes == {"advisor": "Reads with a magnifier", "customer": "Reads with a magnifier", "finance": None}
    audit = desk.call("GET", url.replace("preferences", "audit"), role="supervisor")
    assert "preferences.changed" in audit.text
    assert "magnifier" not in audit.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"support_needs": [{"kind": "sight", "consent_to_record": False}]}, "consent alone"),
        ({"support_needs": [{"kind": "other", "consent_to_record": True, "note": "x" * 201}]}, "200"),
        ({"support_needs": [{"kind": "other", "consent_to_record": True}] * 2}, "twice in support_needs"),
        ({"consents": [{"purpose": "security", "channel": "mail", "is_allowed": False}]}, "always sent"),
        ({"consents": [{"purpose": "service", "channel": way, "is_allowed": False} for way in Channel]}, "service"),
        ({"quiet_hours": {"begins": "21:00", "ends": "24:00"}}, "match"),
        ({"quiet_hours": {"begins": "21:00", "ends": "21:00"}}, "different"),
        ({"quiet_hours": {"begins": "21:00", "ends": "08:00", "time_zone": "../Mars"}}, "time zone"),
        ({"formats": ["braille", "braille"]}, "twice in formats"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: HttpDesk, url: str, change: dict[str, Any], said: str) -> None:
    refused = put(desk, url, {**WISHES, **change}, 0)
    assert refused.status == 422
    assert said in refused.text


def test_a_version_that_was_not_seen_is_refused(desk: HttpDesk, url: str) -> None:
    assert put(desk, url, WISHES, 0).status == 200
    assert put(desk, url, {}, 0).status == 412
    assert desk.call("PUT", url, {}).status == 428


def test_a_customer_sets_the_own_in_their_own_word_alone(desk: HttpDesk, url: str) -> None:
    mine = put(desk, url, WISHES, 0, role="customer")
    assert {consent["source"] for consent in mine.json["consents"]} == {"customer"}
    assert desk.call("GET", url, role="customer", account_id="acc_other").status == 404
    assert put(desk, url, WISHES, 1, role="finance").status == 403


@pytest.mark.parametrize(
    ("purpose", "channel", "allowed"),
    [
        (Purpose.SECURITY, LetterChannel.SMS, True),
        (Purpose.SERVICE, Channel.PHONE, True),
        (Purpose.EDUCATION, LetterChannel.MAIL, True),
        (Purpose.MARKETING, LetterChannel.MAIL, True),
        (Purpose.MARKETING, LetterChannel.SMS, False),
        (Purpose.COLLECTION, LetterChannel.SMS, False),
        (Purpose.COLLECTION, LetterChannel.MAIL, True),
    ],
)
def test_what_was_said_holds_and_else_the_default(
    purpose: Purpose, channel: Channel | LetterChannel, allowed: bool
) -> None:
    consents = [{**consent, "at": "2026-11-02T09:00:00Z"} for consent in WISHES["consents"]]
    said = Preferences.model_validate({"account_id": "acc_1", "consents": consents})
    assert consent_for(said, purpose, channel) is allowed


@pytest.mark.parametrize(("at", "quiet"), [("21:00", True), ("23:59", True), ("08:29", True), ("08:30", False)])
def test_quiet_hours_pass_midnight(at: str, quiet: bool) -> None:
    assert QuietHours(begins="21:00", ends="08:30").hold_at(at) is quiet
    assert QuietHours(begins="08:30", ends="21:00").hold_at(at) is not quiet
