"""Reconciliation through the gateway, before the local Stripe, whose webhooks all got lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast
from urllib.request import Request, urlopen

import pytest
import stripe

from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import verify
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.payments.refund import RefundOrder
from chalicelib.platform.clock import utc_now
from chalicelib.platform.errors import Declined
from chalicelib.platform.money import Money
from infra.local.stripe.server import LocalStripe, Settings
from tests.billing.builders import an_invoice, open_account
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable
from tests.payments.money_desk import Listener, MoneyDesk
from tests.payments.reconciliation.conftest import Reconciled

KEY = "sk_test_desk"
ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalStripe]:
    server = LocalStripe(Settings(tmp_path / "stripe.sqlite", api_keys=(KEY,)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(local: LocalStripe) -> Reconciled:
    table, clock = MemoryTable(), FixedClock(utc_now())
    open_account(table)
    invoices = Invoices(BillingStore(table), clock, clock().date)
    for n in range(3):
        invoices.issue(an_invoice(f"inv_{n}"))
    gateway = cast("Any", StripeGateway(lambda: KEY, local.url))
    return Reconciled(MoneyDesk(table, gateway, clock, Listener()), gateway, clock)


def pay(desk: Reconciled, amount_minor: int, method: str) -> str:
    """The id of a payment by this method; a decline is one of its outcomes."""
    order = PaymentOrder("acc_1", Money(amount_minor=amount_minor, currency="GBP"), payment_method=method)
    with suppress(Declined):
        desk.money.payments.take(order, method, ADVISOR)
    newest, _ = desk.money.store.of_account("acc_1", 1, None)
    return newest[0].payment_id


def settle(local: LocalStripe) -> None:
    """Let happen at once what takes the banks some time."""
    asked = Request(f"{local.url}/_control/settle", b"{}", {"Content-Type": "application/json"})
    with urlopen(asked, timeout=10) as answer:
        assert answer.status == 200


def test_a_day_without_webhooks_is_repaired_to_the_penny(desk: Reconciled, local: LocalStripe) -> None:
    desk.clock.tick(1)
    paid = pay(desk, 3300, "pm_card_visa")
    desk.clock.tick(1)
    declined = pay(desk, 900, "pm_card_chargeDeclined")
    desk.clock.tick(1)
    disputed = pay(desk, 1200, "pm_card_createDispute")
    sdk = stripe.StripeClient(KEY, base_addresses={"api": local.url})
    sdk.v1.payment_intents.create(
        {
            "amount": 700,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    settle(local)
    first = desk.run(60)
    assert first.tally.differences == 0
    statuses = [desk.money.payments.get(each).status for each in (paid, declined, disputed)]
    assert statuses == [PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.SUCCEEDED]
    desk.money.refunds.request(RefundOrder(paid, 1000), "key", ADVISOR)

    second = desk.run(60)
    assert second.tally.differences == 0
    (cash,) = second.tally.cash.values()
    assert cash.at_stripe_minor == cash.in_books_minor == 3300 + 1200 + 700 - 1200 - 1000
    assert desk.money.listener.topics.count("reconciliation_difference") == 0
    assert (desk.run(60).tally.missed_events, desk.money.listener.topics.count("dispute_opened")) == (0, 1)
    for account_id in ("acc_1", "acc_suspense_gbp"):
        assert verify(desk.money.ledger.ledger(account_id)) is None
