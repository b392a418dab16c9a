"""The figures through every door: records and cases in, the stream's function, the fold, and HTTP out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from openapi_spec_validator import validate

from chalicelib.contacts.jobs import record_contacts
from chalicelib.kpi.definitions import DEFINITIONS
from chalicelib.kpi.jobs import fold_hours, project_facts
from chalicelib.platform.codec import Change
from chalicelib.wiring import table
from tests.contacts import records
from tests.contacts.records import payload
from tests.harness import HttpDesk
from tests.house.recorded import MANIFEST, ROWS, raw
from tests.kpi.bench import stream_event

SPAN = "from=2026-11-20&to=2026-11-21"
_CASE: dict[str, Any] = {
    "kind": "case", "case_id": "case_1", "channel": "mail", "queue": "billing", "category": "refund",
    "created_at": "2026-11-20T09:00:00.000Z", "version": 1, "test": False,
}  # fmt: skip


def contacts() -> dict[str, dict[str, Any]]:
    """The contacts of the table by key, as the stream's images show them."""
    items = table().client.scan(TableName=table().name)["Items"]
    return {item["pk"]["S"]: dict(item) for item in items if item.get("kind") == {"S": "contact"}}


def play(*payloads: bytes) -> None:
    """Records through the Kinesis function, one by one, and what each changed through the stream's function."""
    for content in payloads:
        before = contacts()
        record_contacts(records.stream_event(content), None)
        for key, item in contacts().items():
            if item != before.get(key):
                old = {"OldImage": before[key]} if key in before else {}
                images = {"NewImage": item, **old, "SequenceNumber": "1"}
                project_facts({"Records": [{"eventSource": "aws:dynamodb", "dynamodb": images}]}, None)


def kpis(desk: HttpDesk, query: str) -> list[dict[str, Any]]:
    answer = desk.call("GET", f"/v1/kpis?{query}", role="supervisor")
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


@pytest.mark.slow
def test_the_recorded_contacts_come_to_the_figures_promised(desk: HttpDesk) -> None:
    rows = [row for row in ROWS if row["door"] == "contacts"]
    play(*(raw(row) for row in rows for _ in range(row.get("repeats", 1))))
    assert fold_hours({}, None)["hours"] > 0
    (day,) = kpis(desk, SPAN)
    assert (day["from"], day["to"], day["group"]) == ("2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z", "total")
    for name, promised in MANIFEST["figures"].items():
        figure = day["kpis"][name]
        found = {key: figure[key] for key in promised} if isinstance(promised, dict) else figure["value"]
        assert found == promised, name


def test_the_shape_of_a_figure_and_its_definition(desk: HttpDesk) -> None:
    play(payload(InitiationTimestamp="2026-11-20T09:10:00Z", CustomerEndpoint=None))
    fold_hours({}, None)
    answer = desk.call("GET", f"/v1/kpis?{SPAN}&group_by=agent", role="finance").json
    assert answer.keys() == {
        "timezone", "as_of", "folded_at", "granularity", "group_by", "items", "definitions"
    }  # fmt: skip
    (agent,) = answer["items"]
    aht = agent["kpis"]["aht_leg"]
    early = aht.pop("provisional")
    assert agent["group"] == "agent.one"
    assert aht == {
        "value": 250.0, "unit": "s", "numerator": 250, "denominator": 1, "n": 1, "unknown": 0,
        "definition": "aht_leg/1",
    }  # fmt: skip
    assert early is (answer["folded_at"] < "2026-11-21")
    assert {figure["definition"] for figure in agent["kpis"].values()} == answer["definitions"].keys()
    assert all(definition["text"] and definition["formula"] for definition in answer["definitions"].values())
    assert agent["kpis"].keys() == {definition.name for definition in DEFINITIONS}


def test_a_fresh_desk_has_counted_nothing_and_measured_nothing(desk: HttpDesk) -> None:
    answer = desk.call("GET", f"/v1/kpis?{SPAN}", role="advisor").json
    assert answer["folded_at"] is None
    (day,) = answer["items"]
    assert (day["kpis"]["calls_arrived"]["value"], day["kpis"]["aht_leg"]["value"]) == (0, None)
    assert all(figure["provisional"] for figure in day["kpis"].values())
    assert kpis(desk, f"{SPAN}&group_by=queue") == []


def test_cases_are_measured_when_they_are_answered_and_resolved(desk: HttpDesk) -> None:
    answered = {**_CASE, "first_response_at": "2026-11-20T10:00:00Z", "assignee": "agent.two", "version": 2}
    resolved = {**answered, "resolved_at": "2026-11-21T09:00:00Z", "resolved_by": "agent.one", "version": 3}
    moved = {**resolved, "assignee": "agent.four", "version": 4}
    states = [None, _CASE, answered, resolved, moved]
    changes = [Change(old, new) for old, new in pairwise(states)]
    assert project_facts(stream_event(*changes), None) == {"batchItemFailures": []}
    fold_hours({}, None)
    first, second = kpis(desk, "from=2026-11-20&to=2026-11-22")
    assert first["kpis"]["contact_volume"]["value"] == 1
    assert abs(first["kpis"]["first_response_p90"]["value"] - 3600) <= 36
    assert second["kpis"]["time_to_resolution_mean"]["value"] == 86_400
    assert abs(second["kpis"]["time_to_resolution_p50"]["value"] - 86_400) <= 864
    by_agent = {
        item["group"]: item["kpis"]
        for item in kpis(desk, "from=2026-11-20&to=2026-11-22&granularity=month&group_by=agent")
    }
    assert by_agent.keys() == {"(none)", "agent.one", "agent.two"}
    assert (
        by_agent["agent.one"]["time_to_resolution_mean"]["n"] == by_agent["agent.two"]["first_response_p50"]["n"] == 1
    )


def test_a_reopened_case_takes_its_resolution_back(desk: HttpDesk) -> None:
    resolved = {**_CASE, "resolved_at": "2026-11-20T12:00:00Z", "resolved_by": "agent.one", "version": 2}
    project_facts(stream_event(Change(None, _CASE), Change(_CASE, resolved)), None)
    fold_hours({}, None)
    assert kpis(desk, SPAN)[0]["kpis"]["time_to_resolution_mean"]["n"] == 1
    project_facts(stream_event(Change(resolved, {**_CASE, "version": 3})), None)
    fold_hours({}, None)
    assert kpis(desk, SPAN)[0]["kpis"]["time_to_resolution_mean"] == {
        "value": None, "unit": "s", "numerator": 0, "denominator": 0, "n": 0, "unknown": 0,
        "provisional": True, "definition": "time_to_resolution_mean/1",
    }  # fmt: skip


def test_figures_outlive_what_they_are_about(desk: HttpDesk) -> None:
    project_facts(stream_event(Change(None, _CASE)), None)
    project_facts(stream_event(Change(_CASE, None)), None)
    fold_hours({}, None)
    assert kpis(desk, SPAN)[0]["kpis"]["contact_volume"]["value"] == 1


def test_a_change_that_cannot_be_projected_fails_alone(desk: HttpDesk) -> None:
    broken = Change(None, {"kind": "case", "case_id": "case_2"})
    event = stream_event(broken, Change(None, _CASE), Change(None, {"kind": "message"}))
    assert project_facts(event, None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert fold_hours({}, None) == {"hours": 1}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("from=2026-11-20", 400),
        ("from=2026-11-21&to=2026-11-20", 400),
        ("from=2026-11-20&to=2026-11-20", 400),
        ("from=2026-02-30&to=2026-11-20", 400),
        ("from=yesterday&to=today", 400),
        ("from=2026-11-20T09:30:00Z&to=2026-11-21", 400),
        ("from=2026-11-20T09:00:00&to=2026-11-21", 400),
        ("from=0001-01-01&to=9999-12-31", 400),
        ("from=9999-12-30&to=9999-12-31", 400),
        ("from=2098-12-31&to=2099-12-31T23:00:00Z", 200),
        ("from=2001-01-01&to=2099-12-31&granularity=month", 400),
        ("from=2026-01-01&to=2026-12-31&granularity=hour", 400),
        (f"{SPAN}&granularity=minute", 400),
        (f"{SPAN}&group_by=planet", 400),
        (f"{SPAN}&colour=red", 400),
        (f"{SPAN}&as_of=2020-01-01T00:00:00Z", 422),
        (f"{SPAN}&as_of=2099-01-01T00:00:00Z", 200),
        ("from=2026-11-20T09:00:00Z&to=2026-11-20T11:00:00Z&granularity=hour", 200),
        ("from=2026-01-01&to=2026-12-31&granularity=week", 200),
    ],
)
def test_what_may_be_asked(desk: HttpDesk, query: str, status: int) -> None:
    answer = desk.call("GET", f"/v1/kpis?{query}", role="supervisor")
    assert answer.status == status, answer.text
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["detail"]


def test_figures_are_for_staff(desk: HttpDesk) -> None:
    assert desk.call("GET", f"/v1/kpis?{SPAN}", role="customer", account_id="acc_1").status == 403
    assert desk.call("GET", f"/v1/kpis?{SPAN}", role=None).status == 401


def test_the_document_describes_the_bounds(desk: HttpDesk) -> None:
    document = desk.call("GET", "/openapi.json", role=None).json
    validate(document)
    parameters = {p["name"]: p for p in document["paths"]["/v1/kpis"]["get"]["parameters"]}
    assert parameters["from"]["required"]
    assert {"from", "to"} <= document["components"]["schemas"]["KpiItem"]["properties"].keys()
