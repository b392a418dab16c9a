"""What is sold and what accounts take of it, as Stripe has it now."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.payments.markers import Outcome
from tests.billing.stripe_bills import NOVEMBER, OCTOBER
from tests.fakes import FixedClock
from tests.payments.fakes import FakeStripe
from tests.payments.mirror.conftest import Happens
from tests.payments.money_desk import MoneyDesk

pytestmark = pytest.mark.usefixtures("customer")
DECEMBER = NOVEMBER + 30 * 86_400


def a_price(price_id: str = "price_1", amount: int = 3000, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": price_id,
        "object": "price",
        "product": "prod_1",
        "currency": "gbp",
        "active": True,
        "lookup_key": f"BB-{amount}",
        "unit_amount_decimal": str(amount),
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
        "metadata": {},
    }
    return {**fields, **changes}


def a_product(product_id: str = "prod_1", **changes: Any) -> dict[str, Any]:
    about = {
        "id": product_id,
        "object": "product",
        "name": "Fibre",
        "active": True,
        "metadata": {"service": "broadband"},
    }
    return {**about, **changes}


def an_item(item_id: str = "si_1", price: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    period = {"current_period_start": NOVEMBER, "current_period_end": DECEMBER}
    return {"id": item_id, "price": price or a_price(), "quantity": 1, "created": OCTOBER, **period, **changes}


def a_plan(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": "sub_1",
        "object": "subscription",
        "status": "active",
        "customer": "cus_1",
        "currency": "gbp",
        "start_date": OCTOBER,
        "billing_cycle_anchor": OCTOBER,
        "items": {"object": "list", "data": list(items) or [an_item()]},
    }
    return {**fields, **changes}


def a_schedule(*prices: str, **changes: Any) -> dict[str, Any]:
    """The present phase, and one from December on with these prices."""
    phases = [
        {"start_date": OCTOBER, "end_date": DECEMBER, "items": [{"price": "price_1", "quantity": 1}]},
        {"start_date": DECEMBER, "items": [{"price": price, "quantity": 1} for price in prices]},
    ]
    about = {"id": "sub_sched_1", "object": "subscription_schedule", "status": "active", "subscription": "sub_1"}
    return {**about, "current_phase": {"start_date": OCTOBER}, "phases": phases, **changes}


def taken() -> list[Subscription]:
    return wiring.subscriptions().of_account("acc_1", 100, None)[0]


@pytest.fixture(autouse=True)
def sold(stripe: FakeStripe, money: MoneyDesk) -> None:
    for about in (a_product(), a_price(), a_price("price_2", 5000)):
        stripe.knows(about)


def test_a_subscription_is_one_for_each_item(happens: Happens, stripe: FakeStripe) -> None:
    stripe.knows(a_product("prod_2", name="TV", metadata={}))
    tv = a_price("price_tv", 999, product="prod_2", lookup_key=None, metadata={"service": "tv"})
    for _ in range(2):
        assert (
            happens("customer.subscription.created", a_plan(an_item(), an_item("si_2", tv, quantity=2)))
            is Outcome.APPLIED
        )
    fibre, television = taken()
    assert (fibre.subscription_id, fibre.plan_code, fibre.plan_name, fibre.service) == (
        "sub_si_1", "BB-3000", "Fibre", "broadband",
    )  # fmt: skip
    assert (fibre.price_minor, fibre.started_on, fibre.anchor_day) == (3000, date(2026, 10, 1), 1)
    assert fibre.period_ends_at == datetime.fromtimestamp(DECEMBER, UTC)
    assert (television.plan_code, television.service, television.price_minor) == ("price_tv", "tv", 1998)


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"status": "trialing"}, "active"),
        ({"status": "incomplete"}, "pending"),
        ({"status": "past_due"}, "past_due"),
        ({"status": "unpaid"}, "past_due"),
        ({"status": "paused"}, "paused"),
        ({"pause_collection": {"behavior": "void"}}, "paused"),
        ({"status": "canceled", "ended_at": NOVEMBER}, "cancelled"),
        ({"status": "incomplete_expired"}, "cancelled"),
    ],
)
def test_its_status_in_the_desks_words(happens: Happens, about: dict[str, Any], status: str) -> None:
    happens("customer.subscription.updated", a_plan(**about))
    assert [each.status for each in taken()] == [SubscriptionStatus(status)]


@pytest.mark.parametrize(
    ("recurring", "quantity", "monthly"),
    [
        ({"interval": "year", "interval_count": 1}, 1, 1000),
        ({"interval": "month", "interval_count": 3}, 2, 8000),
        ({"interval": "week", "interval_count": 1}, 1, 52_000),
        ({"interval": "month", "usage_type": "metered"}, None, 0),
    ],
)
def test_the_price_is_for_a_month(
    happens: Happens, recurring: dict[str, Any], quantity: int | None, monthly: int
) -> None:
    price = a_price(amount=12_000, recurring=recurring)
    happens("customer.subscription.updated", a_plan(an_item(price=price, quantity=quantity)))
    assert taken()[0].price_minor == monthly


def test_the_end_is_known_beforehand(happens: Happens) -> None:
    happens("customer.subscription.updated", a_plan(cancel_at_period_end=True))
    assert taken()[0].ends_at == datetime.fromtimestamp(DECEMBER, UTC)


def test_what_moved_in_keeps_its_id_name_and_beginning(happens: Happens) -> None:
    named = {"desk_subscription_id": "sub_old", "desk_label": "shop", "desk_started_on": "2022-03-14"}
    happens("customer.subscription.created", a_plan(an_item(metadata=named), created=NOVEMBER))
    [kept] = taken()
    assert (kept.subscription_id, kept.plan_name, kept.started_on) == ("sub_old", "Fibre, shop", date(2022, 3, 14))
    assert (kept.provider_id, kept.provider_item_id) == ("sub_1", "si_1")


def test_what_came_with_a_backdated_subscription_began_with_it(happens: Happens) -> None:
    items = an_item(created=NOVEMBER + 2), an_item("si_2", created=NOVEMBER + 90_000)
    happens("customer.subscription.created", a_plan(*items, created=NOVEMBER, start_date=OCTOBER))
    assert [each.started_on for each in taken()] == [date(2026, 10, 1), date(2026, 11, 2)]


def test_a_configured_anchor_keeps_its_day(happens: Happens) -> None:
    plan = a_plan(billing_cycle_anchor=NOVEMBER - 86_400, billing_cycle_anchor_config={"day_of_month": 31})
    happens("customer.subscription.created", plan)
    assert taken()[0].anchor_day == 31


def test_an_item_that_is_gone_has_ended(happens: Happens) -> None:
    happens("customer.subscription.created", a_plan(an_item(), an_item("si_2")))
    happens("customer.subscription.updated", a_plan(an_item()))
    assert [each.status.value for each in taken()] == ["active", "cancelled"]


def test_what_was_read_later_stays(happens: Happens, stripe: FakeStripe, clock: FixedClock) -> None:
    happens("customer.subscription.updated", a_plan(status="past_due"))
    clock.tick(-60)
    assert happens("customer.subscription.updated", a_plan(status="active")) is Outcome.OLDER
    assert taken()[0].status is SubscriptionStatus.PAST_DUE


def test_a_schedule_says_what_comes_next(happens: Happens, stripe: FakeStripe) -> None:
    stripe.knows(a_plan(schedule="sub_sched_1"))
    assert happens("subscription_schedule.updated", a_schedule("price_2")) is Outcome.APPLIED
    planned = taken()[0].planned
    assert planned is not None
    assert (planned.plan_code, planned.price_minor, planned.at) == (
        "BB-5000", 5000, datetime.fromtimestamp(DECEMBER, UTC),
    )  # fmt: skip
    happens("subscription_schedule.updated", a_schedule("price_1"))
    assert taken()[0].planned is None
    happens("subscription_schedule.updated", a_schedule())
    assert taken()[0].planned is not None
    stripe.knows(a_plan(schedule=None))
    released = a_schedule(status="released", subscription=None, released_subscription="sub_1")
    happens("subscription_schedule.released", released)
    assert taken()[0].planned is None


def test_a_schedule_that_has_not_begun_changes_nothing(happens: Happens) -> None:
    assert happens("subscription_schedule.created", a_schedule(subscription=None)) is Outcome.NOTED


def test_of_an_unknown_customer_nothing_is_kept(happens: Happens) -> None:
    assert happens("customer.subscription.created", a_plan(customer="cus_nobody")) is Outcome.UNMATCHED
    assert taken() == []


def test_products_and_prices_are_kept_and_their_end_is_noted(
    happens: Happens, stripe: FakeStripe, money: MoneyDesk
) -> None:
    catalogue = money.mirror.catalogue
    assert happens("product.updated", a_product(name="Fibre 2")) is Outcome.APPLIED
    assert happens("price.created", a_price()) is Outcome.APPLIED
    product, price = catalogue.product("prod_1"), catalogue.price("price_1")
    assert product is not None
    assert price is not None
    assert (product.name, price.code, price.unit_minor) == ("Fibre 2", "BB-3000", 3000)
    stripe.objects.clear()
    happens("price.deleted", a_price(), is_known=False)
    happens("product.deleted", a_product(), is_known=False)
    kept = catalogue.product("prod_1"), catalogue.price("price_1")
    assert [each.is_sold for each in kept if each] == [False, False]
    assert happens("price.deleted", a_price("price_new"), is_known=False) is Outcome.NOTED
