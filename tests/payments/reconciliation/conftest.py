"""Reconciliation of a money desk around a Stripe that can be listed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from chalicelib import wiring
from chalicelib.payments.reconciliation import billed, comparing
from chalicelib.payments.reconciliation.balance import BalanceWalk
from chalicelib.payments.reconciliation.events import EventsWalk
from chalicelib.payments.reconciliation.model import Run
from chalicelib.payments.reconciliation.objects import ObjectsWalk
from chalicelib.payments.reconciliation.service import Reconciliations
from chalicelib.payments.reconciliation.store import RunStore
from tests.fakes import FixedClock
from tests.payments.money_desk import Listener, MoneyDesk
from tests.payments.reconciliation.listed import ListedStripe


@dataclass
class Started:
    """A starter that writes down what is to be taken on."""

    runs: list[str] = field(default_factory=list)

    def start(self, reconciliation_id: str) -> None:
        self.runs.append(reconciliation_id)


@dataclass
class Reconciled:
    """A money desk with its reconciliation."""

    money: MoneyDesk
    stripe: ListedStripe
    clock: FixedClock
    started: Started = field(default_factory=Started)
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def runs(self) -> Reconciliations:
        stripe, events, payments = self.stripe, self.money.events, self.money.store
        walks = (
            EventsWalk(stripe, events),
            ObjectsWalk(stripe, billed.invoices(self.money.ledger), events, self.clock),
            ObjectsWalk(stripe, comparing.intents(payments), events, self.clock),
            ObjectsWalk(stripe, comparing.refunds(payments), events, self.clock),
            ObjectsWalk(stripe, comparing.disputes(payments), events, self.clock),
            BalanceWalk(stripe, payments, self.money.ledger),
        )
        store = RunStore(self.money.table)
        return Reconciliations(store, walks, self.money.listener, self.started, self.clock, lambda: b"key", self._count)

    def run(self, after_seconds: int = 3600) -> Run:
        """A scheduled run an hour later, unless said otherwise, to its end."""
        run = self.runs.scheduled(self.clock.tick(after_seconds))
        return self.runs.take_on(run.reconciliation_id, lambda: True)

    def _count(self, name: str, number: int) -> None:
        self.counted[name] += number


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> ListedStripe:
    fake = ListedStripe()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    monkeypatch.setattr(wiring, "newsroom", lambda: listener)
    return fake


@pytest.fixture
def reconciled(money: MoneyDesk, stripe: ListedStripe, clock: FixedClock) -> Reconciled:
    return Reconciled(money, stripe, clock)
