"""Reads what a mail is about: the meanings of its words are weighed, and the words that decided are kept.

Deterministic: the same words are read the same way everywhere, and every conclusion can be shown to whoever asks. The
vocabularies of the languages that the text may be in are looked through. A term counts once however often it stands
there, in the subject half as much again, and a wish not at all right behind a denial."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chalicelib.cases.reading import Intent, Reading, Sentiment, Sign, Urgency
from chalicelib.intake.classify.lexicon import Lexicon
from chalicelib.intake.classify.terms import Found, Word, words_of
from chalicelib.intake.classify.words import LEXICONS

MAX_READ: Final = 6_000
"""Characters of the text that are read: what somebody wants stands at the beginning."""
_TITLE: Final = 500
"""Characters of the subject."""
UNKNOWN: Final = "und"
_IN_SUBJECT: Final = 1.5
_DOUBT: Final = 3.0
"""Weight of what was not said: a single weak hint convinces nobody."""
_SAID: Final = 2.0
"""Weight below which nothing was said: then it is about something else."""
_NEAR: Final = 0.6
"""A language counts with the best one from this share of its common words on."""
_TURNED: Final = frozenset({Intent.CANCELLATION, Intent.PRAISE, Intent.PLAN_CHANGE})
"""Wishes that a denial takes away; `do not recognise` and the like are terms of their own."""
_SHOWN, _SHOWN_CHARS = 5, 40
"""How many words are kept of a conclusion, and how much of each."""


def read_mail(subject: str, text: str) -> Reading:
    """What the mail wants, how it sounds and what a person has to see in it. Never raises; time grows with the length
    of what is read alone."""
    title = subject[:_TITLE]
    whole = f"{title}\n{text[:MAX_READ]}"
    words = words_of(whole)
    language, lexicons = _languages(words)
    in_subject = sum(word.start < len(title) for word in words)
    scores, decided = _weighed(_wishes(lexicons, words), in_subject)
    intent, confidence = _decided(scores)
    signs = _signs(lexicons, words, whole)
    if intent is Intent.COMPLAINT:
        signs.setdefault(Sign.COMPLAINT, _shown(decided[intent], words, whole))
    return Reading(
        intent=intent, confidence_percent=round(confidence * 100),
        words=_shown(decided.get(intent, ()) if confidence else (), words, whole),
        urgency=_urgency(intent, signs), sentiment=_sentiment(intent, signs, whole), language=language, signs=signs,
    )  # fmt: skip


def language_of(text: str) -> str:
    """The language whose everyday words the text has most of; `und` when it has fewer than two of any."""
    return _languages(words_of(text[:MAX_READ]))[0]


def _languages(words: Sequence[Word]) -> tuple[str, tuple[Lexicon, ...]]:
    """The language, and the vocabularies to look through: all of them when nothing tells."""
    counts = {lexicon: sum(word.text in lexicon.common_words for word in words) for lexicon in LEXICONS}
    best = max(LEXICONS, key=lambda lexicon: counts[lexicon])
    if counts[best] < 2:
        return UNKNOWN, LEXICONS
    return best.language, tuple(each for each in LEXICONS if counts[each] >= counts[best] * _NEAR)


def _wishes(lexicons: Sequence[Lexicon], words: Sequence[Word]) -> Iterator[Found[Intent]]:
    """The terms that speak for an intent, but those that are denied."""
    for lexicon in lexicons:
        for found in lexicon.intent_terms.find(words):
            denied = found.first > 0 and words[found.first - 1].text in lexicon.negation_words
            if not (denied and found.term.means in _TURNED):
                yield found


def _weighed(
    found: Iterator[Found[Intent]], in_subject: int
) -> tuple[Mapping[Intent, float], Mapping[Intent, list[Found[Intent]]]]:
    """How much speaks for each intent, and what does. One place speaks once for an intent: by its weightiest term."""
    counted: dict[tuple[Intent, object], Found[Intent]] = {}
    for each in found:
        counted.setdefault((each.term.means, each.term.steps), each)
    scores: dict[Intent, float] = defaultdict(float)
    decided: dict[Intent, list[Found[Intent]]] = defaultdict(list)
    for each in sorted(counted.values(), key=lambda one: (-one.term.weight, one.first)):
        means = each.term.means
        if any(other.first < each.behind and each.first < other.behind for other in decided[means]):
            continue
        scores[means] += each.term.weight * (_IN_SUBJECT if each.first < in_subject else 1)
        decided[means].append(each)
    return scores, decided


def _decided(scores: Mapping[Intent, float]) -> tuple[Intent, float]:
    """The weightiest intent, the first declared of equals, and its share beside the next one and the doubt."""
    best = max(Intent, key=lambda intent: scores.get(intent, 0.0))
    if scores.get(best, 0.0) < _SAID:
        return Intent.OTHER, 0.0
    following = max((score for intent, score in scores.items() if intent is not best), default=0.0)
    return best, scores[best] / (scores[best] + following + _DOUBT)


def _signs(lexicons: Sequence[Lexicon], words: Sequence[Word], text: str) -> dict[Sign, tuple[str, ...]]:
    said: dict[Sign, list[Found[Sign]]] = defaultdict(list)
    for lexicon in lexicons:
        for found in lexicon.sign_terms.find(words):
            said[found.term.means].append(found)
    return {sign: _shown(said[sign], words, text) for sign in Sign if sign in said}


def _shown(found: Sequence[Found[Intent]] | Sequence[Found[Sign]], words: Sequence[Word], text: str) -> tuple[str, ...]:
    """The words as they stand there, on one line, each once."""
    as_written = (text[words[each.first].start : words[each.behind - 1].end] for each in found)
    return tuple(dict.fromkeys(" ".join(said.split())[:_SHOWN_CHARS] for said in as_written))[:_SHOWN]


def _urgency(intent: Intent, signs: Mapping[Sign, tuple[str, ...]]) -> Urgency:
    if Sign.URGENT in signs:
        return Urgency.HIGH
    return Urgency.LOW if intent is Intent.PRAISE else Urgency.NORMAL


def _sentiment(intent: Intent, signs: Mapping[Sign, tuple[str, ...]], text: str) -> Sentiment:
    shouted = text.count("!!") + text.count("?!") + text.count("??")
    bad = len(signs.get(Sign.ANGRY, ())) + len(signs.get(Sign.COMPLAINT, ())) + shouted
    good = len(signs.get(Sign.GLAD, ())) * (2 if intent is Intent.PRAISE else 1)
    if intent is Intent.PRAISE and good >= bad:
        return Sentiment.POSITIVE
    return Sentiment.NEGATIVE if bad > good or intent is Intent.COMPLAINT else Sentiment.NEUTRAL
