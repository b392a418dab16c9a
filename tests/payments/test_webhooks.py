"""What each kind of Stripe's events does to the payment, the invoices and the balance."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments.events import Unreadable
from chalicelib.payments.handling import StripeEvents
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.service import Payments
from chalicelib.payments.store import PaymentStore
from tests.billing.builders import open_account
from tests.payments.books import balance_minor, marker, of_account
from tests.payments.conftest import Take
from tests.payments.fakes import a_decline, a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk

S = PaymentStatus


def test_a_payment_that_succeeds_pays_the_oldest_invoice_first(
    payments: Payments, events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    payment = take(4000)
    events.apply(an_event(payment))
    paid = payments.get(payment.payment_id)
    assert (paid.status, paid.settled_at and int(paid.settled_at.timestamp())) == (S.SUCCEEDED, 1_793_610_000)
    assert [(part.invoice_id, part.amount_minor) for part in paid.allocations] == [("inv_9", 3300), ("inv_10", 700)]
    oldest, newest = wiring.invoices().get("inv_9"), wiring.invoices().get("inv_10")
    assert (oldest.status, oldest.due_minor, oldest.version) == ("paid", 0, 3)
    assert (newest.status, newest.due_minor) == ("open", 2600)
    assert balance_minor() == 2600
    (booked,) = (entry for entry in wiring.billing_store().ledger("acc_1") if entry.entry_kind == "payment")
    assert (booked.amount_minor, booked.reference_id, booked.cause) == (-4000, payment.payment_id, "evt_1")
    assert counted == {"PaymentsSucceeded": 1}


def test_who_took_it_is_audited(events: StripeEvents, take: Take) -> None:
    payment = take(4000)
    events.apply(an_event(payment))
    (audit,) = of_account("U#")
    assert (audit["action"], audit["actor_name"], audit["request_id"]) == ("payment.begun", "advisor.one", "req-1")
    assert audit["after"]["payment_id"] == payment.payment_id
    booked = wiring.billing_store().tail("acc_1")
    assert booked is not None
    assert (booked.actor, booked.actor_name) == ("sub-advisor", "advisor.one")


def test_a_chosen_invoice_is_paid_first_then_the_others(payments: Payments, events: StripeEvents, take: Take) -> None:
    payment = take(5000, "inv_10")
    events.apply(an_event(payment))
    paid = payments.get(payment.payment_id)
    assert [(part.invoice_id, part.amount_minor) for part in paid.allocations] == [("inv_10", 3300), ("inv_9", 1700)]
    assert balance_minor() == wiring.invoices().get("inv_9").due_minor == 1600


def test_what_no_invoice_needs_stays_as_credit(payments: Payments, events: StripeEvents, take: Take) -> None:
    payment = take(7000, "inv_10")
    events.apply(an_event(payment))
    assert payments.get(payment.payment_id).credit_minor == 400
    assert balance_minor() == -400
    assert wiring.invoices().receivables("acc_1").credit_minor == 400


def test_money_of_a_second_intent_for_a_payment_is_no_repeat(
    payments: Payments, events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    payment = take(4000)
    events.apply(an_event(payment))
    events.apply(an_event(payment, event_id="evt_2", id="pi_second"))
    assert counted == {"PaymentsSucceeded": 1, "PaymentsUnmatched": 1}
    assert balance_minor() == 2600


def test_a_failure_is_kept_with_its_code_and_books_nothing(
    payments: Payments, events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    payment = take(4000)
    events.apply(an_event(payment, "payment_intent.payment_failed", **a_decline("expired_card")))
    failed = payments.get(payment.payment_id)
    assert (failed.status, failed.failure_code) == (S.FAILED, "expired_card")
    assert balance_minor() == 6600
    assert counted == {"PaymentsFailed": 1}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("payment_intent.processing", S.PROCESSING),
        ("payment_intent.requires_action", S.REQUIRES_ACTION),
        ("payment_intent.canceled", S.CANCELED),
    ],
)
def test_other_states_are_followed_but_never_back_from_success(
    payments: Payments, events: StripeEvents, take: Take, kind: str, status: PaymentStatus
) -> None:
    payment = take(4000)
    events.apply(an_event(payment, kind))
    assert payments.get(payment.payment_id).status is status
    events.apply(an_event(payment, event_id="evt_2"))
    events.apply(an_event(payment, kind, "evt_3", at=1_793_620_000))
    assert payments.get(payment.payment_id).status is S.SUCCEEDED
    assert balance_minor() == 2600


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": {}},
        {"metadata": None},
        {"metadata": {"payment_id": "pay_of_another_system"}},
        {"amount_received": 3999},
        {"currency": "eur"},
    ],
)
def test_money_that_is_no_payment_of_ours_is_kept_and_counted(
    events: StripeEvents, take: Take, counted: Counter[str], changes: dict[str, Any]
) -> None:
    body = an_event(take(4000), **changes)
    for _ in range(2):
        events.apply(body)
    kept = marker("evt_1")
    assert kept is not None
    assert kept["outcome"] == "unmatched"
    assert kept["expires_at"] > 40 * 86_400
    assert balance_minor() == 6600
    assert counted == {"PaymentsUnmatched": 1}


def test_an_account_that_is_gone_parks_the_event(events: StripeEvents, payments: Payments, take: Take) -> None:
    payment = take(4000)
    open_account(wiring.table(), "acc_2")
    stray = payment.model_copy(update={"account_id": "acc_2", "payment_id": "pay_stray"})
    events.apply(an_event(stray))
    kept = marker("evt_1")
    assert kept is not None
    assert kept["outcome"] == "unmatched"


def test_unknown_types_are_kept_and_counted(events: StripeEvents, counted: Counter[str]) -> None:
    for _ in range(2):
        events.apply(an_event(event_type="radar.early_fraud_warning.created", id="issfr_1"))
    kept = marker("evt_1")
    assert kept is not None
    assert (kept["outcome"], kept["event_type"], kept["object_id"]) == (
        "ignored",
        "radar.early_fraud_warning.created",
        "issfr_1",
    )
    assert counted == {"StripeEventsIgnored": 1}


def test_another_api_version_is_applied_when_it_can_be_read(events: StripeEvents, take: Take) -> None:
    events.apply(an_event(take(4000), api_version="2024-06-20"))
    assert balance_minor() == 2600


def test_another_api_version_that_cannot_be_read_is_kept_and_counted(
    events: StripeEvents, take: Take, counted: Counter[str]
) -> None:
    body = an_event(take(4000), api_version="2031-01-01", amount={"value": "40.00"})
    events.apply(body)
    assert counted == {"StripeEventsParked": 1}
    assert balance_minor() == 6600


def test_another_api_version_that_cannot_be_read_is_read_at_stripe(
    money: MoneyDesk, events: StripeEvents, take: Take
) -> None:
    payment = take(4000)
    events.apply(an_event(payment, api_version="2031-01-01", amount={"value": "40.00"}))
    money.stripe.knows(an_intent(payment))
    events.apply(an_event(payment, api_version="2031-01-01", amount={"value": "40.00"}))
    assert balance_minor() == 2600
    kept = marker("evt_1")
    assert kept is not None
    assert (kept["outcome"], "gs2pk" in kept) == ("applied", False)


@pytest.mark.parametrize(
    "body", ["", "not json", "[]", "{}", '{"id": "evt_1", "type": "payment_intent.succeeded", "created": 1}']
)
def test_what_is_no_event_is_refused_without_repeating_it(events: StripeEvents, body: str) -> None:
    with pytest.raises(Unreadable, match="not an event"):
        events.apply(body)


def test_our_own_version_in_a_wrong_shape_is_refused(events: StripeEvents, take: Take) -> None:
    with pytest.raises(Unreadable, match="amount") as unreadable:
        events.apply(an_event(take(4000), amount="forty pounds"))
    assert "forty" not in str(unreadable.value)


def test_a_stored_payment_reads_back_as_it_was(take: Take) -> None:
    payment = take(4000)
    assert PaymentStore(wiring.table()).begin(payment) == payment
    assert Payment.model_validate(payment.model_dump(mode="json")) == payment


def test_an_unknown_customer_without_money_rings_no_alarm(money: MoneyDesk, counted: Counter[str]) -> None:
    money.events.apply(as_event("customer.created", {"id": "cus_none", "object": "customer"}, "evt_cus"))
    money.events.apply(as_event("refund.created", a_refund("re_1", "pi_none", 500), "evt_re"))
    kept = [marker(event_id) for event_id in ("evt_cus", "evt_re")]
    assert [each["outcome"] for each in kept if each] == ["unmatched", "unmatched"]
    assert counted == {"PaymentsUnmatched": 1}
