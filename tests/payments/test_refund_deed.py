"""A refund that a second person approves is the refund that was asked for, once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.approvals.model import ApprovalAction, ApprovalState, Asked
from chalicelib.approvals.service import Approvals
from chalicelib.audit.model import Actor
from chalicelib.payments.model import Payment
from chalicelib.payments.refund_deed import RefundDeed
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.payments.books import balance_minor
from tests.payments.conftest import ADVISOR, Take
from tests.payments.fakes import an_event
from tests.payments.money_desk import MoneyDesk

FINANCE = Actor("sub-finance", "finance.one", "req-2")


@pytest.fixture
def paid(money: MoneyDesk, take: Take) -> Payment:
    payment = take(4000)
    money.events.apply(an_event(payment))
    return money.payments.get(payment.payment_id)


@pytest.fixture
def approvals(money: MoneyDesk) -> Approvals:
    """Those of the desk, with refunds as the one deed."""
    made = wiring.approvals()
    deeds = {ApprovalAction.REFUND: RefundDeed(money.refunds)}
    return Approvals(made.store, deeds, made.rules, money.clock, made.new_id, lambda _: None)


def asked(payment: Payment, **payload: Any) -> Asked:
    return Asked(action=ApprovalAction.REFUND, subject_id=payment.payment_id, payload=payload, reason="paid twice")


def test_what_was_approved_goes_back_once(money: MoneyDesk, paid: Payment, approvals: Approvals) -> None:
    request = approvals.ask(asked(paid, amount={"amount_minor": 1000, "currency": "GBP"}, reason="duplicate"), ADVISOR)
    assert (request.account_id, request.amount_minor, balance_minor()) == (paid.account_id, 1000, 2600)
    done = approvals.approve(request, FINANCE)
    assert done.state is ApprovalState.DONE
    refund = money.refunds.get(done.outcome or "")
    assert (refund.amount_minor, refund.requested_by_name, balance_minor()) == (1000, "finance.one", 3600)
    deed = RefundDeed(money.refunds)
    assert deed.do(request, FINANCE) == refund.refund_id
    assert len(money.stripe.refunds) == 1


def test_all_that_is_left_is_what_was_left_when_it_was_asked(paid: Payment, approvals: Approvals) -> None:
    assert approvals.ask(asked(paid), ADVISOR).amount_minor == 4000


def test_what_went_back_meanwhile_cannot_go_back_again(money: MoneyDesk, paid: Payment, approvals: Approvals) -> None:
    first, second = approvals.ask(asked(paid), ADVISOR), approvals.ask(asked(paid), ADVISOR)
    assert approvals.approve(first, FINANCE).state is ApprovalState.DONE
    failed = approvals.approve(second, FINANCE)
    assert (failed.state, len(money.stripe.refunds)) == (ApprovalState.FAILED, 1)


@pytest.mark.parametrize(
    "payload",
    [
        {"amount": {"amount_minor": 4001, "currency": "GBP"}},
        {"amount": {"amount_minor": 10, "currency": "EUR"}},
        {"amount": {"amount_minor": 0, "currency": "GBP"}},
        {"reason": "mood"},
        {"amont": 3},
    ],
)
def test_what_is_no_refund_of_it_cannot_be_asked_for(
    paid: Payment, approvals: Approvals, payload: dict[str, Any]
) -> None:
    with pytest.raises(Unprocessable):
        approvals.ask(asked(paid, **payload), ADVISOR)


def test_a_payment_that_took_nothing_or_is_none(money: MoneyDesk, take: Take, approvals: Approvals) -> None:
    with pytest.raises(Conflict):
        approvals.ask(asked(take(4000)), ADVISOR)
    with pytest.raises(NotFound):
        approvals.ask(Asked(action=ApprovalAction.REFUND, subject_id="pay_none", reason="x"), ADVISOR)
