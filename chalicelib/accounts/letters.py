"""Letters to a customer that are not about one payment: what any domain may send, and who takes it.

A domain says which letter, to which account, and with which facts; the words stand in a template of that name, in
the customer's language. Whether a letter about a debt may leave at all is not for its writer to say: the post asks.
Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol

from pydantic import Field, model_validator

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency

SPOKEN: Final = ("_minor", "_on", "_at")
"""Facts whose name ends so are an amount in minor units, an ISO 8601 day, an RFC 3339 instant; letters speak them."""


class Purpose(StrEnum):
    """Why we write. Service and security letters always may; the others go by holds and consents."""

    SERVICE = "service"
    SECURITY = "security"
    COLLECTION = "collection"  # asks for money that is late: passes the interlock of collections
    EDUCATION = "education"
    MARKETING = "marketing"


class LetterChannel(StrEnum):
    """How a letter travels."""

    MAIL = "mail"
    SMS = "sms"


Value = str | int
Row = dict[str, Value]


class Letter(Record):
    """One letter. The same name, object and occasion to the same place are the same letter, sent once.

    `name` is that of its template, such as `identity/code`. `to` is an address (mail, or E.164 for SMS) other than the
    account's first one, `also` more of the same kind that get the same letter; `facts` and each of `rows` are the
    words, see SPOKEN. A `secret` letter is not kept as it was sent."""

    name: str = Field(pattern=r"^[a-z]+/[a-z_]+$")
    object_id: str
    occasion: str = ""
    account_id: str
    at: Instant
    purpose: Purpose = Purpose.SERVICE
    channel: LetterChannel = LetterChannel.MAIL
    to: str | None = None
    also: tuple[str, ...] = ()
    currency: Currency | None = None
    facts: dict[str, Value] = Field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    secret: bool = False

    @property
    def letter_id(self) -> str:
        """What makes a repeat a repeat."""
        return f"{self.name}:{self.channel}:{self.to or ''}:{self.object_id}:{self.occasion}"

    @model_validator(mode="after")
    def _complete(self) -> Letter:
        named = {name for row in (self.facts, *self.rows) for name in row}
        if self.currency is None and any(name.endswith("_minor") for name in named):
            raise ValueError("an amount needs its currency")
        if self.channel is LetterChannel.SMS and self.to is None:
            raise ValueError("a text message needs its number")
        return self


class Post(Protocol):
    """Whoever sends letters."""

    def send(self, letter: Letter) -> bool:
        """Queue it, once: False for a repeat. One write. Raises Unavailable; send it again then."""
        ...
