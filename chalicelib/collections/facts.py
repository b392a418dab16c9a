"""What the interlock goes by, read as it truly is: the account, its holds and wishes, what it owes, what is disputed or
on a plan, and what it was asked already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from chalicelib.accounts.contact import ContactDetail, Role, contact_points, mail_for
from chalicelib.accounts.holds import AccountHolds, disputed_minor
from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.accounts.preferences_model import Preferences, consent_for
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.collections.coming import TakenPayments, coming
from chalicelib.collections.ladder import Ladder
from chalicelib.collections.model import Facts, Form, Owing, Reach
from chalicelib.collections.policy import CollectionRules
from chalicelib.collections.store import CollectionStore
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Record, takes_mail
from chalicelib.platform.money import Currency


class Disputes(Protocol):
    """Whoever knows of disputed amounts beside the holds."""

    def disputed(self, owed: Receivables) -> Mapping[str, int]:
        """By invoice, how much of it is disputed now, in minor units. Raises Unavailable."""
        ...


class Shield(Protocol):
    """Whoever knows of payment plans."""

    def shielded(self, account_id: str) -> Mapping[str, int]:
        """By invoice, how much of it is on a plan that is kept, in minor units. Raises Unavailable."""
        ...

    def ever_shielded(self, account_id: str) -> AbstractSet[str]:
        """The invoices that are or were on a plan. Raises Unavailable."""
        ...


class StopsMail(Protocol):
    """Whoever knows where mail must not go any more."""

    def is_stopped(self, address: str) -> bool:
        """One read. Raises Unavailable."""
        ...


class _Postal(Record):
    country: str = ""


class Customer(Record):
    """What collection needs of an account's head."""

    account_id: str
    currency: Currency
    status: str = "active"
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    contact_details: dict[str, ContactDetail] = Field(default_factory=dict)
    billing_address: _Postal = _Postal()

    def address(self, channel: LetterChannel) -> str | None:
        """Where letters about bills go; None when they can go nowhere."""
        if channel is LetterChannel.SMS:
            return self.phones[0] if self.phones else None
        found = mail_for(Role.BILLING, contact_points(self.emails, self.phones, self.contact_details))
        return found if found and takes_mail(found) else None

    def is_verified(self, address: str | None) -> bool:
        known = self.contact_details.get(address or "")
        return known is not None and known.verified_at is not None


@dataclass(frozen=True)
class Standing:
    """All that is known of an account at one moment; `disputed`, `covered` and `coming` are minor units by
    invoice."""

    customer: Customer
    ladder: Ladder
    holds: AccountHolds
    preferences: Preferences
    owed: Receivables
    disputed: Mapping[str, int]
    covered: Mapping[str, int]
    asked_at: tuple[datetime, ...]
    coming: Mapping[str, int] = field(default_factory=dict)

    def owing(self, invoice_id: str, today: date) -> Owing:
        """What is due of an invoice, up to what the account owes at all: standing credit is not asked for again."""
        due = min(self.owed.due_minor(invoice_id), max(0, self.owed.balance_minor))
        disputed = disputed_minor(self.holds.holds, invoice_id, due, today) + self.disputed.get(invoice_id, 0)
        covered = self.covered.get(invoice_id, 0)
        return Owing(due, min(due, disputed), min(due, covered), min(due, self.coming.get(invoice_id, 0)))

    def reach(self, channel: LetterChannel, to: str | None) -> Reach:
        """`to` is an address other than the account's own for bills."""
        address = to or self.customer.address(channel)
        agreed = consent_for(self.preferences, Purpose.COLLECTION, channel)
        return Reach(address, self.customer.is_verified(address), agreed)


@dataclass(frozen=True)
class FactsReader:
    """`zone` is where the desk bills."""

    store: CollectionStore
    billing: BillingStore
    disputes: tuple[Disputes, ...]
    shields: tuple[Shield, ...]
    zone: ZoneInfo
    payments: TakenPayments | None = None
    stops: StopsMail | None = None

    def ladder(self, account_id: str) -> Ladder | None:
        """The state alone, None for an account that is not there. One round trip."""
        items = self.store.summary(account_id)
        return _ladder(account_id, items.get("COLLECTION")) if "HEAD" in items else None

    def standing(self, account_id: str) -> Standing:
        """Four round trips, and what disputes and plans need. Raises NotFound.

        Payments are read before the ledger: one that is booked in between is seen twice rather than not at all."""
        items = self.store.summary(account_id)
        if "HEAD" not in items:
            raise NotFound("There is no account with this id.")
        taken = self.payments.on_its_way(account_id) if self.payments else []
        owed = self.billing.receivables(account_id, consistent=True)
        none = {"account_id": account_id}
        return Standing(
            customer=Customer.model_validate(items["HEAD"]),
            ladder=_ladder(account_id, items.get("COLLECTION")),
            holds=AccountHolds.model_validate(items.get("HOLDS", none)),
            preferences=Preferences.model_validate(items.get("PREFS", none)),
            owed=owed,
            disputed=_added(each.disputed(owed) for each in self.disputes) if owed.open_invoices else {},
            covered=_added(each.shielded(account_id) for each in self.shields) if owed.open_invoices else {},
            asked_at=tuple(each.at for each in self.store.asked(account_id) if each.form is Form.LETTER),
            coming=coming(owed, taken),
        )

    def facts(
        self, known: Standing, invoice_id: str | None, channel: LetterChannel, rules: CollectionRules, now: datetime,
        to: str | None = None,
    ) -> Facts:  # fmt: skip
        """What a verdict about this invoice goes by; `invoice_id` None for what is about no single one. One read where
        it would go by mail. Raises Unavailable."""
        country, quiet = known.customer.billing_address.country, known.preferences.quiet_hours
        named = (quiet and quiet.time_zone) or rules.zones.get(country)
        zone = ZoneInfo(named) if named else self.zone
        today, local = now.astimezone(self.zone).date(), now.astimezone(zone).date()
        owing = min((known.owing(invoice_id, day) for day in (today, local)), key=_free) if invoice_id else None
        return Facts(
            now=now, today=today, is_open=known.customer.status == "active", holds=known.holds.holds, owing=owing,
            reach=self._reach(known, channel, to), asked_at=known.asked_at, quiet=quiet, zone=zone, country=country,
        )  # fmt: skip

    def _reach(self, known: Standing, channel: LetterChannel, to: str | None) -> Reach:
        found = known.reach(channel, to)
        if self.stops is None or channel is not LetterChannel.MAIL or found.address is None:
            return found
        return replace(found, is_stopped=self.stops.is_stopped(found.address))


def _free(owing: Owing) -> int:
    return owing.free_minor


def _ladder(account_id: str, item: dict[str, object] | None) -> Ladder:
    return Ladder.model_validate(item) if item else Ladder(account_id=account_id)


def _added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for invoice_id, minor in part.items():
            total[invoice_id] = total.get(invoice_id, 0) + minor
    return total
