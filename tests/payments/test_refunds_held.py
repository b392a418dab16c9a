"""Refunds over HTTP while somebody may be taking the account over: a second person, or nothing for a day."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.accounts.assurance import Action, Level
from chalicelib.identity.policy import IdentityRules, Need, Needs
from chalicelib.identity.store import contact_update
from chalicelib.platform.clock import utc_now
from chalicelib.policy.model import BEGINNING, Ruling
from tests.harness import HttpDesk
from tests.payments.conftest import Take
from tests.payments.fakes import an_event, an_intent
from tests.payments.money_desk import MoneyDesk
from tests.payments.test_refund_routes import refund


@pytest.fixture
def payment_id(money: MoneyDesk, desk: HttpDesk, take: Take) -> str:
    """A payment of 40.00 that was settled."""
    payment = take(4000)
    money.stripe.knows(an_intent(payment))
    money.events.apply(an_event(payment))
    return payment.payment_id


def test_after_a_change_of_contact_a_second_person_approves(desk: HttpDesk, payment_id: str) -> None:
    wiring.table().write(contact_update("acc_1", ["new@example.com"], utc_now()))
    refused = refund(desk, f"/v1/payments/{payment_id}/refunds")
    assert (refused.status, refused.json["code"]) == (403, "approval_required")
    asked = {"action": refused.json["action"], "subject_id": refused.json["subject_id"], "reason": "Paid twice"}
    approval = desk.call("POST", "/v1/approvals", asked, role="finance", subject="sub-one")
    assert approval.status == 201, approval.text
    path = f"/v1/approvals/{approval.json['approval_id']}/decisions"
    done = desk.call("POST", path, {"decision": "approve"}, role="finance", subject="sub-two")
    assert (done.status, done.json["state"]) == (200, "done")
    (listed,) = desk.call("GET", "/v1/accounts/acc_1/refunds", role="finance").json["items"]
    assert listed["amount"]["amount_minor"] == 4000


def test_asking_for_a_refund_takes_the_proof_that_giving_it_does(
    desk: HttpDesk, payment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = IdentityRules(needs={Action.REFUND: Needs(staff=Need(level=Level.STRONG))})
    monkeypatch.setattr(wiring, "identity_rules", lambda _: Ruling(strict, "identity@2026-11-02.1", BEGINNING))
    asked = {"action": "refund", "subject_id": payment_id, "reason": "Paid twice"}
    refused = desk.call("POST", "/v1/approvals", asked)
    assert (refused.status, refused.json.get("code")) == (403, "step_up_required")
    assert desk.call("GET", "/v1/approvals").json["items"] == []
    assert desk.call("POST", "/v1/approvals", asked, role="finance").status == 201


def test_on_the_day_of_a_sim_swap_nothing_is_refunded(desk: HttpDesk, payment_id: str, money: MoneyDesk) -> None:
    state = wiring.identity_store().state("acc_1")
    wiring.identity_store().move(state, state.next(sim_swapped_at=utc_now()))
    refused = refund(desk, f"/v1/payments/{payment_id}/refunds")
    assert (refused.status, refused.json["code"]) == (409, "refund_held")
    asked = {"action": "refund", "subject_id": payment_id, "reason": "Paid twice"}
    approval = desk.call("POST", "/v1/approvals", asked, role="finance")
    assert (approval.status, approval.json["code"]) == (409, "refund_held")
    assert money.stripe.refunds == {}


def test_what_was_asked_for_before_a_sim_swap_is_not_done_after_it(
    desk: HttpDesk, payment_id: str, money: MoneyDesk
) -> None:
    asked = {"action": "refund", "subject_id": payment_id, "reason": "Paid twice"}
    approval = desk.call("POST", "/v1/approvals", asked, role="finance", subject="sub-one").json
    state = wiring.identity_store().state("acc_1")
    wiring.identity_store().move(state, state.next(sim_swapped_at=utc_now()))
    path = f"/v1/approvals/{approval['approval_id']}/decisions"
    done = desk.call("POST", path, {"decision": "approve"}, role="finance", subject="sub-two")
    assert (done.status, done.json["state"]) == (200, "failed")
    assert money.stripe.refunds == {}
