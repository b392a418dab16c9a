"""What a customer used of a metered price: the meter's events in a period, aggregated as the meter says."""

from decimal import Decimal

from infra.local.stripe.call import Call
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json


def measured(call: Call, meter: Json, customer_id: str, start: int, end: int) -> Decimal:
    """The usage from the first second up to, but not with, the last; zero when nothing was reported."""
    reported = call.store.find(Query("billing.meter_event", {"_meter": meter["id"], "_customer": customer_id}))
    events = [event for event in reported if start <= event["timestamp"] < end and event["_value"]]
    values = [Decimal(event["_value"]) for event in sorted(events, key=lambda event: -event["timestamp"])]
    formula = meter["default_aggregation"]["formula"]
    if formula == "count":
        return Decimal(len(values))
    return sum(values, Decimal(0)) if formula == "sum" else next(iter(values), Decimal(0))


def billed(call: Call, price: Json, customer_id: str, start: int, end: int) -> int:
    """The quantity of a metered price to bill for a period, in whole units."""
    meter = call.named("billing.meter", price["recurring"]["meter"])
    return int(measured(call, meter, customer_id, start, end))
