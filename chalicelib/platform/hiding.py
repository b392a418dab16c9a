"""Card numbers out of whatever a caller sends: one place for every text of every door, so that none is forgotten."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from chalicelib.platform.cards import hide_cards
from chalicelib.platform.errors import TooLarge

LONGEST: Final = 50_000
"""Characters of one text: a search of more could take as long as a caller waits."""
_ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w.-]{1,255}")
T = TypeVar("T")


def hidden(value: T) -> T:
    """The same value with the card numbers hidden in each text of it, in names of fields too. A mail address and
    a ForeignId stay: a changed one would be another's. Raises TooLarge for a text that is too long to be searched."""
    changed: Any = _hidden(value)
    return value if changed == value else changed


def fingerprint(body: bytes) -> str:
    """SHA-256 of a body, in which nobody can find a card number by trying all there are: it counts without it."""
    try:
        given = json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return hashlib.sha256(body).hexdigest()
    counted = hidden(given)
    return hashlib.sha256(body if counted is given else json.dumps(counted).encode()).hexdigest()


def _hidden(value: Any) -> Any:
    if type(value) is str:
        return _text(value)
    if isinstance(value, BaseModel):
        parts = ((name, part, hidden(part)) for name, part in value)
        return value.model_copy(update={name: new for name, old, new in parts if new is not old})
    if isinstance(value, dict):
        return {hidden(name): hidden(part) for name, part in value.items()}
    return type(value)(map(hidden, value)) if type(value) in {list, tuple, set, frozenset} else value


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise TooLarge(f"A text may have {LONGEST} characters.", limit_characters=LONGEST)
    return text if _ADDRESS.fullmatch(text) else hide_cards(text)
