"""Reads what a mail is about: the meanings of its words are weighed, and the words that decided are kept.

Deterministic: the same words are read the same way everywhere, and every conclusion can be shown to whoever asks. The
vocabularies of the languages that the text may be in are looked through; what words speak for by experience is added
(`weighing.py`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.cases.reading import Intent, Reading, Sentiment, Sign, Urgency
from chalicelib.intake.classify.lexicon import Lexicon
from chalicelib.intake.classify.terms import Found, Word, words_of
from chalicelib.intake.classify.weighing import Place, wish_of
from chalicelib.intake.classify.words import LEXICONS

MAX_READ: Final = 6_000
"""Characters of the text that are read: what somebody wants stands at the beginning."""
_TITLE: Final = 500
"""Characters of the subject."""
UNKNOWN: Final = "und"
_NEAR: Final = 0.6
"""A language counts with the best one from this share of its common words on."""
_DISCONTENT: Final = frozenset({Intent.COMPLAINT, Intent.DISPUTE})
"""Who says that a charge is wrong is not content, however polite the words."""
_SHOWN, _SHOWN_CHARS = 5, 40
"""How many words are kept of a conclusion, and how much of each."""


def read_mail(subject: str, text: str) -> Reading:
    """What the mail wants, how it sounds and what a person has to see in it. Never raises; time grows with the length
    of what is read alone."""
    title = subject[:_TITLE]
    whole = f"{title}\n{text[:MAX_READ]}"
    words = words_of(whole)
    language, lexicons = languages_of(words)
    wish = wish_of(lexicons, words, sum(word.start < len(title) for word in words))
    signs = _signs(lexicons, words, whole)
    said = _shown(wish.places, words, whole)
    if wish.intent in _DISCONTENT:
        signs.setdefault(Sign.COMPLAINT, said)
    return Reading(
        intent=wish.intent, confidence_percent=round(wish.confidence * 100), words=said,
        urgency=_urgency(wish.intent, signs), sentiment=_sentiment(wish.intent, signs, whole), language=language,
        signs=signs,
    )  # fmt: skip


def languages_of(words: Sequence[Word]) -> tuple[str, tuple[Lexicon, ...]]:
    """The language whose everyday words there are most of, `und` with fewer than two of any, and the vocabularies to
    look through: all of them when nothing tells."""
    counts = {lexicon: sum(word.text in lexicon.common_words for word in words) for lexicon in LEXICONS}
    best = max(LEXICONS, key=lambda lexicon: counts[lexicon])
    if counts[best] < 2:
        return UNKNOWN, LEXICONS
    return best.language, tuple(each for each in LEXICONS if counts[each] >= counts[best] * _NEAR)


def _signs(lexicons: Sequence[Lexicon], words: Sequence[Word], text: str) -> dict[Sign, tuple[str, ...]]:
    said: dict[Sign, list[Found[Sign]]] = defaultdict(list)
    for lexicon in lexicons:
        for found in lexicon.sign_terms.find(words):
            said[found.term.means].append(found)
    return {sign: _shown(said[sign], words, text) for sign in Sign if sign in said}


def _shown(found: Sequence[Place] | Sequence[Found[Sign]], words: Sequence[Word], text: str) -> tuple[str, ...]:
    """The words as they stand there, on one line, each once."""
    as_written = (text[words[each.first].start : words[each.behind - 1].end] for each in found)
    return tuple(dict.fromkeys(" ".join(said.split())[:_SHOWN_CHARS] for said in as_written))[:_SHOWN]


def _urgency(intent: Intent, signs: Mapping[Sign, tuple[str, ...]]) -> Urgency:
    # Who is threatened with the law, or threatens, and is ill or in need, cannot wait either.
    if Sign.URGENT in signs or {Sign.LEGAL, Sign.VULNERABLE} <= signs.keys():
        return Urgency.HIGH
    return Urgency.LOW if intent is Intent.PRAISE else Urgency.NORMAL


def _sentiment(intent: Intent, signs: Mapping[Sign, tuple[str, ...]], text: str) -> Sentiment:
    shouted = text.count("!!") + text.count("?!") + text.count("??")
    bad = len(signs.get(Sign.ANGRY, ())) + len(signs.get(Sign.COMPLAINT, ())) + shouted
    good = len(signs.get(Sign.GLAD, ())) * (2 if intent is Intent.PRAISE else 1)
    if intent is Intent.PRAISE and good >= bad:
        return Sentiment.POSITIVE
    return Sentiment.NEGATIVE if bad > good or intent is Intent.COMPLAINT else Sentiment.NEUTRAL
