"""A subscription schedule in time: it begins, goes from phase to phase, and lets its subscription go or ends it."""

from dataclasses import replace

from infra.local.stripe.call import Call
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.recurring import billing, lifecycle, phases, shapes
from infra.local.stripe.resources import subscriptions
from infra.local.stripe.values import Json, changed

_KIND = "subscription_schedule"
_NOTICE_SECONDS = 7 * DAY_SECONDS
LIVING = ("active", "not_started")


def keep(call: Call, before: Json, after: Json) -> Json:
    """Keep the changed schedule, tell of the change, and plan what comes next."""
    call.store.save(after)
    previous = changed(before, after)
    if previous:
        call.emit("subscription_schedule.updated", after, previous)
    plan(call, after)
    return after


def plan(call: Call, schedule: Json) -> None:
    """Plan the next phase; the turn of the subscription's period comes after it, so that it bills what is new."""
    if schedule["status"] not in LIVING:
        return
    now, last = call.now(), schedule["phases"][-1]["end_date"]
    phase = schedule["current_phase"]
    call.later("schedule.advance", schedule["id"], (phase["end_date"] if phase else schedule["_starts"]) - now)
    if last - _NOTICE_SECONDS > now:
        call.later("schedule.expiring", schedule["id"], last - _NOTICE_SECONDS - now)
    if schedule["subscription"]:
        lifecycle.plan(call, call.named("subscription", schedule["subscription"]))


def begin(call: Call, schedule: Json) -> Json:
    """Make the subscription of the first phase."""
    phase = schedule["phases"][0]
    given = {"customer": schedule["customer"], **_asked(schedule, phase, [])}
    subscription = subscriptions.create(replace(call, params=given))
    shapes.keep(call, subscription | {"schedule": schedule["id"]})
    after = schedule | {"status": "active", "subscription": subscription["id"], "current_phase": _dates(phase)}
    return keep(call, schedule, after)


def advance(call: Call, schedule_id: str) -> None:
    """The job at the end of a phase: the next one, or the end of the schedule."""
    schedule = call.named(_KIND, schedule_id)
    if schedule["status"] == "not_started":
        begin(call, schedule)
        return
    if schedule["status"] != "active" or _has_ended(call, schedule):
        return
    phase = phases.at(schedule, schedule["current_phase"]["end_date"])
    if phase is None:
        _finish(call, schedule)
        return
    enter(call, schedule, phase)
    keep(call, schedule, schedule | {"current_phase": _dates(phase)})


def enter(call: Call, schedule: Json, phase: Json) -> None:
    """Make the subscription what the phase says."""
    subscription = call.named("subscription", schedule["subscription"])
    given = _asked(schedule, phase, shapes.items_of(subscription))
    subscriptions.change(replace(call, params=given), subscription)


def release(call: Call, schedule: Json) -> Json:
    """Let the subscription go on without the schedule."""
    subscription = call.store.get("subscription", schedule["subscription"] or "")
    if subscription:
        shapes.change(call, subscription, subscription | {"schedule": None})
    ended = {"released_at": call.now(), "released_subscription": schedule["subscription"], "subscription": None}
    return _ended(call, schedule | ended, "released")


def cancel(call: Call, schedule: Json, status: str, *, prorate: bool, invoice_now: bool) -> Json:
    """End the subscription with the schedule."""
    subscription = call.store.get("subscription", schedule["subscription"] or "")
    if subscription and subscription["status"] not in shapes.ENDED:
        lifecycle.end(call, subscription, prorate=prorate, invoice_now=invoice_now)
    moment = "canceled_at" if status == "canceled" else "completed_at"
    return _ended(call, schedule | {moment: call.now()}, status)


def expiring(call: Call, schedule_id: str) -> None:
    """The job that tells of the end of the last phase some days before it."""
    schedule = call.named(_KIND, schedule_id)
    if schedule["status"] == "active":
        call.emit("subscription_schedule.expiring", schedule)


def _finish(call: Call, schedule: Json) -> None:
    if schedule["end_behavior"] == "cancel":
        cancel(call, schedule, "completed", prorate=True, invoice_now=True)
    else:
        release(call, schedule)


def _ended(call: Call, schedule: Json, status: str) -> Json:
    after = call.store.save(schedule | {"current_phase": None, "status": status})
    call.emit(f"subscription_schedule.{status}", after)
    return after


def _has_ended(call: Call, schedule: Json) -> bool:
    """Whether the subscription ended by itself, and its schedule with it."""
    subscription = call.named("subscription", schedule["subscription"])
    if subscription["status"] not in shapes.ENDED:
        return False
    _ended(call, schedule | {"canceled_at": call.now()}, "canceled")
    return True


def _asked(schedule: Json, phase: Json, items: list[Json]) -> Json:
    settings = schedule["default_settings"]
    names = ("collection_method", "default_payment_method", "description")
    given: Json = {name: settings[name] for name in names if settings[name]}
    if settings["collection_method"] == "send_invoice":
        given["days_until_due"] = settings["invoice_settings"]["days_until_due"] or 30
    phase = phase | {"billing_cycle_anchor": phase["billing_cycle_anchor"] or settings["billing_cycle_anchor"]}
    return {**given, **phases.wanted(phase, items), "payment_behavior": billing.LATER}


def _dates(phase: Json) -> Json:
    return {"end_date": phase["end_date"], "start_date": phase["start_date"]}


JOBS = {"schedule.advance": advance, "schedule.expiring": expiring}
