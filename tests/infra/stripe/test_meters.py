"""Usage: reported once, summed as the meter says, and billed when the period is over."""

from typing import Any

import pytest
import stripe

from tests.infra.stripe.desk import Desk
from tests.infra.stripe.subscriber import Subscriber, at, price


def _meter(desk: Desk, name: str = "calls", formula: Any = "sum") -> str:
    return desk.v1.billing.meters.create(
        {"display_name": name, "event_name": name, "default_aggregation": {"formula": formula}}
    ).id


def _use(desk: Desk, customer: str, value: str, **more: Any) -> stripe.billing.MeterEvent:
    payload = {"stripe_customer_id": customer, "value": value}
    given: Any = {"event_name": "calls", "payload": payload} | more
    return desk.v1.billing.meter_events.create(given)


def test_usage_is_billed_after_its_period(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    metered = price(desk, 7, recurring={"usage_type": "metered", "meter": _meter(desk)})
    begun = ada.subscribe(metered)
    assert (begun.status, begun.to_dict()["items"]["data"][0].get("quantity")) == ("active", None)

    _use(desk, ada.id, "30", identifier="one")
    ada.until("2027-01-20T00:00:00")
    _use(desk, ada.id, "12")
    preview = desk.v1.invoices.create_preview({"subscription": begun.id})
    ada.until("2027-02-01T02:00:00")
    _use(desk, ada.id, "5")
    ada.until("2027-03-01T02:00:00")

    assert [invoice.amount_paid for invoice in ada.invoices()][:2] == [0, 294]
    assert preview.total == 294
    line = ada.invoices()[1].lines.data[0]
    assert (line.quantity, line.period.start, line.period.end) == (
        42,
        at("2027-01-01T00:00:00"),
        at("2027-02-01T00:00:00"),
    )
    assert ada.invoices()[2].total == 35


def test_an_event_counts_once(desk: Desk) -> None:
    ada = Subscriber.begin(desk, "2027-01-01T00:00:00")
    meter = _meter(desk)
    _use(desk, ada.id, "3", identifier="one")
    with pytest.raises(stripe.InvalidRequestError) as again:
        _use(desk, ada.id, "3", identifier="one")
    assert again.value.code == "duplicate_meter_event"
    _use(desk, ada.id, "4", timestamp=at("2026-12-31T12:00:00"))

    def summed(start: str, end: str, **more: Any) -> list[float]:
        span: Any = {"customer": ada.id, "start_time": at(start), "end_time": at(end), **more}
        return [each.aggregated_value for each in desk.v1.billing.meters.event_summaries.list(meter, span).data]

    assert summed("2026-12-31T00:00:00", "2027-01-02T00:00:00") == [7.0]
    assert summed("2026-12-31T00:00:00", "2027-01-02T00:00:00", value_grouping_window="day") == [3.0, 4.0]


@pytest.mark.parametrize(("formula", "value"), [("sum", 9.0), ("count", 2.0), ("last", 4.0)])
def test_a_meter_says_how_events_add_up(desk: Desk, formula: str, value: float) -> None:
    ada, meter = Subscriber.begin(desk, "2027-01-01T00:00:00"), _meter(desk, formula=formula)
    for used in ("5", "4"):
        _use(desk, ada.id, used)

    span: Any = {"customer": ada.id, "start_time": at("2027-01-01T00:00:00"), "end_time": at("2027-01-02T00:00:00")}
    assert desk.v1.billing.meters.event_summaries.list(meter, span).data[0].aggregated_value == value


def test_the_last_of_a_meter_is_the_latest_by_its_time(desk: Desk) -> None:
    ada, meter = Subscriber.begin(desk, "2027-01-02T00:00:00"), _meter(desk, formula="last")
    _use(desk, ada.id, "5", timestamp=at("2027-01-01T12:00:00"))
    _use(desk, ada.id, "4", timestamp=at("2027-01-01T06:00:00"))

    span: Any = {"customer": ada.id, "start_time": at("2027-01-01T00:00:00"), "end_time": at("2027-01-02T00:00:00")}
    assert desk.v1.billing.meters.event_summaries.list(meter, span).data[0].aggregated_value == 5
    hours = desk.v1.billing.meters.event_summaries.list(meter, span | {"value_grouping_window": "hour", "limit": 7})
    assert [each.aggregated_value for each in hours.auto_paging_iter()] == [0.0] * 11 + [5.0] + [0.0] * 5 + [4.0] + [
        0.0
    ] * 6


def test_a_reported_event_can_be_taken_back_for_a_day(desk: Desk) -> None:
    ada, meter = Subscriber.begin(desk, "2027-01-01T00:00:00"), _meter(desk)
    _use(desk, ada.id, "3", identifier="one")
    _use(desk, ada.id, "4", identifier="two")
    back: Any = {"event_name": "calls", "type": "cancel", "cancel": {"identifier": "one"}}

    assert desk.v1.billing.meter_event_adjustments.create(back).status == "complete"

    span: Any = {"customer": ada.id, "start_time": at("2027-01-01T00:00:00"), "end_time": at("2027-01-02T00:00:00")}
    assert desk.v1.billing.meters.event_summaries.list(meter, span).data[0].aggregated_value == 4
    ada.until("2027-01-02T00:00:01")
    for identifier in ("one", "two", "three"):
        with pytest.raises(stripe.InvalidRequestError):
            desk.v1.billing.meter_event_adjustments.create(back | {"cancel": {"identifier": identifier}})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"event_name": "other"}, "no_meter"),
        ({"payload": {"value": "1"}}, "meter_event_no_customer_defined"),
        ({"payload": {"stripe_customer_id": "cus_none", "value": "1"}}, "meter_event_customer_not_found"),
        ({"payload": {"stripe_customer_id": "ADA", "value": "x"}}, "meter_event_invalid_value"),
        ({"timestamp": 5}, None),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(desk: Desk, change: Any, code: str | None) -> None:
    ada = Subscriber.begin(desk)
    _meter(desk)
    sent: Any = {"event_name": "calls", "payload": {"stripe_customer_id": ada.id, "value": "1"}} | change
    if sent["payload"].get("stripe_customer_id") == "ADA":
        sent["payload"] = sent["payload"] | {"stripe_customer_id": ada.id}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        desk.v1.billing.meter_events.create(sent)

    assert refusal.value.code == code


def test_a_meter_can_be_put_to_rest(desk: Desk) -> None:
    ada, meter = Subscriber.begin(desk), _meter(desk)
    with pytest.raises(stripe.InvalidRequestError, match="already has the event name"):
        _meter(desk)

    assert desk.v1.billing.meters.deactivate(meter).status == "inactive"
    with pytest.raises(stripe.InvalidRequestError):
        _use(desk, ada.id, "1")
    with pytest.raises(stripe.InvalidRequestError):
        price(desk, recurring={"usage_type": "metered", "meter": meter})
    assert desk.v1.billing.meters.reactivate(meter).status == "active"
    assert [each.id for each in desk.v1.billing.meters.list({"status": "active"}).data] == [meter]
