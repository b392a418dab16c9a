"""What comes in and what goes out of preferences."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from chalicelib.accounts.letters import Purpose
from chalicelib.accounts.preferences_model import (
    HEALTH,
    SETTLED,
    Channel,
    Format,
    LocalTime,
    PartOfDay,
    Preferences,
    QuietHours,
    Source,
    SupportKind,
    unreachable,
)
from chalicelib.platform.auth import Caller
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Input, View
from chalicelib.policy.permissions import Permission


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Note = Annotated[
    str, BeforeValidator(_stripped), StringConstraints(max_length=200), AfterValidator(hide_cards),
    Field(description="In the customer's words, for those who serve them: 200 characters at most."),
]  # fmt: skip


class NewSupportNeed(Input):
    """A need of the customer's. Health is recorded with express consent alone."""

    kind: SupportKind
    source: Source = Field(default=Source.CUSTOMER, description="Whose word it is; a customer's own is the customer's.")
    since_on: date | None = Field(default=None, description="The first day; today when left out.")
    until_on: date | None = Field(default=None, description="The last day, where it is known.")
    consent_to_record: bool = Field(description="Whether the customer agreed that it is written down.")
    note: Note = ""

    @model_validator(mode="after")
    def _may_be_kept(self) -> NewSupportNeed:
        if self.kind in HEALTH and not self.consent_to_record:
            raise ValueError("health is recorded with the customer's consent alone")
        if self.since_on and self.until_on and self.until_on < self.since_on:
            raise ValueError("it ends on its first day at the earliest")
        return self


class NewConsent(Input):
    """One way to be reached for one purpose, allowed or declined."""

    purpose: Purpose
    channel: Channel
    is_allowed: bool = Field(description="Whether the customer may be reached so for this.")
    source: Source = Field(default=Source.CUSTOMER, description="Whose word it is; a customer's own is the customer's.")

    @model_validator(mode="after")
    def _is_open(self) -> NewConsent:
        if self.purpose in SETTLED:
            raise ValueError(f"letters of {self.purpose} are always sent")
        return self


class NewQuietHours(Input):
    """The hours in which the customer is not to be disturbed; they may pass midnight."""

    begins: LocalTime
    ends: LocalTime
    time_zone: str | None = Field(
        default=None, max_length=64, description="IANA name of where the customer is; null: where the desk bills.",
        examples=["Europe/London"],
    )  # fmt: skip

    @model_validator(mode="after")
    def _exist(self) -> NewQuietHours:
        if self.begins == self.ends:
            raise ValueError("they begin and end at different times")
        try:
            _ = ZoneInfo(self.time_zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("there is no such time zone") from None
        return self


class NewPreferences(Input):
    """All preferences: what is left out holds no more."""

    formats: Annotated[tuple[Format, ...], Field(max_length=4)] = Field(
        default=(), description="How letters must be to be read."
    )
    support_needs: Annotated[tuple[NewSupportNeed, ...], Field(max_length=8)] = Field(
        default=(), description="One of a kind at most."
    )
    consents: Annotated[tuple[NewConsent, ...], Field(max_length=16)] = Field(
        default=(), description="One for each purpose and channel at most."
    )
    quiet_hours: NewQuietHours | None = None
    preferred_channel: Channel | None = Field(default=None, description="How the customer would rather be reached.")
    preferred_time: PartOfDay | None = Field(default=None, description="When the customer would rather be called.")

    @model_validator(mode="after")
    def _agree(self) -> NewPreferences:
        for name, keys in (
            ("formats", list(self.formats)),
            ("support_needs", [need.kind for need in self.support_needs]),
            ("consents", [(consent.purpose, consent.channel) for consent in self.consents]),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(f"the same stands twice in {name}")
        if closed := unreachable((each.purpose, each.channel) for each in self.consents if not each.is_allowed):
            raise ValueError(f"one way must be left for {' and '.join(closed)}")
        return self


class SupportNeedView(View):
    """A need of the customer's."""

    kind: SupportKind
    source: Source = Field(description="Whose word it is.")
    since_on: date
    until_on: date | None = Field(description="The last day, null where it is not known.")
    consent_to_record: bool = Field(description="Whether the customer agreed that it is written down.")
    note: str | None = Field(description="For those who serve the customer; null for others.")
    recorded_at: Instant


class ConsentView(View):
    """One way to be reached for one purpose, allowed or declined."""

    purpose: Purpose
    channel: Channel
    is_allowed: bool = Field(description="Whether the customer may be reached so for this.")
    source: Source = Field(description="Whose word it is.")
    at: Instant


class ConsentEventView(View):
    """What was said about a consent at some time."""

    event_id: str = Field(description="The desk's id of this entry.")
    purpose: Purpose
    channel: Channel
    is_allowed: bool | None = Field(description="Null: it was taken back, and what holds by default holds.")
    source: Source = Field(description="Whose word it was.")
    at: Instant
    actor_name: str


class PreferencesView(View):
    """All preferences of a customer."""

    formats: tuple[Format, ...] = Field(description="How letters must be to be read.")
    support_needs: tuple[SupportNeedView, ...] = Field(description="What makes it harder to deal with us.")
    consents: tuple[ConsentView, ...] = Field(
        description="What was said. Else service, collection and education are allowed, marketing is not; security "
        "letters are always sent."
    )
    quiet_hours: QuietHours | None
    preferred_channel: Channel | None = Field(description="How the customer would rather be reached.")
    preferred_time: PartOfDay | None = Field(description="When the customer would rather be called.")
    bill_limit: str = Field(description="Where the customer's limit on spending stands: an address of this API.")
    updated_at: Instant | None
    version: int = Field(description="Grows by one with each change; also the ETag. 0: never set.")


def preferences_view(found: Preferences, caller: Caller) -> PreferencesView:
    """With the notes for whoever may change preferences: the customer, and those who serve them."""
    plain = found.model_dump(exclude={"account_id", "support_needs"})
    sees = Permission.PREFERENCES_MANAGE in caller.permissions
    needs = tuple(
        SupportNeedView(**{**need.model_dump(), "note": need.note if sees else None}) for need in found.support_needs
    )
    limit = f"/v1/accounts/{found.account_id}/spending-limit"
    return PreferencesView(**plain, support_needs=needs, bill_limit=limit)
