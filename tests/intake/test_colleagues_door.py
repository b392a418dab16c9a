"""The whole way of what a colleague passes on: whose domain it is by policy, the case as staff see it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import boto3

from chalicelib.platform.clock import format_instant
from tests.harness import HttpDesk
from tests.intake.mails import announced, notification, raw
from tests.intake.test_forwards import OUTLOOK
from tests.intake.test_jobs import ADA, BUCKET, case_of, deliver

ZONE = ZoneInfo("Europe/London")
FORWARD = raw(OUTLOOK, from_="Bob <bob@firm.example>", subject="FW: My bill")


def now_announced(content: bytes) -> str:
    """A policy holds from the day on which it was set, so the mail has to come today."""
    boto3.client("s3").put_object(Bucket=BUCKET, Key="mail/ses-1", Body=content)
    note = notification()
    note["mail"]["timestamp"] = format_instant(datetime.now(UTC))
    return announced(note)


def test_staff_see_the_customers_case_and_who_passed_it_on(desk: HttpDesk) -> None:
    desk.call("POST", "/v1/accounts", ADA, role="admin")
    policy = {"effective_from": f"{datetime.now(ZONE):%Y-%m-%d}", "values": {"staff_domains": ["firm.example"]}}
    assert desk.call("PUT", "/v1/policies/mail", policy, role="admin").status == 200
    assert deliver(now_announced(FORWARD)) == []
    case_id = case_of("one@mail.example")
    case = desk.call("GET", f"/v1/cases/{case_id}").json
    assert (case["requester"], case["account_id"], case["verified"], case["queue"]) == (
        "ada@example.com", None, False, "triage",
    )  # fmt: skip
    (line,) = desk.call("GET", f"/v1/cases/{case_id}/timeline").json["items"]  # and no acknowledgement
    assert (line["author"], line["text"], line["forwarded"]) == (
        "ada@example.com", "Why is it so high?",
        {"by": "bob@firm.example", "dated": "Friday, November 20, 2026 10:00 AM", "said": "See below."},
    )  # fmt: skip


def test_a_policy_with_something_else_than_domains_is_refused(desk: HttpDesk) -> None:
    policy = {"effective_from": f"{datetime.now(ZONE):%Y-%m-%d}", "values": {"staff_domains": ["bob@firm.example"]}}
    assert desk.call("PUT", "/v1/policies/mail", policy, role="admin").status == 422
