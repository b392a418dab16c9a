"""Disputes at the bank: money held, given back or lost, in any order of the news, with the deadline told."""

from __future__ import annotations

import contextlib
from itertools import permutations

import pytest

from chalicelib.payments.model import Payment
from chalicelib.payments.news import Ending
from chalicelib.payments.news import Fact as Word
from tests.payments.books import balance_minor, of_account
from tests.payments.conftest import Take
from tests.payments.fakes import AT, a_dispute, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Crash, Crowded, Fragile


@pytest.fixture
def paid(money: MoneyDesk, take: Take) -> Payment:
    """40.00 of the 66.00 owed, as Stripe knows it too."""
    payment = take(4000)
    money.stripe.knows(an_intent(payment))
    money.events.apply(an_event(payment))
    return payment


def dispute(paid: Payment, status: str, at: int, kind: str = "updated") -> str:
    about = a_dispute("du_1", f"pi_{paid.payment_id}", 4000, status)
    return as_event(f"charge.dispute.{kind}", about, f"evt_{status}_{at}", AT + at)


def kinds() -> list[str]:
    return [entry["entry_kind"] for entry in of_account("L#")][3:]


def test_an_opened_dispute_takes_the_cash_and_leaves_the_debt(money: MoneyDesk, paid: Payment) -> None:
    money.events.apply(dispute(paid, "needs_response", 1, "created"))
    assert (balance_minor(), kinds()) == (2600, ["dispute_opened"])
    row = money.payments.get(paid.payment_id)
    assert (row.charged_back_minor, row.refundable_minor) == (4000, 0)
    opened = next(news for news in money.listener.told.values() if news.topic == "dispute_opened")
    assert opened.deadline is not None
    assert int(opened.deadline.timestamp()) == AT + 7 * 86_400


WON = (("needs_response", 1), ("under_review", 2), ("won", 3))
LOST = (("needs_response", 1), ("under_review", 2), ("lost", 3))


@pytest.mark.parametrize("order", list(permutations(WON)))
def test_a_won_dispute_leaves_all_as_it_was(
    money: MoneyDesk, paid: Payment, order: tuple[tuple[str, int], ...]
) -> None:
    for status, at in (*order, *order):
        money.events.apply(dispute(paid, status, at))
    assert (balance_minor(), kinds()) == (2600, ["dispute_opened", "dispute_won"])
    assert money.payments.get(paid.payment_id).refundable_minor == 4000


@pytest.mark.parametrize("order", list(permutations(LOST)))
def test_a_lost_dispute_is_owed_again(money: MoneyDesk, paid: Payment, order: tuple[tuple[str, int], ...]) -> None:
    for status, at in order:
        money.events.apply(dispute(paid, status, at))
    assert (balance_minor(), kinds()) == (6600, ["dispute_opened", "dispute_lost"])
    assert money.payments.get(paid.payment_id).refundable_minor == 0
    closed = next(news for news in money.listener.told.values() if news.topic == "dispute_closed")
    assert closed.fact(Word.OUTCOME) == Ending.LOST


def test_a_dispute_that_is_lost_before_it_was_heard_of_is_told_as_opened_too(money: MoneyDesk, paid: Payment) -> None:
    for _ in range(2):
        money.events.apply(dispute(paid, "lost", 3, "closed"))
    assert money.listener.topics[1:] == ["dispute_opened", "dispute_closed"]
    money.events.apply(dispute(paid, "needs_response", 1, "created"))
    assert money.listener.topics[1:] == ["dispute_opened", "dispute_closed"]


def test_an_inquiry_moves_no_money(money: MoneyDesk, paid: Payment) -> None:
    for at, status in enumerate(("warning_needs_response", "warning_under_review", "warning_closed")):
        money.events.apply(dispute(paid, status, at))
    assert (balance_minor(), kinds()) == (2600, [])
    assert money.listener.topics[1:] == ["dispute_opened", "dispute_updated", "dispute_closed"]


def test_a_lost_dispute_that_is_won_on_appeal_brings_the_money_again(money: MoneyDesk, paid: Payment) -> None:
    for at, status in enumerate(("needs_response", "lost", "appeal_under_review", "won")):
        money.events.apply(dispute(paid, status, at))
    assert (balance_minor(), kinds()) == (2600, ["dispute_opened", "dispute_lost", "appeal_won"])
    assert money.payments.get(paid.payment_id).refundable_minor == 4000


def test_a_dispute_of_nobody_known_is_kept(money: MoneyDesk, account: str) -> None:
    money.events.apply(as_event("charge.dispute.created", a_dispute("du_1", "pi_none", 500)))
    assert kinds() == []
    assert money.counted["PaymentsUnmatched"] == 1


def test_an_inquiry_may_end_as_a_chargeback_over_less(money: MoneyDesk, paid: Payment) -> None:
    for at, (status, amount) in enumerate((("warning_needs_response", 4000), ("lost", 1500), ("won", 1500))):
        about = a_dispute("du_1", f"pi_{paid.payment_id}", amount, status)
        money.events.apply(as_event("charge.dispute.updated", about, f"evt_du_{at}", AT + at))
        if status == "lost":
            assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (4100, 2500)
    assert (balance_minor(), money.payments.get(paid.payment_id).refundable_minor) == (2600, 4000)


def test_a_busy_table_is_tried_again(money: MoneyDesk, paid: Payment) -> None:
    money.on(Crowded(money.table, 2)).events.apply(dispute(paid, "needs_response", 1, "created"))
    assert kinds() == ["dispute_opened"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 22))
def test_a_crash_at_any_call_is_mended_by_the_next_delivery(
    money: MoneyDesk, paid: Payment, calls: int, after: bool
) -> None:
    body = dispute(paid, "lost", 1, "closed")
    fragile = money.on(Fragile(money.table, calls, after=after))
    with contextlib.suppress(Crash):
        fragile.events.apply(body)
    money.events.apply(body)
    assert (balance_minor(), kinds()) == (6600, ["dispute_opened", "dispute_lost"])
    assert money.listener.topics.count("dispute_closed") == 1
