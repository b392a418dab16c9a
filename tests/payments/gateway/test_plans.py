"""Subscriptions at the local Stripe: what a preview shows is what is billed, however the change is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.plan_orders import ChangeLater, ChangeNow, End, Fee, ItemChange, Pause, PhaseItem
from chalicelib.platform.errors import Refused
from tests.infra.stripe.desk import API_KEY, Desk, start
from tests.infra.stripe.subscriber import Subscriber, at, price

DAY = 86_400
BEGUN, MIDDLE, END = at("2027-03-01T10:00:00"), at("2027-03-11T10:00:00"), at("2027-04-01T10:00:00")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    running = start(tmp_path / "stripe.sqlite")
    yield running
    running.server.stop()


@pytest.fixture
def plans(desk: Desk) -> StripeGateway:
    return StripeGateway(lambda: API_KEY, desk.server.url)


class Taken:
    """A subscription in the middle of its second period, and a larger price to change to."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.someone = Subscriber.begin(desk, "2027-02-01T10:00:00")
        self.small, self.large = price(desk, 3000, lookup_key="SMALL"), price(desk, 5000, lookup_key="LARGE")
        self.plan = self.someone.subscribe(self.small)
        self.someone.until("2027-03-11T10:00:00")
        self.item = self.now["items"]["data"][0]["id"]
        self.names: dict[str, Any] = {"plan_id": self.plan.id, "customer_id": self.someone.id, "currency": "GBP"}

    @property
    def now(self) -> dict[str, Any]:
        return self.someone.now(self.plan).to_dict(for_json=True)

    def billed(self, when: str) -> list[stripe.Invoice]:
        """The bills that come until then."""
        before = {bill.id for bill in self.someone.invoices()}
        self.someone.until(when)
        return [bill for bill in self.someone.invoices() if bill.id not in before]

    @property
    def larger(self) -> ChangeNow:
        change = ItemChange(item_id=self.item, price_id=self.large)
        return ChangeNow(**self.names, items=(change,), at=MIDDLE)

    def later(self, moment: int = END, **more: Any) -> ChangeLater:
        item = PhaseItem(price_id=self.large, quantity=1, subscription_id="sub_ours")
        changes = (ItemChange(item_id=self.item, price_id=self.large),)
        return ChangeLater(**{**self.names, "items": (item,), "changes": changes, "at": moment, **more})


@pytest.fixture
def taken(desk: Desk) -> Taken:
    return Taken(desk)


def _lines(bill: Any) -> list[tuple[int, int, int]]:
    said = bill if isinstance(bill, dict) else bill.to_dict()
    return sorted((line["amount"], line["period"]["start"], line["period"]["end"]) for line in said["lines"]["data"])


def test_a_change_now_is_billed_as_previewed(plans: StripeGateway, taken: Taken) -> None:
    preview = plans.preview_plan(taken.plan.id, taken.larger)
    plans.carry_out(taken.larger, "cq_1")
    plans.carry_out(taken.larger, "cq_1")

    (bill,) = taken.billed("2027-04-01T12:00:00")
    assert preview is not None
    assert _lines(preview) == _lines(bill)
    left = END - MIDDLE
    assert (-round(3000 * left / (31 * DAY)), MIDDLE, END) in _lines(bill)
    assert taken.now["metadata"] == {"desk_quote_id": "cq_1"}


def test_a_preview_leaves_no_trace(plans: StripeGateway, taken: Taken) -> None:
    before = taken.now
    plans.preview_plan(taken.plan.id, taken.larger)
    assert taken.now == before
    usual = plans.preview_plan(taken.plan.id)
    assert usual is not None
    assert usual["total"] == 3000


def test_a_later_change_counts_from_the_next_period(plans: StripeGateway, taken: Taken) -> None:
    preview = plans.preview_plan(taken.plan.id, taken.later())
    plans.carry_out(taken.later(), "cq_1")

    (bill,) = taken.billed("2027-04-01T12:00:00")
    assert preview is not None
    assert _lines(preview) == _lines(bill) == [(5000, END, at("2027-05-01T10:00:00"))]
    assert taken.now["items"]["data"][0]["metadata"] == {"desk_subscription_id": "sub_ours"}
    taken.someone.until("2027-04-03T12:00:00")
    assert taken.now["schedule"] is None


def test_a_later_change_is_taken_back(plans: StripeGateway, taken: Taken) -> None:
    plans.carry_out(taken.later(), "cq_1")
    plans.release(taken.now["schedule"], "back_1")
    plans.release("sub_sched_none", "back_2")

    (bill,) = taken.billed("2027-04-01T12:00:00")
    assert bill.total == 3000


def test_a_schedule_with_nothing_left_to_do_makes_way(plans: StripeGateway, taken: Taken) -> None:
    plans.carry_out(taken.later(), "cq_1")
    taken.someone.until("2027-04-01T12:00:00")
    schedule = taken.now["schedule"]
    ended = End(**taken.names, old_schedule_id=schedule)

    plans.carry_out(ended, "cq_2")

    assert schedule is not None
    assert (taken.now["schedule"], taken.now["cancel_at_period_end"]) == (None, True)


def test_periods_begin_anew_on_another_day(plans: StripeGateway, taken: Taken) -> None:
    day = at("2027-03-20T10:00:00")
    same = (PhaseItem(price_id=taken.small, quantity=1),)
    restarted = taken.later(day, items=same, changes=(), restarts=True)
    with pytest.raises(ValueError, match="cannot be previewed"):
        plans.preview_plan(taken.plan.id, restarted)

    plans.carry_out(restarted, "cq_1")

    (bill,) = taken.billed("2027-03-20T12:00:00")
    unused = -round(3000 * (END - day) / (31 * DAY))
    assert _lines(bill) == sorted([(unused, day, END), (3000, day, at("2027-04-20T10:00:00"))])
    assert taken.now["billing_cycle_anchor"] == day


def test_an_end_within_the_period_gives_back_what_is_left(plans: StripeGateway, taken: Taken) -> None:
    fee = Fee(amount_minor=1800, description="Fee for leaving before 1 June 2027")
    ended = End(**taken.names, at=MIDDLE + DAY, fee=fee)
    preview = plans.preview_plan(taken.plan.id, ended)

    plans.carry_out(ended, "cq_1")
    plans.carry_out(ended, "cq_1")

    (bill,) = taken.billed("2027-03-12T12:00:00")
    assert preview is not None
    assert _lines(preview)[0] == _lines(bill)[0] == (-round(3000 * 20 / 31), MIDDLE + DAY, END)
    assert bill.total == preview["total"] == 1800 - round(3000 * 20 / 31)
    assert taken.now["status"] == "canceled"


def test_no_bill_comes_after_an_end(plans: StripeGateway, taken: Taken) -> None:
    assert plans.preview_plan(taken.plan.id, End(**taken.names)) is None
    plans.carry_out(End(**taken.names), "cq_1")
    assert taken.billed("2027-05-02T12:00:00") == []


@pytest.mark.parametrize("moment", [None, at("2027-04-15T10:00:00")])
def test_an_end_is_called_off_with_its_fee(plans: StripeGateway, taken: Taken, moment: int | None) -> None:
    plans.carry_out(End(**taken.names, at=moment, fee=Fee(amount_minor=900, description="Fee")), "cq_1")

    plans.go_on(taken.plan.id, "back_1", at_period_end=moment is None)
    plans.drop_fee(taken.plan.id, taken.someone.id, "cq_other")
    plans.drop_fee(taken.plan.id, taken.someone.id, "cq_1")

    (bill,) = taken.billed("2027-04-01T12:00:00")
    assert (taken.now["cancel_at"], bill.total) == (None, 3000)


def test_bills_of_a_pause_are_not_collected(plans: StripeGateway, taken: Taken) -> None:
    plans.carry_out(Pause(**taken.names, until=at("2027-04-10T00:00:00")), "cq_1")
    (paused,) = taken.billed("2027-04-01T12:00:00")
    assert paused.status == "void"

    plans.carry_out(Pause(**taken.names), "cq_2")

    (bill,) = taken.billed("2027-05-01T12:00:00")
    assert (bill.status, bill.total) == ("paid", 3000)


def test_prices_are_found_by_what_they_are_called(plans: StripeGateway, taken: Taken) -> None:
    assert (plans.price_coded("LARGE") or {})["id"] == taken.large
    assert plans.price_coded("NONE") is None


def test_time_is_the_clocks(plans: StripeGateway, taken: Taken) -> None:
    assert plans.clock_second(taken.someone.clock) == MIDDLE


def test_what_stripe_refuses_is_refused(plans: StripeGateway, taken: Taken) -> None:
    long_ago = taken.larger.model_copy(update={"at": BEGUN - DAY})
    with pytest.raises(Refused):
        plans.carry_out(long_ago, "cq_1")
    with pytest.raises(Refused):
        plans.preview_plan("sub_none")
