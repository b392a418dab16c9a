"""Who goes on when Stripe drafts or issues a bill hears of it when it stands, however often it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import StandingInvoice
from chalicelib.payments.handling import Fact
from chalicelib.payments.markers import Outcome
from tests.billing.stripe_bills import a_stripe_invoice
from tests.payments.fakes import AT, FakeStripe
from tests.payments.mirror_desk import MirrorDesk
from tests.payments.money_desk import Listener, MoneyDesk

pytestmark = pytest.mark.usefixtures("customer")


@dataclass
class Follower:
    """Writes down what it hears."""

    issues: list[tuple[str, int, str]] = field(default_factory=list)
    drafts: list[tuple[str, str]] = field(default_factory=list)

    def issued(self, invoice: StandingInvoice, bill: StripeBill) -> None:
        self.issues.append((invoice.invoice_id, invoice.due_minor, bill.id))

    def drafted(self, account_id: str, bill: dict[str, Any]) -> None:
        self.drafts.append((account_id, bill["status"]))


@pytest.fixture
def follower() -> Follower:
    return Follower()


@pytest.fixture
def hears(follower: Follower, money: MoneyDesk, stripe: FakeStripe, listener: Listener) -> Callable[..., Outcome]:
    """Stripe's object is now as given, and a fact about it is handled."""

    def handle(event_type: str, about: dict[str, Any]) -> Outcome:
        stripe.knows(about)
        desk = MirrorDesk(money.table, stripe, money.clock, listener, (follower,), (follower,))
        return desk.bills.apply(Fact(event_type, "evt_1", AT, about))

    return handle


def test_an_issued_bill_is_heard_of_when_it_stands_in_the_books(
    follower: Follower, hears: Callable[..., Outcome]
) -> None:
    assert hears("invoice.finalized", a_stripe_invoice()) is Outcome.APPLIED
    assert follower.issues == [("inv_in_1", 3600, "in_1")]
    assert follower.drafts == []


def test_a_draft_is_heard_of_while_it_is_one(follower: Follower, hears: Callable[..., Outcome]) -> None:
    draft = a_stripe_invoice(status="draft", number=None)
    assert hears("invoice.created", draft) is Outcome.APPLIED
    assert follower.drafts == [("acc_1", "draft")]
    assert hears("invoice.created", a_stripe_invoice()) is Outcome.NOTED
    assert hears("invoice.created", a_stripe_invoice(id=None, status="draft")) is Outcome.NOTED
    assert (len(follower.drafts), follower.issues) == (1, [])
