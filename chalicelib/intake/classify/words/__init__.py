"""The words of each language, a file each. Data only: a new habit of writing is a new term in its row."""

from __future__ import annotations

from typing import Final

from chalicelib.intake.classify.lexicon import Lexicon
from chalicelib.intake.classify.words.dutch import DUTCH
from chalicelib.intake.classify.words.english import ENGLISH
from chalicelib.intake.classify.words.french import FRENCH
from chalicelib.intake.classify.words.german import GERMAN
from chalicelib.intake.classify.words.italian import ITALIAN
from chalicelib.intake.classify.words.polish import POLISH
from chalicelib.intake.classify.words.spanish import SPANISH
from chalicelib.intake.classify.words.welsh import WELSH

LEXICONS: Final[tuple[Lexicon, ...]] = (ENGLISH, WELSH, GERMAN, FRENCH, SPANISH, ITALIAN, DUTCH, POLISH)
