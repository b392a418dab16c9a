"""Subscriptions that move in from elsewhere, anchors that keep their day, and pauses that keep credit."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import Subscriber, at, period, price


def test_a_subscription_moves_in_with_its_next_anchor_and_without_a_bill(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-20T12:00:00")
    moved = ada.subscribe(
        price(desk, 2800),
        backdate_start_date=at("2027-02-14T02:00:00"),
        billing_cycle_anchor=at("2027-03-14T02:00:00"),
        billing_mode={"type": "classic"},
        proration_behavior="none",
    )

    assert (moved.status, moved.latest_invoice, moved.billing_mode.type) == ("active", None, "classic")
    assert moved.start_date == at("2027-02-14T02:00:00")
    assert period(moved) == (at("2027-02-14T02:00:00"), at("2027-03-14T02:00:00"))
    assert ada.invoices() == []
    item = moved.to_dict()["items"]["data"][0]["id"]
    ada.until("2027-02-28T02:00:00")
    desk.v1.subscriptions.update(moved.id, {"items": [{"id": item, "quantity": 3}]})
    ada.until("2027-03-14T04:00:00")
    assert [invoice.amount_paid for invoice in ada.invoices()] == [3 * 2800 - 1400 + 4200]


def test_time_that_has_passed_is_not_billed_here(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-20T12:00:00")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        ada.subscribe(price(desk, 2800), backdate_start_date=at("2027-02-14T00:00:00"))
    assert refusal.value.code == "parameter_not_simulated"
    with pytest.raises(stripe.InvalidRequestError, match="past"):
        ada.subscribe(price(desk), backdate_start_date=at("2027-02-21T00:00:00"), proration_behavior="none")


def test_a_configured_31st_is_kept_after_a_shorter_month(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2026-11-22T10:00:00")
    begun = ada.subscribe(
        price(desk, 2000),
        backdate_start_date=at("2026-10-31T02:00:00"),
        billing_cycle_anchor_config={"day_of_month": 31, "hour": 2, "minute": 0, "second": 0},
        proration_behavior="none",
    )

    ends = [period(begun)]
    for day in ("2026-12-01T00:00:00", "2027-01-01T00:00:00", "2027-02-01T00:00:00", "2027-03-01T00:00:00"):
        ada.until(day)
        ends.append(period(ada.now(begun)))
    days = [at(f"{day}T02:00:00") for day in ("2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28")]
    assert ends == list(zip(days, [*days[1:], at("2027-03-31T02:00:00")], strict=True))


def test_another_anchor_takes_the_place_of_a_configured_one(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-20T00:00:00")
    begun = ada.subscribe(price(desk, 2800), billing_cycle_anchor_config={"day_of_month": 31})
    ada.until("2027-02-10T00:00:00")

    moved = desk.v1.subscriptions.update(begun.id, {"billing_cycle_anchor": {"type": "now"}})

    assert (moved.billing_cycle_anchor_config, period(moved)[1]) == (None, at("2027-03-10T00:00:00"))
    later = desk.v1.subscriptions.update(
        begun.id, {"trial_end": at("2027-02-15T00:00:00"), "proration_behavior": "create_prorations"}
    )
    assert (later.status, later.billing_cycle_anchor) == ("trialing", at("2027-02-15T00:00:00"))


def test_a_change_in_a_short_first_period_is_a_share_of_a_whole_one(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800), billing_cycle_anchor_config={"day_of_month": 15})
    item = begun.to_dict()["items"]["data"][0]["id"]
    ada.until("2027-02-08T00:00:00")

    desk.v1.subscriptions.update(begun.id, {"items": [{"id": item, "quantity": 2}]})

    pending = desk.v1.invoice_items.list({"customer": ada.id, "pending": True}).data
    week = round(2800 * 7 / 31)
    assert sorted(each.amount for each in pending) == [-week, round(2 * 2800 * 7 / 31)]
    assert ada.invoices()[0].amount_paid == round(2800 * 14 / 31)


def test_credit_does_not_pay_what_a_pause_takes_back(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    desk.v1.customers.balance_transactions.create(ada.id, {"amount": -5000, "currency": "gbp"})
    desk.v1.subscriptions.update(begun.id, {"pause_collection": {"behavior": "void"}})

    ada.until("2027-03-01T02:00:00")

    assert ada.invoices()[-1].status == "void"
    assert desk.v1.customers.retrieve(ada.id).balance == -5000


def test_what_is_given_back_with_a_paused_bill_is_not_lost(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-02-01T00:00:00")
    begun = ada.subscribe(price(desk, 2800))
    desk.v1.subscriptions.update(begun.id, {"pause_collection": {"behavior": "void"}})
    given: Any = {"customer": ada.id, "subscription": begun.id, "amount": -5000, "currency": "gbp"}
    desk.v1.invoice_items.create(given)

    ada.until("2027-03-01T02:00:00")

    assert (ada.invoices()[-1].status, ada.invoices()[-1].total) == ("paid", -2200)
    assert desk.v1.customers.retrieve(ada.id).balance == -2200
