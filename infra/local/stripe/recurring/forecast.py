"""The next invoice before it is made: the real thing is rehearsed and undone, so that both come out the same."""

from infra.local.stripe.call import Call
from infra.local.stripe.recurring import lifecycle, shapes
from infra.local.stripe.values import Json, listing, public


def next_invoice(call: Call, subscription: Json) -> Json | None:
    """The draft that the subscription's next turn will make; None when it will make none."""
    with call.store.rehearsed():
        before = subscription["latest_invoice"]
        moment = max(call.now(), lifecycle.next_turn(subscription))
        later = call.at(moment, call.test_clock)
        lifecycle.turn(later, subscription["id"])
        latest = shapes.current(later, subscription)["latest_invoice"]
        return later.named("invoice", latest) if latest != before else None


def as_upcoming(draft: Json) -> Json:
    """The draft as a preview shows it: with all its lines, and without a page to read more of them."""
    shown = {**draft, "id": f"upcoming_{draft['id']}"}
    lines = listing(f"/v1/invoices/{shown['id']}/lines", [public(line) for line in draft["_lines"]])
    return public(shown) | {"billing_reason": "upcoming", "lines": lines | {"total_count": len(draft["_lines"])}}


def upcoming(call: Call, subscription_id: str) -> None:
    """The job that tells of the next invoice some days before it is made."""
    body = call.named("subscription", subscription_id)
    draft = None if body["status"] in lifecycle.WAITING else next_invoice(call, body)
    if draft:
        call.emit("invoice.upcoming", as_upcoming(draft))


JOBS = {"subscription.upcoming": upcoming}
