"""Money that the bank gave back and that is still disputed there: not asked for while the question is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.billing.movements import EntryKind
from chalicelib.billing.receivables import OpenInvoice, Receivables
from chalicelib.collections.disputed import ChargebackDisputes
from chalicelib.payments.chargeback import Chargeback, ChargebackStatus
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.store import PaymentStore
from tests.collections.late_desk import MORNING
from tests.memory_table import MemoryTable

S = ChargebackStatus
OPENED, LOST = EntryKind.DISPUTE_OPENED, EntryKind.DISPUTE_LOST


def owed(**due: int) -> Receivables:
    invoices = tuple(
        OpenInvoice(invoice_id=name, period="2026-10", due_on=date(2026, 11, day), due_minor=minor)
        for day, (name, minor) in enumerate(due.items(), start=1)
    )
    return Receivables(account_id="acc_1", currency="GBP", balance_minor=sum(due.values()), open_invoices=invoices)


def disputes(status: ChargebackStatus, booked: tuple[EntryKind, ...], **payment: Any) -> ChargebackDisputes:
    """One chargeback of 50.00 over a payment."""
    store = PaymentStore(MemoryTable())
    paid = {"payment_id": "pay_1", "account_id": "acc_1", "amount_minor": 5000, "currency": "GBP"}
    by = {"status": PaymentStatus.SUCCEEDED, "taken_by": "stripe", "taken_by_name": "Stripe", "created_at": MORNING}
    store.begin(Payment.model_validate({**paid, **by, **payment}))
    store.chargebacks.begin(
        Chargeback(
            chargeback_id="dp_1", account_id="acc_1", payment_id="pay_1", amount_minor=5000, currency="GBP",
            status=status, reason="general", booked=booked, as_of=MORNING, opened_at=MORNING,
        )
    )  # fmt: skip
    return ChargebackDisputes(store)


@pytest.mark.parametrize(
    ("status", "booked", "disputed"),
    [
        (S.WARNING_NEEDS_RESPONSE, (), {}),
        (S.NEEDS_RESPONSE, (OPENED,), {}),
        (S.LOST, (OPENED, LOST), {}),
        (S.APPEAL_NEEDS_RESPONSE, (OPENED, LOST), {"inv_1": 5000}),
        (S.APPEAL_UNDER_REVIEW, (OPENED, LOST), {"inv_1": 5000}),
        (S.WON, (OPENED, LOST, EntryKind.APPEAL_WON), {}),
    ],
)
def test_an_appeal_keeps_the_question_open(
    status: ChargebackStatus, booked: tuple[EntryKind, ...], disputed: dict[str, int]
) -> None:
    assert disputes(status, booked).disputed(owed(inv_1=6000)) == disputed


def test_the_invoices_that_the_payment_named_come_first_and_then_the_oldest() -> None:
    appealed = disputes(S.APPEAL_UNDER_REVIEW, (OPENED, LOST), invoice_ids=("inv_2",))
    assert appealed.disputed(owed(inv_1=6000, inv_2=2000)) == {"inv_2": 2000, "inv_1": 3000}
    assert appealed.disputed(owed(inv_1=100)) == {"inv_1": 100}
