"""What the account's balance says: every movement once, and fees as the rule has them."""

from contextlib import suppress
from fractions import Fraction
from math import floor
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.stripe.fees import DISPUTE_FEE, fee_of
from tests.infra.stripe.debits import ACCEPTED
from tests.infra.stripe.desk import Desk

_LOST = ("lost", "needs_response", "under_review")
_EVIDENCE = ("winning_evidence", "losing_evidence", "escalate_inquiry_evidence")


@given(amount=st.integers(1, 99_999_999))
def test_fees_follow_their_rule(amount: int) -> None:
    card = floor(Fraction(amount) * Fraction(15, 1000) + Fraction(1, 2)) + 20
    bacs = sorted((20, floor(Fraction(amount, 100) + Fraction(1, 2)), 200))[1]

    assert fee_of("card", amount) == min(card, amount)
    assert fee_of("bacs_debit", amount) == min(bacs, amount)
    assert fee_of("sepa_debit", amount) == min(35, amount)


def test_every_movement_is_booked_once_and_the_balance_is_their_sum(desk: Desk) -> None:
    paid = desk.paid(10_000)
    desk.v1.refunds.create({"payment_intent": paid.id, "amount": 2500})
    failing = desk.paid(4000, "pm_card_refundFail")
    desk.v1.refunds.create({"payment_intent": failing.id})
    desk.paid(6000, "pm_card_createDispute")
    _debited(desk, "pm_success_at")
    _debited(desk, "pm_failed_at")
    desk.declined("pm_card_chargeDeclined")
    desk.control("settle")

    booked = [(each.type, each.amount, each.fee) for each in desk.v1.balance_transactions.list({"limit": 100}).data]

    assert sorted(booked) == [
        ("adjustment", -6000, DISPUTE_FEE),
        ("charge", 4000, 80),
        ("charge", 6000, 110),
        ("charge", 10_000, 170),
        ("payment", 5000, 35),
        ("refund", -4000, 0),
        ("refund", -2500, 0),
        ("refund_failure", 4000, 0),
    ]
    available = {each.currency: each.amount for each in desk.v1.balance.retrieve().available}
    assert available == {"eur": 5000 - 35, "gbp": 10_000 - 2500 + 4000 - 80 - 110 - 170 - DISPUTE_FEE}


@settings(max_examples=25, deadline=None)
@given(
    card=st.sampled_from(["visa", "pendingRefund", "refundFail", "createDispute", "createDisputeInquiry"]),
    amount=st.integers(500, 9000),
    steps=st.lists(st.sampled_from(["settle", "cancel", *_EVIDENCE, 1, 100, 499, 3000]), max_size=7),
)
def test_whatever_happens_to_a_payment_its_books_add_up(
    shared_desk: Desk, card: str, amount: int, steps: list[str | int]
) -> None:
    intent = shared_desk.paid(amount, f"pm_card_{card}")
    for step in [*steps, "settle", "settle"]:
        _take(shared_desk, intent.id, step)

    about: Any = {"payment_intent": intent.id, "limit": 100}
    charge = shared_desk.v1.charges.retrieve(str(intent.latest_charge))
    refunds = shared_desk.v1.refunds.list(about).data
    given_back = sum(each.amount for each in refunds if each.status in ("pending", "succeeded"))
    disputes = shared_desk.v1.disputes.list(about).data
    taken_back = sum(each.amount + DISPUTE_FEE for each in disputes if each.status in _LOST)
    assert charge.amount_refunded == given_back
    assert given_back + sum(each.amount for each in disputes if each.status in _LOST) <= amount
    assert charge.disputed is bool(disputes)
    sources = [charge.id, *(each.id for each in refunds), *(each.id for each in disputes)]
    booked = sum(_booked(shared_desk, source) for source in sources)
    assert booked == amount - fee_of("card", amount) - given_back - taken_back


def test_a_movement_leads_to_its_source_and_back(desk: Desk) -> None:
    intent = desk.paid(10_000, expand=["latest_charge.balance_transaction"])
    refund = desk.v1.refunds.create({"payment_intent": intent.id, "expand": ["balance_transaction"]})
    charge: Any = intent.latest_charge

    found = desk.v1.balance_transactions.list({"source": refund.id, "expand": ["data.source"]}).data

    assert (charge.balance_transaction.net, charge.balance_transaction.fee_details[0].amount) == (9830, 170)
    assert isinstance(refund.balance_transaction, stripe.BalanceTransaction)
    assert [each.id for each in found] == [refund.balance_transaction.id]
    assert isinstance(found[0].source, stripe.Refund)
    types = [each.type for each in desk.v1.balance_transactions.list({"type": "charge"}).data]
    assert types == ["charge"]


def test_nothing_is_booked_for_what_did_not_move(desk: Desk) -> None:
    desk.declined("pm_card_chargeDeclined")
    desk.v1.payment_intents.create({"amount": 500, "currency": "gbp"})

    assert desk.v1.balance_transactions.list().data == []
    assert desk.v1.balance.retrieve().available == []
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.balance_transactions.retrieve("txn_none")
    assert refusal.value.http_status == 404


def _take(desk: Desk, intent: str, step: str | int) -> None:
    """One thing that can happen to a payment; what cannot is refused."""
    found = desk.v1.disputes.list({"payment_intent": intent}).data
    refunds = desk.v1.refunds.list({"payment_intent": intent}).data
    with suppress(stripe.InvalidRequestError):
        if step == "settle":
            desk.control("settle")
        elif step == "cancel":
            for refund in refunds:
                desk.v1.refunds.cancel(refund.id)
        elif isinstance(step, int):
            desk.v1.refunds.create({"payment_intent": intent, "amount": step})
        elif found:
            desk.v1.disputes.update(found[0].id, {"evidence": {"uncategorized_text": step}})


def _booked(desk: Desk, source: str) -> int:
    return sum(each.net for each in desk.v1.balance_transactions.list({"source": source}).data)


def _debited(desk: Desk, method: str) -> None:
    desk.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "payment_method": method,
            "allowed_payment_method_types": ["sepa_debit"],
            "confirm": True,
            "mandate_data": ACCEPTED,
        }
    )
