"""Refunds that end later than they begin."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.debits import ACCEPTED
from tests.infra.stripe.desk import Desk


def test_a_pending_refund_arrives_later(desk: Desk) -> None:
    refund = _refunded(desk, "pm_card_pendingRefund")
    assert (refund.status, refund.pending_reason) == ("pending", "processing")

    desk.control("settle")

    assert desk.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert desk.event_types()[-2:] == ["refund.updated", "charge.refund.updated"]


def test_a_refund_that_fails_can_be_made_again(desk: Desk) -> None:
    refund = _refunded(desk, "pm_card_refundFail")
    assert refund.status == "succeeded"
    assert desk.v1.charges.retrieve(str(refund.charge)).refunded

    desk.control("settle")

    failed = desk.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "unknown")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.amount == 1000
    charge = desk.v1.charges.retrieve(str(refund.charge))
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert desk.event_types()[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert desk.v1.refunds.create({"charge": charge.id}).amount == 1000


def test_a_refund_under_way_is_taken_back(desk: Desk) -> None:
    refund = _refunded(desk, "pm_card_pendingRefund")

    canceled = desk.v1.refunds.cancel(refund.id)
    desk.control("settle")

    assert (canceled.status, canceled.failure_reason) == ("canceled", "merchant_request")
    assert desk.v1.refunds.retrieve(refund.id).status == "canceled"
    assert desk.v1.charges.retrieve(str(refund.charge)).amount_refunded == 0
    with pytest.raises(stripe.InvalidRequestError, match="cannot cancel"):
        desk.v1.refunds.cancel(refund.id)


def test_a_debit_is_given_back_by_bank_transfer(desk: Desk) -> None:
    params: Any = {"amount": 1000, "currency": "gbp", "payment_method": "pm_bacsDebit_success", "confirm": True}
    intent = desk.v1.payment_intents.create(
        params | {"allowed_payment_method_types": ["bacs_debit"], "mandate_data": ACCEPTED, "expand": ["latest_charge"]}
    )
    with pytest.raises(stripe.InvalidRequestError, match="not succeeded"):
        desk.v1.refunds.create({"payment_intent": intent.id})
    desk.control("settle")

    refund = desk.v1.refunds.create({"payment_intent": intent.id, "amount": 400})
    desk.control("settle")

    assert (refund.status, refund.destination_details and refund.destination_details.type) == (
        "pending",
        "gb_bank_transfer",
    )
    assert desk.v1.refunds.retrieve(refund.id).status == "succeeded"


def _refunded(desk: Desk, card: str) -> stripe.Refund:
    return desk.v1.refunds.create({"payment_intent": desk.paid(card=card).id})
