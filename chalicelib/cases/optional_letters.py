"""Letters that a customer may do without: none leaves against their word, each bears the link that stops its like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.letters import Letter, LetterChannel
from chalicelib.accounts.preferences_model import Preferences, consent_for
from chalicelib.cases.letters import Words, with_unsubscribe
from chalicelib.cases.unsubscribing import OPTIONAL, refusal_of, token_of


@dataclass(frozen=True)
class OptionalLetters:
    """`preferences` are those of an account as they truly are; `api_url` is where the link leads, `key` signs it."""

    preferences: Callable[[str], Preferences]
    api_url: str
    key: bytes

    def refuses(self, letter: Letter) -> bool:
        """Whether the customer's word stands against it now: it may have been given after the letter was written. One
        read, none for what always may. Raises Unavailable."""
        if letter.purpose not in OPTIONAL:
            return False
        return not consent_for(self.preferences(letter.account_id), letter.purpose, letter.channel)

    def signed(self, letter: Letter, said: Words, at: datetime) -> Words:
        """What the letter of `at` says, with the link where it goes by mail; a letter of any other kind has none."""
        if letter.purpose not in OPTIONAL or letter.channel is not LetterChannel.MAIL:
            return said
        token = token_of(refusal_of(letter.account_id, letter.purpose, said.language, at), self.key)
        return with_unsubscribe(said, f"{self.api_url}/v1/unsubscriptions/{token}")
