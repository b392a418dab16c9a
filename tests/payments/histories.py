"""Random months of money: payments, refunds, disputes and strangers' money, as the events that Stripe would send.

A world is what one seed makes: accounts with bills, payments that the desk began, events in the order in which they
happened, and what Stripe says of each object in the end.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chalicelib.billing.service import Invoices
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.platform.money import Money
from tests.billing.builders import a_line, an_invoice
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable
from tests.payments.conftest import ADVISOR
from tests.payments.fakes import AT, FakeStripe, a_decline, a_dispute, a_refund, an_intent, as_event
from tests.payments.money_desk import MoneyDesk

ACCOUNTS, BILLS = 8, 6
Told = tuple[int, str, dict[str, Any]]
"""When it happened (epoch seconds), the event's type, and the object as it was then."""


def names_bills(account_id: str) -> bool:
    """Whether the customer says with each payment which bill it is for; the others pay the oldest first."""
    return account_id in {f"acc_{number}" for number in range(0, ACCOUNTS, 2)}


@dataclass
class World:
    """One desk on an empty table, with its accounts and payments; `happened` is told in order."""

    seed: int
    desk: MoneyDesk = field(init=False)
    happened: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = MoneyDesk(MemoryTable(), FakeStripe(), FixedClock())
        self.chance = random.Random(self.seed)
        for number in range(ACCOUNTS):
            self._account(f"acc_{number}")

    def _account(self, account_id: str) -> None:
        table, customer = self.desk.table, f"cus_{account_id}"
        head = {"account_id": account_id, "currency": "GBP", "stripe_customer_id": customer}
        assert isinstance(table, MemoryTable)
        table.items.setdefault(f"A#{account_id}", {})["L$HEAD"] = {"pk": f"A#{account_id}", "sk": "L$HEAD", **head}
        table.items[f"SC#{customer}"] = {"#": {"pk": f"SC#{customer}", "sk": "#", "account_id": account_id}}
        bills = Invoices(self.desk.ledger, self.desk.clock, lambda: date(2026, 11, 2))
        for month in range(BILLS):
            line, issued_on = a_line(net_minor=120_000), date(2025, 10, 1) + timedelta(days=30 * month)
            bills.issue(an_invoice(f"inv_{account_id}_{month}", line, account_id=account_id, issued_on=issued_on))

    def fill(self, events: int) -> None:
        """Let things happen until there are at least so many events."""
        kinds = (self._paid, self._paid, self._failed, self._canceled, self._refunded, self._disputed, self._stranger,
                 self._customers_own, self._unknown)  # fmt: skip
        number = 0
        while len(self.happened) < events:
            number += 1
            self.happened += self.chance.choice(kinds)(number)
        self.happened.sort(key=lambda told: told[0])

    def events(self) -> list[str]:
        """The bodies of all events, in the order in which they happened."""
        return [as_event(kind, about, f"evt_{i}", at) for i, (at, kind, about) in enumerate(self.happened)]

    def _begun(self, number: int) -> Payment:
        account = self.chance.randrange(ACCOUNTS)
        account_id, amount = f"acc_{account}", Money(amount_minor=self.chance.randint(100, 4000), currency="GBP")
        chosen = (f"inv_{account_id}_{self.chance.randrange(BILLS)}",) if names_bills(account_id) else ()
        order = PaymentOrder(account_id, amount, chosen, "pm_bank_debit")
        return self.desk.payments.take(order, f"key {number}", ADVISOR).payment

    def _times(self) -> Iterator[int]:
        at = AT + self.chance.randrange(2_000_000)
        while True:
            yield at
            at += self.chance.choice((0, 1, 60, 86_400))

    def _paid(self, number: int, payment: Payment | None = None) -> list[Told]:
        payment, at = payment or self._begun(number), self._times()
        told: list[Told] = []
        if self.chance.random() < 0.3:
            told.append(
                (next(at), "payment_intent.payment_failed", an_intent(payment, "x", **a_decline("do_not_honor")))
            )
        if self.chance.random() < 0.7:
            told.append((next(at), "payment_intent.processing", an_intent(payment, "processing")))
        done = next(at)
        intent = an_intent(payment, created=done, latest_charge={"id": "ch_1", "created": done})
        self.desk.stripe.knows(intent)
        return [*told, (done, "payment_intent.succeeded", intent)]

    def _failed(self, number: int) -> list[Told]:
        payment, at = self._begun(number), self._times()
        debit = {"code": "bank_account_unusable", "payment_method": {"type": "bacs_debit"}}
        return [
            (next(at), "payment_intent.processing", an_intent(payment, "processing")),
            (next(at), "payment_intent.payment_failed", an_intent(payment, "x", last_payment_error=debit)),
        ]

    def _canceled(self, number: int) -> list[Told]:
        payment, at = self._begun(number), self._times()
        return [
            (next(at), "payment_intent.requires_action", an_intent(payment, "requires_action")),
            (next(at), "payment_intent.canceled", an_intent(payment, "canceled")),
        ]

    def _refunded(self, number: int) -> list[Told]:
        payment = self._begun(number)
        told = self._paid(number, payment)
        paid_at, left = told[-1][0], payment.amount_minor
        for part in range(self.chance.randint(1, 2)):
            amount = self.chance.randint(1, max(1, left // 2))
            left -= amount
            statuses = self.chance.choice(
                (("succeeded",), ("pending", "succeeded"), ("pending", "succeeded", "failed"))
            )
            for step, status in enumerate(statuses):
                about = a_refund(f"re_{number}_{part}", f"pi_{payment.payment_id}", amount, status, created=paid_at)
                kind = ("refund.created", "refund.updated", "refund.failed")[step]
                told.append((paid_at + 10 * step + part, kind, about))
        return told

    def _disputed(self, number: int) -> list[Told]:
        payment = self._begun(number)
        told = self._paid(number, payment)
        statuses = self.chance.choice(
            (("needs_response", "under_review", "won"), ("needs_response", "under_review", "lost"),
             ("needs_response",), ("warning_needs_response", "warning_closed"))
        )  # fmt: skip
        for step, status in enumerate(statuses):
            about = a_dispute(
                f"du_{number}", f"pi_{payment.payment_id}", payment.amount_minor, status, created=told[0][0]
            )
            kind = "created" if step == 0 else "closed" if status in ("won", "lost", "warning_closed") else "updated"
            told.append((told[-1][0] + step, f"charge.dispute.{kind}", about))
        return told

    def _stranger(self, number: int) -> list[Told]:
        at = next(self._times())
        about = an_intent(id=f"pi_stranger_{number}", amount=100 + number, amount_received=100 + number, created=at)
        return [(at, "payment_intent.succeeded", about)]

    def _customers_own(self, number: int) -> list[Told]:
        ((at, kind, about),) = self._stranger(number)
        return [(at, kind, {**about, "customer": f"cus_acc_{self.chance.randrange(1, ACCOUNTS, 2)}"})]

    def _unknown(self, number: int) -> list[Told]:
        return [(next(self._times()), "file.created", {"id": f"file_{number}", "object": "file"})]
