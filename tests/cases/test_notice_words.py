"""What mails about money say: every topic that sends one has words, and they are right for the numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.incident_policy import RULES
from chalicelib.payments.news import Fact, Topic
from tests.cases.builders import NOON, Desk
from tests.cases.newsmakers import failed, news, paid

MAILED = [topic for topic, rule in RULES.items() if rule.mail]
ALL_FACTS = {name: f"<{name.value}>" for name in Fact} | {Fact.DUE_ON: "2026-10-15"}


@pytest.mark.parametrize("topic", MAILED)
@pytest.mark.parametrize("facts", [{Fact.URL: "https://pay.example/x"}, ALL_FACTS])
@pytest.mark.parametrize(
    ("language", "written_in", "greeting"),
    [("en-GB", "en", "Hello,"), ("fr-FR", "en", "Hello,"), ("cy-GB", "en", "Hello,"), ("de-AT", "de", "Guten Tag,")],
)
def test_every_mail_has_words_whatever_is_known(
    case_desk: Desk, topic: Topic, facts: dict[Fact, str], language: str, written_in: str, greeting: str
) -> None:
    bare: dict[str, Any] = {} if len(facts) > 1 else {"amount_minor": None, "currency": None}
    said = case_desk.words.of(news(topic, "acc_1", facts=facts, **bare), language)
    assert said.subject == said.subject.strip() != ""
    assert (said.text.partition("\n\n")[0], said.language) == (greeting, written_in)
    assert "None" not in said.subject + said.text
    assert said.text.endswith("\n\nBilling Service Desk\n")
    assert "\n\n\n" not in said.text
    assert not {" ,", " .", "  "} & {said.text[i : i + 2] for i in range(len(said.text))}


def test_a_receipt_says_what_was_paid_of_which_bill_and_what_is_left(case_desk: Desk) -> None:
    case_desk.bill_numbers.update(inv_1="2026-0001", inv_2="2026-0002")
    said = case_desk.words.of(paid("acc_1", ("inv_1", 3000, 0), ("inv_2", 2000, 2000), balance=2000), "en-GB")
    assert said.subject == "Your payment of £50.00: thank you"
    assert "On 2 November 2026 we received your payment of £50.00." in said.text
    assert "\n£30.00 of invoice 2026-0001\n£20.00 of invoice 2026-0002; £20.00 of it is still to be paid\n" in said.text
    assert "After this payment you owe £20.00." in said.text


@pytest.mark.parametrize(
    ("balance", "words"),
    [(0, "nothing is left to pay"), (-1250, "a credit of £12.50"), (1, "you owe £0.01")],
)
def test_a_receipt_says_how_the_account_stands(case_desk: Desk, balance: int, words: str) -> None:
    assert words in case_desk.words.of(paid("acc_1", balance=balance), "en").text


def test_a_declined_payment_comes_with_advice(case_desk: Desk) -> None:
    said = case_desk.words.of(failed("acc_1", decline_code="expired_card"), "en", "C0000000018")
    assert "Your card has expired. Use another card." in said.text
    assert said.subject == "Your payment of £50.00 did not go through [C0000000018]"
    assert said.text.endswith("Billing Service Desk\nYour reference: C0000000018\n")


@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "fraudulent"])
def test_what_the_bank_suspects_is_not_told(case_desk: Desk, code: str) -> None:
    said = case_desk.words.of(failed("acc_1", decline_code=code), "en")
    assert "gives no reason" in said.text
    assert not {"stolen", "lost", "fraud"} & set(said.text.lower().split())


def test_days_are_days_where_the_desk_bills(case_desk: Desk) -> None:
    summer_midnight = NOON.replace(month=6, day=30, hour=23, minute=30)
    assert "On 1 July 2026" in case_desk.words.of(failed("acc_1").model_copy(update={"at": summer_midnight}), "en").text


def test_a_bill_that_could_not_be_collected_is_named_by_its_number_and_asked_for_unless_nobody_may(
    case_desk: Desk,
) -> None:
    case_desk.bill_numbers["inv_1"] = "2026-0001"
    told = news(Topic.INVOICE_PAYMENT_FAILED, "acc_1", object_id="inv_1")
    asking, silent = (case_desk.words.of(told, "en", asks=asks) for asks in (True, False))
    assert asking.subject == silent.subject == "The automatic payment of your invoice 2026-0001 did not go through"
    assert "pay the invoice there" in asking.text
    assert "pay the invoice" not in silent.text
    assert "There is nothing you need to do now." in silent.text


@pytest.mark.parametrize(
    ("reason", "words"), [("expired_or_canceled_card", "your bank returned it"), ("canceled", "it was stopped")]
)
def test_a_refund_that_failed_is_blamed_on_the_bank_only_if_it_was_the_bank(
    case_desk: Desk, reason: str, words: str
) -> None:
    told = news(Topic.REFUND_FAILED, "acc_1", object_id="ref_1", facts={Fact.REASON: reason})
    assert words in case_desk.words.of(told, "en").text


def test_money_of_a_currency_without_decimals_is_not_divided(case_desk: Desk) -> None:
    told = news(Topic.REFUND_SUCCEEDED, "acc_1", object_id="ref_1", amount_minor=1500, currency="JPY")
    assert case_desk.words.of(told, "en").subject == "Your refund of 1,500 JPY"


@pytest.mark.parametrize(
    ("outcome", "words"), [("won", "decided that it stands"), ("lost", "given the money back"), ("withdrawn", "closed")]
)
def test_the_end_of_a_dispute_is_told_as_it_was(case_desk: Desk, outcome: str, words: str) -> None:
    told = news(Topic.DISPUTE_CLOSED, "acc_1", object_id="dp_1", facts={Fact.OUTCOME: outcome})
    assert words in case_desk.words.of(told, "en").text


def test_a_link_says_until_when_it_can_be_used(case_desk: Desk) -> None:
    link = "https://pay.example/x?a=1&b=2"
    told = news(Topic.PAY_LINK, "acc_1", facts={Fact.URL: link}, deadline=NOON + timedelta(days=1))
    text = case_desk.words.of(told, "en").text
    assert f"\n{link}\n" in text
    assert "until 3 November 2026" in text


def test_a_receipt_in_german(case_desk: Desk) -> None:
    case_desk.bill_numbers["inv_1"] = "2026-0001"
    said = case_desk.words.of(paid("acc_1", ("inv_1", 5000, 700), balance=700), "de-DE")
    assert "Ihre Zahlung über 50,00 £ ist am 2. November 2026 bei uns eingegangen." in said.text
    assert "\n50,00 £ von Rechnung 2026-0001; davon sind noch 7,00 £ offen\n" in said.text
