"""Refunds from outside: in parts, never more than was paid, and back with us when the customer's bank returns one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

from infra.local.demo.desk import Answer, Desk, wait_for
from tests.e2e.money import a_customer


def test_a_payment_goes_back_in_parts_and_not_a_penny_more(desk: Desk) -> None:
    customer = a_customer(desk, 2750)
    payment_id = customer.paid(3300)
    first = customer.refund(payment_id, 1000)
    assert (first.status, first.json["status"]) == (201, "succeeded"), first.json
    assert customer.balance == 1000, "what the money had paid is due again"
    over = customer.refund(payment_id, 2301)
    assert (over.status, over.json["errors"][0]["detail"]) == (422, "2300 can still be refunded")
    rest = customer.refund(payment_id)
    assert rest.json["amount"]["amount_minor"] == 2300
    assert customer.refund(payment_id).status == 422
    assert customer.ledger == [("invoice", 3300), ("payment", -3300), ("refund", 1000), ("refund", 2300)]
    assert wait_for(lambda: len(customer.mails_about("Your refund of")) == 2)
    assert customer.proven()


def test_a_refund_that_the_bank_returns_opens_a_case_and_is_with_us_again(desk: Desk) -> None:
    customer = a_customer(desk, 2750)
    payment_id = customer.paid(3300, "pm_card_refundFail")
    sent = customer.refund(payment_id, 3300)
    refund = customer.stripe.get(f"/v1/refunds?payment_intent={customer.intent_of(payment_id)}")["data"][0]
    customer.stripe.settle(refund["id"])
    customer.becomes(f"/v1/refunds/{sent.json['refund_id']}", "failed")
    case = customer.case()
    assert (case["queue"], case["priority"]) == ("payments", "high")
    assert "your bank returned it" in customer.mail_about(case["reference"])
    assert [kind for kind, _ in customer.ledger] == ["invoice", "payment", "refund", "refund_failed"]
    assert customer.balance == 0
    assert customer.proven()


def test_fifty_payments_and_refunds_at_once_on_one_bill_leave_books_that_add_up(desk: Desk) -> None:
    customer = a_customer(desk, 8000)
    first = customer.paid(4800)
    pay = partial(customer.pay, 150, "pm_card_visa")
    refund = partial(customer.refund, first, 300)
    with ThreadPoolExecutor(10) as crowd:
        asked = [crowd.submit(insisting, refund if index % 2 else pay) for index in range(50)]
    answers = [each.result() for each in asked]
    assert Counter(answer.status for answer in answers[::2]) == {201: 25}
    assert Counter(answer.status for answer in answers[1::2]) == {201: 16, 422: 9}
    taken = [answer.json["payment_id"] for answer in answers[::2]]
    assert wait_for(lambda: all(customer.read(f"/v1/payments/{each}")["status"] == "succeeded" for each in taken))
    assert Counter(kind for kind, _ in customer.ledger) == {"invoice": 1, "payment": 26, "refund": 16}
    assert customer.balance == 9600 - 25 * 150
    assert customer.proven()


def insisting(ask: Callable[..., Answer]) -> Answer:
    """The answer of who asks again with the same key while the account is too busy."""
    key, answers = uuid4().hex, list[Answer]()

    def answered() -> bool:
        answers.append(ask(key=key))
        return answers[-1].status not in {409, 503}

    assert wait_for(answered), answers[-1].json
    return answers[-1]
