"""Every letter of a plan in the words that customers read, in each language there is."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.accounts.letters import Letter
from chalicelib.cases.letter_words import LetterWords
from chalicelib.plans.model import PayBy
from tests.plans.test_collecting import FIRST
from tests.plans.world import ADVISOR, World

DAY = timedelta(days=1)
WORDS = LetterWords(ZoneInfo("Europe/London"), lambda _: {})


def letters(pay_by: PayBy, until: date, *, paid: bool = False) -> dict[str, Letter]:
    world = World()
    world.owes(10_000)
    world.save_card("pm_card_lost")
    plan = world.agree(pay_by=pay_by)
    if paid:
        world.pay(10_000)
    world.runs(until)
    if world.plan(plan).is_under_way:
        world.plans.cancel(plan.plan_id, "asked for", ADVISOR)
    return {letter.name.removeprefix("plans/"): letter for letter in world.post.letters.values()}


@pytest.fixture(scope="module")
def written() -> dict[str, Letter]:
    return {
        **letters(PayBy.LINK, FIRST, paid=True), **letters(PayBy.SAVED_METHOD, FIRST),
        **letters(PayBy.LINK, FIRST + 6 * DAY),
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "name", ["agreed", "reminder", "due", "late", "broken", "completed", "cancelled"]
)  # fmt: skip
def test_each_letter_speaks_each_language(written: dict[str, Letter], name: str, language: str) -> None:
    words = WORDS.of(written[name], language)
    assert words.language == language
    assert words.text.rstrip().endswith("Billing Service Desk")
    assert "_minor" not in words.text
    assert words.subject


def test_the_agreement_shows_the_schedule(written: dict[str, Letter]) -> None:
    text = WORDS.of(written["agreed"], "en").text
    assert "You pay £100.00 in these parts:\n\n1. 9 November 2026: £33.34\n2. 9 December 2026: £33.33\n" in text
    assert "you have 5 more days" in text


def test_a_late_letter_says_until_when_and_offers_help(written: dict[str, Letter]) -> None:
    words = WORDS.of(written["late"], "en")
    assert words.subject == "A part of your payment plan is late: please pay by 14 November 2026"
    assert "£33.34 of your payment plan was due on 9 November 2026" in words.text
    assert "www.stepchange.org" in words.text


def test_a_late_letter_says_when_a_declined_charge_is_tried_again(written: dict[str, Letter]) -> None:
    assert "declined" not in WORDS.of(written["late"], "en").text
    world = World()
    world.owes(10_000)
    world.save_card("pm_card_poor")
    world.agree(pay_by=PayBy.SAVED_METHOD)
    world.runs(FIRST + DAY)
    late = world.post.last("late")
    assert "We try it again on 11 November 2026, and take nothing if" in WORDS.of(late, "en").text
    assert "Am 11. November 2026 versuchen wir es noch einmal" in WORDS.of(late, "de").text
    before = len(world.wallet.intents)
    world.on_day(FIRST + 2 * DAY).runs(FIRST + 2 * DAY)
    assert len(world.wallet.intents) == before + 1


@pytest.mark.parametrize(("paid", "words"), [(10_000, "Nothing of it is left to pay"), (9_960, "£0.40 is still due")])
def test_who_has_completed_a_plan_hears_what_is_left(paid: int, words: str) -> None:
    world = World()
    world.owes(10_000)
    world.agree()
    world.pay(paid)
    world.runs(world.today)
    assert words in WORDS.of(world.post.last("completed"), "en").text


def test_what_could_not_be_charged_comes_with_a_link() -> None:
    tried = letters(PayBy.SAVED_METHOD, FIRST)["due"]
    text = WORDS.of(tried, "en").text
    assert "We could not take £33.34" in text
    assert "https://pages.example/" in text
    without = tried.model_copy(update={"facts": {"amount_minor": 3334, "was_tried": 0}})
    assert "You can pay here" not in WORDS.of(without, "en").text
