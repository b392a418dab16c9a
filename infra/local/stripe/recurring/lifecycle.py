"""What happens to a subscription in time: notices, the turn of a period, the end of a trial, and its own end.

Jobs look at the subscription and not at the clock, so that they can be made to happen early.
"""

from infra.local.stripe import collection
from infra.local.stripe.call import Call
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.recurring import billing, lines, shapes
from infra.local.stripe.values import Json

_HOUR = 3600
_INCOMPLETE_HOURS = 23
_TRIAL_NOTICE_SECONDS = 3 * DAY_SECONDS
_UPCOMING_NOTICE_SECONDS = 7 * DAY_SECONDS
WAITING = (*shapes.ENDED, "incomplete", "paused")


def plan(call: Call, subscription: Json) -> None:
    """Plan what the subscription as it stands now has to wait for; what was planned before is moved."""
    now, end = call.now(), next_turn(subscription)
    moments = {"subscription.turn": end, "subscription.upcoming": end - _UPCOMING_NOTICE_SECONDS}
    if subscription["status"] == "incomplete":
        moments["subscription.expire"] = subscription["created"] + _INCOMPLETE_HOURS * _HOUR
    if subscription["status"] == "trialing":
        moments["subscription.trial_will_end"] = max(now, end - _TRIAL_NOTICE_SECONDS)
    paused = subscription["pause_collection"] or {}
    if paused.get("resumes_at"):
        moments["subscription.resume_collection"] = paused["resumes_at"]
    for kind, moment in moments.items():
        if moment >= now or kind == "subscription.turn":
            call.later(kind, subscription["id"], moment - now)


def next_turn(subscription: Json) -> int:
    """The second at which the present period, or the subscription, ends."""
    end: int = min(shapes.period_of(subscription)[1], subscription["cancel_at"] or 2**62)
    return end


def turn(call: Call, subscription_id: str) -> None:
    """The job at the end of a period: the end of the subscription or of its trial, or the next period."""
    body = call.named("subscription", subscription_id)
    if body["status"] in WAITING:
        return
    moment = next_turn(body)
    if body["cancel_at"] is not None and body["cancel_at"] <= moment:
        end(call, body, prorate=moment < shapes.period_of(body)[1], invoice_now=True)
    elif body["status"] == "trialing" and not can_be_charged(call, body):
        _without_method(call, body)
    else:
        renew(call, body)


def renew(call: Call, before: Json) -> Json:
    """Begin the next period, and bill it with what was used in the last; the draft, which waits for an hour."""
    period, whole = _next_period(before)
    after = shapes.with_items(before, shapes.items_of(before), period)
    after["status"] = "active" if before["status"] == "trialing" else before["status"]
    charged = _period_lines(call, after, period, whole)
    used = lines.of_usage(call, before, shapes.period_of(before)) if before["status"] != "trialing" else []
    draft = billing.invoice(call, after, [*charged, *used], "subscription_cycle", shapes.period_of(before))
    after = shapes.change(call, before, billing.with_latest(call, after, draft))
    billing.leave(call, after, draft)
    plan(call, after)
    return draft


def end(
    call: Call, before: Json, *, prorate: bool, invoice_now: bool, status: str = "canceled", because: Json | None = None
) -> Json:
    """End the subscription now; what is left to bill, or to give back, is billed now or waits for another invoice."""
    if prorate and before["status"] not in ("trialing", "incomplete"):
        unused = lines.unused(call, before, shapes.items_of(before), min(next_turn(before), call.now()))
        billing.pend(call, before, unused)
    after = before | {"canceled_at": before["canceled_at"] or call.now(), "ended_at": call.now(), "status": status}
    after |= {"cancellation_details": because} if because else {}
    if invoice_now and before["status"] != "trialing":
        used = lines.of_usage(call, before, shapes.period_of(before))
        if billing.anything_left(call, before, used):
            last = billing.invoice(call, before, used, "subscription_cycle", shapes.period_of(before))
            after = billing.with_latest(call, after, last)
            billing.leave(call, after, last)
    shapes.keep(call, after)
    call.emit("customer.subscription.deleted", after)
    return after


def can_be_charged(call: Call, subscription: Json) -> bool:
    """Whether an invoice of the subscription would have a method to be charged to, or needs none."""
    customer = call.named("customer", subscription["customer"])
    default = customer["invoice_settings"]["default_payment_method"]
    behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    return bool(
        subscription["collection_method"] == "send_invoice"
        or behavior == "create_invoice"
        or subscription["default_payment_method"]
        or default
    )


def pause(call: Call, before: Json, why: str) -> Json:
    """Stop the subscription until it is resumed: no invoice is made meanwhile."""
    paused = {"subscription": {"type": why}, "transitioned_at": call.now(), "type": "subscription"}
    after = shapes.change(call, before, before | {"status": "paused", "status_details": {"paused": paused}})
    call.emit("customer.subscription.paused", after)
    return after


def _without_method(call: Call, before: Json) -> None:
    if before["trial_settings"]["end_behavior"]["missing_payment_method"] == "cancel":
        end(call, before, prorate=False, invoice_now=False)
        return
    pause(call, before, "trial_end_without_payment_method")


def _next_period(subscription: Json) -> tuple[tuple[int, int], tuple[int, int]]:
    """The next period and the whole one that it is, or is a part of."""
    start = shapes.period_of(subscription)[1]
    whole = shapes.whole_period(subscription, start)
    return (start, min(whole[1], subscription["cancel_at"] or whole[1])), whole


def _period_lines(call: Call, subscription: Json, period: tuple[int, int], whole: tuple[int, int]) -> list[Line]:
    if period == whole:
        return lines.of_period(call, subscription, period)
    return lines.of_part(call, subscription, period, whole)


def expire(call: Call, subscription_id: str) -> None:
    """The job that gives up a subscription whose first invoice was never paid."""
    before = call.named("subscription", subscription_id)
    if before["status"] == "incomplete":
        first = call.named("invoice", before["latest_invoice"])
        ended = {"ended_at": call.now(), "status": "incomplete_expired"}
        shapes.change(call, before, before | ended)
        if first["status"] == "open":
            collection.void(call, first)


def trial_will_end(call: Call, subscription_id: str) -> None:
    """The job that tells of the end of a trial some days before it."""
    body = call.named("subscription", subscription_id)
    if body["status"] == "trialing":
        call.emit("customer.subscription.trial_will_end", body)


def resume_collection(call: Call, subscription_id: str) -> None:
    """The job that ends a pause of collection."""
    before = call.named("subscription", subscription_id)
    if (before["pause_collection"] or {}).get("resumes_at"):
        shapes.change(call, before, before | {"pause_collection": None})


JOBS = {
    "subscription.turn": turn,
    "subscription.expire": expire,
    "subscription.trial_will_end": trial_will_end,
    "subscription.resume_collection": resume_collection,
}
