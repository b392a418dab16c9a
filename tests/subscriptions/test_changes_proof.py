"""A small version of the proof: every bill is its quote to the penny, or says what came between."""

from __future__ import annotations

from tests.subscriptions.prove_changes import played

CHANGES = 24


def test_what_was_quoted_is_what_is_billed() -> None:
    tally = played(range(CHANGES * 2), CHANGES)

    assert tally.wrong == []
    assert tally.changes == tally.kept + tally.named + tally.unbilled == CHANGES
    assert len(tally.kinds) > 3
    assert tally.named > 0
    assert tally.lines > 10
