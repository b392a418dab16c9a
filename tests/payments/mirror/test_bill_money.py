"""Money and invoices of Stripe's that do not say the same, or not at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.billing.model import InvoiceStatus
from chalicelib.payments.markers import Outcome
from tests.billing.builders import open_account
from tests.billing.stripe_bills import NOVEMBER, a_stripe_invoice
from tests.payments.books import balance_minor
from tests.payments.fakes import FakeStripe
from tests.payments.mirror.conftest import Happens, mirrored_invoice
from tests.payments.mirror.objects import a_credit_note, collected, paid_by
from tests.payments.mirror.test_bills import LOST, OWED, VOID
from tests.payments.money_desk import Listener, MoneyDesk

pytestmark = pytest.mark.usefixtures("customer")


@pytest.mark.parametrize(("invoice", "balance"), [({"status": "open"}, OWED), (VOID, OWED - 3600)])
def test_money_of_an_intent_is_booked_though_its_invoice_does_not_count_it(
    happens: Happens, stripe: FakeStripe, invoice: dict[str, Any], balance: int
) -> None:
    payments = paid_by("pi_bill", 3600, "canceled" if invoice is VOID else "open")
    collected(stripe, payments=payments, **invoice)
    charged = {"id": "ch_1", "object": "charge", "created": NOVEMBER + 5 * 86_400}
    intent = stripe.objects["payment_intent", "pi_bill"] | {"latest_charge": charged}
    for _ in range(2):
        assert happens("payment_intent.succeeded", intent) is Outcome.APPLIED
    assert balance_minor() == balance
    settled_at = wiring.payments().get("pay_pi_bill").settled_at
    assert settled_at is not None
    assert settled_at.timestamp() == NOVEMBER + 5 * 86_400


@pytest.mark.parametrize("invoice", [{"status": "draft"}, {"total": None}])
def test_money_is_booked_though_its_invoice_cannot_be_read(
    happens: Happens, stripe: FakeStripe, invoice: dict[str, Any]
) -> None:
    collected(stripe, **invoice)
    happens("payment_intent.succeeded", stripe.objects["payment_intent", "pi_bill"])
    assert balance_minor() == OWED - 3600


def test_a_payment_that_waits_in_suspense_is_no_receipt_of_its_invoice(
    happens: Happens, stripe: FakeStripe, money: MoneyDesk, listener: Listener
) -> None:
    invoice = collected(stripe, customer="cus_late")
    happens("payment_intent.succeeded", stripe.objects["payment_intent", "pi_bill"] | {"customer": "cus_late"})
    open_account(money.table, "acc_late")
    money.store.set_customer("acc_late", "cus_late")
    assert happens("invoice.paid", invoice) is Outcome.APPLIED
    assert mirrored_invoice().due_minor == 3600
    assert listener.topics == ["payment_unmatched"]


def test_a_credit_note_of_a_debt_that_was_given_up_is_taken_back(happens: Happens) -> None:
    happens("invoice.finalized", a_stripe_invoice())
    happens("credit_note.created", a_credit_note())
    for left in (2400, 3600):
        happens("invoice.marked_uncollectible", a_stripe_invoice(**LOST, amount_remaining=left))
    happens("credit_note.voided", a_credit_note(status="void", voided_at=NOVEMBER + 90_000))
    assert (balance_minor(), mirrored_invoice().status) == (OWED, InvoiceStatus.UNCOLLECTIBLE)
