"""What one person may not do alone: asked for by one, decided by another, done once as it was asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.approvals.model import (
    APPROVAL_POLICY,
    Approval,
    ApprovalAction,
    ApprovalState,
    Asked,
    OwnRequest,
    Prepared,
)
from chalicelib.approvals.service import Approvals
from chalicelib.approvals.store import ApprovalStore
from chalicelib.audit.model import Actor
from chalicelib.platform.errors import Conflict, Forbidden, Unavailable
from chalicelib.policy.model import initial
from tests.fakes import CountingIds, FixedClock
from tests.harness import HttpDesk, Meter

MAKER = Actor("sub-maker", "maker.one", "req-1")
CHECKER = Actor("sub-checker", "checker.one", "req-2")


@dataclass
class Deeds:
    """Writes down what is done, once for each approval; `answer` breaks it off."""

    done: list[str] = field(default_factory=list)
    answer: Exception | None = None

    def prepare(self, asked: Asked) -> Prepared:
        return Prepared(
            account_id="acc_1", payload=asked.payload, amount_minor=500, currency="GBP", permission="refund:create"
        )

    def do(self, approval: Approval, actor: Actor) -> str:
        if self.answer:
            raise self.answer
        if approval.approval_id not in self.done:
            self.done.append(approval.approval_id)
        return f"ref_of_{approval.approval_id}"


@pytest.fixture
def deeds() -> Deeds:
    return Deeds()


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def approvals(cloud: None, clock: FixedClock, new_id: CountingIds, deeds: Deeds, counted: Counter[str]) -> Approvals:
    return Approvals(
        ApprovalStore(wiring.table()), {ApprovalAction.REFUND: deeds}, lambda _: initial(APPROVAL_POLICY), clock,
        new_id, lambda name: counted.update([name]),
    )  # fmt: skip


def asked(**payload: Any) -> Asked:
    return Asked(action=ApprovalAction.REFUND, subject_id="pay_1", payload=payload, reason="paid twice")


def test_what_is_approved_by_another_is_done_once(
    approvals: Approvals, deeds: Deeds, counted: Counter[str], meter: Meter
) -> None:
    request = approvals.ask(asked(reason="duplicate"), MAKER)
    assert (meter.round_trips, meter.write_units) == (1, 8)
    done = approvals.approve(request, CHECKER, "fine")
    assert (done.state, done.outcome, done.decided_by_name) == (
        ApprovalState.DONE, "ref_of_apr_000001", "checker.one",
    )  # fmt: skip
    assert (deeds.done, approvals.store.pending(10, None)[0]) == (["apr_000001"], [])
    with pytest.raises(Conflict):
        approvals.approve(done, CHECKER)
    actions = [each.action for each in wiring.audit().of_account("acc_1", 10, None)[0]]
    assert sorted(actions) == ["approval.approved", "approval.asked", "approval.done"]
    assert counted == {"ApprovalsAsked": 1, "ApprovalsApproved": 1}


def test_nobody_decides_what_they_asked_for_and_nobody_else_withdraws_it(approvals: Approvals, deeds: Deeds) -> None:
    request = approvals.ask(asked(), MAKER)
    with pytest.raises(OwnRequest):
        approvals.approve(request, MAKER)
    with pytest.raises(OwnRequest):
        approvals.end(request, ApprovalState.REFUSED, MAKER)
    with pytest.raises(Forbidden):
        approvals.end(request, ApprovalState.WITHDRAWN, CHECKER)
    assert approvals.end(request, ApprovalState.WITHDRAWN, MAKER).state is ApprovalState.WITHDRAWN
    assert deeds.done == []


def test_of_two_who_decide_at_once_one_does(approvals: Approvals, deeds: Deeds) -> None:
    request = approvals.ask(asked(), MAKER)
    approvals.end(request, ApprovalState.REFUSED, CHECKER, "no")
    with pytest.raises(Conflict):
        approvals.approve(request, Actor("sub-third", "third.one"))
    assert deeds.done == []


def test_a_request_that_stood_too_long_is_not_done(approvals: Approvals, clock: FixedClock) -> None:
    request = approvals.ask(asked(), MAKER)
    clock.tick(timedelta(hours=72).total_seconds())
    with pytest.raises(Conflict):
        approvals.approve(request, CHECKER)
    assert approvals.end(request, ApprovalState.REFUSED, CHECKER).state is ApprovalState.REFUSED


def test_what_breaks_off_is_gone_on_with_and_what_cannot_be_done_says_why(approvals: Approvals, deeds: Deeds) -> None:
    deeds.answer = Unavailable("Stripe is away")
    request = approvals.ask(asked(), MAKER)
    with pytest.raises(Unavailable):
        approvals.approve(request, CHECKER)
    standing = approvals.get(request.approval_id)
    assert standing.state is ApprovalState.APPROVED
    assert approvals.store.pending(10, None)[0] == [standing]
    deeds.answer = None
    assert approvals.approve(standing, CHECKER).outcome == "ref_of_apr_000001"
    assert approvals.store.pending(10, None)[0] == []
    other = approvals.ask(asked(), MAKER)
    deeds.answer = Conflict("The money went back already.")
    failed = approvals.approve(other, CHECKER)
    assert (failed.state, failed.outcome) == (ApprovalState.FAILED, "The money went back already.")


@pytest.fixture
def http(desk: HttpDesk, deeds: Deeds, monkeypatch: pytest.MonkeyPatch) -> HttpDesk:
    monkeypatch.setattr(wiring, "approval_deeds", lambda: {ApprovalAction.REFUND: deeds})
    monkeypatch.setattr(wiring, "today", lambda: date(2026, 11, 22))
    return desk


REFUND = {"action": "refund", "subject_id": "pay_1", "reason": "paid twice"}


def test_an_advisor_asks_and_a_supervisor_decides(http: HttpDesk, deeds: Deeds) -> None:
    made = http.call("POST", "/v1/approvals", REFUND)
    assert (made.status, made.json["state"], made.json["amount"]["amount_minor"]) == (201, "pending", 500)
    url = made.headers["location"]
    assert [each["approval_id"] for each in http.call("GET", "/v1/approvals").json["items"]] == [
        made.json["approval_id"]
    ]
    decision = {"decision": "approve"}
    assert http.call("POST", f"{url}/decisions", decision).status == 403
    done = http.call("POST", f"{url}/decisions", decision, role="supervisor")
    assert (done.status, done.json["state"], len(deeds.done)) == (200, "done", 1)
    again = http.call("POST", f"{url}/decisions", decision, role="finance")
    assert (again.status, again.json["code"]) == (409, "conflict")
    assert http.call("GET", url).json == done.json
    of_account = http.call("GET", "/v1/accounts/acc_1/approvals").json["items"]
    assert [each["state"] for each in of_account] == ["done"]


def test_a_supervisor_cannot_approve_an_own_request(http: HttpDesk, deeds: Deeds) -> None:
    url = http.call("POST", "/v1/approvals", REFUND, role="supervisor").headers["location"]
    answer = http.call("POST", f"{url}/decisions", {"decision": "approve"}, role="supervisor")
    assert (answer.status, answer.json["code"], deeds.done) == (403, "own_request", [])
    assert http.call("POST", f"{url}/withdrawals", role="supervisor").json["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("body", "status"), [({**REFUND, "action": "party"}, 422), ({**REFUND, "reason": ""}, 422), ("{", 400)]
)
def test_what_cannot_be_asked_for_is_said(http: HttpDesk, body: Any, status: int) -> None:
    assert http.call("POST", "/v1/approvals", body).status == status


def test_customers_neither_ask_nor_see(http: HttpDesk) -> None:
    assert http.call("POST", "/v1/approvals", REFUND, role="customer", account_id="acc_1").status == 403
    assert http.call("GET", "/v1/accounts/acc_1/approvals", role="customer", account_id="acc_1").status == 403
    assert http.call("GET", "/v1/approvals/apr_none").status == 404
