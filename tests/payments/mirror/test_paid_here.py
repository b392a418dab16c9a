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
    """Invoices of 40.00, what Stripe was told of each, and whether it goes on by itself."""

    status: str = "open"
    refuses: bool = False
    auto_advance: bool = True
    told: list[str] = field(default_factory=list)
    own_intent: str | None = None
    remaining: dict[str, int] = field(default_factory=dict)

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        told = [each.rpartition(" ")[2] for each in self.told if each.startswith(f"{object_id} by ")]
        paid_by = [{"payment": {"payment_intent": each}, "is_default": False} for each in told]
        if self.own_intent:
            paid_by.append({"payment": {"payment_intent": self.own_intent}, "is_default": True})
        status = self.status if self.remaining.get(object_id, 4000) else "paid"
        return {"id": object_id, "status": status, "auto_advance": self.auto_advance, "payments": {"data": paid_by}}

    def attach_payment(self, stripe_id: str, intent_id: str) -> None:
        if self.refuses:
            raise Refused("no")
        self.told.append(f"{stripe_id} by {intent_id}")
        self.remaining[stripe_id] = self.remaining.get(stripe_id, 4000) - {"pi_1": 4000, "pi_2": 3333}[intent_id]

    def paid_elsewhere(self, stripe_id: str) -> None:
        self.told.append(f"{stripe_id} elsewhere")
        self.remaining[stripe_id] = 0


@pytest.fixture
def collecting() -> CollectingStripe:
    return CollectingStripe()


@pytest.fixture
def desk(money: MoneyDesk, collecting: CollectingStripe) -> PaidHere:
    for number, minor in (("1", 4000), ("2", 3333)):
        money.store.begin(
            Payment(
                payment_id=f"pay_{number}", account_id="acc_1", amount_minor=minor, currency="GBP",
                payment_intent_id=f"pi_{number}", status=PaymentStatus.SUCCEEDED, taken_by="sub", taken_by_name="one",
                created_at=money.clock(),
            )
        )  # fmt: skip
    return PaidHere(money.listener, money.store, collecting)


def paid(money: MoneyDesk, *parts: tuple[str, int, int], payment: str = "pay_1") -> News:
    return News(
        topic=Topic.PAYMENT_SUCCEEDED, object_id=payment, at=money.clock(), account_id="acc_1", amount_minor=4000,
        currency="GBP",
        parts=tuple(PaidPart(invoice_id=bill, amount_minor=minor, left_minor=left) for bill, minor, left in parts),
    )  # fmt: skip


@pytest.mark.parametrize("left", [0, 800])
def test_a_payment_of_one_bill_is_attached_to_it_once(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe, left: int
) -> None:
    for _ in range(2):
        desk.tell(paid(money, ("inv_in_1", 4000, left)))
    assert collecting.told == ["in_1 by pi_1"]
    assert money.listener.topics == ["payment_succeeded"]


def test_a_bill_that_is_paid_among_others_is_paid_elsewhere(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe
) -> None:
    for _ in range(2):
        desk.tell(paid(money, ("inv_1", 1000, 0), ("inv_in_1", 3000, 0)))
    assert collecting.told == ["in_1 elsewhere"]


@pytest.mark.parametrize(("refuses", "parts"), [(False, (("inv_1", 1000, 0), ("inv_in_1", 3000, 900))),
                                                (True, (("inv_in_1", 4000, 0),))])  # fmt: skip
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
    desk.tell(paid(money, (bill, 4000, 0)))
    assert collecting.told == []
    assert money.listener.topics == ["payment_succeeded"]


def test_an_instalment_of_two_bills_leaves_neither_open_when_nothing_is_left(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe
) -> None:
    """The bills are on a plan, so that Stripe waits: a part of one is for nobody to look at."""
    collecting.auto_advance = False
    for _ in range(2):
        desk.tell(paid(money, ("inv_in_1", 3333, 0), ("inv_in_2", 667, 3333)))
    assert collecting.told == ["in_1 elsewhere"]
    for _ in range(2):
        desk.tell(paid(money, ("inv_in_2", 3333, 0), payment="pay_2"))
    assert collecting.told == ["in_1 elsewhere", "in_2 by pi_2", "in_2 elsewhere"]
    assert money.listener.topics == ["payment_succeeded", "payment_succeeded"]


def test_a_process_that_ended_between_the_two_words_says_the_second(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe
) -> None:
    collecting.attach_payment("in_2", "pi_2")
    desk.tell(paid(money, ("inv_in_2", 3333, 0), payment="pay_2"))
    assert collecting.told == ["in_2 by pi_2", "in_2 elsewhere"]


def test_what_stripe_charged_for_a_bill_it_counts_by_itself(
    desk: PaidHere, money: MoneyDesk, collecting: CollectingStripe
) -> None:
    """The news of the money may come before the bill is paid there."""
    collecting.own_intent = "pi_2"
    desk.tell(paid(money, ("inv_in_2", 3333, 0), payment="pay_2"))
    assert collecting.told == []
