"""Subscription schedules: phases that come at their times, and what they leave behind."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import Subscriber, at, period, price


def _phase(price_id: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"price": price_id, "quantity": 1}], **more}


def _schedule(subscriber: Subscriber, *phases: Any) -> stripe.SubscriptionSchedule:
    given: Any = {"customer": subscriber.id, "start_date": "now", "phases": list(phases)}
    return subscriber.desk.v1.subscription_schedules.create(given)


def test_a_subscription_goes_from_phase_to_phase_and_then_on_its_own(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    intro, usual = price(desk, 1000), price(desk, 3000)
    made = _schedule(ada, _phase(intro, duration={"interval": "month", "interval_count": 2}), _phase(usual))
    assert (made.status, [phase.end_date for phase in made.phases]) == (
        "active",
        [at("2027-03-01T00:00:00"), at("2027-04-01T00:00:00")],
    )
    subscription = desk.v1.subscriptions.retrieve(str(made.subscription))
    assert (subscription.status, subscription.schedule) == ("active", made.id)

    ada.until("2027-02-02T00:00:00")
    ada.until("2027-03-02T00:00:00")
    preview = desk.v1.invoices.create_preview({"subscription": subscription.id})
    ada.until("2027-04-02T00:00:00")

    assert [invoice.amount_paid for invoice in ada.invoices()] == [1000, 1000, 3000, 3000]
    assert preview.total == 3000
    ended = desk.v1.subscription_schedules.retrieve(made.id)
    assert (ended.status, ended.released_subscription, ended.subscription) == ("released", subscription.id, None)
    assert ada.now(subscription).schedule is None
    assert [name for name in desk.event_types() if name.startswith("subscription_schedule.")] == [
        "subscription_schedule.created",
        "subscription_schedule.updated",
        "subscription_schedule.updated",
        "subscription_schedule.expiring",
        "subscription_schedule.released",
    ]


def test_a_preview_looks_over_the_end_of_a_phase(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    first = _phase(price(desk, 3100), end_date=at("2027-01-16T12:00:00"))
    made = _schedule(ada, first, _phase(price(desk, 6200)))

    preview = desk.v1.invoices.create_preview({"schedule": made.id})
    ada.until("2027-02-01T02:00:00")

    assert sorted(line.amount for line in preview.lines.data) == [-1550, 3100, 6200]
    assert ada.invoices()[-1].amount_paid == preview.total == 7750


def test_a_running_subscription_is_taken_over_and_changed_at_its_next_period(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    small, large = price(desk, 1000), price(desk, 2000)
    begun = ada.subscribe(small)
    made = desk.v1.subscription_schedules.create({"from_subscription": begun.id})
    present: Any = {"start_date": period(begun)[0], "end_date": period(begun)[1]}

    change: Any = {"phases": [_phase(small, **present), _phase(large)], "end_behavior": "cancel"}
    desk.v1.subscription_schedules.update(made.id, change)
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        desk.v1.subscriptions.update(begun.id, {"cancel_at_period_end": True})
    ada.until("2027-02-01T02:00:00")
    assert [invoice.amount_paid for invoice in ada.invoices()] == [1000, 2000]
    ada.until("2027-03-02T00:00:00")

    assert ada.now(begun).status == "canceled"
    assert desk.v1.subscription_schedules.retrieve(made.id).status == "completed"
    assert len(ada.invoices()) == 2


def test_a_schedule_can_begin_later_and_be_called_off(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    start = at("2027-01-20T00:00:00")
    given: Any = {"customer": ada.id, "start_date": start, "phases": [_phase(price(desk))]}
    first = desk.v1.subscription_schedules.create(given)
    second = desk.v1.subscription_schedules.create(given)
    assert (first.status, first.subscription) == ("not_started", None)

    assert desk.v1.subscription_schedules.cancel(second.id).status == "canceled"
    ada.until("2027-01-21T00:00:00")

    began = desk.v1.subscription_schedules.retrieve(first.id)
    assert began.status == "active"
    assert desk.v1.subscriptions.retrieve(str(began.subscription)).start_date == start
    assert [invoice.amount_paid for invoice in ada.invoices()] == [3000]
    freed = desk.v1.subscription_schedules.release(first.id)
    assert (freed.status, freed.released_subscription) == ("released", began.subscription)
    with pytest.raises(stripe.InvalidRequestError, match="`released` status"):
        desk.v1.subscription_schedules.release(first.id)


@pytest.mark.parametrize(
    ("phases", "param"),
    [
        ([], "phases"),
        ([{"items": [{"price": "price_none"}]}], "phases[0][items][0][price]"),
        ([{"items": [{"price": "PRICE"}], "end_date": 5}], "phases[0][end_date]"),
        ([{"items": [{"price": "PRICE"}], "start_date": 5}], "phases[0][start_date]"),
        ([{"items": [{"price": "PRICE"}], "transfer_data": {"destination": "acct_1"}}], "phases[0][transfer_data]"),
    ],
)
def test_phases_that_make_no_sense_are_refused(desk: Desk, phases: Any, param: str) -> None:
    ada, usual = Subscriber.begin(desk), price(desk)
    for phase in phases:
        for item in phase["items"]:
            item["price"] = usual if item["price"] == "PRICE" else item["price"]

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.subscription_schedules.create({"customer": ada.id, "start_date": "now", "phases": phases})

    assert refusal.value.param == param
    assert desk.v1.subscription_schedules.list({"customer": ada.id}).data == []
