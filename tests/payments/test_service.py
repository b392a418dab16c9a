"""Taking a payment: what is asked of Stripe, what is kept, and what a repeat gets."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.store import head_key
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.payments.service import Payments, Taken
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.dynamo import Update
from chalicelib.platform.errors import Conflict, Declined, NotFound, Refused, Unavailable, Unprocessable
from chalicelib.platform.money import Money
from tests.fakes import FixedClock
from tests.harness import Meter
from tests.payments.conftest import ADVISOR, Take
from tests.payments.fakes import FakeStripe, an_event
from tests.payments.money_desk import MoneyDesk
from tests.tables import Between, Crowded

S = PaymentStatus


def order(
    amount_minor: int = 500, currency: str = "GBP", method: str | None = "pm_card_visa", *invoices: str
) -> PaymentOrder:
    return PaymentOrder("acc_1", Money(amount_minor=amount_minor, currency=currency), invoices, method)


def test_a_card_payment_is_under_way_until_the_event_books_it(
    payments: Payments, take: Take, stripe: FakeStripe
) -> None:
    payment = take(4000)
    assert payment.status is S.PROCESSING
    assert [(part.invoice_id, part.amount_minor) for part in payment.allocations] == [("inv_9", 3300), ("inv_10", 700)]
    assert payment.payment_intent_id in stripe.intents
    assert payments.get(payment.payment_id) == payment


@pytest.mark.parametrize(
    ("method", "status", "secret"),
    [
        (None, S.REQUIRES_PAYMENT, True),
        ("pm_card_authenticationRequired", S.REQUIRES_ACTION, True),
        ("pm_bank_debit", S.PROCESSING, False),
        ("pm_from_the_future", S.PROCESSING, False),
    ],
)
def test_the_app_gets_a_secret_while_the_customer_has_to_act(
    payments: Payments, method: str | None, status: PaymentStatus, secret: bool
) -> None:
    first, again = (payments.take(order(500, "GBP", method), "one", ADVISOR) for _ in range(2))
    assert first.payment.status is status
    assert (first.client_secret is not None) is secret
    assert again == first


def test_a_payment_is_begun_on_a_busy_table(money: MoneyDesk) -> None:
    busy = money.on(Crowded(money.table, 2))
    assert busy.payments.take(order(), "one", ADVISOR).payment.status is S.PROCESSING


def test_a_declined_payment_is_kept_and_a_repeat_is_declined_again(payments: Payments, stripe: FakeStripe) -> None:
    for _ in range(2):
        with pytest.raises(Declined) as no:
            payments.take(order(500, "GBP", "pm_card_poor"), "one", ADVISOR)
        assert no.value.extra["decline_code"] == "insufficient_funds"
        assert "not enough money" in no.value.detail
    kept = payments.get(no.value.extra["payment_id"])
    assert (kept.status, kept.failure_code) == (S.FAILED, "insufficient_funds")
    assert len(stripe.intents) == 1


def test_a_customer_does_not_learn_that_a_card_is_reported_lost(payments: Payments) -> None:
    with pytest.raises(Declined) as no:
        payments.take(order(500, "GBP", "pm_card_lost"), "one", ADVISOR)
    assert no.value.extra["decline_code"] == "generic_decline"
    assert payments.get(no.value.extra["payment_id"]).failure_code == "lost_card"


def test_a_refused_request_ends_the_payment(payments: Payments) -> None:
    for _ in range(2):
        with pytest.raises(Refused):
            payments.take(order(500, "GBP", "pm_broken"), "one", ADVISOR)


def test_when_stripe_is_down_the_same_key_goes_on_later(payments: Payments, take: Take, stripe: FakeStripe) -> None:
    stripe.down = 1
    with pytest.raises(Unavailable):
        take(500)
    assert take(500).status is S.PROCESSING
    assert len(stripe.intents) == 1


def test_a_payment_that_was_begun_too_long_ago_is_not_asked_for_again(
    take: Take, stripe: FakeStripe, clock: FixedClock
) -> None:
    stripe.down = 1
    with pytest.raises(Unavailable):
        take(500)
    clock.tick(24 * 3600)
    with pytest.raises(Conflict, match="too long ago"):
        take(500)
    assert not stripe.intents


def test_one_key_is_one_order(take: Take) -> None:
    take(500)
    with pytest.raises(Conflict, match="another payment"):
        take(501)
    with pytest.raises(Conflict, match="another payment"):
        take(500, "inv_9")
    with pytest.raises(Conflict, match="another payment"):
        take(500, payment_method="pm_bank_debit")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [(order(500, "EUR"), "/amount/currency"), (order(500, "GBP", None, "inv_9", "inv_none"), "/invoice_ids/1")],
)
def test_wrong_fields_are_named(payments: Payments, stripe: FakeStripe, wrong: PaymentOrder, pointer: str) -> None:
    with pytest.raises(Unprocessable) as no:
        payments.take(wrong, "one", ADVISOR)
    assert [error.pointer for error in no.value.errors] == [pointer]
    assert not stripe.intents


def test_a_merged_account_pays_what_it_owes_and_gets_no_credit(payments: Payments, money: MoneyDesk) -> None:
    """A dispute opens a bill again where it was paid, whatever became of the account."""
    money.table.write(Update(*head_key("acc_1"), set={"status": "merged", "merged_into": "acc_2"}))
    with pytest.raises(AccountMerged) as refused:
        payments.take(order(6601), "one", ADVISOR)
    assert refused.value.extra == {"merged_into": "acc_2"}
    assert payments.take(order(6600), "two", ADVISOR).payment.status is S.PROCESSING


def test_there_is_no_payment_without_its_account(payments: Payments) -> None:
    nowhere = PaymentOrder("acc_none", Money(amount_minor=500, currency="GBP"))
    with pytest.raises(NotFound):
        payments.take(nowhere, "one", ADVISOR)
    with pytest.raises(NotFound):
        payments.get("pay_none")


@pytest.mark.parametrize("calls", [1, 2, 3, 4, 5])
def test_a_twin_that_comes_between_any_two_calls_is_the_same_charge(
    payments: Payments, stripe: FakeStripe, clock: FixedClock, calls: int
) -> None:
    twins: list[Taken] = []
    between = Between(wiring.table(), calls, lambda: twins.append(payments.take(order(), "one", ADVISOR)))
    mine = Payments(PaymentStore(between), stripe, clock, payments.id_key).take(order(), "one", ADVISOR)
    assert [twin.payment.payment_id for twin in twins] == [mine.payment.payment_id]
    assert mine.payment.status is S.PROCESSING
    assert len(stripe.intents) == len(stripe.customers) == 1


@pytest.mark.parametrize("calls", range(1, 7))
def test_a_twin_that_has_paid_the_bill_already_is_no_reason_to_refuse(take: Take, money: MoneyDesk, calls: int) -> None:
    def twin() -> None:
        money.events.apply(an_event(take(3300, "inv_9")))

    mine = money.on(Between(money.table, calls, twin)).payments.take(
        order(3300, "GBP", "pm_card_visa", "inv_9"), "one", ADVISOR
    )
    assert mine.payment.payment_id == take(3300, "inv_9").payment_id
    assert len(money.stripe.intents) == 1


def test_the_customer_is_made_once(payments: Payments, take: Take, stripe: FakeStripe) -> None:
    take(500)
    stripe.customers.clear()
    take(600, key="two")
    assert not stripe.customers
    assert {customer for customer, _ in stripe.intents.values()} == {"cus_acc_1"}


def test_costs(take: Take, meter: Meter) -> None:
    take(500)
    asked = ["GetItem", "Query", "GetItem", "TransactWriteItems"]  # head and ledger read, key free; row, pointer, audit
    assert meter.calls == [*asked, "TransactWriteItems", "UpdateItem"]  # customer and whose it is; the answer
    assert meter.write_units == 6 + 4 + 1
    meter.calls.clear()
    take(500, key="two")
    assert meter.calls == [*asked, "UpdateItem"]


def test_a_customer_deleted_at_stripe_is_followed_by_a_new_one(
    money: MoneyDesk, take: Take, stripe: FakeStripe
) -> None:
    take(500)
    assert money.store.drop_customer("acc_1", "cus_acc_1")
    take(600, key="two")
    assert [customer for customer, _ in stripe.intents.values()] == ["cus_acc_1", "cus_acc_1-cus_acc_1"]
