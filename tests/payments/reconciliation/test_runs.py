"""How runs begin where others ended, go on, meet, and are reported."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.audit.store import AuditStore
from chalicelib.payments.objects import ObjectPage, Window
from chalicelib.payments.reconciliation.model import REMEMBERED, Cash, RunStatus, Tally, reason_of
from chalicelib.platform.errors import NotFound, Unavailable
from tests.fakes import FixedClock
from tests.payments.books import balance_minor
from tests.payments.conftest import Take
from tests.payments.fakes import AT, an_intent
from tests.payments.reconciliation.conftest import Reconciled
from tests.payments.reconciliation.listed import ListedStripe
from tests.tables import Between

FINANCE = Actor("sub-finance", "finance.one", "req-7")
WALKS = ["events", "invoice", "payment_intent", "refund", "dispute", "balance_transaction"]


def test_the_first_run_looks_back_as_far_as_stripe_remembers(reconciled: Reconciled) -> None:
    run = reconciled.run()
    assert {*run.since} == {*WALKS}
    assert set(run.since.values()) == {run.until - REMEMBERED}


def test_the_next_run_begins_before_the_end_of_the_last_one(reconciled: Reconciled) -> None:
    first = reconciled.run()
    reconciled.clock.tick(86_400)
    second = reconciled.run()
    assert second.since["events"] == first.until - timedelta(hours=1)
    assert second.since["payment_intent"] == first.until - timedelta(days=7)


def test_the_gap_after_a_month_of_silence_is_bounded(reconciled: Reconciled) -> None:
    reconciled.run()
    reconciled.clock.tick(60 * 86_400)
    run = reconciled.run()
    assert set(run.since.values()) == {run.until - REMEMBERED}


def test_one_time_of_the_schedule_is_one_run(reconciled: Reconciled) -> None:
    at = reconciled.clock.tick(60)
    runs = [reconciled.runs.scheduled(at) for _ in range(2)]
    assert runs[0] == runs[1]
    assert runs[0].reconciliation_id == "rec_20261102T0901"


def test_a_run_whose_time_is_up_is_started_again_and_goes_on(
    reconciled: Reconciled, stripe: ListedStripe, take: Take
) -> None:
    stripe.says("payment_intent.succeeded", an_intent(take(4000)), AT + 1)
    stripe.moves(4000, an_intent(take(4000)), at=AT + 1)
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    calls = 0
    while run.status is RunStatus.RUNNING:
        answers = iter([True, False])
        run = reconciled.runs.take_on(run.reconciliation_id, lambda given=answers: next(given))  # type: ignore[misc]
        calls += 1
    assert reconciled.started.runs == [run.reconciliation_id] * (calls - 1)
    assert calls == REMEMBERED // timedelta(hours=6) + len(WALKS) - 1
    assert (run.tally.missed_events, run.tally.read) == (1, 3)
    assert balance_minor() == 2600


def test_a_run_that_stripe_breaks_off_is_gone_on_with_at_the_same_place(
    reconciled: Reconciled, stripe: ListedStripe
) -> None:
    stripe.fails_at = 50
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    with pytest.raises(Unavailable):
        reconciled.runs.take_on(run.reconciliation_id, lambda: True)
    before = len(stripe.calls)
    finished = reconciled.runs.take_on(run.reconciliation_id, lambda: True)
    assert finished.status is RunStatus.FINISHED
    assert before + len(stripe.calls[before:]) == 120 + 5 + 1, "each part once, and the one that failed again"


def test_a_run_that_is_finished_is_left_as_it_is(reconciled: Reconciled, stripe: ListedStripe) -> None:
    run = reconciled.run()
    stripe.calls.clear()
    assert reconciled.runs.take_on(run.reconciliation_id, lambda: True) == run
    assert stripe.calls == []


def test_two_processes_of_one_run_end_as_one(reconciled: Reconciled, stripe: ListedStripe, take: Take) -> None:
    stripe.says("payment_intent.succeeded", an_intent(take(4000)), AT + 1)
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    rival = Between(wiring.table(), 30, lambda: reconciled.runs.take_on(run.reconciliation_id, lambda: True))
    mine = Reconciled(reconciled.money.on(rival), stripe, reconciled.clock)
    ended = mine.runs.take_on(run.reconciliation_id, lambda: True)
    assert ended == reconciled.runs.get(run.reconciliation_id)
    assert (ended.status, ended.tally.missed_events) == (RunStatus.FINISHED, 1)
    assert balance_minor() == 2600


def test_no_walk_is_left_out_whatever_order_the_table_gives_its_maps_in(
    reconciled: Reconciled, stripe: ListedStripe
) -> None:
    run = reconciled.runs.scheduled(reconciled.clock.tick(3600))
    shuffled = run.model_copy(update={"since": dict(sorted(run.since.items())), "version": run.version + 1})
    reconciled.runs.runs.move(run, shuffled)
    reconciled.runs.take_on(run.reconciliation_id, lambda: True)
    assert [*dict.fromkeys(stripe.calls)] == ["event", *WALKS[1:]]
    assert {*reconciled.runs.runs.ends()} == {*WALKS}


def test_an_older_run_that_ends_late_takes_nothing_back(reconciled: Reconciled) -> None:
    late = reconciled.runs.scheduled(reconciled.clock.tick(60))
    newer = reconciled.run()
    reconciled.runs.take_on(late.reconciliation_id, lambda: True)
    assert set(reconciled.runs.runs.ends().values()) == {newer.until}


def test_what_is_asked_for_is_started_and_audited_once(reconciled: Reconciled) -> None:
    runs = [reconciled.runs.request("key", FINANCE) for _ in range(2)]
    assert runs[0] == runs[1]
    assert reconciled.started.runs == [runs[0].reconciliation_id] * 2, "the first start may have been lost"
    (entry,), _ = AuditStore(wiring.table()).page(f"RECON#{runs[0].reconciliation_id}", 10, None)
    assert (entry.action, entry.actor, entry.request_id) == ("reconciliation.requested", "sub-finance", "req-7")
    assert reconciled.runs.request("other", FINANCE).reconciliation_id != runs[0].reconciliation_id


def test_a_run_that_nobody_began(reconciled: Reconciled) -> None:
    with pytest.raises(NotFound):
        reconciled.runs.take_on("rec_none", lambda: True)


def test_counters_tell_what_was_mended(reconciled: Reconciled, stripe: ListedStripe, take: Take) -> None:
    stripe.says("payment_intent.succeeded", an_intent(take(4000)), AT + 1)
    stripe.moves(900, {"id": "ch_loose", "object": "charge", "currency": "gbp", "payment_intent": None})
    reconciled.run()
    assert reconciled.counted == {
        "ReconciliationMissedEvents": 1,
        "ReconciliationRepaired": 1,
        "ReconciliationDifferences": 1,
    }


def test_tallies_add_up_by_currency() -> None:
    one = Tally(read=1, cash={"GBP": Cash(at_stripe_minor=5, in_books_minor=4)})
    other = Tally(differences=2, cash={"EUR": Cash(at_stripe_minor=1), "GBP": Cash(at_stripe_minor=-2)})
    assert one.plus(other) == Tally(
        read=1,
        differences=2,
        cash={"GBP": Cash(at_stripe_minor=3, in_books_minor=4), "EUR": Cash(at_stripe_minor=1)},
    )


def test_the_list_that_can_be_read_ends(clock: FixedClock) -> None:
    stripe = ListedStripe(per_page=2)
    for n in range(3):
        stripe.knows({"object": "refund", "id": f"re_{n}", "created": AT + n})
    window = Window(clock(), clock() + timedelta(days=1))
    page = stripe.page("refund", window)
    assert page.after == "re_1"
    assert stripe.page("refund", window, page.after) == ObjectPage(
        ({"object": "refund", "id": "re_0", "created": AT},), None
    )


def test_what_is_told_of_a_record_that_does_not_hold_names_fields_and_no_values() -> None:
    with pytest.raises(ValidationError) as wrong:
        Tally.model_validate({"read": "Ada Lovelace"})
    assert reason_of(wrong.value) == "not a record of ours that can be read: read"
