"""From Stripe's event to the case and the mail: the whole way through the functions of the desk, each told twice."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime, timedelta
from email import policy
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib import wiring
from chalicelib.accounts.model import AccountKind, Profile
from chalicelib.audit.model import Actor
from chalicelib.cases.jobs import deliver_messages
from chalicelib.cases.model import Queue, State
from chalicelib.payments.jobs import process_stripe_events
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.platform import aws
from chalicelib.platform.clock import utc_now
from chalicelib.platform.money import Money
from tests.billing.builders import a_line, an_invoice
from tests.harness import TABLE
from tests.payments.fakes import AT, FakeStripe, a_decline, a_dispute, an_event, an_intent, as_event

ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")
PROFILE = {
    "name": {"given": "Ada", "family": "Lovelace"}, "emails": ["ada@example.com"],
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
}  # fmt: skip


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch) -> FakeStripe:
    fake = FakeStripe()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: fake)
    return fake


@pytest.fixture
def ada(cloud: None, stripe: FakeStripe) -> str:
    """Owes 30.00 since September and 40.00 since October."""
    aws.ses().verify_email_identity(EmailAddress="billing@desk.example")
    profile = Profile.model_validate(PROFILE)
    account_id = wiring.accounts().create(profile, AccountKind.CONSUMER, "GBP", ADVISOR).account_id
    for month, net in ((9, 2500), (10, 3333)):
        line = a_line(net_minor=net)
        wiring.invoices().issue(
            an_invoice(f"inv_{month}", line, account_id=account_id, number=f"N-{month}", issued_on=date(2026, month, 1))
        )
    return account_id


def pay(account_id: str, method: str = "pm_card_visa") -> Payment:
    order = PaymentOrder(account_id, Money(amount_minor=5000, currency="GBP"), (), method)
    return wiring.payments().take(order, "one", ADVISOR).payment


def happen(body: str) -> None:
    """Stripe says it twice."""
    for name in ("first", "second"):
        record = {"messageId": name, "body": body, "eventSource": "aws:sqs"}
        assert process_stripe_events({"Records": [record]}, None) == {"batchItemFailures": []}


def mails() -> list[tuple[str, str]]:
    """Subject and text of what went out once the table's stream was followed."""
    items = aws.dynamodb().scan(TableName=TABLE)["Items"]
    queued: list[dict[str, Any]] = [item for item in items if item.get("delivery") == {"S": "queued"}]
    records = [
        {
            "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
            "dynamodb": {"Keys": {"pk": item["pk"], "sk": item["sk"]}, "NewImage": item, "SequenceNumber": str(n)},
        }
        for n, item in enumerate(queued)
    ]  # fmt: skip
    if records:
        assert deliver_messages({"Records": records}, None) == {"batchItemFailures": []}
    read = []
    for message in ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-2"].sent_messages:
        mail = email.message_from_string(message.raw_data, policy=policy.default)
        plain = mail.get_body(("plain",))
        assert plain is not None
        read.append((str(mail["Subject"]), plain.get_content().replace("\r\n", "\n")))
    return read


def test_a_payment_over_two_bills_is_receipted_once_to_the_penny(ada: str) -> None:
    happen(an_event(pay(ada)))
    ((subject, text),) = mails()
    assert subject == "Your payment of £50.00: thank you"
    assert "£30.00 of invoice N-9\n£20.00 of invoice N-10; £20.00 of it is still to be paid\n" in text
    assert "After this payment you owe £20.00." in text
    assert wiring.cases().list_queue(None, None, None, 10, None)[0] == []


def test_money_that_belongs_to_nothing_is_one_case_for_finance(ada: str) -> None:
    happen(an_event(event_id="evt_9"))
    (ref,) = wiring.cases().list_queue(Queue.FINANCE, None, None, 10, None)[0]
    assert (ref.account_id, ref.priority) == (None, "high")
    assert mails() == []


def a_failed_debit(payment: Payment) -> str:
    error = {"code": "card_declined", "decline_code": "insufficient_funds", "payment_method": {"type": "bacs_debit"}}
    return an_event(payment, "payment_intent.payment_failed", last_payment_error=error)


def test_a_debit_that_comes_back_and_is_paid_after_all_is_one_case_from_begin_to_end(ada: str) -> None:
    payment = pay(ada, "pm_bank_debit")
    happen(a_failed_debit(payment))
    (ref,) = wiring.cases().list_queue(Queue.PAYMENTS, None, None, 10, None)[0]
    assert (ref.account_id, ref.subject) == (ada, "Payment of £50.00 failed")
    ((subject, text),) = mails()
    assert subject == f"Your payment of £50.00 did not go through [{ref.reference}]"
    assert "There is not enough money for this payment." in text
    happen(an_event(payment, event_id="evt_2", at=AT + 60))
    case = wiring.cases().read(ref.case_id)
    assert (case.state, case.resolved_by) == (State.RESOLVED, "Billing Service Desk")
    assert [subject for subject, _ in mails()] == [subject, "Your payment of £50.00: thank you"]


def test_a_card_declined_before_the_customers_eyes_is_no_case(ada: str) -> None:
    happen(an_event(pay(ada), "payment_intent.payment_failed", **a_decline("insufficient_funds")))
    assert wiring.cases().list_queue(None, None, None, 10, None)[0] == []
    assert mails() == []


def test_a_chargeback_is_due_two_days_before_the_bank_wants_its_answer(ada: str, stripe: FakeStripe) -> None:
    payment = pay(ada)
    stripe.knows(an_intent(payment))
    happen(an_event(payment))
    due_by = int(utc_now().timestamp()) + 9 * 86_400
    dispute = a_dispute("dp_1", f"pi_{payment.payment_id}", 5000, evidence_details={"due_by": due_by})
    happen(as_event("charge.dispute.created", dispute, "evt_3"))
    (ref,) = wiring.cases().list_queue(Queue.FINANCE, None, None, 10, None)[0]
    assert (ref.account_id, ref.priority) == (ada, "high")
    assert ref.due_at == datetime.fromtimestamp(due_by, UTC) - timedelta(days=2)
    told = [subject for subject, _ in mails()]
    assert f"You asked your bank about a payment of £50.00 [{ref.reference}]" in told
    assert len(told) == 2
