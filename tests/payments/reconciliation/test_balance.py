"""Stripe's balance against the cash in our ledgers, and the ledgers against themselves."""

from __future__ import annotations

import random

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.payments.reconciliation.model import Cash
from chalicelib.payments.suspense_matches import MatchOrder
from chalicelib.platform.dynamo import Update
from tests.payments.conftest import Take
from tests.payments.fakes import a_dispute, an_event, an_intent
from tests.payments.reconciliation.conftest import Reconciled
from tests.payments.reconciliation.listed import Business, ListedStripe
from tests.payments.reconciliation.test_events import business, reconciled_on

FINANCE = Actor("sub-finance", "finance.one")


@pytest.mark.parametrize("seed", range(2))
def test_all_that_moved_is_in_the_books_to_the_penny(seed: int) -> None:
    table, stripe, _ = business(seed, 300)
    run = reconciled_on(table, stripe).run()
    moved = sum(about["amount"] for (kind, _), about in stripe.objects.items() if kind == "balance_transaction")
    assert moved
    assert run.tally.cash == {"GBP": Cash(at_stripe_minor=moved, in_books_minor=moved)}
    assert run.tally.differences == 0


def test_money_of_which_the_books_know_nothing_is_told(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    stripe.moves(4000, an_intent(payment))
    stripe.moves(900, {"id": "ch_loose", "object": "charge", "currency": "gbp", "payment_intent": None})
    stripe.moves(-4000, an_intent(payment), "charge_failure")
    run = reconciled.run()
    assert run.tally.cash == {"GBP": Cash(at_stripe_minor=900, in_books_minor=4000)}
    found, _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert [(each.object_id, each.in_books, each.at_stripe) for each in found] == [
        ("ch_loose", "£0.00", "£9.00"),
        (f"pi_{payment.payment_id}", "£0.00", "-£40.00"),
    ]


def test_two_intents_that_paid_one_payment_are_each_held_to_their_own_money(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    twice = an_intent(payment, id="pi_twice")
    reconciled.money.events.apply(an_event(payment))
    stripe.moves(4000, an_intent(payment))
    stripe.moves(4000, twice)
    assert reconciled.run().tally.cash == {"GBP": Cash(at_stripe_minor=8000, in_books_minor=4000)}
    stripe.knows(twice)
    run = reconciled.run()
    assert run.tally.cash == {"GBP": Cash(at_stripe_minor=8000, in_books_minor=8000)}
    assert run.tally.differences == 0


def test_payouts_and_fees_are_nothing_to_the_ledgers(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.moves(-9000, {"id": "po_1", "object": "payout", "currency": "gbp"}, "payout")
    stripe.moves(-10, {"id": "fee_1", "object": "fee", "currency": "gbp"}, "fee")
    run = reconciled.run()
    assert (run.tally.read, run.tally.cash, run.tally.differences) == (2, {}, 0)


def test_a_balance_in_another_currency_goes_by_what_the_customer_paid(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    stripe.moves(4700, an_intent(payment), currency="eur", exchange_rate=1.175)
    assert reconciled.run().tally.cash == {"GBP": Cash(at_stripe_minor=4000, in_books_minor=4000)}


def test_a_source_that_is_not_shown_is_read(reconciled: Reconciled, stripe: ListedStripe, take: Take) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    charge = {"id": "ch_1", "object": "charge", "currency": "gbp", "payment_intent": f"pi_{payment.payment_id}"}
    stripe.knows({**charge, "metadata": {"payment_id": payment.payment_id}})
    stripe.moves(4000, charge, source="ch_1")
    assert reconciled.run().tally.cash == {"GBP": Cash(at_stripe_minor=4000, in_books_minor=4000)}


def test_money_that_was_matched_to_an_account_came_through_suspense(
    reconciled: Reconciled, stripe: ListedStripe
) -> None:
    Business(stripe, random.Random(1)).foreign(1)
    reconciled.run()
    reconciled.money.matches.match(MatchOrder("pay_pi_foreign_1", "acc_1"), "key", FINANCE)
    run = reconciled.run()
    assert run.tally.cash == {"GBP": Cash(at_stripe_minor=700, in_books_minor=700)}
    assert run.tally.differences == 0


def test_a_dispute_of_money_that_was_matched_meanwhile_is_in_the_books_of_its_account(
    reconciled: Reconciled, stripe: ListedStripe
) -> None:
    Business(stripe, random.Random(1)).foreign(1)
    inquiry = a_dispute("du_1", "pi_foreign_1", 700, "warning_needs_response")
    stripe.knows(inquiry)
    reconciled.run(7200)
    reconciled.money.matches.match(MatchOrder("pay_pi_foreign_1", "acc_1"), "key", FINANCE)
    lost = inquiry | {"status": "needs_response"}
    stripe.knows(lost)
    stripe.moves(-700, lost, at=int(reconciled.clock().timestamp()))
    run = reconciled.run()
    assert run.tally.cash == {"GBP": Cash(at_stripe_minor=-700, in_books_minor=-700)}
    assert run.tally.differences == 0


def test_a_ledger_that_does_not_prove_is_told(reconciled: Reconciled, stripe: ListedStripe, take: Take) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    stripe.moves(4000, an_intent(payment))
    wiring.table().write(Update("A#acc_1", "L#0000000002", set={"balance_minor": 1}))
    run = reconciled.run()
    (found,), _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert (found.object_id, found.account_id, found.what) == ("acc_1", "acc_1", "ledger entry 2: balance")
