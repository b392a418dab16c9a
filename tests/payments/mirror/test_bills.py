"""Invoices that Stripe issues and collects are issued and paid in our books too, once, in whatever order."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.billing.mirror_bill import SETTLED_HERE
from chalicelib.billing.model import InvoiceStatus
from chalicelib.payments.markers import Outcome
from chalicelib.payments.news import Fact
from chalicelib.payments.refund import RefundStatus
from tests.billing.builders import an_invoice
from tests.billing.stripe_bills import NOVEMBER, a_stripe_invoice, a_stripe_line
from tests.payments.books import balance_minor, of_account
from tests.payments.fakes import FakeStripe, a_dispute, a_refund, an_intent
from tests.payments.mirror.conftest import Happens, mirrored_invoice
from tests.payments.mirror.objects import a_credit_note, collected, paid_by
from tests.payments.money_desk import Listener, MoneyDesk

OWED = 6600
"""What the account owes before any invoice of Stripe's; its first bill is of September."""
pytestmark = pytest.mark.usefixtures("customer")
VOID: dict[str, Any] = {"status": "void", "status_transitions": {"finalized_at": NOVEMBER, "voided_at": NOVEMBER + 60}}
LOST: dict[str, Any] = {
    "status": "uncollectible",
    "status_transitions": {"finalized_at": NOVEMBER, "marked_uncollectible_at": NOVEMBER},
}


def test_a_finalized_invoice_is_owed_once(happens: Happens) -> None:
    for _ in range(2):
        assert happens("invoice.finalized", a_stripe_invoice()) is Outcome.APPLIED
    assert balance_minor() == OWED + 3600
    mine = mirrored_invoice()
    assert (mine.number, mine.due_minor, mine.status) == ("ABC-0001", 3600, InvoiceStatus.OPEN)


def test_a_draft_is_no_bill_whatever_the_event_said(happens: Happens) -> None:
    draft = a_stripe_invoice(status="draft", number=None)
    assert happens("invoice.finalized", draft) is Outcome.NOTED
    assert happens("invoice.created", draft) is Outcome.NOTED
    assert happens("invoice.upcoming", {"object": "invoice"}, is_known=False) is Outcome.NOTED
    assert balance_minor() == OWED


def test_a_payment_pays_exactly_its_invoice(happens: Happens, stripe: FakeStripe, listener: Listener) -> None:
    assert happens("invoice.paid", collected(stripe)) is Outcome.APPLIED
    assert balance_minor() == OWED
    payment = wiring.payments().get("pay_pi_bill")
    assert [(part.invoice_id, part.amount_minor) for part in payment.allocations] == [("inv_in_1", 3600)]
    assert mirrored_invoice().status is InvoiceStatus.PAID
    assert listener.topics == ["payment_succeeded"]


@pytest.mark.parametrize(
    "first", ["invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid", "payment_intent.succeeded"]
)
def test_whichever_event_of_a_payment_comes_first_books_it(
    happens: Happens, stripe: FakeStripe, listener: Listener, first: str
) -> None:
    invoice = collected(stripe)
    others = ["invoice.finalized", "invoice.paid", "invoice_payment.paid", "payment_intent.succeeded"]
    about: dict[str, dict[str, Any]] = {
        "invoice_payment.paid": invoice["payments"]["data"][0],
        "payment_intent.succeeded": stripe.objects["payment_intent", "pi_bill"],
    }
    for event_type in (first, *others):
        happens(event_type, about.get(event_type, invoice))
    assert balance_minor() == OWED
    assert len(of_account("P#")) == 1
    assert listener.topics == ["payment_succeeded"]


def test_part_payments_are_booked_one_by_one(happens: Happens, stripe: FakeStripe) -> None:
    happens("invoice_payment.paid", collected(stripe, 1000)["payments"]["data"][0])
    assert mirrored_invoice().due_minor == 2600
    second = collected(stripe, 2600, "pi_rest")
    second["payments"]["data"] += paid_by("pi_bill", 1000)["data"]
    happens("invoice.paid", second | {"status": "paid"})
    assert (mirrored_invoice().due_minor, balance_minor()) == (0, OWED)


def test_an_intent_of_the_desks_own_is_booked_by_its_own_news(
    happens: Happens, stripe: FakeStripe, money: MoneyDesk, take: Any
) -> None:
    payment = take(3600)
    intent = an_intent(payment)
    stripe.knows(intent)
    happens("invoice.paid", a_stripe_invoice(status="paid", payments=paid_by(intent["id"], 3600)))
    assert balance_minor() == OWED + 3600
    happens("payment_intent.succeeded", intent)
    assert balance_minor() == OWED


def test_what_stripe_was_told_to_be_paid_is_paid_up_to_what_was_due(happens: Happens, stripe: FakeStripe) -> None:
    told = a_stripe_invoice(status="paid", amount_paid=3600, amount_paid_off_stripe=3600)
    for _ in range(2):
        happens("invoice.paid", told)
    assert balance_minor() == OWED
    assert wiring.payments().get("pay_in_1_oob").payment_intent_id is None


def test_the_word_that_it_was_paid_counts_where_standing_credit_had_paid(happens: Happens, take: Any) -> None:
    happens("payment_intent.succeeded", an_intent(take(7600)))
    happens("invoice.paid", a_stripe_invoice(status="paid", amount_paid=3600, amount_paid_off_stripe=3600))
    assert (balance_minor(), mirrored_invoice().due_minor) == (-1000, 0)


def test_the_desks_own_word_is_no_money_where_standing_credit_had_paid(happens: Happens, take: Any) -> None:
    happens("payment_intent.succeeded", an_intent(take(7600)))
    happens("invoice.finalized", a_stripe_invoice())
    before = balance_minor()
    told = {"status": "paid", "amount_paid": 3600, "amount_paid_off_stripe": 3600, "metadata": {SETTLED_HERE: "yes"}}
    happens("invoice.paid", a_stripe_invoice(**told))
    assert balance_minor() == before
    assert wiring.payment_store().get("pay_in_1_oob") is None


def test_the_word_that_it_was_paid_is_no_money_where_the_desk_had_taken_it(happens: Happens, take: Any) -> None:
    happens("invoice.finalized", a_stripe_invoice())
    happens("payment_intent.succeeded", an_intent(take(3600, "inv_in_1")))
    happens("invoice.paid", a_stripe_invoice(status="paid", amount_paid=3600, amount_paid_off_stripe=3600))
    assert balance_minor() == OWED
    assert wiring.payment_store().get("pay_in_1_oob") is None


def test_a_void_invoice_is_owed_no_more(happens: Happens) -> None:
    happens("invoice.finalized", a_stripe_invoice())
    happens("invoice.voided", a_stripe_invoice(**VOID))
    assert (balance_minor(), mirrored_invoice().status) == (OWED, InvoiceStatus.VOID)


def test_a_void_gives_back_the_credit_that_had_paid(happens: Happens, take: Any) -> None:
    happens("payment_intent.succeeded", an_intent(take(10_600)))
    happens("invoice.finalized", a_stripe_invoice())
    assert balance_minor() == -400
    happens("invoice.voided", a_stripe_invoice(**VOID))
    assert balance_minor() == -4000


def test_a_debt_that_was_given_up_is_paid_after_all(happens: Happens, stripe: FakeStripe) -> None:
    happens("invoice.marked_uncollectible", a_stripe_invoice(**LOST))
    assert (balance_minor(), mirrored_invoice().status) == (OWED, InvoiceStatus.UNCOLLECTIBLE)
    happens("invoice.paid", collected(stripe))
    assert (balance_minor(), mirrored_invoice().status) == (OWED, InvoiceStatus.PAID)


def test_a_debt_that_was_given_up_is_paid_in_part_or_annulled(happens: Happens, stripe: FakeStripe) -> None:
    happens("invoice.marked_uncollectible", a_stripe_invoice(**LOST))
    happens("invoice_payment.paid", collected(stripe, 1000, **LOST)["payments"]["data"][0])
    assert (balance_minor(), mirrored_invoice().status) == (OWED, InvoiceStatus.UNCOLLECTIBLE)
    happens("invoice.voided", a_stripe_invoice(**VOID))
    assert (balance_minor(), mirrored_invoice().status) == (OWED - 1000, InvoiceStatus.VOID)


def test_a_credit_note_lowers_its_invoice_and_can_be_taken_back(happens: Happens) -> None:
    happens("invoice.finalized", a_stripe_invoice())
    for _ in range(2):
        happens("credit_note.created", a_credit_note())
    assert (balance_minor(), mirrored_invoice().due_minor) == (OWED + 2400, 2400)
    happens("credit_note.voided", a_credit_note(status="void", voided_at=NOVEMBER + 90_000))
    assert balance_minor() == OWED + 3600


@pytest.mark.parametrize(
    "types", [("credit_note.created", "refund.created"), ("refund.created", "credit_note.created")]
)
def test_a_credit_note_with_its_refund_in_any_order(
    happens: Happens, stripe: FakeStripe, types: tuple[str, str]
) -> None:
    collected(stripe, post_payment_credit_notes_amount=1200)
    note = a_credit_note()
    stripe.knows(note)
    about = {"credit_note.created": note, "refund.created": a_refund("re_1", "pi_bill", 1200)}
    for event_type in types:
        assert happens(event_type, about[event_type]) is Outcome.APPLIED
    assert (balance_minor(), mirrored_invoice().due_minor) == (OWED, 0)
    refund = wiring.payment_store().refunds.get("ref_re_1")
    assert refund is not None
    assert refund.status is RefundStatus.SUCCEEDED


def test_a_note_that_was_given_back_elsewhere_is_shown_to_finance(
    happens: Happens, stripe: FakeStripe, listener: Listener
) -> None:
    happens("invoice.paid", collected(stripe))
    happens("credit_note.created", a_credit_note(out_of_band_amount=1200))
    assert listener.topics[1:] == ["reconciliation_difference"]


def test_a_dispute_that_comes_first_finds_the_payment_of_its_invoice(happens: Happens, stripe: FakeStripe) -> None:
    collected(stripe)
    assert happens("charge.dispute.created", a_dispute("dp_1", "pi_bill", 3600)) is Outcome.APPLIED
    assert wiring.payments().get("pay_pi_bill").charged_back_minor == 3600


def test_each_failed_attempt_is_told_with_its_reason(happens: Happens, stripe: FakeStripe, listener: Listener) -> None:
    stripe.knows(an_intent(id="pi_bill", amount=3600, last_payment_error={"decline_code": "insufficient_funds"}))
    for attempt in (1, 1, 2):
        failing = a_stripe_invoice(attempt_count=attempt, payments=paid_by("pi_bill", 3600, "open"))
        happens("invoice.payment_failed", failing)
    assert listener.topics == ["invoice_payment_failed"] * 2
    news = next(iter(listener.told.values()))
    assert (news.object_id, news.amount_minor, news.account_id) == ("inv_in_1", 3600, "acc_1")
    assert news.fact(Fact.DECLINE_CODE) == "insufficient_funds"
    assert news.fact(Fact.URL) == "https://invoice.stripe.example/in_1"


def test_an_approval_is_asked_for_on_the_matter_of_its_payment(
    happens: Happens, stripe: FakeStripe, listener: Listener
) -> None:
    waiting = a_stripe_invoice(attempt_count=1, payments=paid_by("pi_bill", 3600, "open"))
    happens("invoice.payment_action_required", waiting)
    assert [(news.topic.value, news.object_id) for news in listener.told.values()] == [
        ("action_required", "pay_pi_bill")
    ]


@pytest.mark.parametrize("event_type", ["invoice.payment_failed", "invoice.payment_action_required", "invoice.overdue"])
def test_what_is_paid_by_now_frightens_nobody(
    happens: Happens, stripe: FakeStripe, listener: Listener, event_type: str
) -> None:
    happens(event_type, collected(stripe))
    assert set(listener.topics) <= {"payment_succeeded"}


def test_an_overdue_invoice_is_told(happens: Happens, listener: Listener) -> None:
    happens("invoice.overdue", a_stripe_invoice())
    assert [news.fact(Fact.DUE_ON) for news in listener.told.values()] == ["2026-11-15"]


def test_an_invoice_that_nothing_had_to_pay_ends_its_matter(happens: Happens, listener: Listener) -> None:
    happens("invoice.paid", a_stripe_invoice(a_stripe_line(0), status="paid"))
    assert listener.topics == ["invoice_paid"]


@pytest.mark.parametrize("change", [{"total": 3700}, {"currency": "eur"}])
def test_what_our_books_cannot_follow_is_shown_to_finance(
    happens: Happens, listener: Listener, change: dict[str, Any]
) -> None:
    assert happens("invoice.finalized", a_stripe_invoice(**change)) is Outcome.UNMATCHED
    assert listener.topics == ["reconciliation_difference"]
    assert balance_minor() == OWED


def test_money_is_booked_even_where_its_invoice_cannot_be(happens: Happens, stripe: FakeStripe) -> None:
    collected(stripe, total=3700)
    happens("payment_intent.succeeded", stripe.objects["payment_intent", "pi_bill"])
    assert balance_minor() == OWED - 3600


def test_another_bill_under_the_same_id_is_left_alone(happens: Happens) -> None:
    wiring.invoices().issue(an_invoice("inv_in_1"))
    assert happens("invoice.finalized", a_stripe_invoice()) is Outcome.APPLIED
    assert balance_minor() == OWED + 3300


def test_of_an_unknown_customer_nothing_is_booked_and_its_money_waits(
    happens: Happens, stripe: FakeStripe, listener: Listener
) -> None:
    invoice = collected(stripe, customer="cus_nobody")
    intent = stripe.objects["payment_intent", "pi_bill"] | {"customer": "cus_nobody"}
    assert happens("invoice.paid", invoice) is Outcome.UNMATCHED
    assert happens("payment_intent.succeeded", intent) is Outcome.UNMATCHED
    assert balance_minor() == OWED
    assert listener.topics == ["payment_unmatched"]
