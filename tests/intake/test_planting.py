"""Every disguise of a card number, through intake over fakes and, slower, through the whole desk."""

from __future__ import annotations

from random import Random

import pytest

from tests.intake.decoded import digits_of, tells
from tests.intake.fakes import Door
from tests.intake.lookalikes import KINDS
from tests.intake.planting import DISGUISES, Plant, plants
from tests.intake.prove_cards import prove

PLANTS = list(plants(Random(7), len(DISGUISES)))


@pytest.mark.parametrize("planted", PLANTS, ids=lambda planted: str(planted.disguise))
def test_nothing_of_a_number_gets_past_intake(door: Door, planted: Plant) -> None:
    outcome = door.deliver(planted.mail, **planted.note)
    assert outcome.restricted
    assert door.bucket.mails == {}
    kept = [(key, file.name.encode(), file.content) for key, file in door.bucket.kept.items()]
    said = [repr(door.cases.received), repr(door.letters.kept), repr(outcome), *(key for key, *_ in kept)]
    assert not tells(digits_of([*said, *(part for _, *parts in kept for part in parts)]), planted.number)


def test_the_search_of_the_proof_sees_a_number_that_was_not_hidden() -> None:
    assert [planted.disguise for planted in PLANTS if planted.number not in digits_of([planted.mail])] == []


@pytest.mark.slow
def test_no_number_is_anywhere_outside_the_restricted_prefix() -> None:
    found = prove(len(DISGUISES), 2 * len(KINDS))
    assert (found.leaked, found.left) == ({}, {})
    assert found.lost == []
    assert found.kept == 2 * len(KINDS)
