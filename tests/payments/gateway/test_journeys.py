"""The gateway and a customer together, at the local Stripe: pages, bank debits and disputes from end to end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import stripe

from chalicelib.payments.evidence import Evidence, EvidenceField
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.hosted import PayLine, PayPage, Returns, SetupPage
from chalicelib.payments.methods_model import MethodKind
from chalicelib.payments.objects import Window
from chalicelib.platform.errors import Conflict, Refused
from infra.local.stripe.server import LocalStripe
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.pages import Visitor
from tests.payments.gateway.test_intents import a_payment
from tests.payments.gateway.test_refunds import a_refund

RETURNS = Returns("https://desk.example/?payment=done", "https://desk.example/?payment=left")
MAIL = "ann@example.com"
ALWAYS = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def bank(local_stripe: LocalStripe, sdk: stripe.StripeClient) -> Desk:
    """What happens at Stripe without the desk."""
    return Desk(local_stripe, sdk)


@pytest.fixture
def visitor(bank: Desk) -> Visitor:
    return Visitor(bank)


@pytest.fixture
def customer(gateway: StripeGateway) -> str:
    return gateway.create_customer("acc_1")


def a_pay_page(customer: str) -> PayPage:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=23)
    lines = (PayLine("Bill NWT-1", 3300), PayLine("Credit for coming bills", 700))
    return PayPage("pay_1", "acc_1", customer, "GBP", lines, until, RETURNS)


def saved(gateway: StripeGateway, visitor: Visitor, customer: str, name: str) -> str:
    """The customer saves a method on the page; its id."""
    page = gateway.setup_page(SetupPage(f"setup_{name}", "acc_1", customer, "GBP", RETURNS))
    assert visitor.submit(page.url, payment_method=name, email=MAIL).url == RETURNS.done
    return gateway.methods_of(customer)[0].method_id


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_bacsDebit_success"])
def test_a_link_is_paid_and_its_intent_names_the_payment(
    gateway: StripeGateway, visitor: Visitor, bank: Desk, customer: str, method: str
) -> None:
    asked = a_pay_page(customer)
    page = gateway.pay_page(asked)
    assert gateway.pay_page(asked) == page
    assert page.expires_at == asked.expires_at
    shown = visitor.open(page.url).says
    assert all(words in shown for words in ("Bill NWT-1", "Credit for coming bills", "£40.00"))
    assert visitor.submit(page.url, payment_method=method, email=MAIL).url == RETURNS.done
    bank.control("settle")
    (event,) = gateway.each("event", ALWAYS, types=["payment_intent.succeeded"])
    intent = event["data"]["object"]
    assert (intent["amount_received"], intent["currency"], intent["customer"]) == (4000, "gbp", customer)
    assert intent["metadata"] == {"payment_id": "pay_1", "account_id": "acc_1"}


def test_a_declined_card_leaves_the_page_open_for_another(
    gateway: StripeGateway, visitor: Visitor, customer: str
) -> None:
    page = gateway.pay_page(a_pay_page(customer))
    refused = visitor.submit(page.url, payment_method="pm_card_visa_chargeDeclinedInsufficientFunds", email=MAIL)
    assert refused.url.startswith(page.url)
    assert visitor.submit(page.url, payment_method="pm_card_visa", email=MAIL).url == RETURNS.done
    kinds = [event["type"] for event in gateway.each("event", ALWAYS) if event["type"].startswith("payment_intent.")]
    assert kinds[0] == "payment_intent.succeeded"
    assert "payment_intent.payment_failed" in kinds


def test_a_closed_page_takes_no_money_and_a_paid_one_is_not_closed(
    gateway: StripeGateway, visitor: Visitor, customer: str
) -> None:
    page = gateway.pay_page(a_pay_page(customer))
    gateway.close_page(page.page_id)
    assert visitor.submit(page.url, payment_method="pm_card_visa", email=MAIL).url != RETURNS.done
    assert list(gateway.each("charge", ALWAYS)) == []
    other = gateway.setup_page(SetupPage("setup_1", "acc_1", customer, "GBP", RETURNS))
    visitor.submit(other.url, payment_method="pm_card_visa", email=MAIL)
    with pytest.raises(Conflict):
        gateway.close_page(other.page_id)


def test_a_saved_card_pays_later_without_the_customer(gateway: StripeGateway, visitor: Visitor, customer: str) -> None:
    method = saved(gateway, visitor, customer, "pm_card_visa")
    gateway.make_default(customer, method, "act_1")
    (card,) = gateway.methods_of(customer)
    assert (card.kind, card.last4, card.is_default) == (MethodKind.CARD, "4242", True)
    paid = gateway.create_intent(a_payment(payment_method=method), customer, off_session=True)
    assert paid.status == "succeeded"


def test_a_saved_bank_account_is_debited_days_later_under_its_mandate(
    gateway: StripeGateway, visitor: Visitor, bank: Desk, customer: str
) -> None:
    method = saved(gateway, visitor, customer, "pm_bacsDebit_success")
    (debit,) = gateway.methods_of(customer)
    assert (debit.kind, debit.last4, debit.expiry) == (MethodKind.BACS_DEBIT, "2345", None)
    begun = gateway.create_intent(a_payment(payment_method=method), customer, off_session=True)
    assert begun.status == "processing"
    bank.control("settle")
    assert gateway.read_intent(begun.intent_id).status == "succeeded"
    charge = gateway.read("charge", str(begun.charge_id))
    assert charge is not None
    mandate = gateway.read("mandate", charge["payment_method_details"]["bacs_debit"]["mandate"])
    assert mandate is not None
    assert (mandate["status"], mandate["payment_method"]) == ("active", method)


def test_the_portal_shows_what_is_saved(gateway: StripeGateway, visitor: Visitor, customer: str) -> None:
    saved(gateway, visitor, customer, "pm_card_visa")
    page = gateway.portal_page("por_1", customer, RETURNS.back)
    assert "4242" in visitor.open(page.url).says


@pytest.mark.parametrize(("words", "end"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_a_dispute_is_answered_once(gateway: StripeGateway, bank: Desk, customer: str, words: str, end: str) -> None:
    gateway.create_intent(a_payment(payment_method="pm_card_createDispute"), customer)
    bank.control("settle")
    (dispute,) = gateway.each("dispute", ALWAYS)
    standing = gateway.dispute_standing(dispute["id"])
    assert standing is not None
    assert standing.takes_evidence(datetime.now(UTC))
    texts = {EvidenceField.UNCATEGORIZED_TEXT: words}
    draft = gateway.give_evidence(Evidence("ev_0", dispute["id"], {EvidenceField.SERVICE_DATE: "2026-10-01"}))
    assert (draft.submissions, draft.has_evidence) == (0, True)
    first, again = (gateway.give_evidence(Evidence("ev_1", dispute["id"], texts, submit=True)) for _ in range(2))
    assert first == again
    assert first.submissions == 1
    assert not first.takes_evidence(datetime.now(UTC))
    with pytest.raises(Refused):
        gateway.give_evidence(Evidence("ev_2", dispute["id"], texts, submit=True))
    bank.control("settle")
    ended = gateway.dispute_standing(dispute["id"])
    assert ended is not None
    assert ended.status == end


def test_a_dispute_can_be_given_up(gateway: StripeGateway, bank: Desk, customer: str) -> None:
    gateway.create_intent(a_payment(payment_method="pm_card_createDispute"), customer)
    bank.control("settle")
    (dispute,) = gateway.each("dispute", ALWAYS)
    assert gateway.accept_dispute(dispute["id"]).status == "lost"


def test_what_is_disputed_is_not_refunded(gateway: StripeGateway, bank: Desk, customer: str) -> None:
    paid = gateway.create_intent(a_payment(payment_method="pm_card_createDispute"), customer)
    bank.control("settle")
    with pytest.raises(Conflict, match="disputed"):
        gateway.create_refund(a_refund(paid.intent_id))
