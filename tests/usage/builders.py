"""A mobile plan, its records of use, and the services of use on a table, with doubles that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.accounts.letters import Letter, LetterChannel
from chalicelib.audit.model import Actor
from chalicelib.billing.model import Subscription
from chalicelib.platform.dynamo import Table
from chalicelib.policy.model import Ruling, initial
from chalicelib.subscriptions.offer import Allowance, Offer, OfferKind, OutOfBundle
from chalicelib.usage.categories import MEGABYTE, Category
from chalicelib.usage.control import BEGINNING, Control, Plan
from chalicelib.usage.model import NewUsage
from chalicelib.usage.policy import USAGE, UsageRules
from chalicelib.usage.rulebook import Rulebook
from chalicelib.usage.service import Usage
from chalicelib.usage.spending import Spending
from chalicelib.usage.store import UsageStore
from chalicelib.usage.tariff import Tariff, tariff_of
from chalicelib.usage.telling import AlertLetters
from tests.billing.builders import a_subscription
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADVISOR = Actor("sub-advisor", "advisor.one")
GB = 1024 * MEGABYTE


def an_offer(code: str = "MOB-5GB", **changes: Any) -> Offer:
    """5 GB, 1,000 minutes and endless texts for 10.00; a GB more is 2.00, a minute 0.10, premium 1.50 a minute."""
    fields: dict[str, Any] = {
        "code": code, "name": "Mobile 5 GB", "description": "A SIM with 5 GB.", "service": "mobile",
        "currency": "GBP", "monthly_minor": 1000, "tax_rate_bp": 2000,
        "allowances": (
            Allowance(measure="data_mb", amount=5 * 1024), Allowance(measure="voice_s", amount=60_000),
            Allowance(measure="texts"),
        ),
        "out_of_bundle": (
            OutOfBundle(measure="data_mb", per=1024, price_minor=200),
            OutOfBundle(measure="voice_s", per=60, price_minor=10),
            OutOfBundle(measure="roaming_data_mb", per=1, price_minor=5),
            OutOfBundle(measure="premium_voice_s", per=60, price_minor=150),
        ),
    }  # fmt: skip
    return Offer(**{**fields, **changes})


def an_addon(code: str = "DATA-2GB", **changes: Any) -> Offer:
    fields: dict[str, Any] = {
        "kind": OfferKind.ADDON, "name": "2 GB more", "monthly_minor": 300, "out_of_bundle": (),
        "allowances": (Allowance(measure="data_mb", amount=2048),),
    }  # fmt: skip
    return an_offer(code, **{**fields, **changes})


def a_sim(subscription_id: str = "sub_1", **changes: Any) -> Subscription:
    fields: dict[str, Any] = {
        "plan_code": "MOB-5GB", "plan_name": "Mobile 5 GB", "service": "mobile", "price_minor": 1000,
        "started_on": date(2026, 1, 1), "anchor_day": 1, "provider_id": f"plan_{subscription_id}",
    }  # fmt: skip
    return a_subscription(subscription_id, **{**fields, **changes})


def a_tariff(**changes: Any) -> Tariff:
    return tariff_of(an_offer(**changes))


def a_plan(subscription_id: str = "sub_1", at: datetime = BEGINNING, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "plan_code": "MOB-5GB", "plan_name": "Mobile 5 GB", "anchor_day": 1, "tariff": a_tariff(),
        "provider_id": f"plan_{subscription_id}",
    }  # fmt: skip
    return Plan(subscription_id=subscription_id, at=at, **{**fields, **changes})


def a_control(*plans: Plan, **changes: Any) -> Control:
    return Control(account_id="acc_1", currency="GBP", plans=plans or (a_plan(),), **changes)


def a_record(record_id: str = "r1", quantity: int = GB, **changes: Any) -> NewUsage:
    """A GB of data at noon of 10 November 2026."""
    category = changes.get("category", Category.DATA)
    fields: dict[str, Any] = {
        "subscription_id": "sub_1", "category": category, "unit": category.kind.unit,
        "happened_at": datetime(2026, 11, 10, 12, tzinfo=UTC),
    }  # fmt: skip
    return NewUsage(record_id=record_id, quantity=quantity, **{**fields, **changes})


@dataclass
class Pillarbox:
    """A post that keeps each letter once; `broken`, it takes none."""

    sent: dict[str, Letter] = field(default_factory=dict)
    broken: Exception | None = None

    def send(self, letter: Letter) -> bool:
        if self.broken:
            raise self.broken
        is_new = letter.letter_id not in self.sent
        self.sent[letter.letter_id] = letter
        return is_new

    @property
    def names(self) -> list[str]:
        return [letter.name.removeprefix("usage/") for letter in self.sent.values()]

    def only(self, name: str) -> list[Letter]:
        return [letter for letter in self.sent.values() if letter.name == f"usage/{name}"]


@dataclass
class Shop:
    """What is sold and who takes it."""

    offers: dict[str, Offer] = field(default_factory=lambda: {offer.code: offer for offer in (an_offer(), an_addon())})
    taken: list[Subscription] = field(default_factory=lambda: [a_sim()])

    def named(self, codes: Iterable[str]) -> dict[str, Offer]:
        return {code: self.offers[code] for code in codes if code in self.offers}

    def sold(self, service: str) -> Sequence[Offer]:
        return [
            offer
            for offer in self.offers.values()
            if (offer.service, offer.kind, offer.is_sold) == (service, OfferKind.PLAN, True)
        ]

    def accounts_of(self, subscription_ids: Iterable[str]) -> dict[str, str]:
        known = {each.subscription_id: each.account_id for each in self.taken}
        return {each: known[each] for each in subscription_ids if each in known}

    def of_account(self, account_id: str) -> Sequence[Subscription]:
        return [each for each in self.taken if each.account_id == account_id]


class ByMail:
    """Customers who want mail."""

    def way(self, account_id: str) -> tuple[LetterChannel, str | None]:
        return LetterChannel.MAIL, None


class ByText:
    """Customers who want text messages."""

    def way(self, account_id: str) -> tuple[LetterChannel, str | None]:
        return LetterChannel.SMS, "+447700900123"


@dataclass
class UsageDesk:
    """The services of use on one table; several may share all but the view of the table."""

    table: Table = field(default_factory=MemoryTable)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    post: Pillarbox = field(default_factory=Pillarbox)
    shop: Shop = field(default_factory=Shop)
    rules: UsageRules = field(default_factory=UsageRules)
    counted: dict[str, int] = field(default_factory=dict)
    reach: ByMail | ByText = field(default_factory=ByMail)
    new_id: CountingIds = field(default_factory=CountingIds)

    def on(self, table: Table) -> UsageDesk:
        """The same desk on another view of the table."""
        return UsageDesk(table, self.clock, self.post, self.shop, self.rules, self.counted, self.reach, self.new_id)

    def count(self, name: str, value: int = 1) -> None:
        self.counted[name] = self.counted.get(name, 0) + value

    def rules_on(self, _: date) -> Ruling[UsageRules]:
        return Ruling(self.rules, "usage@test", initial(USAGE).effective_from)

    @cached_property
    def store(self) -> UsageStore:
        return UsageStore(self.table)

    @cached_property
    def rulebook(self) -> Rulebook:
        return Rulebook(self.store, self.shop, self.shop, self.rules_on, lambda _: "GBP", self.clock)

    @cached_property
    def usage(self) -> Usage:
        letters = AlertLetters(self.post, self.reach, LONDON)
        return Usage(self.store, self.rulebook, letters, self.rules_on, self.clock, LONDON, self.count)

    @cached_property
    def spending(self) -> Spending:
        return Spending(self.store, self.rulebook, self.post, self.clock, self.new_id, LONDON, self.count)

    def take(self, *records: NewUsage) -> list[str]:
        """Record them in one call; what became of each."""
        return [answer.refusal or answer.outcome for answer in self.usage.record(records)]
