"""The next invoice before it is made: the real thing is rehearsed and undone, so that both come out the same."""

from infra.local.stripe.call import Call
from infra.local.stripe.periods import DAY_SECONDS
from infra.local.stripe.recurring import lifecycle, schedules, shapes
from infra.local.stripe.values import Json, listing, public

# A rehearsed change may have opened its invoice, or even found nothing due; a preview shows the draft.
_UNOPENED: Json = {
    **dict.fromkeys(("effective_at", "ending_balance", "hosted_invoice_url", "invoice_pdf", "number")),
    "automatically_finalizes_at": None,
    "next_payment_attempt": None,
    "status": "draft",
    "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
}


def next_invoice(call: Call, subscription: Json) -> Json | None:
    """The draft that the subscription's next turn will make; None when it will make none."""
    with call.store.rehearsed():
        before = subscription["latest_invoice"]
        moment = max(call.now(), lifecycle.next_turn(subscription))
        later = call.at(moment, call.test_clock)
        _let_phases_pass(call, subscription, moment)
        if shapes.current(later, subscription)["latest_invoice"] == before:
            lifecycle.turn(later, subscription["id"])
        latest = shapes.current(later, subscription)["latest_invoice"]
        return later.named("invoice", latest) if latest != before else None


def _let_phases_pass(call: Call, subscription: Json, moment: int) -> None:
    """Let its schedule go through the phases that end until then, each at its time."""
    schedule = call.store.get("subscription_schedule", subscription["schedule"] or "")
    while schedule and schedule["current_phase"] and schedule["current_phase"]["end_date"] <= moment:
        schedules.advance(call.at(schedule["current_phase"]["end_date"], call.test_clock), schedule["id"])
        schedule = call.named("subscription_schedule", schedule["id"])


def as_upcoming(draft: Json) -> Json:
    """The draft as a preview shows it: with all its lines, and without a page to read more of them."""
    shown = {**draft, **_UNOPENED, "due_date": _due(draft), "id": f"upcoming_{draft['id']}"}
    lines = listing(f"/v1/invoices/{shown['id']}/lines", [public(line) for line in draft["_lines"]])
    return public(shown) | {"billing_reason": "upcoming", "lines": lines}


def _due(draft: Json) -> int | None:
    """When one that is sent will have to be paid; one that is charged has no such date."""
    days = draft.get("_days_until_due")
    return draft["created"] + days * DAY_SECONDS if days is not None else None


def upcoming(call: Call, subscription_id: str) -> None:
    """The job that tells of the next invoice some days before it is made."""
    body = call.named("subscription", subscription_id)
    draft = None if body["status"] in lifecycle.WAITING else next_invoice(call, body)
    if draft:
        call.emit("invoice.upcoming", as_upcoming(draft))


JOBS = {"subscription.upcoming": upcoming}
