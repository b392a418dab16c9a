"""Test clocks: the customers of one live by its time and nobody else does."""

import time
from pathlib import Path

import pytest
import stripe

from tests.infra.stripe.desk import Desk, start
from tests.infra.stripe.subscriber import DAY, Subscriber, price, wait_until

_START = 1_800_000_000


def advance(desk: Desk, clock: str, moment: int) -> None:
    """Move a clock on and wait until it is ready."""
    desk.v1.test_helpers.test_clocks.advance(clock, {"frozen_time": moment})
    wait_until(lambda: desk.v1.test_helpers.test_clocks.retrieve(clock).status == "ready")


def test_a_customer_of_a_clock_lives_by_its_time(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": _START, "name": "spring"})
    inside = desk.v1.customers.create({"test_clock": clock.id, "payment_method": "pm_card_visa"})
    outside = desk.v1.customers.create({"name": "Ada"})

    advance(desk, clock.id, _START + 40 * DAY)
    paid = desk.paid(customer=inside.id, card=desk.v1.customers.payment_methods.list(inside.id).data[0].id)

    assert (inside.created, inside.test_clock) == (_START, clock.id)
    assert paid.created == _START + 40 * DAY
    assert desk.v1.charges.retrieve(str(paid.latest_charge)).created == paid.created
    assert abs(outside.created - time.time()) < 60
    assert [each.id for each in desk.v1.customers.list({"test_clock": clock.id}).data] == [inside.id]
    assert [name for name in desk.event_types() if "test_clock" in name] == [
        "test_helpers.test_clock.created",
        "test_helpers.test_clock.advancing",
        "test_helpers.test_clock.ready",
    ]


def test_a_clock_never_goes_back_nor_too_far(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": _START}).id

    for moment in (_START, _START - 1, _START + 3 * 366 * DAY):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            desk.v1.test_helpers.test_clocks.advance(clock, {"frozen_time": moment})
        assert refusal.value.param == "frozen_time"


def test_a_deleted_clock_takes_its_customers_with_it(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": _START}).id
    customer = desk.v1.customers.create({"test_clock": clock}).id

    assert desk.v1.test_helpers.test_clocks.delete(clock).deleted is True

    assert desk.v1.customers.retrieve(customer).deleted is True
    assert desk.v1.test_helpers.test_clocks.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        desk.v1.customers.create({"test_clock": clock})


def test_a_clock_goes_on_where_a_stopped_server_left_it(tmp_path: Path) -> None:
    first = start(tmp_path / "stripe.sqlite")
    ada = Subscriber.begin(first, "2027-01-01T00:00:00")
    begun = ada.subscribe(price(first, interval="day"))
    frozen = first.v1.test_helpers.test_clocks.retrieve(ada.clock).frozen_time
    first.v1.test_helpers.test_clocks.advance(ada.clock, {"frozen_time": frozen + 2 * DAY})
    first.server.stop()

    second = start(tmp_path / "stripe.sqlite")
    wait_until(lambda: second.v1.test_helpers.test_clocks.retrieve(ada.clock).status == "ready")

    invoices = second.v1.invoices.list({"subscription": begun.id}).data
    assert [invoice.created for invoice in invoices] == [frozen + 2 * DAY, frozen + DAY, frozen]
    assert second.v1.subscriptions.retrieve(begun.id).status == "active"
    second.server.stop()
