"""What a customer asked of us: formats, support, when and how to be reached, and what they agreed to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record


class Format(StrEnum):
    """How letters must be to be read. Welsh is a language; it stands here because customers ask for it here."""

    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    AUDIO = "audio"
    WELSH = "welsh"


class Channel(StrEnum):
    """A way to reach a customer."""

    MAIL = "mail"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"


class PartOfDay(StrEnum):
    """When a customer would rather be called."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class SupportKind(StrEnum):
    """What makes it harder for a customer to deal with us, as UK practice groups it."""

    HEARING = "hearing"
    SIGHT = "sight"
    MOBILITY = "mobility"
    MENTAL_HEALTH = "mental_health"
    FINANCIAL = "financial"
    BEREAVEMENT = "bereavement"
    LANGUAGE = "language"
    OTHER = "other"


HEALTH: Final = frozenset({SupportKind.HEARING, SupportKind.SIGHT, SupportKind.MOBILITY, SupportKind.MENTAL_HEALTH})
"""Health data, special by UK GDPR article 9: kept with the customer's express consent alone."""


class Source(StrEnum):
    """Whose word it is."""

    CUSTOMER = "customer"
    REPRESENTATIVE = "representative"
    ADVISOR = "advisor"


class SupportNeed(Record):
    """One need, from a day on, until a day where that is known. `note` is restricted: whoever serves the customer."""

    kind: SupportKind
    source: Source
    since_on: date
    until_on: date | None = None
    consent_to_record: bool
    note: str = ""
    recorded_at: Instant


class Consent(Record):
    """That one way for one purpose was allowed or declined; what nobody said anything about goes by `DEFAULTS`."""

    purpose: Purpose
    channel: Channel
    is_allowed: bool
    source: Source
    at: Instant


class ConsentEvent(Record):
    """What the history keeps of a change: `is_allowed` is None where what holds by default holds again."""

    event_id: str
    account_id: str
    purpose: Purpose
    channel: Channel
    is_allowed: bool | None = None
    source: Source
    at: Instant
    actor_name: str


LocalTime = Annotated[
    str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="Time of day where the customer is, HH:MM.", examples=["21:00"]),
]  # fmt: skip


class QuietHours(Record):
    """The hours in which a customer is not to be disturbed; they may pass midnight."""

    begins: LocalTime
    ends: LocalTime
    time_zone: str | None = Field(
        default=None, description="IANA name of where the customer is; null: where the desk bills.",
        examples=["Europe/London"],
    )  # fmt: skip

    def hold_at(self, clock_time: str) -> bool:
        """Whether HH:MM, where the customer is, is within them."""
        if self.begins <= self.ends:
            return self.begins <= clock_time < self.ends
        return clock_time >= self.begins or clock_time < self.ends


class Preferences(Record):
    """All of it, in the version of its last change; version 0 has never been told anything."""

    account_id: str
    formats: tuple[Format, ...] = ()
    support_needs: tuple[SupportNeed, ...] = ()
    consents: tuple[Consent, ...] = ()
    quiet_hours: QuietHours | None = None
    preferred_channel: Channel | None = None
    preferred_time: PartOfDay | None = None
    updated_at: Instant | None = None
    version: int = 0

    def needs_on(self, day: date) -> tuple[SupportNeed, ...]:
        """The needs that hold on a day."""
        return tuple(n for n in self.support_needs if n.since_on <= day and (n.until_on is None or day <= n.until_on))

    def consent(self, purpose: Purpose, channel: Channel) -> Consent | None:
        """What was said of this way for this purpose."""
        return next((c for c in self.consents if (c.purpose, c.channel) == (purpose, channel)), None)


SETTLED: Final = frozenset({Purpose.SECURITY})
"""What may always be sent, whatever was said: it protects the customer."""
DEFAULTS: Final = {Purpose.SERVICE: True, Purpose.COLLECTION: True, Purpose.EDUCATION: True, Purpose.MARKETING: False}
"""Whether a purpose is allowed where the customer said nothing: advertising asks first (PECR regulation 22)."""


def consent_for(preferences: Preferences, purpose: Purpose, channel: Channel | LetterChannel) -> bool:
    """Whether the customer may be reached so for this. Who was never asked has `Preferences(account_id=…)`."""
    if purpose in SETTLED:
        return True
    said = preferences.consent(purpose, Channel(channel.value))
    return said.is_allowed if said else DEFAULTS[purpose]


def unreachable(declined: Iterable[tuple[Purpose, Channel]]) -> list[Purpose]:
    """Purposes for which every way was declined though one must be left: bills and debts are told somehow."""
    closed = set(declined)
    needed = (Purpose.SERVICE, Purpose.COLLECTION)
    return [purpose for purpose in needed if all((purpose, channel) in closed for channel in Channel)]
