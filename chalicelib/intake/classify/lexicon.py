"""What a language brings: its words for each intent and sign, those that every text of it has, and those that deny."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chalicelib.cases.reading import Intent, Sign
from chalicelib.intake.classify.terms import Terms, folded


@dataclass(frozen=True)
class Lexicon:
    """`language` is BCP 47. Of `intents` and `signs` a row is a weight and terms (see `terms.py`): 4 says it alone, 3
    nearly, 2 is a strong hint, 1 a weak one. `common` are the words by which the language is known, `negations` those
    that turn the term right behind them round."""

    language: str
    intents: Mapping[Intent, str] = field(hash=False)
    signs: Mapping[Sign, str] = field(hash=False)
    common: str
    negations: str

    @cached_property
    def intent_terms(self) -> Terms[Intent]:
        return Terms(self.intents)

    @cached_property
    def sign_terms(self) -> Terms[Sign]:
        return Terms(self.signs)

    @cached_property
    def common_words(self) -> frozenset[str]:
        return frozenset(map(folded, self.common.split()))

    @cached_property
    def negation_words(self) -> frozenset[str]:
        return frozenset(map(folded, self.negations.split()))
