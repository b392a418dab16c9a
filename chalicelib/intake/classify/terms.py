"""Terms to look for in a text. `3 double charg*, cancel .. contract` is a weight and two terms: `*` ends a word that
may go on, `..` stands for up to three other words.

Time grows with the length of the text alone: each word of it is looked up once, by its first letters."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
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
        return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text.lower())]
    return [Word(folded(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


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

    @property
    def follows(self) -> str:
        """What the word behind the first one begins with, "" for any."""
        return self.steps[1][0] if len(self.steps) > 1 and not self.steps[1][2] else ""

    def ends(self, words: Sequence[Word], index: int) -> int | None:
        """Where the term ends that begins at `index`: the index behind it, or None when it does not stand there."""
        for text, goes_on, between in self.steps:
            stop = min(index + between + 1, len(words))
            while index < stop and not _is(words[index].text, text, goes_on):
                index += 1
            if index >= stop:
                return None
            index += 1
        return index


def _is(word: str, text: str, goes_on: bool) -> bool:
    return word.startswith(text) if goes_on else word == text


@dataclass(frozen=True)
class Found(Generic[T]):
    """A term in a text: the indexes of its first word and behind its last."""

    term: Term[T]
    first: int
    behind: int


@dataclass(frozen=True)
class Terms(Generic[T]):
    """The terms of a vocabulary: by meaning, rows of a weight and terms with commas between."""

    rows: Mapping[T, str] = field(hash=False)

    @cached_property
    def _by_first(self) -> tuple[Mapping[str, Sequence[Term[T]]], Mapping[str, Sequence[Term[T]]]]:
        """The terms by their first word, and by the first letters of one that may go on."""
        whole: dict[str, list[Term[T]]] = defaultdict(list)
        going: dict[str, list[Term[T]]] = defaultdict(list)
        for means, text in self.rows.items():
            for weight, each in _terms(text):
                steps = tuple(_steps(each))
                first, goes_on, _ = steps[0]
                (going[first[:_KEY]] if goes_on else whole[first]).append(Term(steps, weight, means))
        return dict(whole), dict(going)

    @cached_property
    def _beginning(self) -> Callable[[str], tuple[tuple[str, Term[T]], ...]]:
        """The terms that may begin with a word, and what follows it then; what is common in mails is looked up once."""
        whole, going = self._by_first

        def beginning(word: str) -> tuple[tuple[str, Term[T]], ...]:
            longer = (term for term in going.get(word[:_KEY], ()) if word.startswith(term.steps[0][0]))
            return tuple((term.follows, term) for term in (*whole.get(word, ()), *longer))

        return lru_cache(maxsize=_REMEMBERED)(beginning)

    def find(self, words: Sequence[Word]) -> list[Found[T]]:
        """Every term that stands in the text, in the order of the text; of those at one place for one meaning the
        weightiest, then the longest."""
        found: list[Found[T]] = []
        texts = [*(word.text for word in words), ""]
        for index, near in enumerate(map(self._beginning, texts[:-1])):
            here: dict[T, Found[T]] = {}
            for follows, term in near:
                if not texts[index + 1].startswith(follows) or (behind := term.ends(words, index)) is None:
                    continue
                other = here.get(term.means)
                if other is None or (other.term.weight, other.behind) < (term.weight, behind):
                    here[term.means] = Found(term, index, behind)
            found.extend(here.values())
        return found


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
