"""Refunds: never more than was paid, booked once, owed again where they had paid a bill, back when they fail."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.payments.model import Payment
from chalicelib.payments.refund import Refund, RefundOrder, RefundStatus
from chalicelib.payments.resuming import resume
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unavailable, Unprocessable
from tests.fakes import FixedClock
from tests.payments.books import balance_minor, marker, of_account
from tests.payments.conftest import ADVISOR, Take
from tests.payments.fakes import a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Between, Crash, Fragile

R = RefundStatus


@pytest.fixture
def paid(money: MoneyDesk, take: Take) -> Payment:
    """40.00 of the 66.00 owed: the older bill in full, 7.00 of the other."""
    payment = take(4000)
    money.events.apply(an_event(payment))
    return money.payments.get(payment.payment_id)


def give_back(money: MoneyDesk, paid: Payment, amount: int | None = None, key: str = "back") -> Refund:
    return money.refunds.request(RefundOrder(paid.payment_id, amount), key, ADVISOR)


def news_of(refund: Refund, status: str, event_id: str) -> str:
    ours = {"refund_id": refund.refund_id}
    about = a_refund(f"re_{refund.refund_id}", refund.payment_intent_id, refund.amount_minor, status, metadata=ours)
    return as_event("refund.updated", about, event_id)


def test_a_refund_opens_the_newest_paid_part_again(money: MoneyDesk, paid: Payment) -> None:
    refund = give_back(money, paid, 1000)
    assert (refund.status, refund.amount_minor) == (R.SUCCEEDED, 1000)
    assert balance_minor() == 3600
    assert [wiring.invoices().get(each).due_minor for each in ("inv_9", "inv_10")] == [300, 3300]
    left = money.payments.get(paid.payment_id)
    assert (left.refunded_minor, left.refundable_minor, left.credit_minor) == (1000, 3000, 0)
    assert money.listener.topics == ["payment_succeeded", "refund_succeeded"]


def test_unused_credit_goes_first(money: MoneyDesk, take: Take) -> None:
    payment = take(7000)
    money.events.apply(an_event(payment))
    give_back(money, payment, 400)
    assert balance_minor() == 0
    assert [wiring.invoices().get(each).due_minor for each in ("inv_9", "inv_10")] == [0, 0]


def test_asking_again_with_the_key_is_one_refund(money: MoneyDesk, paid: Payment) -> None:
    assert give_back(money, paid, 1000) == give_back(money, paid, 1000)
    assert len(money.stripe.refunds) == 1
    assert balance_minor() == 3600
    with pytest.raises(Conflict):
        give_back(money, paid, 1001)


@pytest.mark.parametrize("amount", [0, -1, 4001])
def test_more_than_was_paid_is_refused(money: MoneyDesk, paid: Payment, amount: int) -> None:
    with pytest.raises(Unprocessable):
        give_back(money, paid, amount)
    assert money.stripe.refunds == {}


def test_all_that_is_left(money: MoneyDesk, paid: Payment) -> None:
    give_back(money, paid, 1500)
    assert give_back(money, paid, None, "rest").amount_minor == 2500
    with pytest.raises(Unprocessable, match="left"):
        give_back(money, paid, None, "again")
    assert balance_minor() == 6600


def test_what_took_no_money_gives_none_back(money: MoneyDesk, take: Take) -> None:
    with pytest.raises(Conflict, match="taken no money"):
        give_back(money, take(500))
    with pytest.raises(NotFound):
        money.refunds.request(RefundOrder("pay_none"), "key", ADVISOR)


def test_a_refund_that_stripe_refuses_leaves_everything_as_it_was(money: MoneyDesk, paid: Payment) -> None:
    money.stripe.refuses_refunds = True
    with pytest.raises(Refused):
        give_back(money, paid, 1000)
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (2600, 4000)
    (row,) = of_account("F#")
    assert row["status"] == "refused"


def test_when_stripe_is_down_the_same_key_goes_on(money: MoneyDesk, paid: Payment) -> None:
    money.stripe.down = 1
    with pytest.raises(Unavailable):
        give_back(money, paid, 1000)
    assert money.payments.get(paid.payment_id).refundable_minor == 3000
    assert give_back(money, paid, 1000).status is R.SUCCEEDED
    assert balance_minor() == 3600


@pytest.mark.parametrize("order", [("succeeded", "failed"), ("failed", "succeeded"), ("failed",), ("canceled",)])
def test_a_refund_that_fails_comes_back_whatever_is_heard_first(
    money: MoneyDesk, paid: Payment, order: tuple[str, ...]
) -> None:
    money.stripe.refund_status = R.PENDING
    refund = give_back(money, paid, 1000)
    assert balance_minor() == 3600
    for number, status in enumerate(order):
        for _ in range(2):
            money.events.apply(news_of(refund, status, f"evt_re_{number}"))
    assert balance_minor() == 2600
    assert [entry["entry_kind"] for entry in of_account("L#")][-2:] == ["refund", "refund_failed"]
    left = money.payments.get(paid.payment_id)
    assert (left.refundable_minor, left.credit_minor) == (4000, 0)
    assert "refund_failed" in money.listener.topics


def test_a_refund_made_at_stripe_is_followed(money: MoneyDesk, paid: Payment) -> None:
    money.stripe.knows(an_intent(paid))
    for _ in range(2):
        money.events.apply(as_event("refund.created", a_refund("re_1", f"pi_{paid.payment_id}", 1000), "evt_re"))
    assert balance_minor() == 3600
    assert money.payments.get(paid.payment_id).refundable_minor == 3000


def test_a_refund_that_overtakes_its_payment_books_the_payment_first(money: MoneyDesk, take: Take) -> None:
    payment = take(4000)
    money.stripe.knows(an_intent(payment))
    money.events.apply(as_event("refund.created", a_refund("re_1", f"pi_{payment.payment_id}", 1000), "evt_re"))
    money.events.apply(an_event(payment))
    assert balance_minor() == 3600
    assert [entry["entry_kind"] for entry in of_account("L#")][-2:] == ["payment", "refund"]


def test_a_refund_of_money_that_was_never_ours_is_kept(money: MoneyDesk) -> None:
    money.events.apply(as_event("refund.created", a_refund("re_1", "pi_none", 1000), "evt_re"))
    kept = marker("evt_re")
    assert kept is not None
    assert kept["outcome"] == "unmatched"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 16))
def test_a_crash_at_any_call_is_mended_by_asking_again(
    money: MoneyDesk, paid: Payment, calls: int, after: bool
) -> None:
    fragile = money.on(Fragile(wiring.table(), calls, after=after))
    with contextlib.suppress(Crash):
        give_back(fragile, paid, 1000)
    assert give_back(money, paid, 1000).status is R.SUCCEEDED
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (3600, 3000)


@pytest.mark.parametrize("calls", range(1, 16))
def test_a_crash_that_is_mended_days_later_sends_nothing_back_twice(
    money: MoneyDesk, paid: Payment, clock: FixedClock, calls: int
) -> None:
    with contextlib.suppress(Crash):
        give_back(money.on(Fragile(wiring.table(), calls, after=True)), paid, 1000)
    clock.tick(3 * 86_400)
    money.stripe.forgotten = "_again"
    assert give_back(money, paid, 1000).status is R.SUCCEEDED
    assert len(money.stripe.refunds) == 1
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (3600, 3000)


def test_asking_again_for_a_refund_that_was_refused_is_refused_again(money: MoneyDesk, paid: Payment) -> None:
    money.stripe.refuses_refunds = True
    with pytest.raises(Refused):
        give_back(money, paid, 1000)
    money.stripe.refuses_refunds = False
    with pytest.raises(Conflict, match="new Idempotency-Key"):
        give_back(money, paid, 1000)
    assert give_back(money, paid, 1000, "anew").status is R.SUCCEEDED
    assert balance_minor() == 3600


def test_a_refund_that_stripe_made_though_it_refused_is_booked(money: MoneyDesk, paid: Payment) -> None:
    money.stripe.refuses_refunds = True
    with pytest.raises(Refused):
        give_back(money, paid, 1000)
    (row,) = of_account("F#")
    money.events.apply(news_of(money.refunds.get(row["refund_id"]), "succeeded", "evt_re"))
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (3600, 3000)


@pytest.mark.parametrize("calls", range(1, 15))
def test_two_refusals_at_once_give_the_money_free_once(money: MoneyDesk, paid: Payment, calls: int) -> None:
    def ask(desk: MoneyDesk) -> None:
        with contextlib.suppress(Refused, Conflict):
            give_back(desk, paid, 1000)

    money.stripe.refuses_refunds = True
    ask(money.on(Between(wiring.table(), calls, lambda: ask(money))))
    assert money.payments.get(paid.payment_id).refundable_minor == 4000


@pytest.mark.parametrize("calls", range(1, 14))
def test_two_refunds_at_once_cannot_take_the_same_money(money: MoneyDesk, paid: Payment, calls: int) -> None:
    def other() -> None:
        with contextlib.suppress(Unprocessable):
            give_back(money, paid, 3000, "other")

    mine = money.on(Between(wiring.table(), calls, other))
    with contextlib.suppress(Unprocessable):
        give_back(mine, paid, 3000)
    assert sum(each.amount_minor for each in money.stripe.refunds.values()) == 3000
    assert balance_minor() == 5600


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(st.integers(1, 3000), min_size=1, max_size=6))
def test_any_parts_never_exceed_what_was_paid(money: MoneyDesk, take: Take, parts: list[int]) -> None:
    payment = take(4000, key=repr(parts))
    money.events.apply(an_event(payment, event_id=f"evt_{payment.payment_id}"))
    before, given_back = balance_minor(), 0
    for number, part in enumerate(parts):
        try:
            given_back += give_back(money, payment, part, str(number)).amount_minor
        except Unprocessable:
            assert given_back + part > 4000
    assert balance_minor() - before == given_back <= 4000


def test_a_refund_that_broke_off_is_asked_for_again_by_the_desk(
    money: MoneyDesk, paid: Payment, clock: FixedClock
) -> None:
    money.stripe.down = 1
    with pytest.raises(Unavailable):
        give_back(money, paid, 1000)
    assert resume(money.refunds) == 0, "whoever asked may still ask again"
    clock.tick(2 * 86_400)
    assert [resume(money.refunds), resume(money.refunds)] == [1, 0]
    assert (balance_minor(), len(money.stripe.refunds)) == (3600, 1)


def test_a_refund_that_broke_off_and_is_refused_then_is_let_go(
    money: MoneyDesk, paid: Payment, clock: FixedClock
) -> None:
    money.stripe.down = 1
    with pytest.raises(Unavailable):
        give_back(money, paid, 1000)
    clock.tick(7200)
    money.stripe.down = 1
    assert resume(money.refunds) == 0
    money.stripe.refuses_refunds = True
    assert resume(money.refunds) == 0
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (2600, 4000)
