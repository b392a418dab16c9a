"""The audit trail: only what differs, newest first, never written twice."""

from __future__ import annotations

import pytest

from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.audit.service import Audit
from chalicelib.audit.store import AuditStore, audit_put
from chalicelib.platform import aws
from chalicelib.platform.dynamo import ConditionFailed, Table
from tests.fakes import FixedClock
from tests.harness import TABLE, HttpDesk


@pytest.fixture
def audit(cloud: None) -> Audit:
    return Audit(AuditStore(Table(aws.dynamodb(), TABLE)))


def changed(clock: FixedClock, n: int) -> AuditEntry:
    actor = Actor("sub-1", "ada", "req-1")
    return entry(f"aud_{n}", "C#case_1", "case.changed", actor, clock(), {"n": n, "same": 1}, {"n": n + 1, "same": 1})


def test_an_entry_keeps_what_differs_with_null_for_what_was_absent(clock: FixedClock) -> None:
    before, after = {"a": 1, "b": 2, "gone": [1]}, {"a": 1, "b": 3, "new": "x"}
    found = entry("aud_1", "A#acc_1", "account.changed", Actor("s", "ada"), clock(), before, after)
    assert found.before == {"b": 2, "gone": [1], "new": None}
    assert found.after == {"b": 3, "gone": None, "new": "x"}


def test_entries_come_newest_first_page_by_page(audit: Audit, clock: FixedClock) -> None:
    for n in range(3):
        audit.store.table.write(audit_put(changed(clock, n)))
        clock.tick(1)
    page, key = audit.of_case("case_1", 2, None)
    rest, end = audit.of_case("case_1", 2, key)
    assert [found.entry_id for found in (*page, *rest)] == ["aud_2", "aud_1", "aud_0"]
    assert end is None
    assert audit.of_account("case_1", 2, None) == ([], None)


def test_an_entry_is_never_overwritten(audit: Audit, clock: FixedClock) -> None:
    audit.store.table.write(audit_put(changed(clock, 1)))
    with pytest.raises(ConditionFailed):
        audit.store.table.write(audit_put(changed(clock, 1)))


@pytest.mark.parametrize("role", ["customer", "advisor"])
@pytest.mark.parametrize("url", ["/v1/accounts/acc_1/audit", "/v1/cases/case_1/audit"])
def test_the_trail_is_for_supervisors(desk: HttpDesk, role: str, url: str) -> None:
    assert desk.call("GET", url, role=role, account_id="acc_1").status == 403
    assert desk.call("GET", url, role="supervisor").json == {"items": [], "next_cursor": None}
