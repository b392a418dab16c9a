"""Terms to look for in a text. `3 double charg*, cancel .. contract` is a weight and two terms: `*` ends a word that
may go on, `..` stands for up to three other words.

Time grows with the length of the text alone: each word of it is looked up once, by its first letters, and a term is
only looked for where that word of it stands which the fewest others have."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
"""The same in text that is ASCII and lower case, found in half of the time."""
_KEY: Final = 2
"""Letters by which a word that may go on is looked up: the first word of such a term has no fewer."""
_REMEMBERED: Final = 2_000
"""Words of each vocabulary whose terms stay at hand."""
_GAP: Final = ".."
_BETWEEN: Final = 3
"""Words that a gap may hold."""
_PLAIN: Final = str.maketrans({"\u2019": "'", "ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe"})


class Word(NamedTuple):
    """A word folded, and where it stands in the text."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text, folded."""
    if text.isascii():
        return [Word(found.group(), found.start(), found.end()) for found in _ASCII_WORD.finditer(text.lower())]
    return [Word(folded(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


def texts_of(text: str) -> list[str]:
    """The words of a text, folded, without where they stand."""
    return _ASCII_WORD.findall(text.lower()) if text.isascii() else [*map(folded, _WORD.findall(text))]


@lru_cache(maxsize=2 * _REMEMBERED)
def folded(word: str) -> str:
    """Without case and accents: what people leave out on telephones."""
    plain = word.casefold()
    if plain.isascii():
        return plain
    plain = plain.translate(_PLAIN)
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))


@dataclass(frozen=True)
class Term(Generic[T]):
    """Words that follow each other, and what they speak for. `steps` are the word, whether it may go on, and how many
    others may come before it."""

    steps: tuple[tuple[str, bool, int], ...]
    weight: float
    means: T

    def ends(self, texts: Sequence[str], index: int) -> int | None:
        """Where the term ends that begins at `index`: the index behind it, or None when it does not stand there."""
        for text, goes_on, between in self.steps:
            stop = min(index + between + 1, len(texts)) if between else index + (index < len(texts))
            while index < stop and not (texts[index].startswith(text) if goes_on else texts[index] == text):
                index += 1
            if index >= stop:
                return None
            index += 1
        return index


@dataclass(frozen=True)
class Found(Generic[T]):
    """A term in a text: the indexes of its first word and behind its last."""

    term: Term[T]
    first: int
    behind: int


class _Place(NamedTuple, Generic[T]):
    """A term by one of its words: which of them it is, and where the term comes among those at one place."""

    at: int
    rank: tuple[bool, int]
    term: Term[T]

    @property
    def word(self) -> str:
        return self.term.steps[self.at][0]


@dataclass(frozen=True)
class Terms(Generic[T]):
    """The terms of a vocabulary: by meaning, rows of a weight and terms with commas between."""

    rows: Mapping[T, str] = field(hash=False)

    @cached_property
    def _by_word(self) -> tuple[Mapping[str, Sequence[_Place[T]]], Mapping[str, Sequence[_Place[T]]]]:
        """The terms by the word that tells of them, and by the first letters of one that may go on."""
        whole: dict[str, list[_Place[T]]] = defaultdict(list)
        going: dict[str, list[_Place[T]]] = defaultdict(list)
        terms = [
            Term(tuple(_steps(each)), weight, means)
            for means, text in self.rows.items()
            for weight, each in _terms(text)
        ]
        often = Counter(text for term in terms for text, _, _ in term.steps)
        for rank, term in enumerate(terms):
            near = _near(term.steps)
            at = min(range(near), key=lambda step: (often[term.steps[step][0]], -len(term.steps[step][0])))
            word, goes_on, _ = term.steps[at]
            place = _Place(at, (term.steps[0][1], rank), term)
            (going[word[:_KEY]] if goes_on else whole[word]).append(place)
        return dict(whole), dict(going)

    @cached_property
    def _told(self) -> Callable[[str], tuple[_Place[T], ...]]:
        """The terms that a word tells of; what is common in mails is looked up once."""
        whole, going = self._by_word

        def told(word: str) -> tuple[_Place[T], ...]:
            longer = (each for each in going.get(word[:_KEY], ()) if word.startswith(each.word))
            return (*whole.get(word, ()), *longer)

        return lru_cache(maxsize=_REMEMBERED)(told)

    def find(self, words: Sequence[Word]) -> list[Found[T]]:
        """Every term that stands in the words, in their order; of those at one place for one meaning the weightiest,
        then the longest."""
        return self.among([word.text for word in words])

    def among(self, texts: Sequence[str]) -> list[Found[T]]:
        """The same of words without their places."""
        found: list[tuple[int, tuple[bool, int], int, Term[T]]] = []
        for index, places in enumerate(map(self._told, texts)):
            for at, rank, term in places:
                first = index - at
                if first >= 0 and (behind := term.ends(texts, first)) is not None:
                    found.append((first, rank, behind, term))
        return _best(sorted(found, key=itemgetter(0, 1))) if found else []


def _near(steps: Sequence[tuple[str, bool, int]]) -> int:
    """How many words stand side by side before the first gap."""
    return next((at for at, (_, _, between) in enumerate(steps) if between), len(steps))


def _best(found: Iterable[tuple[int, tuple[bool, int], int, Term[T]]]) -> list[Found[T]]:
    best: dict[tuple[int, T], Found[T]] = {}
    for first, _, behind, term in found:
        other = best.get((first, term.means))
        if other is None or (other.term.weight, other.behind) < (term.weight, behind):
            best[first, term.means] = Found(term, first, behind)
    return list(best.values())


def _terms(text: str) -> Iterator[tuple[float, str]]:
    for row in filter(None, map(str.strip, text.split("\n"))):
        weight, _, named = row.partition(" ")
        for each in filter(None, map(str.strip, named.split(","))):
            yield float(weight), each


def _steps(term: str) -> Iterator[tuple[str, bool, int]]:
    between = 0
    for word in term.split():
        if word == _GAP:
            between = _BETWEEN
            continue
        yield folded(word.rstrip("*")), word.endswith("*"), between
        between = 0
