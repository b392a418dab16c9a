"""Whether a program speaks in the words of a mail, for where no header says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from typing import Final

from chalicelib.intake.classify.terms import Found, Terms, Word, texts_of, words_of
from chalicelib.intake.mail.machine_phrases import PHRASES, TITLES, WHOLE, Says

_READ: Final = 1_000
"""Characters: machines come to the point."""
_TITLE: Final = 200
_QUOTED: Final = re.compile(r"(?<!\w)'|[\"\u2018\u201c\u201e\u00ab]")
_A_PERSONS: Final = frozenset({Says.WISHES, Says.MATTERS})
_COUNTED: Final = dict.fromkeys(frozenset(Says) - _A_PERSONS, 2) | {Says.AWAY: 1}
"""How many phrases of a kind count at most."""
_OF_ABSENCE: Final = frozenset({Says.AWAY, Says.LATER, Says.INSTEAD})
"""What people tell of themselves more often than the rest."""
_SHORT: Final = 300
"""Characters in which a person would have come to a wish."""
_MONEY: Final = re.compile(
    r"[£€$]\s?\d|\d\s?(?:[£€$]|(?:euros?|eur|pounds?|gbp|usd|z[łl]|kč|kr|ft|chf)\b)", re.IGNORECASE
)
_LEAD: Final = 3
"""Words from the beginning of a sentence, with which a program says what it is."""
_BREAK: Final = re.compile(r"[.!?:;)\]*=_\n-]")
_QUESTION: Final = re.compile(r"\?(?![^\s\"')])|\uff1f")
"""Not the one in an address of the web."""
_OF_PROGRAMS: Final = Terms({says: rows for says, rows in PHRASES.items() if says not in _A_PERSONS})
_OF_PERSONS: Final = Terms({says: rows for says, rows in PHRASES.items() if says in _A_PERSONS})
_TITLES: Final = Terms({Says.TAKEN: TITLES})


def speaks_machine(subject: str, text: str, *, by_hand: bool) -> bool:
    """Whether the words are a program's: it says so itself, or it says several things together that programs say. A
    question or a matter of somebody's own is a person's, unless more speaks against it, and so is what was written
    `by_hand`, in somebody's mail program."""
    said = _programs_say(text[:_READ])
    if not said:
        return False
    of_machines = {says: min(len(phrases), _COUNTED[says]) for says, phrases in said.items()}
    titled = bool(_TITLES.among(texts_of(subject[:_TITLE])))
    persons = len(_persons_say(text[:_READ])) + (2 if by_hand and Says.SEEN not in said else 0)
    if of_machines.keys() <= _OF_ABSENCE:
        return sum(of_machines.values()) + titled >= 3 + persons or (not persons and _is_note(text, of_machines.keys()))
    return sum(of_machines.values()) + (Says.DECLARES in said) + titled >= 2 + persons


def _is_note(text: str, said: AbstractSet[Says]) -> bool:
    """Whether a text is short, speaks of no money, and says that somebody is away and until when or who is there."""
    return len(text) <= _SHORT and Says.AWAY in said and len(said) > 1 and not _MONEY.search(text)


def hints_at_machine(text: str) -> bool:
    """Whether anything is said that programs say."""
    return bool(_programs_say(text[:_READ]))


def speaks_person(text: str) -> bool:
    """Whether somebody wishes something, or writes of a matter of his own, and says nothing but that he is away of what
    programs say."""
    own = text[:_READ]
    return bool(_persons_say(own)) and not _programs_say(own).keys() - {Says.AWAY}


def _persons_say(own: str) -> set[Says]:
    said = {found.term.means for found in _OF_PERSONS.among(texts_of(own))}
    return said | {Says.WISHES} if _QUESTION.search(own) else said


def _programs_say(own: str) -> dict[Says, set[str]]:
    """What is said, and the phrases that say it."""
    said: dict[Says, set[str]] = defaultdict(set)
    every = _OF_PROGRAMS.among(texts_of(own))
    words = words_of(own) if every else []
    for found in every:
        if found.term.means is not Says.DECLARES or _is_own(own, words, found):
            said[found.term.means].add(own[words[found.first].start : words[found.behind - 1].end])
    for says, phrases in ({} if own.isascii() else WHOLE).items():
        said[says].update(phrase for phrase in phrases if phrase in own)
    return {says: phrases for says, phrases in said.items() if phrases}


def _is_own(text: str, words: list[Word], found: Found[Says]) -> bool:
    """Whether a program says it of its own mail: at the beginning of a sentence, for people say it of others'."""
    before = text[words[found.first - _LEAD].start if found.first >= _LEAD else 0 : words[found.first].start]
    return (found.first < _LEAD or _BREAK.search(before) is not None) and _QUOTED.search(before) is None
