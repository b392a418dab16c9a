"""The recorded events of Stripe, replayed through the queue's handler onto payments that were begun for them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.payments import jobs
from chalicelib.payments.model import Payment, PaymentStatus
from tests.billing.builders import open_account
from tests.fakes import FixedClock
from tests.house.recorded import load, raw, rows_of
from tests.payments.fakes import FakeStripe, an_intent

Row = dict[str, Any]
OUTCOME = {"payment": "applied", "nothing": "older", "refund": "noted", "dispute": "applied", "ignored": "ignored",
           "suspense": "unmatched"}  # fmt: skip

IGNORED = {"known": "noted"}


def begin(event: Row, row: Row, status: PaymentStatus, clock: FixedClock, stripe: FakeStripe) -> None:
    """The account and the payment that an event speaks of, if it does."""
    intent = event["data"]["object"]
    if intent["object"] == "dispute":
        intent = an_intent(id=intent["payment_intent"], amount=intent["amount"], currency=intent["currency"], metadata={
            "payment_id": row["payment_id"], "account_id": row["account_id"]})  # fmt: skip
        stripe.knows(intent)
    if intent["object"] == "customer":
        open_account(wiring.table(), row["account_id"])
        wiring.payment_store().set_customer(row["account_id"], intent["id"])
    ours = intent.get("metadata") or {}
    if intent["object"] != "payment_intent" or "payment_id" not in ours:
        return
    currency = intent["currency"].upper()
    open_account(wiring.table(), ours["account_id"], currency)
    wiring.payment_store().begin(
        Payment(
            payment_id=ours["payment_id"],
            account_id=ours["account_id"],
            amount_minor=intent["amount"],
            currency=currency,
            status=status,
            taken_by="sub",
            taken_by_name="one",
            created_at=clock(),
        )
    )


@pytest.mark.parametrize("row", rows_of("stripe"))
def test_each_becomes_what_the_manifest_says(cloud: None, clock: FixedClock, stripe: FakeStripe, row: Row) -> None:
    event = load(row)
    kind, _, what = row["expect"].partition(":")
    begin(event, row, PaymentStatus.SUCCEEDED if kind == "nothing" else PaymentStatus.REQUIRES_PAYMENT, clock, stripe)
    repeats = row.get("repeats", 2)
    records = [{"messageId": str(i), "body": raw(row).decode(), "eventSource": "aws:sqs"} for i in range(repeats)]
    answer: Any = jobs.process_stripe_events({"Records": records}, None)
    assert answer["batchItemFailures"] == []
    kept = wiring.table().get(f"W#stripe#{row['event_id']}", "#")
    assert kept is not None
    assert kept["outcome"] == IGNORED.get(what, OUTCOME[kind])
    if kind == "payment":
        assert wiring.payments().get(row["payment_id"]).status == what
        owed = wiring.invoices().receivables(row["account_id"]).balance_minor
        assert owed == (-row["amount_minor"] if what == "succeeded" else 0)
