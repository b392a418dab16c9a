"""Subscription schedules: the operations. What they mean is in `recurring.schedules`."""

import stripe.params as sdk

from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page_where
from infra.local.stripe.params import moment, not_simulated, only
from infra.local.stripe.recurring import phases, schedules, shapes
from infra.local.stripe.values import Json

_KIND = "subscription_schedule"
_SETTINGS = "billing_cycle_anchor collection_method default_payment_method description invoice_settings"


def create(call: Call) -> Json:
    """A new schedule with phases of its own, or one that takes a subscription over as it is."""
    source = call.referred("subscription", "from_subscription")
    if source:
        return _from_subscription(call, source)
    customer = call.referred("customer", "customer")
    if customer is None or not call.params.get("phases"):
        missing = "phases" if customer else "customer"
        raise InvalidRequest(f"Missing required param: {missing}.", code="parameter_missing", param=missing)
    start = call.params.get("start_date", "now")
    starts = call.now() if start == "now" else moment(start, "start_date")
    if starts < call.now():
        raise InvalidRequest("The local Stripe starts schedules now or later.", param="start_date")
    body = _body(call, customer) | {"phases": phases.read(call, call.params["phases"], starts), "_starts": starts}
    call.store.add(body)
    call.emit("subscription_schedule.created", body)
    if starts == call.now():
        return schedules.begin(call, body)
    schedules.plan(call, body)
    return body


def update(call: Call, schedule: str) -> Json:
    """Change the phases from the present one on, or the settings; the present phase counts at once."""
    before = _living(call, schedule)
    after = before | {
        "default_settings": _settings(call, before["default_settings"]),
        "end_behavior": _end_behavior(call, before["end_behavior"]),
        "metadata": call.metadata(before["metadata"]),
    }
    if "phases" not in call.params:
        return schedules.keep(call, before, after)
    return _with_phases(call, before, after)


def cancel(call: Call, schedule: str) -> Json:
    """End the schedule and its subscription now."""
    before = _living(call, schedule)
    asked = {name: call.params.get(name, True) for name in ("prorate", "invoice_now")}
    return schedules.cancel(call, before, "canceled", **asked)


def release(call: Call, schedule: str) -> Json:
    """End the schedule and leave its subscription as it is."""
    return schedules.release(call, _living(call, schedule))


def retrieve(call: Call, schedule: str) -> Json:
    """The schedule."""
    return call.named(_KIND, schedule, "schedule")


def every(call: Call) -> Json:
    """Schedules, newest first."""
    equal: Json = {name: call.params[name] for name in ("customer",) if name in call.params}
    scheduled = call.params.get("scheduled")
    return page_where(call, _KIND, equal, lambda body: scheduled is not True or body["status"] == "not_started")


def _from_subscription(call: Call, source: Json) -> Json:
    for name in sorted(call.params.keys() - {"from_subscription", "expand", "metadata"}):
        raise InvalidRequest("You cannot set `phases` or the like with `from_subscription`.", param=name)
    if source["schedule"] or source["status"] in shapes.ENDED:
        raise InvalidRequest("The subscription has a schedule already, or has ended.", param="from_subscription")
    phase = phases.of_subscription(source)
    begun = {
        "current_phase": {"end_date": phase["end_date"], "start_date": phase["start_date"]},
        "phases": [phase],
        "status": "active",
        "subscription": source["id"],
    }
    body = call.store.add(_body(call, call.named("customer", source["customer"])) | begun)
    shapes.change(call, source, source | {"schedule": body["id"]})
    call.emit("subscription_schedule.created", body)
    schedules.plan(call, body)
    return body


def _with_phases(call: Call, before: Json, after: Json) -> Json:
    present = before["current_phase"]
    start = present["start_date"] if present else before["_starts"]
    read = phases.read(call, call.params["phases"], start)
    past = [each for each in before["phases"] if present and each["end_date"] <= present["start_date"]]
    after |= {"phases": [*past, *read]}
    if present:
        after["current_phase"] = {"end_date": read[0]["end_date"], "start_date": read[0]["start_date"]}
        former = phases.at(before, start)
        if former and (former["items"], former["discounts"]) != (read[0]["items"], read[0]["discounts"]):
            behavior = call.params.get("proration_behavior", read[0]["proration_behavior"])
            schedules.enter(
                call, after, read[0] | {"billing_cycle_anchor": "automatic", "proration_behavior": behavior}
            )
    return schedules.keep(call, before, after)


def _living(call: Call, schedule: str) -> Json:
    body = call.named(_KIND, schedule, "schedule")
    if body["status"] not in schedules.LIVING:
        raise InvalidRequest(
            f"You cannot change a subscription schedule that is currently in the `{body['status']}` status."
        )
    return body


def _body(call: Call, customer: Json) -> Json:
    return call.begin(_KIND, "sub_sched") | {
        "application": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "canceled_at": None,
        "completed_at": None,
        "current_phase": None,
        "customer": customer["id"],
        "customer_account": None,
        "default_settings": _settings(call, _DEFAULTS),
        "end_behavior": _end_behavior(call, "release"),
        "metadata": call.metadata({}),
        "pause_schedules": [],
        "phases": [],
        "released_at": None,
        "released_subscription": None,
        "status": "not_started",
        "subscription": None,
        "test_clock": customer["test_clock"],
    }


_DEFAULTS: Json = {
    **dict.fromkeys(("application_fee_percent", "billing_thresholds", "default_payment_method", "description")),
    **dict.fromkeys(("on_behalf_of", "transfer_data")),
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_cycle_anchor": "automatic",
    "collection_method": "charge_automatically",
    "invoice_settings": {
        **dict.fromkeys(("account_tax_ids", "custom_fields", "days_until_due", "description", "footer")),
        "issuer": {"type": "self"},
    },
}


def _settings(call: Call, former: Json) -> Json:
    given = only(call.params.get("default_settings", {}), _SETTINGS, "default_settings")
    invoices = only(given.get("invoice_settings", {}), "days_until_due", "default_settings[invoice_settings]")
    return former | given | {"invoice_settings": former["invoice_settings"] | invoices}


def _end_behavior(call: Call, former: str) -> str:
    chosen: str = call.params.get("end_behavior", former)
    if chosen not in ("cancel", "release"):
        raise not_simulated("end_behavior")
    return chosen


_ALL = "/v1/subscription_schedules"
_ONE = f"{_ALL}/<schedule>"
_FIELDS = "default_settings end_behavior metadata phases"
ROUTES = (
    route(
        "POST",
        _ALL,
        create,
        sdk.SubscriptionScheduleCreateParams,
        f"{_FIELDS} customer from_subscription start_date",
    ),
    route("GET", _ALL, every, sdk.SubscriptionScheduleListParams, f"{PAGING} created customer scheduled"),
    route("GET", _ONE, retrieve, sdk.SubscriptionScheduleRetrieveParams),
    route("POST", _ONE, update, sdk.SubscriptionScheduleUpdateParams, f"{_FIELDS} proration_behavior"),
    route("POST", f"{_ONE}/cancel", cancel, sdk.SubscriptionScheduleCancelParams, "invoice_now prorate"),
    route("POST", f"{_ONE}/release", release, sdk.SubscriptionScheduleReleaseParams),
)
