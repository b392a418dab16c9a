"""How well mails are read, on labelled ones of our own writing by two writers (`labelled.jsonl`, `own_labelled.jsonl`):
precision and recall of each class, on both halves. `python -m tests.intake.figures` prints the tables of docs/mail.md.

Whoever changes the vocabularies or the lessons reads the tuned halves alone; of the held out ones nothing but these
figures is looked at, or they say nothing about mail that nobody saw."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.cases.reading import Intent, Reading, Sentiment, Sign, Urgency
from chalicelib.cases.routing import RoutingRules
from chalicelib.intake.classify.reader import read_mail

TUNED, HELD_OUT = "tuned", "held out"
OLD, OWN = "labelled.jsonl", "own_labelled.jsonl"
"""The first set, and one by another writer who saw neither the first nor the vocabularies."""
SIGNS: Final = (Sign.COMPLAINT, Sign.LEGAL, Sign.VULNERABLE)
Pair = tuple[Any, Any]
"""What the label says, and what was read."""


@dataclass(frozen=True)
class Labelled:
    """A mail with what its writer meant by it, and how it was read."""

    label: dict[str, Any]
    reading: Reading

    @property
    def pair(self) -> tuple[Intent, Intent]:
        return Intent(self.label["intent"]), self.reading.intent


@dataclass(frozen=True)
class Figure:
    """Precision and recall of one class that `count` mails have."""

    count: int
    precision: float
    recall: float


def half_of(mail_id: str) -> str:
    return HELD_OUT if hashlib.sha256(mail_id.encode()).digest()[0] % 2 else TUNED


def rows(name: str, half: str) -> list[dict[str, Any]]:
    """The labels of one half of a set, in one form."""
    found = map(json.loads, Path(__file__).with_name(name).read_text("utf-8").splitlines())
    signed = (
        {sign.value: sign.value in row["signs"] for sign in SIGNS} | row if "signs" in row else row for row in found
    )
    return [row for row in signed if half_of(row["id"]) == half]


def labelled(name: str, half: str) -> list[Labelled]:
    return [Labelled(row, read_mail(row["subject"], row["text"])) for row in rows(name, half)]


def figure(pairs: Iterable[Pair], label: object) -> Figure:
    found = Counter((meant == label, read == label) for meant, read in pairs)
    both, meant, read = (
        found[True, True],
        found[True, True] + found[True, False],
        found[True, True] + found[False, True],
    )
    return Figure(meant, both / (read or 1), both / (meant or 1))


def accuracy(pairs: Sequence[Pair]) -> float:
    return sum(bool(meant == read) for meant, read in pairs) / len(pairs)


def confident(mails: Sequence[Labelled]) -> list[Labelled]:
    """Those whose reading decides their queue by the policy that ships with the desk."""
    return [each for each in mails if each.reading.confidence_percent >= RoutingRules().confident_percent]


def _pairs(mails: Sequence[Labelled]) -> dict[str, tuple[list[Pair], Sequence[object]]]:
    """By what is read: the pairs, and the classes to show."""
    signs = {sign.value: [(each.label[sign.value], sign in each.reading.signs) for each in mails] for sign in SIGNS}
    return {
        "intent": ([each.pair for each in mails], list(Intent)),
        "urgency": ([(each.label["urgency"], each.reading.urgency) for each in mails], list(Urgency)),
        "sentiment": ([(each.label["sentiment"], each.reading.sentiment) for each in mails], list(Sentiment)),
        **{name: (pairs, [True]) for name, pairs in signs.items()},
    }


def main() -> None:
    for name in (OLD, OWN):
        for half in (TUNED, HELD_OUT):
            _print(f"{name}, {half}", labelled(name, half))


def _print(title: str, mails: Sequence[Labelled]) -> None:
    sure = confident(mails)
    print(f"\n{title}: {len(mails)} mails, right {accuracy([each.pair for each in mails]):.2f};", end=" ")
    print(f"confident in {len(sure)}, of these right {accuracy([each.pair for each in sure]):.2f}")
    for english in (True, False):
        part = [each.pair for each in mails if (each.label["language"] == "en") is english]
        print(f"{'English' if english else 'other languages'}: {len(part)} mails, right {accuracy(part):.2f}")
    for what, (pairs, classes) in _pairs(mails).items():
        for label in classes:
            shown = figure(pairs, label)
            print(f"| {what} | {label} | {shown.count} | {shown.precision:.2f} | {shown.recall:.2f} |")
    wrong = Counter(each.pair for each in mails if each.pair[0] != each.pair[1])
    print(", ".join(f"{meant} read as {read} {n}" for (meant, read), n in wrong.most_common(8)))


if __name__ == "__main__":
    main()
