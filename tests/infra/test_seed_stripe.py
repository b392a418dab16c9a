"""The demo company at the local Stripe: billed from the next billing day on, followed by the desk, made once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from chalicelib.billing.model import Subscription
from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.money import portion
from chalicelib.subscriptions.cycles import BillingCycles
from infra.local.seed import COMPANY
from infra.local.seed_stripe import Biller, bill_company, offers
from tests.billing.builders import open_account
from tests.fakes import FixedClock
from tests.infra.stripe.desk import API_KEY, Desk, start
from tests.infra.stripe.subscriber import wait_until
from tests.memory_table import MemoryTable
from tests.payments.money_desk import MoneyDesk

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
DAY = 86_400


@dataclass(frozen=True)
class World:
    """A local Stripe at one moment, and a desk that hears of it."""

    stripe: Desk
    table: MemoryTable
    company: dict[str, Any]

    @property
    def accounts(self) -> list[dict[str, Any]]:
        return [*self.company["accounts"], self.company["sandbox"]]

    def load(self) -> dict[str, Any]:
        terms = self.company["payment_terms_days"]
        biller = Biller(API_KEY, self.stripe.server.url, PaymentStore(self.table), NOW, terms)
        return bill_company(biller, self.company)

    def hear(self) -> MoneyDesk:
        gateway = StripeGateway(lambda: API_KEY, self.stripe.server.url)
        desk = MoneyDesk(self.table, cast("Any", gateway), FixedClock(NOW))
        events = list(self.stripe.v1.events.list({"limit": 100}).auto_paging_iter())[::-1]
        for event in events:
            desk.events.apply(json.dumps(event.to_dict(for_json=True)))
        return desk


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    stripe = start(tmp_path_factory.mktemp("seed") / "stripe.sqlite", clock=NOW.timestamp)
    world = World(stripe, MemoryTable(), json.loads(COMPANY.read_text("utf-8")))
    for account in world.accounts:
        open_account(world.table, account["account_id"], account["currency"])
    world.load()
    yield world
    stripe.server.stop()


def taken(desk: MoneyDesk, account: dict[str, Any]) -> list[Subscription]:
    found, _ = desk.mirror.billing.subscriptions(account["account_id"], 100, None)
    return found


def test_the_desk_follows_every_subscription_under_its_own_id(world: World) -> None:
    desk = world.hear()

    for account in world.accounts:
        followed = {each.subscription_id: each for each in taken(desk, account)}
        assert followed.keys() == {row["subscription_id"] for row in account["subscriptions"]}
        for row in account["subscriptions"]:
            mine = followed[row["subscription_id"]]
            told = (mine.plan_code, mine.plan_name, mine.service, mine.price_minor, mine.quantity, mine.anchor_day)
            names = ("plan_code", "plan_name", "service", "price_minor")
            assert told == (*(row[name] for name in names), row.get("quantity", 1), row["anchor_day"])
            assert mine.started_on == date.fromisoformat(row["started_on"])
            assert (mine.status.value, mine.currency) == ("active", account["currency"])
            assert mine.provider_id is not None
            assert mine.period_starts_at is not None
            assert mine.period_ends_at is not None
            assert mine.period_starts_at <= NOW < mine.period_ends_at


class Unused:
    """Nobody has used anything yet."""

    def unbilled(self, account_id: str) -> tuple[()]:
        return ()


def test_every_next_bill_can_be_foreseen(world: World) -> None:
    desk = world.hear()
    gateway, london = StripeGateway(lambda: API_KEY, world.stripe.server.url), ZoneInfo("Europe/London")
    cycles = BillingCycles(desk.mirror.billing, gateway, desk.mirror.catalogue, Unused(), NOW.date, london, desk.count)
    rates = {"GB": 2000, "IE": 2300, "DE": 1900}

    for account in world.accounts:
        found = cycles.of_account(account["account_id"])

        net = sum(plan["price_minor"] for plan in account["subscriptions"])
        assert sum(cycle.forecast.net_minor for cycle in found.cycles if cycle.forecast) == net
        [total] = found.totals
        assert abs(total.total_minor - net - portion(net, rates[account["billing_address"]["country"]])) <= 2
        for cycle in found.cycles:
            assert cycle.next_bill_on == cycle.periods[1].starts_on
            assert cycle.forecast is not None
            terms = timedelta(days=0 if account.get("card") else world.company["payment_terms_days"])
            assert cycle.forecast.due_on - cycle.forecast.bill_on == terms


def test_making_it_again_changes_nothing(world: World) -> None:
    before = world.stripe.newest_event()

    again = world.load()

    assert world.stripe.newest_event() == before
    assert again == {"account_id": world.company["sandbox"]["account_id"], "test_clock": again["test_clock"]}


def test_nobody_is_billed_on_the_day_of_the_move(world: World) -> None:
    assert world.stripe.v1.invoices.list({"limit": 100}).data == []
    found = world.stripe.v1.subscriptions.list({"limit": 100}).data
    assert {each.billing_mode.type for each in found} == {"classic"}
    assert {(each.collection_method, each.days_until_due) for each in found} == {
        ("charge_automatically", None), ("send_invoice", 31),
    }  # fmt: skip


def test_the_sandbox_sees_its_next_bills_when_its_clock_is_moved(world: World) -> None:
    clock = world.load()["test_clock"]
    clocks = world.stripe.v1.test_helpers.test_clocks
    begun = clocks.retrieve(clock).frozen_time
    for days in (30, 60):
        clocks.advance(clock, {"frozen_time": begun + days * DAY})
        wait_until(lambda: clocks.retrieve(clock).status == "ready")
    desk, account = world.hear(), world.company["sandbox"]

    bills, _ = desk.ledger.invoices(account["account_id"], 10, None)

    net = sum(row["price_minor"] for row in account["subscriptions"])
    assert [(bill.issued_on.isoformat(), bill.net_minor, bill.total_minor) for bill in bills] == [
        ("2026-12-31", net, net * 6 // 5), ("2026-11-30", net, net * 6 // 5),
    ]  # fmt: skip
    assert desk.ledger.receivables(account["account_id"]).balance_minor == 0


def test_every_subscription_is_one_that_is_sold_at_its_price(world: World) -> None:
    sold = {offer["code"]: offer for offer in offers()}
    for account in world.accounts:
        for row in account["subscriptions"]:
            offer = sold[row["plan_code"]]
            assert offer["monthly_minor"] * row.get("quantity", 1) == row["price_minor"]
            assert (offer["currency"], offer["service"]) == (account["currency"], row["service"])
            assert row["plan_name"] == ", ".join(filter(None, (offer["name"], row.get("label"))))
