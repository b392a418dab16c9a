"""What staff read of money: no more of a bank's suspicion than the customer may hear."""

from __future__ import annotations

import pytest

from chalicelib.cases.staff_words import note_of
from chalicelib.payments.news import Fact, Topic
from tests.cases.newsmakers import failed, news


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "fraudulent"])
def test_a_note_hides_what_a_decline_hides(code: str) -> None:
    assert "decline code: generic_decline" in note_of(failed("acc_1", decline_code=code)).splitlines()


@pytest.mark.parametrize(
    ("reason", "told"),
    [("lost_or_stolen_card", "unknown"), ("expired_or_canceled_card", "expired_or_canceled_card")],
)
def test_a_note_says_why_a_refund_failed_unless_a_card_is_lost_or_stolen(reason: str, told: str) -> None:
    note = note_of(news(Topic.REFUND_FAILED, "acc_1", object_id="ref_1", facts={Fact.REASON: reason}))
    assert f"reason: {told}" in note.splitlines()


def test_a_note_holds_no_key_to_a_page() -> None:
    assert "pay.example" not in note_of(news(Topic.PAY_LINK, "acc_1", facts={Fact.URL: "https://pay.example/x"}))
