"""One account, everything that can happen to its money in any order, against books that are kept in plain sums."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from chalicelib.audit.model import Actor
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.ledger import verify
from chalicelib.billing.model import CreditNote
from chalicelib.billing.movements import Book
from chalicelib.billing.service import Invoices
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.payments.refund import RefundOrder, RefundStatus
from chalicelib.platform.errors import Unprocessable
from chalicelib.platform.money import Money
from tests.billing.builders import AT as THEN
from tests.billing.builders import a_line, an_invoice, open_account
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable
from tests.payments.conftest import ADVISOR
from tests.payments.fakes import AT, FakeStripe, a_dispute, a_refund, an_event, an_intent, as_event
from tests.payments.money_desk import MoneyDesk
from tests.payments.plain_books import Sums, tried

FINANCE = Actor("sub-finance", "finance.one")
AMOUNTS = st.integers(1, 5000)
TIMES = st.integers(1, 2)
"""How often each thing is told: a repeat changes nothing."""


class OneAccount(RuleBasedStateMachine):
    """Each rule does one thing once or twice, and notes it if the desk has to agree to it."""

    bills: Bundle[str] = Bundle("bills")
    notes: Bundle[CreditNote] = Bundle("notes")
    payments: Bundle[Payment] = Bundle("payments")
    pending: Bundle[str] = Bundle("pending")
    disputes: Bundle[str] = Bundle("disputes")

    @initialize()
    def open(self) -> None:
        self.desk = MoneyDesk(MemoryTable(), FakeStripe(refund_status=RefundStatus.PENDING), FixedClock())
        open_account(self.desk.table)
        self.invoices = Invoices(self.desk.ledger, self.desk.clock, lambda: date(2026, 11, 2))
        self.corrections = Corrections(self.desk.ledger, self.desk.clock)
        self.sums, self.drawn = Sums(), Counter[str]()

    def draw(self, name: str) -> str:
        self.drawn[name] += 1
        return f"{name}_{self.drawn[name]}"

    def hear(self, event_type: str, about: dict[str, Any], times: int) -> None:
        """Each telling is a new event of a later second; what it says is the same."""
        for _ in range(times):
            event_id = self.draw("evt")
            self.desk.events.apply(as_event(event_type, about, event_id, AT + self.drawn["evt"]))

    @rule(target=bills, net=st.sampled_from((-1500, 0, 40, 1000, 2750)), day=st.integers(1, 28), times=TIMES)
    def bill(self, net: int, day: int, times: int) -> str:
        invoice_id = self.draw("inv")
        bill = an_invoice(invoice_id, a_line(net_minor=net), number=invoice_id, issued_on=date(2026, 10, day))
        for _ in range(times):
            self.invoices.issue(bill)
        self.sums.billed[invoice_id] = (bill.total_minor, bill.tax_minor)
        return invoice_id

    @rule(target=payments, amount=AMOUNTS, times=TIMES, data=st.data())
    def pay(self, amount: int, times: int, data: st.DataObject) -> Payment:
        due = [each.invoice_id for each in self.desk.ledger.receivables("acc_1").open_invoices]
        chosen = data.draw(st.lists(st.sampled_from(due), unique=True, max_size=3)) if due else []
        order = PaymentOrder("acc_1", Money(amount_minor=amount, currency="GBP"), tuple(chosen), "pm_card_visa")
        payment = self.desk.payments.take(order, self.draw("key"), ADVISOR).payment
        self.desk.stripe.knows(an_intent(payment))
        for _ in range(times):
            self.desk.events.apply(an_event(payment, event_id=self.draw("evt")))
        self.sums.paid[payment.payment_id] = amount
        return payment

    @rule(target=pending, payment=payments, amount=AMOUNTS, times=TIMES)
    def give_back(self, payment: Payment, amount: int, times: int) -> Any:
        agreed, key, refund_id = amount <= self.sums.left_of_payment(payment.payment_id), self.draw("key"), ""
        for _ in range(times):
            with suppress(Unprocessable):
                order = RefundOrder(payment.payment_id, amount)
                refund_id = self.desk.refunds.request(order, key, ADVISOR).refund_id
        assert bool(refund_id) is agreed
        if not agreed:
            return multiple()
        self.sums.back[refund_id] = (payment.payment_id, amount)
        return refund_id

    @rule(target=pending, payment=payments, times=TIMES)
    def give_back_at_stripe(self, payment: Payment, times: int) -> Any:
        left = self.sums.left_of_payment(payment.payment_id)
        if left <= 0:
            return multiple()
        stripe_id = self.draw("re")
        self.hear("refund.created", a_refund(stripe_id, f"pi_{payment.payment_id}", left, "pending"), times)
        self.sums.back[f"ref_{stripe_id}"] = (payment.payment_id, left)
        return f"ref_{stripe_id}"

    @rule(refund_id=consumes(pending), status=st.sampled_from(("succeeded", "failed")), times=TIMES)
    def refund_ends(self, refund_id: str, status: str, times: int) -> None:
        refund = self.desk.refunds.get(refund_id)
        ours = {"refund_id": refund_id} if refund_id in self.desk.stripe.refunds else {}
        about = a_refund(
            str(refund.stripe_refund_id), refund.payment_intent_id, refund.amount_minor, status, metadata=ours
        )
        self.hear("refund.updated", about, times)
        if status == "failed":
            del self.sums.back[refund_id]

    @rule(target=disputes, payment=payments, share=st.integers(1, 4), times=TIMES)
    def dispute(self, payment: Payment, share: int, times: int) -> str:
        dispute_id, amount = self.draw("du"), max(1, payment.amount_minor // share)
        about = a_dispute(dispute_id, f"pi_{payment.payment_id}", amount)
        self.hear("charge.dispute.created", about, times)
        self.sums.disputed[dispute_id] = (payment.payment_id, amount, "needs_response")
        return dispute_id

    @rule(dispute_id=disputes, status=st.sampled_from(("won", "lost")), times=TIMES)
    def dispute_ends(self, dispute_id: str, status: str, times: int) -> None:
        payment_id, amount, before = self.sums.disputed[dispute_id]
        if before == "won":
            return
        self.hear("charge.dispute.closed", a_dispute(dispute_id, f"pi_{payment_id}", amount, status), times)
        self.sums.disputed[dispute_id] = (payment_id, amount, status)

    @rule(target=notes, invoice_id=bills, amount=AMOUNTS, times=TIMES)
    def credit(self, invoice_id: str, amount: int, times: int) -> Any:
        given_up = invoice_id in self.sums.void or self.sums.lost[invoice_id]
        agreed = not given_up and amount <= self.sums.left_of_bill(invoice_id)
        note = CreditNote(
            credit_note_id=self.draw("cn"), invoice_id=invoice_id, account_id="acc_1", amount_minor=amount,
            issued_at=THEN,
        )  # fmt: skip
        done = tried(times, lambda: self.corrections.credit(note, FINANCE, "req"))
        assert done is agreed
        if not agreed:
            return multiple()
        self.sums.notes[note.credit_note_id] = (invoice_id, amount)
        return note

    @rule(note=consumes(notes), times=TIMES)
    def withdraw(self, note: CreditNote, times: int) -> None:
        agreed = note.invoice_id not in self.sums.void
        done = tried(times, lambda: self.corrections.withdraw_credit(note, THEN, FINANCE, "req"))
        assert done is agreed
        if agreed:
            del self.sums.notes[note.credit_note_id]

    @rule(invoice_id=bills, paid_too=st.booleans(), times=TIMES)
    def void(self, invoice_id: str, paid_too: bool, times: int) -> None:
        due = self.desk.ledger.receivables("acc_1").due_minor(invoice_id)
        left, is_void = self.sums.left_of_bill(invoice_id), invoice_id in self.sums.void
        agreed = is_void or (not self.sums.lost[invoice_id] and left >= 0 and bool(paid_too or due))
        done = tried(times, lambda: self.corrections.void(invoice_id, THEN, FINANCE, "req", paid_too=paid_too))
        assert done is agreed
        if agreed and not is_void:
            self.sums.void[invoice_id] = (left, self.sums.billed[invoice_id][1])

    @rule(invoice_id=bills, times=TIMES)
    def write_off(self, invoice_id: str, times: int) -> None:
        due = self.desk.ledger.receivables("acc_1").due_minor(invoice_id)
        is_lost = bool(self.sums.lost[invoice_id])
        agreed = is_lost or (due > 0 and invoice_id not in self.sums.void)
        assert tried(times, lambda: self.corrections.write_off(invoice_id, THEN, FINANCE, "req")) is agreed
        if agreed and not is_lost:
            self.sums.lost[invoice_id] = due

    @rule(invoice_id=bills, times=TIMES)
    def reinstate(self, invoice_id: str, times: int) -> None:
        assert tried(times, lambda: self.corrections.reinstate(invoice_id, THEN, FINANCE, "req"))
        self.sums.lost[invoice_id] = 0

    @invariant()
    def the_books_are_the_sums(self) -> None:
        ledger, held = list(self.desk.ledger.ledger("acc_1")), Counter[Book]()
        assert verify(ledger) is None
        for posting in (posting for entry in ledger for posting in entry.postings):
            held[posting.book] += posting.amount_minor
        assert {book: held[book] for book in self.sums.books()} == self.sums.books()
        assert self.desk.ledger.receivables("acc_1").balance_minor == held[Book.RECEIVABLE]
        for payment_id in self.sums.paid:
            assert self.desk.store.existing(payment_id).refundable_minor == self.sums.left_of_payment(payment_id)


TestOneAccount = OneAccount.TestCase
TestOneAccount.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
