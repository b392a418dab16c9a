"""Disputes: how one stands, and what is said to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.payments.evidence import DisputeStanding, Evidence, EvidenceField
from chalicelib.payments.gateway import StripeGateway
from chalicelib.platform.errors import Refused
from tests.payments.gateway.scripted import ScriptedStripe

DUE = datetime(2026, 11, 12, 23, 59, 59, tzinfo=UTC)


def a_dispute(status: str = "needs_response", submissions: int = 0) -> dict[str, Any]:
    return {
        "id": "dp_1",
        "object": "dispute",
        "status": status,
        "evidence_details": {
            "due_by": int(DUE.timestamp()),
            "has_evidence": bool(submissions),
            "past_due": False,
            "submission_count": submissions,
        },
    }


def test_how_a_dispute_stands(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_dispute())
    assert scripted.dispute_standing("dp_1") == DisputeStanding("dp_1", "needs_response", DUE, False, 0)


def test_there_may_be_none(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.refuses(404, code="resource_missing", param="dispute")
    assert scripted.dispute_standing("dp_none") is None


@pytest.mark.parametrize("submit", [False, True])
def test_evidence_goes_out_under_a_key_of_its_own(
    script: ScriptedStripe, scripted: StripeGateway, submit: bool
) -> None:
    script.says(a_dispute("under_review", 1) if submit else a_dispute())
    texts = {EvidenceField.SERVICE_DATE: "2026-10-01", EvidenceField.UNCATEGORIZED_TEXT: "Used until 2026-10-31."}
    after = scripted.give_evidence(Evidence("ev_1", "dp_1", texts, submit))
    assert (after.submissions, after.has_evidence) == (int(submit), submit)
    asked = script.only
    assert (asked.path, asked.key) == ("/v1/disputes/dp_1", "desk-evidence-ev_1")
    assert asked.params == {
        "evidence[service_date]": "2026-10-01",
        "evidence[uncategorized_text]": "Used until 2026-10-31.",
        "submit": str(submit).lower(),
    }


def test_evidence_that_comes_too_late_is_refused(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.refuses(400)
    with pytest.raises(Refused):
        scripted.give_evidence(Evidence("ev_1", "dp_1", {EvidenceField.UNCATEGORIZED_TEXT: "late"}, submit=True))


def test_giving_in_loses_the_dispute(script: ScriptedStripe, scripted: StripeGateway) -> None:
    script.says(a_dispute("lost"))
    assert scripted.accept_dispute("dp_1").status == "lost"
    assert script.only.path == "/v1/disputes/dp_1/close"


@pytest.mark.parametrize(
    ("status", "submissions", "seconds_left", "heard"),
    [
        ("needs_response", 0, 1, True),
        ("warning_needs_response", 0, 1, True),
        ("needs_response", 0, 0, False),
        ("needs_response", 1, 1, False),
        ("under_review", 1, 1, False),
        ("lost", 0, 1, False),
    ],
)
def test_evidence_is_heard_once_and_in_time(status: str, submissions: int, seconds_left: int, heard: bool) -> None:
    standing = DisputeStanding("dp_1", status, DUE, bool(submissions), submissions)
    assert standing.takes_evidence(DUE - timedelta(seconds=seconds_left)) is heard


def test_without_a_deadline_evidence_is_in_time() -> None:
    assert DisputeStanding("dp_1", "needs_response", None, False, 0).takes_evidence(DUE)
