"""Cases through HTTP: the working day of an advisor, what customers may, and every wrong way to ask."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.wiring import case_inbox
from tests.cases.builders import a_mail
from tests.harness import HttpAnswer, HttpDesk, Meter

NEW = {"subject": "My bill", "text": "Why is it so high?"}
RESOLUTION = {"reason": "billing_error", "outcome": "credit_issued", "root_cause": "tariff_fault"}
ACCOUNT = {
    "name": {"given": "Ada", "family": "Lovelace"},
    "emails": ["ada@example.com"],
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
}


@pytest.fixture
def account_id(desk: HttpDesk) -> str:
    return str(desk.call("POST", "/v1/accounts", ACCOUNT).json["account_id"])


@pytest.fixture
def case(desk: HttpDesk, account_id: str) -> dict[str, Any]:
    answer = desk.call("POST", "/v1/cases", {**NEW, "account_id": account_id, "channel": "phone"})
    assert answer.status == 201, answer.text
    created: dict[str, Any] = answer.json
    return created


def timeline(desk: HttpDesk, case: dict[str, Any], **caller: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.call("GET", f"/v1/cases/{case['case_id']}/timeline", **caller).json["items"]
    return items


def test_a_working_day(desk: HttpDesk, case: dict[str, Any]) -> None:
    url = f"/v1/cases/{case['case_id']}"
    taken = desk.call("POST", "/v1/queues/billing/next")
    assert (taken.status, taken.json["case_id"], taken.json["assignee"]) == (200, case["case_id"], "advisor.one")
    assert desk.call("POST", f"{url}/notes", {"text": "Router charged twice."}).status == 201
    answer = desk.call("POST", f"{url}/messages", {"text": "We charged the router twice."})
    assert (answer.status, answer.json["delivery"], answer.headers["etag"]) == (201, "queued", '"4"')
    assert desk.call("POST", f"{url}/assignments", {"assignee": "advisor.two"}).json["assignee"] == "advisor.two"
    resolved = desk.call("POST", f"{url}/resolutions", {**RESOLUTION, "note": "Credit issued."})
    assert (resolved.status, resolved.json["state"], resolved.json["resolved_by"]) == (200, "resolved", "advisor.one")
    reopened = desk.call("POST", f"{url}/reopenings", {"reason": "The credit is too small."})
    assert (reopened.json["state"], reopened.json["reopened"], reopened.json["resolution"]) == ("open", 1, None)
    assert [entry["event"] or entry["kind"] for entry in timeline(desk, case)] == [
        "message", "assigned", "note", "message", "assigned", "resolved", "reopened",
    ]  # fmt: skip
    trail = desk.call("GET", f"{url}/audit", role="supervisor").json["items"]
    assert [entry["action"] for entry in trail] == [
        "case.reopened", "case.resolved", "case.assigned", "case.continued", "case.assigned", "case.opened",
    ]  # fmt: skip


def test_a_new_case_can_be_read_and_is_answered_at_the_accounts_address(desk: HttpDesk, case: dict[str, Any]) -> None:
    read = desk.call("GET", f"/v1/cases/{case['case_id']}")
    assert (read.status, read.json, read.headers["etag"]) == (200, case, '"1"')
    assert (case["requester"], case["channel"], case["state"]) == ("ada@example.com", "phone", "open")
    assert case["reference"].startswith("C")


def test_what_staff_write_down_for_a_customer_are_the_customers_words(desk: HttpDesk, account_id: str) -> None:
    case = desk.call("POST", "/v1/cases", {**NEW, "account_id": account_id, "channel": "phone"}).json
    entries = timeline(desk, case, role="customer", account_id=account_id)
    assert [entry["author"] for entry in entries] == ["ada@example.com"]


def test_lists_of_queues_and_accounts(desk: HttpDesk, case: dict[str, Any], account_id: str) -> None:
    for query in (
        "queue=billing&sort=sla_due", "", "state=open", f"account_id={account_id}",
        f"account_id={account_id}&state=open",
    ):  # fmt: skip
        found = desk.call("GET", f"/v1/cases?{query}")
        assert [item["case_id"] for item in found.json["items"]] == [case["case_id"]], query
    for query in (
        "queue=payments",
        "state=pending",
        "assignee=advisor.nine",
        "account_id=acc_other",
        "requester=a@b.example",
    ):
        assert desk.call("GET", f"/v1/cases?{query}").json["items"] == [], query


def test_pages_of_a_queue_go_on_by_cursor(desk: HttpDesk) -> None:
    ids = [desk.call("POST", "/v1/cases", NEW).json["case_id"] for _ in range(5)]
    found, cursor = [], ""
    for _ in range(5):
        page = desk.call("GET", f"/v1/cases?queue=billing&limit=2{cursor}").json
        found += [item["case_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(found) == sorted(ids)
    assert desk.call("GET", f"/v1/cases?queue=payments{cursor}").status == 400


def test_a_change_needs_the_version_that_was_seen(desk: HttpDesk, case: dict[str, Any]) -> None:
    url = f"/v1/cases/{case['case_id']}"
    change = {"priority": "urgent", "queue": "complaints", "subject": "Router twice", "category": "billing_error"}
    assert desk.call("PATCH", url, change).status == 428
    assert desk.call("PATCH", url, change, headers={"If-Match": '"9"'}).status == 412
    changed = desk.call("PATCH", url, change, headers={"If-Match": '"1"'})
    assert (changed.status, changed.headers["etag"]) == (200, '"2"')
    assert {name: changed.json[name] for name in change} == change
    assert changed.json["due_at"] < case["due_at"]


def test_actions_mind_the_version_when_it_is_given(desk: HttpDesk, case: dict[str, Any]) -> None:
    url, stale = f"/v1/cases/{case['case_id']}", {"If-Match": '"9"'}
    bodies = {
        "messages": {"text": "x"},
        "notes": {"text": "x"},
        "assignments": {"assignee": None},
        "resolutions": RESOLUTION,
    }
    for action, body in bodies.items():
        assert desk.call("POST", f"{url}/{action}", body, headers=stale).status == 412
    assert desk.call("POST", f"{url}/resolutions", RESOLUTION, headers={"If-Match": '"1"'}).status == 200
    assert desk.call("POST", f"{url}/reopenings", {"reason": "x"}, headers=stale).status == 412


def test_what_the_state_forbids_is_a_conflict_in_plain_words(desk: HttpDesk, case: dict[str, Any]) -> None:
    url = f"/v1/cases/{case['case_id']}"
    assert desk.call("POST", f"{url}/reopenings", {"reason": "x"}).status == 409
    assert desk.call("POST", f"{url}/closings").status == 409
    desk.call("POST", f"{url}/resolutions", RESOLUTION)
    again = desk.call("POST", f"{url}/resolutions", RESOLUTION)
    assert (again.status, again.json["detail"], again.json["state"]) == (
        409,
        "This case is already resolved.",
        "resolved",
    )
    assert desk.call("POST", f"{url}/messages", {"text": "x"}).status == 409
    assert desk.call("POST", f"{url}/assignments", {"assignee": "advisor.two"}).status == 409
    assert desk.call("POST", f"{url}/closings").json["state"] == "closed"
    assert (
        desk.call("POST", f"{url}/reopenings", {"reason": "x"}).json["detail"] == "This case is closed; open a new one."
    )


@pytest.mark.parametrize("action", ["", "/timeline", "/messages", "/reopenings"])
def test_a_customer_does_not_learn_of_the_cases_of_others(desk: HttpDesk, case: dict[str, Any], action: str) -> None:
    body = {"": None, "/timeline": None, "/messages": {"text": "x"}, "/reopenings": {"reason": "x"}}[action]
    answers = [
        desk.call(
            "POST" if body else "GET", f"/v1/cases/{case_id}{action}", body, role="customer", account_id="acc_other"
        )
        for case_id in (case["case_id"], "case_absent")
    ]
    assert [answer.status for answer in answers] == [404, 404]


def test_a_case_of_no_account_belongs_to_no_customer(desk: HttpDesk) -> None:
    received = case_inbox().receive_mail(a_mail(account_id=None, verified=False))
    customer: Any = {"role": "customer", "account_id": None}
    assert desk.call("GET", f"/v1/cases/{received.case_id}", **customer).status == 404
    assert desk.call("GET", "/v1/cases", **customer).status == 404


def test_customers_open_read_write_and_reopen_their_own(desk: HttpDesk, account_id: str) -> None:
    me: Any = {"role": "customer", "account_id": account_id}
    opened = desk.call("POST", "/v1/cases", NEW, **me)
    assert (opened.status, opened.json["channel"], opened.json["verified"]) == (201, "web", True)
    case, url = opened.json, f"/v1/cases/{opened.json['case_id']}"
    desk.call("POST", f"{url}/notes", {"text": "Difficult customer."})
    desk.call("POST", f"{url}/messages", {"text": "Here is why."})
    assert desk.call("POST", f"{url}/messages", {"text": "I see."}, **me).json["direction"] == "in"
    desk.call("POST", f"{url}/resolutions", {**RESOLUTION, "note": "At last."})
    seen = desk.call("GET", url, **me).json
    assert (seen["assignee"], seen["resolved_by"], seen["resolution"]["root_cause"]) == (None, None, None)
    assert desk.call("POST", f"{url}/reopenings", {"reason": "No."}, **me).json["state"] == "open"
    entries = timeline(desk, case, **me)
    assert [entry["event"] or entry["direction"] for entry in entries] == ["in", "out", "in", "resolved", "reopened"]
    assert "At last" not in str(entries)
    assert "advisor" not in str(entries)
    assert "advisor.one" in str(timeline(desk, case))
    assert [item["case_id"] for item in desk.call("GET", "/v1/cases", **me).json["items"]] == [case["case_id"]]
    assert desk.call("GET", f"/v1/cases?account_id={account_id}&state=open", **me).status == 200


NOT_FOR_CUSTOMERS: list[Any] = [
        ("POST", "/v1/cases", {**NEW, "account_id": "acc_other"}, 404),
        ("POST", "/v1/cases", {**NEW, "priority": "urgent"}, 403),
        ("POST", "/v1/cases", {**NEW, "requester": "eve@example.com"}, 403),
        ("GET", "/v1/cases?queue=billing", None, 403),
        ("GET", "/v1/cases?sort=sla_due", None, 403),
        ("GET", "/v1/cases?account_id=acc_other", None, 404),
        ("PATCH", "{case}", {"priority": "urgent"}, 403),
        ("POST", "{case}/notes", {"text": "x"}, 403),
        ("POST", "{case}/assignments", {"assignee": "me"}, 403),
        ("POST", "{case}/resolutions", RESOLUTION, 403),
        ("POST", "{case}/closings", None, 403),
        ("POST", "/v1/queues/billing/next", None, 403),
    ]  # fmt: skip


def test_what_customers_may_not(desk: HttpDesk, case: dict[str, Any], account_id: str) -> None:
    for method, url, body, status in NOT_FOR_CUSTOMERS:
        asked = url.format(case=f"/v1/cases/{case['case_id']}")
        answer = desk.call(method, asked, body, role="customer", account_id=account_id)
        assert answer.status == status, (method, url, answer.text)


def test_nobody_comes_in_without_identity(desk: HttpDesk, case: dict[str, Any]) -> None:
    for method, action in (("GET", ""), ("POST", "/messages"), ("GET", "/timeline")):
        assert desk.call(method, f"/v1/cases/{case['case_id']}{action}", {"text": "x"}, role=None).status == 401


def test_finance_reads_and_changes_nothing(desk: HttpDesk, case: dict[str, Any]) -> None:
    url = f"/v1/cases/{case['case_id']}"
    assert desk.call("GET", url, role="finance").status == 200
    assert desk.call("POST", f"{url}/messages", {"text": "x"}, role="finance").status == 403


BAD_BODIES: list[Any] = [
        ("", {"subject": "x"}, ["/text"]),
        ("", {**NEW, "colour": "red"}, ["/colour"]),
        ("", {**NEW, "subject": "two\nlines"}, ["/subject"]),
        ("", {**NEW, "subject": "x" * 201, "text": " "}, ["/subject", "/text"]),
        ("", {**NEW, "text": "x" * 20_001}, ["/text"]),
        ("", {**NEW, "queue": "sales", "priority": 1, "channel": "fax"}, ["/channel", "/queue", "/priority"]),
        ("", {**NEW, "requester": "nobody"}, ["/requester"]),
        ("", {**NEW, "category": "Billing Error"}, ["/category"]),
        ("", {**NEW, "account_id": "acc_absent"}, ["/account_id"]),
        ("", {**NEW, "test": "yes"}, ["/test"]),
        ("", [], [""]),
        ("/messages", {}, ["/text"]),
        ("/messages", {"text": 5}, ["/text"]),
        ("/notes", {"text": ""}, ["/text"]),
        ("/assignments", {}, ["/assignee"]),
        ("/assignments", {"assignee": "two words"}, ["/assignee"]),
        ("/resolutions", {"reason": "billing_error"}, ["/outcome", "/root_cause"]),
        ("/resolutions", {**RESOLUTION, "root_cause": ""}, ["/root_cause"]),
        ("/reopenings", {}, ["/reason"]),
    ]  # fmt: skip


def test_bad_bodies_name_every_field(desk: HttpDesk, case: dict[str, Any]) -> None:
    for action, body, pointers in BAD_BODIES:
        answer = desk.call("POST", f"/v1/cases/{case['case_id']}{action}" if action else "/v1/cases", body)
        assert answer.status == 422, (action, body, answer.text)
        assert sorted(error["pointer"] for error in answer.json["errors"]) == sorted(pointers), (action, body)


def test_a_patch_that_cannot_be_is_refused(desk: HttpDesk, case: dict[str, Any]) -> None:
    for body in ({}, {"subject": None}, {"state": "closed"}, {"priority": "none"}):
        answer = desk.call("PATCH", f"/v1/cases/{case['case_id']}", body, headers={"If-Match": '"1"'})
        assert (answer.status, answer.json["code"]) == (422, "invalid_fields"), body


BAD_QUERIES: list[Any] = [
        "queue=sales", "state=lost", "sort=newest", "limit=0", "limit=101", "limit=x", "cursor=rubbish", "colour=red",
        "account_id=acc_1&queue=billing", "account_id=acc_1&requester=a@b.example", "state=resolved",
        "requester=nobody", "assignee=two+words", "account_id=acc_1&sort=sla_due",
    ]  # fmt: skip


def test_bad_queries_are_refused(desk: HttpDesk) -> None:
    for query in BAD_QUERIES:
        answer = desk.call("GET", f"/v1/cases?{query}")
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json"), query


def test_what_is_not_json_is_said(desk: HttpDesk) -> None:
    for body in (b"{", b"\xff\xfe", b"not json", b'{"subject": "\\ud800", "text": "x"}'):
        assert desk.call("POST", "/v1/cases", body).status == 400, body


NOT_THERE: list[Any] = [
        ("GET", "/v1/cases/case_absent", None), ("GET", "/v1/cases/case_absent/timeline", None),
        ("POST", "/v1/cases/case_absent/messages", {"text": "x"}), ("POST", "/v1/cases/case_absent/closings", None),
        ("GET", f"/v1/cases/{'x' * 2000}", None), ("GET", "/v1/cases/%00", None),
        ("POST", "/v1/queues/sales/next", None), ("POST", "/v1/queues/payments/next", None),
    ]  # fmt: skip


def test_what_is_not_there(desk: HttpDesk) -> None:
    for method, url, body in NOT_THERE:
        assert desk.call(method, url, body).status == 404, (method, url[:80])


def test_a_repeated_key_opens_one_case_and_answers_once(desk: HttpDesk, case: dict[str, Any]) -> None:
    def twice(url: str, body: Any, key: str) -> tuple[HttpAnswer, HttpAnswer]:
        headers = {"Idempotency-Key": key}
        return desk.call("POST", url, body, headers=headers), desk.call("POST", url, body, headers=headers)

    first, second = twice("/v1/cases", NEW, "one")
    assert (first.json, second.headers["idempotency-replayed"]) == (second.json, "true")
    twice(f"/v1/cases/{case['case_id']}/messages", {"text": "Here is why."}, "two")
    assert [entry["direction"] for entry in timeline(desk, case)] == ["in", "out"]
    other = desk.call("POST", "/v1/cases", {**NEW, "text": "x"}, headers={"Idempotency-Key": "one"})
    assert (other.status, other.json["code"]) == (409, "conflict")


def test_long_words_come_back_whole(desk: HttpDesk) -> None:
    text = "帳單 " * 6000
    case = desk.call("POST", "/v1/cases", {**NEW, "text": text}).json
    assert timeline(desk, case)[0]["text"] == text.strip()


def test_costs(desk: HttpDesk, case: dict[str, Any], meter: Meter) -> None:
    desk.call("GET", f"/v1/cases/{case['case_id']}")
    assert (meter.round_trips, meter.read_units) == (1, 0.5)
    desk.call("GET", "/v1/cases?queue=billing&sort=sla_due")
    assert (meter.round_trips, meter.read_units) == (2, 1.0)
