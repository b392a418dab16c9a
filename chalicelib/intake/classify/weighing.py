"""What a mail asks for: the terms of the vocabularies and the learned words are added up for each intent."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.cases.reading import Intent
from chalicelib.intake.classify.learned import LEARNED, grams
from chalicelib.intake.classify.lexicon import Lexicon
from chalicelib.intake.classify.terms import Found, Word

TERM_WEIGHT: Final = 0.5
"""What a term's weight counts beside the learned ones, and at most `MOST_TERMS` of it for an intent: a long mail does
not say more because it says it often."""
MOST_TERMS: Final = 12.0
_IN_SUBJECT: Final = 1.5
_DOUBT: Final = 1.0
"""How much speaks for what nobody has thought of."""
_CAUTION: Final = 1.4
"""By how much differences count less than they counted in the mails that were learned from."""
_RIVAL: Final = 2.0
"""How much the second best intent counts: what two intents claim is rather for a person."""
_SAID: Final = 0.8
"""Below it nothing was said: then it is about something else."""
_TURNED: Final = frozenset({Intent.CANCELLATION, Intent.PRAISE, Intent.PLAN_CHANGE})
"""Wishes that a denial takes away; `do not recognise` and the like are terms of their own."""
_TELLING, _LETTERS = 0.4, 5
"""Words that speak less for the intent, or have fewer letters, count and are not shown."""


@dataclass(frozen=True)
class Place:
    """Words that speak for an intent, by their indexes, and how much they do."""

    weight: float
    first: int
    behind: int


@dataclass(frozen=True)
class Wish:
    """What is asked for, how sure that is (0 to 1), and the places that say so, the weightiest first."""

    intent: Intent
    confidence: float
    places: tuple[Place, ...] = ()


def wish_of(lexicons: Sequence[Lexicon], words: Sequence[Word], in_subject: int) -> Wish:
    """What the words ask for; the first `in_subject` of them are the subject's."""
    scores, places = term_scores(lexicons, words, in_subject)
    for gram in grams(words, in_subject):
        for intent, weight in LEARNED.get(gram.text, ()):
            scores[intent] += weight * gram.share
            if weight * gram.share >= _TELLING and len(gram.text) >= _LETTERS:
                places[intent].append(Place(weight * gram.share, gram.first, gram.behind))
    best = max(Intent, key=lambda intent: scores[intent])
    if scores[best] < _SAID:
        return Wish(Intent.OTHER, 0.0)
    following = max(score for intent, score in scores.items() if intent is not best)
    rival, doubt = (math.exp((score - scores[best]) / _CAUTION) for score in (following, _DOUBT))
    return Wish(best, 1 / (1 + _RIVAL * rival + doubt), tuple(_apart(places[best])))


def term_scores(
    lexicons: Sequence[Lexicon], words: Sequence[Word], in_subject: int
) -> tuple[dict[Intent, float], Mapping[Intent, list[Place]]]:
    """How much the terms speak for each intent, and where. A term counts once, in the subject half as much again; one
    place speaks once for an intent: by its weightiest term."""
    counted: dict[tuple[Intent, object], Found[Intent]] = {}
    for each in _wishes(lexicons, words):
        counted.setdefault((each.term.means, each.term.steps), each)
    scores: dict[Intent, float] = dict.fromkeys(Intent, 0.0)
    places: dict[Intent, list[Place]] = defaultdict(list)
    for each in sorted(counted.values(), key=lambda one: (-one.term.weight, one.first)):
        said = places[each.term.means]
        if not any(other.first < each.behind and each.first < other.behind for other in said):
            weight = each.term.weight * (_IN_SUBJECT if each.first < in_subject else 1)
            scores[each.term.means] += weight
            said.append(Place(weight * TERM_WEIGHT, each.first, each.behind))
    return {intent: min(score, MOST_TERMS) * TERM_WEIGHT for intent, score in scores.items()}, places


def _wishes(lexicons: Sequence[Lexicon], words: Sequence[Word]) -> Iterator[Found[Intent]]:
    """The terms that speak for an intent, but those that are denied."""
    for lexicon in lexicons:
        for found in lexicon.intent_terms.find(words):
            denied = found.first > 0 and words[found.first - 1].text in lexicon.negation_words
            if not (denied and found.term.means in _TURNED):
                yield found


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    """Those that do not overlap, the weightiest first."""
    kept: list[Place] = []
    for each in sorted(places, key=lambda one: (-one.weight, one.first)):
        if not any(other.first < each.behind and each.first < other.behind for other in kept):
            kept.append(each)
            yield each
