"""Money on its way: nobody is asked for what a bank debit that was taken will pay."""

from __future__ import annotations

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.letters import LetterChannel
from chalicelib.collections.model import Form, Reason
from chalicelib.payments.model import PaymentStatus
from tests.collections.late_desk import ACTOR, LateDesk


@pytest.fixture
def late() -> LateDesk:
    desk = LateDesk()
    desk.account()
    desk.bill("inv_in_old")
    return desk


@pytest.mark.parametrize("named", [(), ("inv_in_old",)])
def test_no_letter_asks_for_what_is_on_its_way(late: LateDesk, named: tuple[str, ...]) -> None:
    late.debit(6000, *named)
    assert late.day(3) == 0
    assert [each.reasons for each in late.held()] == [(Reason.PAYMENT_COMING,)]


def test_the_rest_is_asked_for(late: LateDesk) -> None:
    late.debit(4000)
    late.day()
    assert [letter["letter"]["facts"]["due_minor"] for letter in late.letters()] == [2000]


def test_what_came_to_nothing_is_asked_for(late: LateDesk) -> None:
    late.debit(6000, status=PaymentStatus.FAILED)
    assert late.day() == 1


def test_a_debit_that_is_taken_before_the_letter_leaves_holds_it(late: LateDesk) -> None:
    late.collections.run()
    late.debit(6000)
    late.deliver()
    assert late.mails.sent == []


def test_no_fee_is_charged_for_what_is_on_its_way(late: LateDesk) -> None:
    late.debit(4000)
    judged = late.desk.check("acc_1", Form.FEE, "late_fee", LetterChannel.MAIL, "inv_in_old")
    assert judged.reasons == (Reason.PAYMENT_COMING,)


def test_stripe_goes_on_only_when_it_is_known_what_became_of_it(late: LateDesk) -> None:
    hold_id = late.hold(HoldKind.BEREAVEMENT)
    late.debit(6000)
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    late.day(2)
    assert late.stripe.waiting == {"in_old"}


def test_stripe_does_not_take_what_is_disputed(late: LateDesk) -> None:
    hold_id = late.hold(HoldKind.DISPUTE, invoice_id="inv_in_old")
    late.day(2)
    assert late.stripe.waiting == {"in_old"}
    late.holds.release("acc_1", hold_id, "it was right", ACTOR)
    assert late.stripe.waiting == set()
