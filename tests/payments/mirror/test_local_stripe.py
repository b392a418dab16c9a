"""A year of bills at the local Stripe, heard in order and heard badly: the same books, and they are Stripe's."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest

from chalicelib.billing.ledger import verify
from chalicelib.payments.gateway import StripeGateway
from chalicelib.platform.dynamo import Key
from tests.billing.builders import open_account
from tests.fakes import FixedClock
from tests.infra.stripe.desk import API_KEY, Desk, start
from tests.infra.stripe.subscriber import Subscriber, price
from tests.memory_table import MemoryTable
from tests.payments.money_desk import MoneyDesk
from tests.tables import Crash

SEEDS, CRASHES = 4, 0.03


@dataclass(frozen=True)
class Year:
    """What happened: Stripe, one customer, and all events as they were sent, the oldest first."""

    stripe: Desk
    customer: str
    bodies: list[str]

    def desk(self) -> MoneyDesk:
        """A money desk that knows the account and nothing else."""
        table = MemoryTable()
        open_account(table, "acc_1")
        gateway = StripeGateway(lambda: API_KEY, self.stripe.server.url)
        return MoneyDesk(table, cast("Any", gateway), FixedClock())


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    desk = start(tmp_path_factory.mktemp("year") / "stripe.sqlite")
    customer = _happen(desk)
    listed = desk.v1.events.list({"limit": 100}).auto_paging_iter()
    bodies = [json.dumps(event.to_dict(for_json=True)) for event in listed][::-1]
    yield Year(desk, customer, bodies)
    desk.server.stop()


def _happen(desk: Desk) -> str:
    """Renewals with tax, a change of plan, a discount, and each end that an invoice can come to."""
    someone = Subscriber.begin(desk, "2026-10-31T10:00:00")
    desk.v1.customers.update(someone.id, {"metadata": {"account_id": "acc_1"}})
    vat = desk.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False}).id
    small, large = price(desk, 3000, lookup_key="FIBRE-100"), price(desk, 5000, lookup_key="FIBRE-500")
    plan = someone.subscribe(small, default_tax_rates=[vat])
    someone.until("2026-11-12T00:00:00")
    item = plan.to_dict()["items"]["data"][0]["id"]
    half = desk.v1.coupons.create({"percent_off": 33.3, "duration": "repeating", "duration_in_months": 2}).id
    desk.v1.subscriptions.update(plan.id, {"items": [{"id": item, "price": large}], "discounts": [{"coupon": half}]})
    someone.until("2026-12-31T12:00:00")
    renewed = someone.invoices()[-1].id
    desk.v1.credit_notes.create({"invoice": renewed, "amount": 1000, "refund_amount": 600, "credit_amount": 400})
    for end in ("paid", "void", "lost", "lost and paid", "credited", "told"):
        _once(desk, someone.id, end)
    someone.use("pm_card_chargeCustomerFail")
    someone.until("2027-02-02T12:00:00")
    return someone.id


def _once(desk: Desk, customer: str, end: str) -> None:
    """An invoice to be paid by the customer, and what becomes of it."""
    invoices = desk.v1.invoices
    made = invoices.create({"customer": customer, "collection_method": "send_invoice", "days_until_due": 14}).id
    desk.v1.invoice_items.create({"customer": customer, "invoice": made, "amount": 1999, "currency": "gbp"})
    invoices.finalize_invoice(made)
    if end == "void":
        invoices.void_invoice(made)
    if end == "credited":
        note = desk.v1.credit_notes.create({"invoice": made, "amount": 500}).id
        desk.v1.credit_notes.void_credit_note(note)
        desk.v1.credit_notes.create({"invoice": made, "amount": 1999})
    if end.startswith("lost"):
        invoices.mark_uncollectible(made)
    if end.endswith("paid"):
        invoices.pay(made)
    if end == "told":
        invoices.pay(made, {"paid_out_of_band": True})


def books(desk: MoneyDesk) -> dict[str, Any]:
    """What stands in the end, without what hangs on the order in which the desk came to know it: which of the bills
    standing credit paid, and which a refund opened again."""
    ledger = list(desk.ledger.ledger("acc_1"))
    assert verify(ledger) is None
    balance = desk.ledger.receivables("acc_1").balance_minor
    rows = desk.table.query(Key("pk").eq("A#acc_1"), limit=1000).items
    kept = {str(row["sk"]): row for row in rows if row["kind"] in ("invoice", "credit_note", "subscription", "refund")}
    paid = {
        str(row["payment_id"]): (row["amount_minor"], row["status"], row.get("refunded_minor"))
        for row in rows
        if row["kind"] == "payment"
    }
    credit = {"credit_applied_minor": 0, "version": 0}
    documents = {name: {**row, **credit} for name, row in kept.items()}
    return {"balance": balance, "documents": documents, "payments": paid}


def test_the_books_are_stripes(year: Year) -> None:
    desk = year.desk()
    for body in year.bodies:
        desk.events.apply(body)
    assert "reconciliation_difference" not in desk.listener.topics
    owed = desk.ledger.receivables("acc_1")
    theirs = list(year.stripe.v1.invoices.list({"customer": year.customer}).auto_paging_iter())
    issued = [invoice for invoice in theirs if invoice.status != "draft"]
    assert len(issued) > 8
    for invoice in issued:
        mine = desk.ledger.invoice(f"inv_{invoice.id}")
        assert mine is not None
        assert (mine.total_minor, mine.net_minor) == (invoice.total, invoice.total_excluding_tax)
        due = invoice.amount_remaining if invoice.status == "open" else 0
        assert owed.due_minor(mine.invoice_id) == due, invoice.status
    assert owed.credit_minor == -(year.stripe.v1.customers.retrieve(year.customer).balance or 0)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_heard_badly_the_books_are_the_same(year: Year, seed: int) -> None:
    ordered, desk, chance = year.desk(), year.desk(), random.Random(seed)
    for body in year.bodies:
        ordered.events.apply(body)
    bodies = [body for body in year.bodies for _ in range(chance.randint(1, 2))]
    chance.shuffle(bodies)

    def step(_: str) -> None:
        if chance.random() < CRASHES:
            raise Crash

    assert isinstance(desk.table, MemoryTable)
    fragile = desk.on(desk.table.seen(step))
    while bodies:
        body = bodies.pop()
        with contextlib.suppress(Crash):
            fragile.events.apply(body)
            continue
        bodies.insert(chance.randrange(len(bodies) + 1), body)
    assert books(desk) == books(ordered)
    assert set(desk.listener.told) == set(ordered.listener.told)
