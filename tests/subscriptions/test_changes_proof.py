"""A small version of the proof: every bill is its quote to the penny, or says what came between."""

from __future__ import annotations

from chalicelib.subscriptions.quote import QuoteState
from chalicelib.subscriptions.wish import Kind
from tests.subscriptions.prove_changes import played
from tests.subscriptions.selling import Selling

CHANGES = 24


def test_what_was_quoted_is_what_is_billed() -> None:
    tally = played(range(CHANGES * 2), CHANGES)

    assert tally.wrong == []
    assert tally.changes == tally.kept + tally.named + tally.unbilled == CHANGES
    assert len(tally.kinds) > 3
    assert tally.named > 0
    assert tally.lines > 10


def test_an_end_can_be_had_while_the_schedule_of_a_change_that_counts_still_stands(selling: Selling) -> None:
    selling.agreed(selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-24M"))
    selling.until("2027-03-01T13:00:00")

    end = selling.asked(Kind.CANCEL)

    assert selling.agreed(end, "key-2").state is QuoteState.CONFIRMED
