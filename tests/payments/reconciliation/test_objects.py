"""What Stripe's lists say is brought into the books when no event ever did, and told when it cannot be."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.payments.model import PaymentOrder, PaymentStatus
from chalicelib.payments.news import Fact
from chalicelib.payments.refund import RefundStatus
from chalicelib.platform.money import Money
from tests.harness import Meter
from tests.payments.books import balance_minor, of_account
from tests.payments.conftest import ADVISOR, Take
from tests.payments.fakes import AT, a_decline, a_dispute, a_refund, an_event, an_intent
from tests.payments.reconciliation.conftest import Reconciled
from tests.payments.reconciliation.listed import ListedStripe

S = PaymentStatus
TO_COME = PaymentOrder("acc_1", Money(amount_minor=4000, currency="GBP"))


def test_a_payment_without_any_event_is_booked_when_its_money_was_taken(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    stripe.knows(an_intent(payment, latest_charge={"id": "ch_1", "object": "charge", "created": AT + 5}))
    run = reconciled.run()
    assert (run.tally.repaired, run.tally.differences) == (1, 0)
    assert balance_minor() == 2600
    (entry,) = (item for item in of_account("L#") if item["entry_kind"] == "payment")
    assert (entry["cause"], entry["at"]) == (run.reconciliation_id, "2026-11-02T09:00:05.000Z")
    assert reconciled.run().tally.repaired == 0


@pytest.mark.parametrize(
    ("intent", "status"),
    [
        ({"status": "canceled", "canceled_at": AT + 9}, S.CANCELED),
        ({"status": "processing"}, S.PROCESSING),
        ({"status": "requires_payment_method", **a_decline("lost_card")}, S.FAILED),
        ({"status": "requires_payment_method"}, S.REQUIRES_PAYMENT),
        ({"status": "requires_action"}, S.REQUIRES_PAYMENT),
    ],
)
def test_a_payment_that_stands_open_here_goes_where_it_is_at_stripe(
    reconciled: Reconciled, stripe: ListedStripe, intent: dict[str, object], status: PaymentStatus
) -> None:
    payment = reconciled.money.payments.take(TO_COME, "one", ADVISOR).payment
    stripe.knows({**an_intent(payment), "amount_received": 0, **intent})
    run = reconciled.run()
    assert reconciled.money.payments.get(payment.payment_id).status is status
    assert run.tally.differences == 0


def test_a_bank_debit_that_failed_after_it_was_said_to_process(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    """The time of its charge is older than what the desk has heard: what was just read counts."""
    payment = take(4000, payment_method="pm_bank_debit")
    reconciled.money.events.apply(an_event(payment, "payment_intent.processing", at=AT + 60))
    failed = an_intent(payment, "requires_payment_method", **a_decline("insufficient_funds"))
    stripe.knows({**failed, "latest_charge": {"id": "ch_1", "object": "charge", "created": AT}})
    assert reconciled.run().tally.repaired == 1
    assert reconciled.money.payments.get(payment.payment_id).status is S.FAILED


def test_an_intent_of_a_payment_that_another_one_paid_is_no_difference(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    stripe.knows(an_intent(payment, "canceled", id="pi_given_up", canceled_at=AT + 9))
    assert reconciled.run().tally.differences == 0


def test_refunds_and_disputes_without_any_event(reconciled: Reconciled, stripe: ListedStripe, take: Take) -> None:
    refunded, disputed = take(4000), take(1000, key="two")
    for payment in (refunded, disputed):
        stripe.knows(an_intent(payment))
    stripe.knows(a_refund("re_1", f"pi_{refunded.payment_id}", 1500))
    stripe.knows(a_dispute("du_1", f"pi_{disputed.payment_id}", 1000, "lost"))
    run = reconciled.run()
    assert (run.tally.read, run.tally.repaired, run.tally.differences) == (4, 4, 0)
    assert balance_minor() == 6600 - 4000 - 1000 + 1500 + 1000
    refund = reconciled.money.store.refunds.get("ref_re_1")
    assert refund is not None
    assert refund.status is RefundStatus.SUCCEEDED


def test_a_dispute_that_ended_long_after_it_was_opened(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    stripe.knows(an_intent(payment))
    opened = a_dispute("du_1", f"pi_{payment.payment_id}", 4000)
    stripe.knows(opened)
    reconciled.run()
    stripe.knows({**opened, "status": "won"})
    assert reconciled.run().tally.repaired == 1
    assert balance_minor() == 2600


def test_what_stripe_denies_is_told_once_and_for_finance(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    stripe.knows(an_intent(payment, "canceled", canceled_at=AT + 9))
    runs = [reconciled.run() for _ in range(2)]
    assert [run.tally.differences for run in runs] == [1, 1]
    (news,) = (each for each in reconciled.money.listener.told.values() if each.topic == "reconciliation_difference")
    assert (news.object_id, news.account_id) == (f"pi_{payment.payment_id}", "acc_1")
    assert (news.fact(Fact.EXPECTED), news.fact(Fact.FOUND)) == ("succeeded, £40.00", "canceled, £40.00")
    assert balance_minor() == 2600


def test_each_difference_of_an_object_is_told_and_listed(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    payment = take(4000)
    reconciled.money.events.apply(an_event(payment))
    denied = an_intent(payment, "canceled", canceled_at=AT + 9)
    stripe.knows(denied)
    stripe.moves(900, denied)
    run = reconciled.run()
    found, _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert [each.what for each in found] == ["cash", "payment_intent"]
    told = [each for each in reconciled.money.listener.told.values() if each.topic == "reconciliation_difference"]
    assert {each.fact(Fact.REASON) for each in told} == {"cash", "payment_intent"}


def test_a_refund_of_money_that_nobody_knows_is_told(reconciled: Reconciled, stripe: ListedStripe) -> None:
    stripe.knows(a_refund("re_1", "pi_unknown", 1500))
    run = reconciled.run()
    (found,), _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert (found.object_id, found.in_books, found.at_stripe) == ("re_1", "nothing", "succeeded, £15.00")


def test_an_object_of_another_shape_is_told_and_stops_no_other(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    stripe.knows(a_refund("re_1", "pi_unknown", 1500, "on_the_moon"))
    stripe.knows(an_intent(take(4000)))
    run = reconciled.run()
    assert (run.tally.repaired, run.tally.differences) == (1, 1)
    (found,), _ = reconciled.runs.differences(run.reconciliation_id, 10, None)
    assert found.in_books == "not a refund that can be read: status"


def test_a_hundred_objects_that_agree_cost_a_call_of_stripe_and_two_batches(
    reconciled: Reconciled, stripe: ListedStripe, meter: Meter
) -> None:
    for n in range(50):
        stripe.knows(an_intent(id=f"pi_{n}", amount=100 + n, amount_received=100 + n))
    reconciled.run()
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    stripe.calls.clear()
    meter.calls.clear()
    reconciled.runs.take_on(run.reconciliation_id, lambda: True)
    assert stripe.calls.count("payment_intent") == 1
    assert meter.calls.count("BatchGetItem") == 2
    assert len(meter.calls) < 25, "the rest is the run's own"
    assert wiring.table().get("RECON", "#") is not None
