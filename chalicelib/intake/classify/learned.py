"""What words speak for by experience: learned once from labelled mails of our own writing (`tests/intake/learn.py`),
looked up when a mail is read. The table is text that anybody can read: a word, or two that follow each other, each by
its first letters, and what it adds for each intent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from chalicelib.cases.reading import Intent
from chalicelib.intake.classify.terms import Word

STEM: Final = 6
"""Letters of a word that are looked at: so `cancelled` and `cancellation` are one."""
_PAIR: Final = 0.7
_TITLE: Final = 1.5
"""What two words count, and a word of the subject, beside a word of the text."""


class Gram(NamedTuple):
    """A word or a pair: its letters, how much it counts, the indexes of its first word and behind its last."""

    text: str
    share: float
    first: int
    behind: int


def grams(words: Sequence[Word], in_subject: int) -> Iterator[Gram]:
    """Each word and each pair of the text once, where it stands first."""
    stems = [word.text[:STEM] for word in words]
    seen = set[str]()
    for index, stem in enumerate(stems):
        if stem not in seen:
            seen.add(stem)
            yield Gram(stem, _TITLE if index < in_subject else 1.0, index, index + 1)
        pair = f"{stems[index - 1]} {stem}" if index else stem
        if pair not in seen:
            seen.add(pair)
            yield Gram(pair, _PAIR, index - 1, index + 1)


def _read(text: str) -> Iterator[tuple[str, tuple[tuple[Intent, float], ...]]]:
    """Rows such as `cancel my: cancellation .62, payment -.21`."""
    for row in text.splitlines():
        gram, _, added = row.partition(": ")
        pairs = (each.split(" ") for each in added.split(", "))
        yield gram, tuple((Intent(intent), float(weight)) for intent, weight in pairs)


_TABLE: Final = Path(__file__).with_name("learned.txt")
LEARNED: Final[Mapping[str, tuple[tuple[Intent, float], ...]]] = dict(_read(_TABLE.read_text("utf-8")))
