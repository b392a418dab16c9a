"""Refunds against the local Stripe: one for each of ours, never more than was paid."""

from __future__ import annotations

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.refund import Refund, RefundReason, RefundStatus
from chalicelib.platform.errors import Conflict, DeskError, Refused, Unprocessable
from tests.payments.gateway.test_intents import AT, a_payment


def a_refund(intent_id: str, refund_id: str = "ref_1", amount_minor: int = 200) -> Refund:
    return Refund(
        refund_id=refund_id, account_id="acc_1", payment_id="pay_1", payment_intent_id=intent_id,
        amount_minor=amount_minor, currency="GBP", reason=RefundReason.REQUESTED_BY_CUSTOMER, requested_by="sub",
        requested_by_name="one", created_at=AT,
    )  # fmt: skip


@pytest.fixture
def paid(gateway: StripeGateway) -> str:
    return gateway.create_intent(a_payment(), gateway.create_customer("acc_1")).intent_id


def test_a_refund_is_one_and_names_ours(gateway: StripeGateway, sdk: stripe.StripeClient, paid: str) -> None:
    first, second = (gateway.create_refund(a_refund(paid)) for _ in range(2))
    assert first == second
    assert (first.status, first.amount_minor, first.currency) == (RefundStatus.SUCCEEDED, 200, "GBP")
    assert (first.refund_id, first.payment_intent_id) == ("ref_1", paid)
    (refund,) = sdk.v1.refunds.list().data
    assert refund.reason == "requested_by_customer"
    assert refund.metadata is not None
    assert refund.metadata.to_dict() == {"refund_id": "ref_1", "payment_id": "pay_1", "account_id": "acc_1"}


def test_a_refund_is_found_again_by_our_id(gateway: StripeGateway, paid: str) -> None:
    made = [gateway.create_refund(a_refund(paid, refund_id)) for refund_id in ("ref_1", "ref_2")]
    assert [gateway.find_refund(a_refund(paid, refund_id)) for refund_id in ("ref_1", "ref_2", "ref_3")] == [
        *made,
        None,
    ]


def test_no_more_goes_back_than_came(gateway: StripeGateway, sdk: stripe.StripeClient, paid: str) -> None:
    gateway.create_refund(a_refund(paid))
    with pytest.raises((Unprocessable, Refused)):
        gateway.create_refund(a_refund(paid, "ref_2", 301))
    gateway.create_refund(a_refund(paid, "ref_3", 300))
    with pytest.raises(Conflict):
        gateway.create_refund(a_refund(paid, "ref_4", 1))
    assert sum(refund.amount for refund in sdk.v1.refunds.list().data) == 500


def test_what_took_no_money_gives_none_back(gateway: StripeGateway) -> None:
    open_intent = gateway.create_intent(a_payment(payment_method=None), gateway.create_customer("acc_1"))
    with pytest.raises(DeskError) as no:
        gateway.create_refund(a_refund(open_intent.intent_id))
    assert no.value.status in {409, 502}
