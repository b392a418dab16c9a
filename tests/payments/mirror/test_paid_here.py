"""A bill that Stripe collects is paid at the desk: Stripe hears of it, once, and collects no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.payments.mirror.paid_here import PaidHere
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.news import News, PaidPart, Topic
from chalicelib.platform.errors import Refused
from tests.payments.money_desk import MoneyDesk


@dataclass
class CollectingStripe:
    """One invoice, and what Stripe was told of it."""

    status: str = "open"
    refuses: bool = False
    told: list[str] = field(default_factory=list)

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        paid_by = [{"payment": {"payment_intent": each.rpartition(" ")[2]}} for each in self.told]
        return {"id": object_id, "status": self.status, "payments": {"data": paid_by}}

    def attach_payment(self, stripe_id: str, intent_id: str) -> None:
        if self.refuses:
            raise Refused("no")
        self.told.append(f"{stripe_id} by {intent_id}")

    def paid_elsewhere(self, stripe_id: str) -> None:
        self.told.append(f"{stripe_id} elsewhere")
        self.status = "paid"


@pytest.fixture
def collecting() -> CollectingStripe:
    return CollectingStripe()


@pytest.fixture
def desk(money: MoneyDesk, collecting: CollectingStripe) -> PaidHere:
    money.store.begin(
        Payment(
            payment_id="pay_1", account_id="acc_1", amount_minor=4200, currency="GBP", payment_intent_id="pi_1",
            status=PaymentStatus.SUCCEEDED, taken_by="sub", taken_by_name="one", created_at=money.clock(),
        )
    )  # fmt: skip
    return PaidHere(money.listener, money.store, collecting)


def paid(money: MoneyDesk, *parts: tuple[str, int, int]) -> News:
    return News(
        topic=Topic.PAYMENT_SUCCEEDED, object_id="pay_1", at=money.clock(), account_id="acc_1", amount_minor=4200,
        currency="GBP",
        parts=tuple(PaidPart(invoice_id=bill, amount_minor=minor, left_minor=left) for bill, minor, left in parts),
    )  # fmt: skip


@pytest.mark.parametrize("left", [0, 800])
def test_a_payment_of_one_bill_is_attached_to_it_once(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe, left: int
) -> None:
    for _ in range(2):
        desk.tell(paid(money, ("inv_in_1", 4200, left)))
    assert collecting.told == ["in_1 by pi_1"]
    assert money.listener.topics == ["payment_succeeded"]


def test_a_bill_that_is_paid_among_others_is_paid_elsewhere(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe
) -> None:
    for _ in range(2):
        desk.tell(paid(money, ("inv_1", 1200, 0), ("inv_in_1", 3000, 0)))
    assert collecting.told == ["in_1 elsewhere"]


@pytest.mark.parametrize(("refuses", "parts"), [(False, (("inv_1", 1200, 0), ("inv_in_1", 3000, 900))),
                                                (True, (("inv_in_1", 4200, 0),))])  # fmt: skip
def test_what_stripe_cannot_be_told_is_for_finance_to_look_at(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe, refuses: bool, parts: Any
) -> None:
    collecting.refuses = refuses
    desk.tell(paid(money, *parts))
    assert collecting.told == []
    assert money.listener.topics == ["reconciliation_difference", "payment_succeeded"]


@pytest.mark.parametrize(("status", "bill"), [("paid", "inv_in_1"), ("void", "inv_in_1"), ("open", "inv_1")])
def test_nobody_is_told_of_what_is_not_collected(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe, status: str, bill: str
) -> None:
    collecting.status = status
    desk.tell(paid(money, (bill, 4200, 0)))
    assert collecting.told == []
    assert money.listener.topics == ["payment_succeeded"]
