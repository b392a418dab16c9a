"""The states of a payment: whatever order its events come in, it ends where Stripe ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing.receivables import Allocation
from chalicelib.payments.declines import GENERIC, shown
from chalicelib.payments.model import IntentFact, Payment, PaymentStatus, stale

S = PaymentStatus
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
PAYMENT = Payment(
    payment_id="pay_1", account_id="acc_1", amount_minor=500, currency="GBP", taken_by="sub", taken_by_name="one",
    created_at=AT,
)  # fmt: skip


def fact(status: PaymentStatus, at: int = 100, **changes: Any) -> IntentFact:
    fields: dict[str, Any] = {
        "cause": f"evt_{status}_{at}", "intent_id": "pi_1", "status": status, "amount_minor": 500, "currency": "GBP",
        "at": at, "payment_id": "pay_1", "account_id": "acc_1",
    }  # fmt: skip
    return IntentFact(**{**fields, **changes})


def after(payment: Payment, news: IntentFact) -> Payment:
    if not payment.is_changed_by(news):
        return payment
    return payment.model_copy(update={"status": news.status, "as_of": max(news.at, payment.as_of)})


LIFE = (
    fact(S.PROCESSING, 100), fact(S.REQUIRES_ACTION, 100), fact(S.FAILED, 101), fact(S.PROCESSING, 102),
    fact(S.SUCCEEDED, 103),
)  # fmt: skip


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE)))
def test_a_paid_intent_ends_paid_in_any_order_and_with_any_repeats(
    order: list[IntentFact], repeats: list[IntentFact]
) -> None:
    payment = PAYMENT
    for news in (*order, *repeats):
        payment = after(payment, news)
    assert payment.status is S.SUCCEEDED


@given(st.permutations(LIFE[:-1]))
def test_an_unpaid_intent_ends_in_its_newest_state(order: list[IntentFact]) -> None:
    payment = PAYMENT
    for news in order:
        payment = after(payment, news)
    assert (payment.status, payment.as_of) == (S.PROCESSING, 102)


@pytest.mark.parametrize("status", list(S))
def test_nothing_changes_a_payment_that_has_succeeded(status: PaymentStatus) -> None:
    paid = PAYMENT.model_copy(update={"status": S.SUCCEEDED, "as_of": 100})
    assert not paid.is_changed_by(fact(status, 200))


@pytest.mark.parametrize(
    "changes", [{"payment_id": None}, {"account_id": "acc_2"}, {"amount_minor": 499}, {"currency": "EUR"}]
)
def test_another_intent_is_not_this_payment(changes: dict[str, Any]) -> None:
    assert PAYMENT.is_of(fact(S.SUCCEEDED))
    assert not PAYMENT.is_of(fact(S.SUCCEEDED, **changes))


def test_money_that_went_back_out_of_other_credit_leaves_none() -> None:
    part = Allocation(invoice_id="inv_1", period="2026-10", due_on=AT.date(), amount_minor=500)
    assert PAYMENT.model_copy(update={"allocations": (part,), "refunded_minor": 500}).credit_minor == 0


def test_a_payment_is_stale_before_stripe_forgets_its_key() -> None:
    assert not stale(PAYMENT, AT.replace(hour=23))
    assert stale(PAYMENT, AT.replace(day=3, hour=8, minute=1))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("bank_account_closed", "account is closed"),
        ("debit_not_authorized", "not agreed to"),
        ("bank_account_invalid_details", "Check them"),
        ("payment_intent_authentication_failure", "not approved"),
    ],
)
def test_a_direct_debit_and_a_missing_approval_have_their_own_advice(code: str, words: str) -> None:
    assert shown(code).code == code
    assert words in shown(code).words


def test_each_decline_has_words_and_some_are_hidden() -> None:
    assert shown("expired_card").words == "Your card has expired. Use another card."
    for hidden in ("lost_card", "stolen_card", "fraudulent", "a_code_of_next_year", None):
        assert shown(hidden).code == GENERIC
