"""Stripe's invoices whose events never came are billed, closed and paid by comparing them."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.billing.model import InvoiceStatus
from tests.billing.stripe_bills import a_stripe_invoice
from tests.payments.books import balance_minor
from tests.payments.fakes import AT
from tests.payments.mirror.objects import collected
from tests.payments.reconciliation.conftest import Reconciled
from tests.payments.reconciliation.listed import ListedStripe


@pytest.fixture(autouse=True)
def customer(reconciled: Reconciled) -> None:
    reconciled.money.store.set_customer("acc_1", "cus_1")


def test_an_open_invoice_is_billed(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.knows(a_stripe_invoice(status="open", created=AT))
    run = reconciled.run()
    assert (run.tally.repaired, run.tally.differences) == (1, 0)
    assert wiring.invoices().get("inv_in_1").due_minor == 3600
    assert balance_minor() == 6600 + 3600
    assert reconciled.run().tally.repaired == 0


def test_a_paid_invoice_and_its_payment_are_booked_together(reconciled: Reconciled, stripe: ListedStripe) -> None:
    collected(stripe, created=AT)
    run = reconciled.run()
    assert (run.tally.repaired, run.tally.differences) == (1, 0)
    assert wiring.invoices().get("inv_in_1").status is InvoiceStatus.PAID
    assert balance_minor() == 6600


def test_an_invoice_that_was_given_up_is(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.knows(a_stripe_invoice(status="open", created=AT))
    reconciled.run()
    ended = {"finalized_at": AT, "voided_at": AT + 5, "marked_uncollectible_at": None, "paid_at": None}
    stripe.knows(a_stripe_invoice(status="void", created=AT, status_transitions=ended))
    assert reconciled.run().tally.repaired == 1
    assert wiring.invoices().get("inv_in_1").status is InvoiceStatus.VOID
    assert balance_minor() == 6600


def test_drafts_are_no_bills(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.knows(a_stripe_invoice(status="draft", created=AT))
    run = reconciled.run()
    assert (run.tally.read, run.tally.repaired, run.tally.differences) == (1, 0, 0)


def test_a_bill_of_nobody_known_is_told(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.knows(a_stripe_invoice(status="open", created=AT, customer="cus_unknown"))
    run = reconciled.run()
    (found,), _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert (found.object_id, found.in_books, found.at_stripe) == ("inv_in_1", "nothing", "issued, £36.00")
