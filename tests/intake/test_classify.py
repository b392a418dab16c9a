"""What a mail is about, by its words: floors on mails that nobody tuned for, and the rules one by one."""

from __future__ import annotations

import pytest

from chalicelib.cases.reading import Intent, Sentiment, Sign, Urgency
from chalicelib.intake.classify.reader import MAX_READ, languages_of, read_mail
from chalicelib.intake.classify.terms import Terms, words_of
from chalicelib.intake.classify.words import LEXICONS
from tests.intake import figures, learn

HELD_OUT = [each for name in (figures.OLD, figures.OWN) for each in figures.labelled(name, figures.HELD_OUT)]


def test_most_mails_that_nobody_tuned_for_are_read_right_and_nearly_all_of_those_that_count() -> None:
    sure = figures.confident(HELD_OUT)
    assert figures.accuracy([each.pair for each in HELD_OUT]) >= 0.84
    assert figures.accuracy([each.pair for each in sure]) >= 0.92
    assert len(sure) >= 0.7 * len(HELD_OUT)


@pytest.mark.parametrize("intent", Intent)
def test_every_intent_is_found_among_mails_that_nobody_tuned_for(intent: Intent) -> None:
    shown = figures.figure([each.pair for each in HELD_OUT], intent)
    assert shown.count >= 20
    assert shown.precision >= 0.7
    assert shown.recall >= 0.65


def test_what_is_learned_is_what_the_lessons_teach() -> None:
    """Another processor may round the last digit otherwise."""
    taught = set(learn.table(learn.learn(list(learn.lessons()))).splitlines())
    shipped = set(learn.TABLE.read_text("utf-8").splitlines())
    assert len(taught ^ shipped) <= 0.02 * len(shipped)


@pytest.mark.parametrize(("sign", "floor"), [(Sign.LEGAL, 0.85), (Sign.VULNERABLE, 0.75), (Sign.COMPLAINT, 0.7)])
def test_words_that_a_person_has_to_see_are_seen(sign: Sign, floor: float) -> None:
    pairs = [(each.label[sign.value], sign in each.reading.signs) for each in HELD_OUT]
    assert figures.figure(pairs, True).recall >= floor


def test_the_language_is_known_or_said_to_be_unknown() -> None:
    told = [(each.label["language"], each.reading.language) for each in HELD_OUT]
    wrong = [pair for pair in told if pair[0] != pair[1] and pair[1] != "und"]
    assert len(wrong) <= 0.01 * len(told)
    assert figures.accuracy(told) >= 0.9


def test_the_words_that_decided_are_kept_as_they_were_written() -> None:
    reading = read_mail("Rechnung", "Guten Tag, ich habe den Betrag DOPPELT\nabgebucht bekommen, das stimmt nicht.")
    assert (reading.intent, reading.language) == (Intent.DISPUTE, "de")
    assert "DOPPELT abgebucht" in reading.words


def test_a_wish_that_is_denied_is_none() -> None:
    assert read_mail("", "I want to cancel. Please end my contract.").intent is Intent.CANCELLATION
    denied = read_mail("", "I do not want to leave, never cancel my line, only explain my bill to me.")
    assert denied.intent is Intent.BILL_QUESTION


def test_a_subject_weighs_more_than_a_line() -> None:
    said = "Please look at this for me."
    assert read_mail("Password", said).confidence_percent > read_mail("", f"{said} Password").confidence_percent


def test_a_text_without_a_word_that_we_know_is_about_something_else_and_nobody_is_sure() -> None:
    for text in ("", "?", "请问安装费", "Regards", "\ud800\x00"):
        reading = read_mail("", text)
        assert (reading.intent, reading.confidence_percent, reading.words) == (Intent.OTHER, 0, ())


def test_hard_words_are_signs_whatever_the_mail_is_about() -> None:
    reading = read_mail("My bill", "Explain my bill. My late husband paid it; my solicitor will ask. URGENT!")
    assert reading.intent is Intent.BILL_QUESTION
    assert reading.signs[Sign.VULNERABLE] == ("late husband",)
    assert reading.signs[Sign.LEGAL] == ("solicitor",)
    assert reading.urgency is Urgency.HIGH


def test_a_complaint_is_one_with_its_own_words_as_the_sign() -> None:
    reading = read_mail("Hello", "Your adviser hung up on me. I wish to complain.")
    assert (reading.intent, reading.sentiment) == (Intent.COMPLAINT, Sentiment.NEGATIVE)
    assert Sign.COMPLAINT in reading.signs


def test_praise_can_wait_and_is_glad() -> None:
    reading = read_mail("Thank you", "Excellent service from Shanice, so helpful.")
    assert (reading.intent, reading.urgency, reading.sentiment) == (Intent.PRAISE, Urgency.LOW, Sentiment.POSITIVE)


def test_a_language_is_not_read_by_the_words_of_another() -> None:
    assert Sign.LEGAL not in read_mail("", "I am so sad to see that you have closed the shop in my street.").signs
    assert Sign.LEGAL in read_mail("", "Proszę o odpowiedź, nie jest to żart: sprawa idzie do sądu, sąd już wie.").signs


def test_a_reading_is_small_whatever_the_mail_holds() -> None:
    worst = " ".join(f"cancel my {word}" for word in ("complaint", "court", "urgent", "debt", "bill", "refund") * 300)
    assert len(read_mail(worst, worst).model_dump_json()) < 2_000


def test_what_stands_far_behind_is_not_read() -> None:
    assert read_mail("", "x " * MAX_READ + "cancel my contract").intent is Intent.OTHER


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Double-Charged again", ["double charg*"]), ("cancel it all now contract", ["cancel .. contract"]),
        ("cancel a b c d contract", []), ("résilié", ["resilie"]), ("I can’t pay", ["can't pay"]), ("cancelled", []),
    ],
)  # fmt: skip
def test_how_terms_are_found(text: str, found: list[str]) -> None:
    rows = {term: f"1 {term}" for term in ("double charg*", "cancel .. contract", "resilie", "can't pay")}
    assert [each.term.means for each in Terms(rows).find(words_of(text))] == found


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon.language)
def test_every_language_has_words_for_every_intent_and_sign_and_is_known_by_its_own(lexicon: object) -> None:
    assert lexicon in LEXICONS
    for each in LEXICONS:
        assert set(each.intents) == set(Intent)
        assert set(each.signs) == set(Sign)
        assert languages_of(words_of(each.common))[0] == each.language
