"""A case from outside, from the customer's words to its second resolution, with what each may see on the way."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from infra.local.demo.desk import Desk

HOW = {"reason": "bill_question", "outcome": "explained", "root_cause": "wording"}


def kinds(desk: Desk, path: str, role: str) -> list[str]:
    """What each line of the timeline is, with its event."""
    entries: list[Any] = desk.call("GET", f"{path}/timeline?limit=100", role=role).json["items"]
    return [entry["event"] or entry["kind"] for entry in entries]


def test_a_case_goes_through_the_hands_of_the_desk(desk: Desk) -> None:
    subject = f"What is line rental? {uuid4().hex[:8]}"
    opened = desk.call("POST", "/v1/cases", {"subject": subject, "text": "Please explain."}, role="customer")
    assert (opened.status, opened.json["state"]) == (201, "open"), opened.json
    path = f"/v1/cases/{opened.json['case_id']}"
    queue = desk.call("GET", "/v1/cases?queue=billing&sort=sla_due&limit=100", role="advisor").json["items"]
    assert subject in [case["subject"] for case in queue]
    due = [case["due_at"] or "while we wait for the customer, last" for case in queue]
    assert due == sorted(due)

    assert desk.call("POST", f"{path}/assignments", {"assignee": "advisor.one"}, role="supervisor").status == 200
    assert desk.call("POST", f"{path}/notes", {"text": "Line rental began in May."}, role="advisor").status == 201
    assert desk.call("POST", f"{path}/resolutions", {"reason": "bill_question"}, role="advisor").status == 422
    assert desk.call("POST", f"{path}/resolutions", HOW, role="advisor").json["state"] == "resolved"
    assert desk.call("POST", f"{path}/resolutions", HOW, role="advisor").status == 409
    again = desk.call("POST", f"{path}/reopenings", {"reason": "It went up again."}, role="customer")
    assert (again.json["state"], again.json["reopened"]) == ("open", 1)
    assert desk.call("POST", f"{path}/resolutions", HOW, role="advisor").json["state"] == "resolved"

    seen = kinds(desk, path, "advisor")
    assert {"note", "assigned"} <= set(seen)
    assert (seen.count("resolved"), seen.count("reopened")) == (2, 1)
    assert not {"note", "assigned"} & set(kinds(desk, path, "customer"))
    actions = [entry["action"] for entry in desk.call("GET", f"{path}/audit", role="supervisor").json["items"]]
    assert len(actions) == 5, actions
    assert desk.call("GET", f"{path}/audit", role="customer").status == 403
