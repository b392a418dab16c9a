"""Learns what words speak for, from labelled mails: `python -m tests.intake.learn` writes
`chalicelib/intake/classify/learned.txt`. Plain Python and no chance in it: the same mails give the same table.

Learned from are the tuned halves of the labelled mails, and `lessons.txt`: mails that were written to learn from, a row
each of language, intent, signs (c: complaint, h: urgent, v: vulnerable, l: legal) and words. The weights are those of a
multinomial logistic regression on top of what the vocabularies say."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chalicelib.cases.reading import Intent
from chalicelib.intake.classify import learned
from chalicelib.intake.classify.learned import grams
from chalicelib.intake.classify.reader import languages_of
from chalicelib.intake.classify.terms import words_of
from chalicelib.intake.classify.weighing import term_scores
from tests.intake.figures import OLD, OWN, TUNED, rows

TABLE: Final = Path(learned.__file__).with_name("learned.txt")
LESSONS: Final = Path(__file__).with_name("lessons.txt")
ROUNDS, RATE, DECAY = 20, 0.15, 0.005
RARE, WEAK = 2, 0.2
"""Mails that a pair of words is in at least, and the weight below which a gram is left out."""
Weights = dict[str, dict[Intent, float]]


@dataclass(frozen=True)
class Lesson:
    """A mail to learn from: what its terms say, its grams with their share, and what it is about."""

    key: str
    terms: dict[Intent, float]
    grams: dict[str, float]
    intent: Intent


def lesson(subject: str, text: str, intent: str) -> Lesson:
    words = words_of(f"{subject}\n{text}")
    in_subject = sum(word.start < len(subject) for word in words)
    terms, _ = term_scores(languages_of(words)[1], words, in_subject)
    shares = {gram.text: gram.share for gram in grams(words, in_subject)}
    return Lesson(hashlib.sha256(f"{subject}\n{text}".encode()).hexdigest(), terms, shares, Intent(intent))


def lessons() -> Iterator[Lesson]:
    for name in (OLD, OWN):
        yield from (lesson(row["subject"], row["text"], row["intent"]) for row in rows(name, TUNED))
    for line in LESSONS.read_text("utf-8").splitlines():
        _, intent, _, text = line.split("|")
        yield lesson("", text, intent)


def learn(from_: Sequence[Lesson]) -> Weights:
    """The weights of each gram, by steps that shrink as a gram is seen again (AdaGrad)."""
    known = Counter(gram for each in from_ for gram in each.grams)
    weights: Weights = {gram: dict.fromkeys(Intent, 0.0) for gram, count in known.items() if _counts(gram, count)}
    seen: dict[str, dict[Intent, float]] = defaultdict(lambda: dict.fromkeys(Intent, 0.01))
    for turn in range(ROUNDS):
        for each in sorted(from_, key=lambda one: hashlib.sha256(f"{turn}{one.key}".encode()).digest()):
            present = [(gram, share) for gram, share in each.grams.items() if gram in weights]
            chances = _chances(each, present, weights)
            for gram, share in present:
                for intent, weight in weights[gram].items():
                    slope = (chances[intent] - (intent is each.intent)) * share + DECAY * weight
                    seen[gram][intent] += slope * slope
                    weights[gram][intent] -= RATE * slope / math.sqrt(seen[gram][intent])
    return {gram: _centred(by) for gram, by in weights.items()}


def _counts(gram: str, count: int) -> bool:
    """Numbers are somebody's, and a pair that nobody else writes is a chance."""
    return (" " not in gram or count >= RARE) and not any(char.isdigit() for char in gram)


def _centred(by: dict[Intent, float]) -> dict[Intent, float]:
    """The same differences, around nothing: a word that speaks for none of them adds nothing."""
    mean = sum(by.values()) / len(by)
    return {intent: weight - mean for intent, weight in by.items()}


def _chances(each: Lesson, present: Sequence[tuple[str, float]], weights: Weights) -> dict[Intent, float]:
    scores = {
        intent: each.terms[intent] + sum(weights[gram][intent] * share for gram, share in present) for intent in Intent
    }
    most = max(scores.values())
    powers = {intent: math.exp(score - most) for intent, score in scores.items()}
    total = sum(powers.values())
    return {intent: power / total for intent, power in powers.items()}


def table(weights: Weights) -> str:
    """The rows of the table, in the order of the alphabet."""
    kept = {gram: {to: weight for to, weight in by.items() if abs(weight) >= WEAK} for gram, by in weights.items()}
    named = (
        (gram, ", ".join(f"{to} {weight:.2f}" for to, weight in sorted(by.items(), key=lambda one: -one[1])))
        for gram, by in sorted(kept.items()) if by
    )  # fmt: skip
    return "".join(f"{gram}: {added}\n" for gram, added in named)


def main() -> None:
    TABLE.write_text(table(learn(list(lessons()))), "utf-8")


if __name__ == "__main__":
    main()
