"""Records of use, as they come and as they are kept, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from chalicelib.billing.model import Subscription
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record, Version
from chalicelib.platform.money import Minor
from chalicelib.subscriptions.offer import Offer
from chalicelib.usage.categories import Category, Unit
from chalicelib.usage.counters import Cell, Stretch


class NewUsage(Record):
    """A record as a network tells it. A higher version replaces the one before; so does a record of another id that
    names the first one in `corrects`."""

    record_id: str
    subscription_id: str
    category: Category
    quantity: int = Field(ge=0)
    unit: Unit
    happened_at: Instant
    version: Version = 1
    corrects: str | None = None

    @property
    def root_id(self) -> str:
        """The record that it is, or that it replaces."""
        return self.corrects or self.record_id


class UsageRecord(Record):
    """The newest version of a record, where it is counted, and what it made of the charges when it came: `charge_minor`
    before tax, of which `billed_minor` is billed. These add up to the charges of the period. `policy_version` is the
    policy of use that it was taken by."""

    root_id: str
    record_id: str
    version: Version
    account_id: str
    subscription_id: str
    category: Category
    quantity: int
    happened_at: Instant
    recorded_at: Instant
    month: str
    starts_on: date
    era: str
    charge_minor: Minor = 0
    billed_minor: Minor = 0
    is_late: bool = False
    policy_version: str = ""

    @property
    def cell(self) -> Cell:
        """The counter that it is in."""
        return Cell(Stretch(self.subscription_id, self.starts_on), self.era, self.category)

    def says(self, new: NewUsage) -> bool:
        """Whether this is what the other one tells."""
        own = (self.record_id, self.category, self.quantity, self.happened_at)
        return own == (new.record_id, new.category, new.quantity, new.happened_at)


class Outcome(StrEnum):
    """What became of a record."""

    COUNTED = "counted"
    CORRECTED = "corrected"  # it replaced an earlier version
    REPEATED = "repeated"  # it was counted before
    OLDER = "older"  # a later version came before it
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a record was not taken."""

    UNKNOWN_SUBSCRIPTION = "unknown_subscription"
    OTHER_SUBSCRIPTION = "other_subscription"  # a correction stays with its subscription
    OTHER_RECORD = "other_record"  # the same id and version told something else before
    WRONG_UNIT = "wrong_unit"
    IN_FUTURE = "in_future"
    TOO_OLD = "too_old"


@dataclass(frozen=True)
class Answer:
    """What became of a record; `record` as it stands when it was taken."""

    outcome: Outcome
    record: UsageRecord | None = None
    refusal: Refusal | None = None


class UsageMoved(Exception):
    """Something of the account was changed meanwhile: read it again and decide again."""


class Subscribed(Protocol):
    """Who takes what."""

    def accounts_of(self, subscription_ids: Iterable[str]) -> dict[str, str]:
        """The accounts of those subscriptions that are known. One round trip."""
        ...

    def of_account(self, account_id: str) -> Sequence[Subscription]:
        """All subscriptions of the account. One round trip for each hundred."""
        ...


class Offers(Protocol):
    """What is sold."""

    def named(self, codes: Iterable[str]) -> dict[str, Offer]:
        """Those of these offers that there are, by code. One round trip."""
        ...

    def sold(self, service: str) -> Sequence[Offer]:
        """All plans of a service that new customers may take."""
        ...
