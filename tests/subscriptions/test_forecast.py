"""The forecast: Stripe's preview in plain lines, with use and credit; and at the local Stripe, what is billed later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.billing.catalogue import CataloguePrice
from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.mirror_shapes import Unmirrorable
from chalicelib.billing.model import LineKind, SubscriptionStatus
from chalicelib.billing.store import BillingStore
from chalicelib.payments.gateway import StripeGateway
from chalicelib.platform.errors import NotFound, Refused, Unavailable
from chalicelib.subscriptions.cycles import BillingCycles, Cycle
from chalicelib.subscriptions.forecast import Forecast, UsageCharge, foreseen, totals, with_usage
from tests.billing.builders import a_subscription, open_account
from tests.billing.stripe_bills import a_stripe_invoice, a_stripe_line
from tests.infra.stripe.desk import API_KEY, Desk, start
from tests.infra.stripe.subscriber import Subscriber, price
from tests.memory_table import MemoryTable

LONDON = ZoneInfo("Europe/London")
FIBRE = CataloguePrice(price_id="price_fibre", product_id="prod_fibre", code="BB-FIBRE", currency="GBP")
CALLS = UsageCharge(description="12 calls abroad", code="VOICE", net_minor=250, tax_minor=50, currency="GBP")


def a_preview(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    upcoming: dict[str, Any] = {"id": "upcoming_in_1", "status": "draft", "number": None, "status_transitions": {}}
    return a_stripe_invoice(*lines, **{**upcoming, **changes})


def a_forecast(currency: str = "GBP", *lines: dict[str, Any]) -> Forecast:
    bill = StripeBill.model_validate(a_preview(*lines, currency=currency.lower()))
    return foreseen(bill, "acc_1", {FIBRE.price_id: FIBRE}, LONDON)


def test_each_charge_says_what_it_is_and_why() -> None:
    origin = {"type": "subscription_item_details", "subscription_item_details": {"proration": True}}
    unused = a_stripe_line(-700, description="Unused time on Fibre", parent=origin)
    visit = a_stripe_line(1200, description="Engineer's visit", parent=None, pricing=None)

    forecast = a_forecast("GBP", a_stripe_line(3000, discounts=(300,)), unused, visit)

    assert [(line.kind, line.net_minor, line.tax_minor) for line in forecast.lines] == [
        (LineKind.SUBSCRIPTION, 3000, 600),
        (LineKind.DISCOUNT, -300, -60),
        (LineKind.PRORATION, -700, -140),
        (LineKind.ONE_OFF, 1200, 240),
    ]
    assert (forecast.net_minor, forecast.tax_minor, forecast.total_minor) == (3200, 640, 3840)
    assert forecast.lines[0].code == "BB-FIBRE"
    assert len({line.why for line in forecast.lines}) == 4
    assert forecast.lines[3].description == "Engineer's visit"
    assert (forecast.bill_on, forecast.due_on) == (date(2026, 11, 1), date(2026, 11, 15))


def test_use_so_far_comes_on_top_in_its_own_currency() -> None:
    euros = CALLS.model_copy(update={"currency": "EUR"})

    forecast = with_usage(a_forecast(), [CALLS, euros])

    assert (forecast.lines[-1].kind, forecast.lines[-1].description) == (LineKind.USAGE, "12 calls abroad")
    assert forecast.total_minor == 3600 + 300


def test_credit_pays_what_it_can_of_its_own_currency() -> None:
    found = totals([a_forecast(), a_forecast(), a_forecast("EUR")], 5000, "GBP")

    assert [(each.currency, each.total_minor, each.credit_minor, each.to_pay_minor) for each in found] == [
        ("EUR", 3600, 0, 3600),
        ("GBP", 7200, 5000, 2200),
    ]
    [rich] = totals([a_forecast()], 10_000, "GBP")
    assert (rich.credit_minor, rich.to_pay_minor) == (3600, 0)
    [owing_us] = totals([a_forecast("GBP", a_stripe_line(-500))], 100, "GBP")
    assert (owing_us.total_minor, owing_us.credit_minor, owing_us.to_pay_minor) == (-600, 0, 0)


@dataclass
class Asked:
    """A Stripe that answers, or fails, as it was told to, and a catalogue with one price."""

    answers: dict[str, dict[str, Any] | Exception | None] = field(default_factory=dict)

    def preview_plan(self, plan_id: str) -> dict[str, Any] | None:
        answer = self.answers[plan_id]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def price(self, price_id: str) -> CataloguePrice | None:
        return FIBRE if price_id == FIBRE.price_id else None


class Used:
    def unbilled(self, account_id: str) -> list[UsageCharge]:
        return [CALLS] if account_id == "acc_1" else []


@dataclass
class World:
    asked: Asked
    billing: BillingStore
    counted: list[str]

    @property
    def cycles(self) -> BillingCycles:
        today = date(2026, 11, 22)
        count = self.counted.append
        return BillingCycles(self.billing, self.asked, self.asked, Used(), lambda: today, LONDON, count)

    def takes(self, subscription_id: str, **changes: Any) -> None:
        self.billing.add_subscription(a_subscription(subscription_id, **changes))

    def only(self) -> Cycle:
        [cycle] = self.cycles.of_account("acc_1").cycles
        return cycle


@pytest.fixture
def world() -> World:
    table = MemoryTable()
    open_account(table, "acc_1")
    return World(Asked(), BillingStore(table), [])


def test_what_is_billed_together_is_one_cycle(world: World) -> None:
    for number in (1, 2):
        world.takes(f"sub_{number}", provider_id="sub_stripe")
    world.takes("sub_3", anchor_day=31)
    world.takes("sub_4", status=SubscriptionStatus.CANCELLED)
    world.takes("sub_5", status=SubscriptionStatus.PENDING)
    world.asked.answers["sub_stripe"] = a_preview()

    found = world.cycles.of_account("acc_1")

    own, stripes = found.cycles
    assert [each.subscription_id for each in stripes.subscriptions] == ["sub_1", "sub_2"]
    assert stripes.forecast is not None
    assert stripes.forecast.total_minor == 3600 + 300
    assert (own.forecast, own.next_bill_on) == (None, date(2026, 11, 30))
    assert [period.starts_on.day for period in own.periods] == [31, 30, 31, 31, 28, 31, 30]
    assert [(total.currency, total.to_pay_minor) for total in found.totals] == [("GBP", 3900)]
    assert world.counted == ["BillsNotForeseen", "BillsForeseen"]


def test_the_present_period_is_the_one_that_stripe_is_in(world: World) -> None:
    starts = datetime(2027, 3, 14, 2, tzinfo=UTC)
    world.takes("sub_1", provider_id="sub_stripe", period_starts_at=starts)
    world.asked.answers["sub_stripe"] = None

    cycle = world.only()

    assert (cycle.periods[0].starts_on, cycle.periods[0].ends_on) == (date(2027, 3, 14), date(2027, 4, 13))
    assert (cycle.forecast, cycle.missing) == (None, "No further bill will come.")


def test_the_calendar_ends_where_all_of_it_ends(world: World) -> None:
    ends = datetime(2027, 1, 14, 2, tzinfo=UTC)
    world.takes("sub_1", provider_id="sub_stripe", ends_at=ends)
    world.asked.answers["sub_stripe"] = a_preview()
    assert [period.starts_on.month for period in world.only().periods] == [11, 12]
    world.takes("sub_2", provider_id="sub_stripe")
    assert len(world.only().periods) == 7


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Unavailable("Stripe is down."), "just now"),
        (Refused("No."), "just now"),
        (Unmirrorable("a line has a tax that is no portion of it"), "before it is issued"),
        ({"id": "upcoming_in_1"}, "before it is issued"),
        (a_preview(total=1), "before it is issued"),
    ],
)
def test_without_an_answer_the_days_stand(world: World, answer: dict[str, Any] | Exception, words: str) -> None:
    world.takes("sub_1", provider_id="sub_stripe")
    world.asked.answers["sub_stripe"] = answer

    cycle = world.only()

    assert cycle.forecast is None
    assert words in str(cycle.missing)
    assert cycle.next_bill_on == date(2026, 12, 14)
    assert world.counted == ["BillsNotForeseen"]


def test_what_is_paused_is_not_billed(world: World) -> None:
    world.takes("sub_1", provider_id="sub_stripe", status=SubscriptionStatus.PAUSED)
    assert "paused" in str(world.only().missing)


def test_an_account_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFound):
        world.cycles.of_account("acc_none")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Desk]:
    desk = start(tmp_path / "stripe.sqlite")
    yield desk
    desk.server.stop()


def test_the_bill_that_comes_is_the_one_that_was_foreseen(world: World, local: Desk) -> None:
    ada = Subscriber.begin(local, "2027-01-31T10:00:00")
    vat = local.v1.tax_rates.create({"display_name": "VAT", "percentage": 20, "inclusive": False}).id
    begun = ada.subscribe(price(local, 2999, lookup_key="FIBRE"), default_tax_rates=[vat])
    ada.until("2027-02-10T07:08:09")
    item = begun.to_dict()["items"]["data"][0]["id"]
    local.v1.subscriptions.update(begun.id, {"items": [{"id": item, "price": price(local, 4999)}]})
    local.v1.invoice_items.create({"customer": ada.id, "subscription": begun.id, "amount": 1234, "currency": "gbp"})
    world.takes("sub_1", provider_id=begun.id, anchor_day=31)
    gateway = StripeGateway(lambda: API_KEY, local.server.url)
    cycles = BillingCycles(
        world.billing, gateway, world.asked, Used(), lambda: date(2027, 2, 10), LONDON, world.counted.append
    )

    [cycle] = cycles.of_account("acc_1").cycles

    assert cycle.forecast is not None
    assert cycle.next_bill_on == date(2027, 2, 28)
    ada.until("2027-02-28T12:00:00")
    issued = ada.invoices()[-1]
    assert cycle.forecast.total_minor == issued.total + 300
    assert sorted(line.net_minor for line in cycle.forecast.lines) == sorted(
        [250, *(line.amount for line in issued.lines.data)]
    )
