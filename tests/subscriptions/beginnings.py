"""How random subscriptions come about: on any calendar, whole, in part or moved in, with a desk that follows them."""

from __future__ import annotations

import json
import random
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import stripe

from chalicelib.subscriptions.offer import OfferKind
from tests.billing.builders import open_account
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.still import StillStripe
from tests.infra.stripe.subscriber import Subscriber
from tests.subscriptions.selling import ACCOUNT, Selling
from tests.subscriptions.shelf import an_offer

HOUR, DAY = 3600, 86_400
_HEARD: Final = (
    "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted",
    "invoice.finalized", "invoice.paid", "invoice.voided", "subscription_schedule.updated",
    "subscription_schedule.released",
)  # fmt: skip
"""What of Stripe's events moves subscriptions and bills."""


@dataclass
class Keen(Selling):
    """A desk that hears of what happened since it heard last, and only of what matters to it."""

    last: str = ""

    def hear(self) -> None:
        """Deal with the new events, oldest first."""
        while found := self._next():
            for event in found:
                self.money.events.apply(json.dumps(event))
            self.last = found[-1]["id"]

    def _next(self) -> list[dict[str, Any]]:
        asked: dict[str, Any] = {"types": list(_HEARD), "limit": 100} | (
            {"ending_before": self.last} if self.last else {}
        )
        answer = self.desk.client.raw_request("get", "/v1/events", **asked)
        found: list[dict[str, Any]] = json.loads(answer.body)["data"][::-1]
        return found


@dataclass
class History:
    """One history by its seed. `anchor` is when its periods begin; `events` says what happened."""

    seed: int
    chance: random.Random
    selling: Selling
    anchor: datetime
    plan: stripe.Subscription
    between: str | None = None
    refused: list[str] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.selling.desk

    @property
    def now(self) -> int:
        return int(self.desk.v1.test_helpers.test_clocks.retrieve(self.selling.someone.clock).frozen_time)

    def until(self, second: int) -> None:
        """Let time pass until then, in steps as Stripe takes them."""
        while self.now < second:
            self.selling.until(min(second, self.now + 50 * DAY))

    def exact(self, line: dict[str, Any], unit_by_price: dict[str, int]) -> Fraction:
        """What a part of a period is worth before rounding, reckoned from the calendar alone."""
        start, end = line["period"]["start"], line["period"]["end"]
        number = 0
        while turn(self.anchor, number + 1).timestamp() <= start:
            number += 1
        first, following = (int(turn(self.anchor, number + ahead).timestamp()) for ahead in (0, 1))
        unit = unit_by_price[line["pricing"]["price_details"]["price"]]
        return Fraction(unit * line["quantity"] * (end - start), following - first)


def begun(seed: int) -> tuple[History, StillStripe]:
    """A subscription that has run for a while, on a random calendar."""
    chance = random.Random(seed)
    still = StillStripe()
    anchor = _anchor(chance)
    selling = Keen(still.desk, Subscriber.begin(still.desk, anchor.replace(tzinfo=None).isoformat()))
    selling.gateway = still.gateway
    open_account(selling.table, ACCOUNT)
    still.desk.v1.customers.update(selling.someone.id, {"metadata": {"account_id": ACCOUNT}})
    for offer in _price_list(chance):
        selling.sell(offer)
    early, more = _beginning(chance, anchor)
    if early:
        selling.until(int(turn(anchor, 1).timestamp()) - early)
    history = History(seed, chance, selling, anchor, _subscribed(chance, selling, more))
    history.until(_moment(chance, anchor, early))
    return history, still


def _anchor(chance: random.Random) -> datetime:
    """A second of 2024 to 2031, often on one of the days that some months lack."""
    year, month = chance.randint(2024, 2031), chance.randint(1, 12)
    last = monthrange(year, month)[1]
    day = chance.choice([*range(1, 29), *(day for day in (29, 30, 31) for _ in range(6))])
    seconds = chance.randrange(DAY) if chance.random() < 0.8 else 2 * HOUR
    return datetime(year, month, min(day, last), tzinfo=UTC) + timedelta(seconds=seconds)


def _beginning(chance: random.Random, anchor: datetime) -> tuple[int, dict[str, Any]]:
    """How many seconds before the second period it begins, and how: with a whole period (0 seconds), with the end of
    one, or in the middle of one that was billed elsewhere."""
    if chance.random() < 0.6:
        return 0, {}
    names = ("hour", "minute", "second")
    config = {"day_of_month": anchor.day, **{name: getattr(anchor, name) for name in names}}
    more: dict[str, Any] = {"billing_cycle_anchor_config": config}
    if chance.random() < 0.5:
        moved = {"backdate_start_date": int(anchor.timestamp()), "billing_mode": {"type": "classic"}}
        more |= {**moved, "proration_behavior": "none"}
    return chance.randrange(3 * HOUR, 27 * DAY), more


def _moment(chance: random.Random, anchor: datetime, early: int) -> int:
    """A second of one of its first periods; at times one of the first or last."""
    number = chance.randint(0, 3)
    start, end = (int(turn(anchor, number + ahead).timestamp()) for ahead in (0, 1))
    start = end - early if early and not number else start
    if chance.random() < 0.05:
        return chance.choice([start + 2 * HOUR, end - 60])
    return chance.randrange(start + 2 * HOUR, end - 60)


def turn(anchor: datetime, number: int) -> datetime:
    """When the period of this number begins: the anchor's day and second, or the last day of a short month."""
    months = anchor.year * 12 + anchor.month - 1 + number
    year, month = months // 12, months % 12 + 1
    return anchor.replace(year=year, month=month, day=min(anchor.day, monthrange(year, month)[1]))


def _price_list(chance: random.Random) -> list[Any]:
    plans = [an_offer(f"PLAN-{n}", chance.randint(1, 20_000)) for n in range(3)]
    addons = [an_offer(f"ADDON-{n}", chance.randint(1, 3000), kind=OfferKind.ADDON) for n in range(2)]
    return [*plans, *addons]


def _subscribed(chance: random.Random, selling: Selling, more: dict[str, Any]) -> stripe.Subscription:
    taken = ["PLAN-0", *(["ADDON-0"] if chance.random() < 0.6 else [])]
    rates = chance.choice([20.0, 20.0, 20.0, 19.0, 23.0, 5.0, 0.0, 12.5])
    plan = selling.take(*taken, tax=rates, **more)
    quantity = chance.choice([1, 1, 1, 2, 3, 7])
    if quantity > 1:
        item = plan.to_dict()["items"]["data"][0]["id"]
        change: Any = {"items": [{"id": item, "quantity": quantity}], "proration_behavior": "none"}
        selling.desk.v1.subscriptions.update(plan.id, change)
    if chance.random() < 0.2:
        _meter(selling, plan.id)
    selling.hear()
    return plan


def _meter(selling: Selling, plan_id: str) -> None:
    v1 = selling.desk.v1
    given: Any = {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "sum"}}
    meter = v1.billing.meters.create(given).id
    recurring: Any = {"interval": "month", "usage_type": "metered", "meter": meter}
    price: Any = {"currency": "gbp", "product_data": {"name": "Calls"}, "unit_amount": 3, "recurring": recurring}
    v1.subscriptions.update(plan_id, {"items": [{"price": v1.prices.create(price).id}]})
