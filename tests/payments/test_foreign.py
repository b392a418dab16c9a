"""Money that the desk did not ask for: whose it is, in which currency, and what is heard of it before it is booked."""

from __future__ import annotations

import contextlib

import pytest

from chalicelib.payments.news import Fact as Word
from tests.payments.books import balance_minor, of_account
from tests.payments.conftest import Take
from tests.payments.fakes import AT, a_decline, a_dispute, a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Crash, Fragile


@pytest.fixture
def customer(money: MoneyDesk) -> str:
    return money.store.set_customer("acc_1", "cus_1")


def test_money_of_a_customer_pays_the_bills_of_the_account(money: MoneyDesk, customer: str) -> None:
    money.events.apply(an_event(customer=customer))
    assert balance_minor() == 6100


def test_money_in_another_currency_is_never_counted_as_the_accounts(money: MoneyDesk, customer: str) -> None:
    money.events.apply(an_event(customer=customer, currency="jpy"))
    assert balance_minor() == 6600
    assert money.ledger.receivables("acc_suspense_jpy").balance_minor == -500
    assert money.listener.topics == ["payment_unmatched"]


def test_money_that_waits_for_its_owner_is_told_as_nobodys_alone(money: MoneyDesk) -> None:
    money.events.apply(an_event())
    customer = money.store.set_customer("acc_1", "cus_1")
    money.events.apply(an_event(event_id="evt_2", customer=customer))
    assert money.listener.topics == ["payment_unmatched"]
    assert (balance_minor(), money.ledger.receivables("acc_suspense_gbp").balance_minor) == (6600, -500)


@pytest.mark.parametrize("calls", range(1, 14))
def test_a_refund_of_money_that_is_begun_but_not_booked_books_it_first(
    money: MoneyDesk, customer: str, calls: int
) -> None:
    intent = an_intent(customer=customer)
    money.stripe.knows(intent)
    with contextlib.suppress(Crash):
        money.on(Fragile(money.table, calls, after=True)).events.apply(an_event(customer=customer))
    money.events.apply(as_event("refund.created", a_refund("re_1", "pi_foreign", 200), "evt_re"))
    assert (balance_minor(), [each["entry_kind"] for each in of_account("L#")][2:]) == (6300, ["payment", "refund"])


def test_a_refund_that_overtakes_a_payment_of_another_amount_books_what_was_taken(
    money: MoneyDesk, take: Take, customer: str
) -> None:
    payment = take(4000)
    intent = an_intent(payment, amount_received=3000, customer=customer)
    money.stripe.knows(intent)
    money.events.apply(as_event("refund.created", a_refund("re_1", intent["id"], 1000), "evt_re"))
    assert (balance_minor(), [each["entry_kind"] for each in of_account("L#")][2:]) == (4600, ["payment", "refund"])


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("refund.created", a_refund("re_1", "pi_foreign", 200, currency="usd")),
        ("charge.dispute.created", a_dispute("du_1", "pi_foreign", 200, currency="usd")),
    ],
)
def test_what_goes_back_in_another_currency_is_left_to_people(
    money: MoneyDesk, customer: str, kind: str, about: dict[str, object]
) -> None:
    money.events.apply(an_event(customer=customer))
    money.events.apply(as_event(kind, about, "evt_2"))
    assert balance_minor() == 6100
    assert money.counted["PaymentsUnmatched"] == 1
    (row,) = of_account("P#")
    assert (row["refunded_minor"], row["charged_back_minor"]) == (0, 0)


def test_a_failure_that_was_overtaken_is_not_told_with_the_words_of_a_later_one(money: MoneyDesk, take: Take) -> None:
    payment = take(4000)
    for at, code in ((2, "expired_card"), (1, "insufficient_funds")):
        said = {"latest_charge": f"ch_{at}", **a_decline(code)}
        money.events.apply(an_event(payment, "payment_intent.payment_failed", f"evt_{at}", AT + at, **said))
    (news,) = money.listener.told.values()
    assert (news.occasion, news.fact(Word.DECLINE_CODE)) == ("ch_2", "expired_card")
