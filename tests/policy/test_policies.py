"""Policies: which version holds on a day, who may set one, and that nothing that was decided moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.policy.model import BEGINNING, PolicyKind, PolicyVersion, Rules, in_force, initial
from chalicelib.policy.service import KEPT, Policies
from chalicelib.policy.store import PolicyStore
from tests.fakes import CountingIds, FixedClock
from tests.harness import HttpDesk, Meter


class TeaRules(Rules):
    """How tea is served."""

    minutes: int = Field(default=4, ge=1, description="How long it draws.")
    milk_first: bool = Field(default=False, description="Whether the milk comes first.")


TEA = PolicyKind("tea", "How tea is served.", TeaRules())
LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))


def a_version(effective_from: date, seq: int) -> PolicyVersion:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seq)
    return PolicyVersion(
        name="tea", effective_from=effective_from, seq=seq, values={}, set_by="sub", set_by_name="me", set_at=at
    )


@given(st.lists(DAYS, max_size=12), DAYS)
def test_the_version_of_a_day_is_the_last_set_of_those_that_began_last(days: list[date], day: date) -> None:
    versions = [a_version(begins, seq) for seq, begins in enumerate(days)]
    oracle = None
    for walked in range((day - date(2026, 1, 1)).days + 1):
        for version in versions:
            if version.effective_from == date(2026, 1, 1) + timedelta(days=walked):
                oracle = version
    assert in_force(versions, day) == oracle


@pytest.fixture
def tea(monkeypatch: pytest.MonkeyPatch, desk: HttpDesk) -> HttpDesk:
    monkeypatch.setattr(wiring, "policy_kinds", lambda: {"tea": TEA})
    monkeypatch.setattr(wiring, "today", lambda: date(2026, 11, 22))
    return desk


def test_before_anybody_sets_one_the_values_of_the_desk_hold(tea: HttpDesk) -> None:
    read = tea.call("GET", "/v1/policies/tea")
    assert (read.status, read.json["values"]) == (200, {"minutes": 4, "milk_first": False})
    assert (read.json["version"], read.json["effective_from"]) == ("tea@initial", BEGINNING.isoformat())
    assert [item["name"] for item in tea.call("GET", "/v1/policies").json["items"]] == ["tea"]


def test_a_new_version_holds_from_its_day_on_and_is_audited(tea: HttpDesk) -> None:
    new = {"effective_from": "2026-12-01", "values": {"minutes": 5}}
    put = tea.call("PUT", "/v1/policies/tea", new, role="admin")
    assert (put.status, put.json["version"]) == (200, "tea@2026-12-01.1")
    before, after = (tea.call("GET", f"/v1/policies/tea?on={day}").json for day in ("2026-11-30", "2026-12-01"))
    assert (before["values"]["minutes"], after["values"]["minutes"]) == (4, 5)
    again = tea.call("PUT", "/v1/policies/tea", {**new, "values": {"minutes": 6}}, role="admin")
    assert again.json["version"] == "tea@2026-12-01.2"
    assert tea.call("GET", "/v1/policies/tea?on=2027-01-01").json["values"]["minutes"] == 6
    entries, _ = wiring.audit().store.page("POL#tea", 10, None)
    assert [(each.action, each.before, each.after) for each in reversed(entries)] == [
        ("policy.set", {"minutes": 4}, {"minutes": 5}),
        ("policy.set", {"minutes": 5}, {"minutes": 6}),
    ]


def test_a_field_that_is_left_out_stays_as_it_was_and_does_not_go_back_to_its_first_value(tea: HttpDesk) -> None:
    for values in ({"milk_first": True}, {"minutes": 7}):
        new = {"effective_from": "2026-11-22", "values": values}
        assert tea.call("PUT", "/v1/policies/tea", new, role="admin").status == 200
    assert tea.call("GET", "/v1/policies/tea").json["values"] == {"minutes": 7, "milk_first": True}


@pytest.mark.parametrize(
    ("name", "values", "begins", "status", "pointer"),
    [
        ("tea", {"minutes": 0}, "2026-11-22", 422, "/values/minutes"),
        ("tea", {"sugar": 1}, "2026-11-22", 422, "/values/sugar"),
        ("tea", {}, "2026-11-21", 422, "/effective_from"),
        ("coffee", {}, "2026-11-22", 404, None),
    ],
)
def test_what_is_no_version_is_refused(
    tea: HttpDesk, name: str, values: dict[str, object], begins: str, status: int, pointer: str | None
) -> None:
    new = {"effective_from": begins, "values": values}
    answer = tea.call("PUT", f"/v1/policies/{name}", new, role="admin")
    assert (answer.status, [each["pointer"] for each in answer.json.get("errors", [])]) == (
        status,
        [pointer] if pointer else [],
    )


@pytest.mark.parametrize(("role", "reads"), [("customer", 403), ("advisor", 200), ("finance", 200)])
def test_staff_read_policies_and_only_admins_set_them(tea: HttpDesk, role: str, reads: int) -> None:
    assert tea.call("GET", "/v1/policies/tea", role=role, account_id="acc_1").status == reads
    new = {"effective_from": "2026-11-22", "values": {}}
    assert tea.call("PUT", "/v1/policies/tea", new, role=role, account_id="acc_1").status == 403


def test_a_process_reads_a_policy_once_a_minute(cloud: None, meter: Meter, clock: FixedClock) -> None:
    policies = Policies(PolicyStore(wiring.table()), {"tea": TEA}, clock, CountingIds(), lambda: clock().date(), LONDON)
    assert policies.on(TEA, date(2026, 11, 2)) == initial(TEA)
    assert policies.on(TEA, date(2026, 11, 3)) == initial(TEA)
    assert (len(meter.calls), meter.read_units) == (1, 0.5)
    clock.tick(KEPT.total_seconds())
    policies.on(TEA, date(2026, 11, 2))
    assert len(meter.calls) == 2


def test_an_instant_is_a_day_where_the_desk_bills(cloud: None, new_id: CountingIds) -> None:
    late_on_the_31st = datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    clock = FixedClock(late_on_the_31st)
    policies = Policies(
        PolicyStore(wiring.table()), {"tea": TEA}, clock, new_id, lambda: date(2026, 6, 1), LONDON
    )  # fmt: skip
    policies.set("tea", date(2026, 6, 1), {"minutes": 9}, Actor("sub-admin", "admin.one"))
    assert policies.on(TEA, late_on_the_31st).rules.minutes == 9
    assert policies.on(TEA, date(2026, 5, 31)).rules.minutes == 4
