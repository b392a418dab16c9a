"""How a subscription begins: its first period, its first invoice, and the status that this leaves it in."""

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.params import moment, not_simulated, only, within
from infra.local.stripe.periods import configured
from infra.local.stripe.recurring import billing, items, lifecycle, lines, shapes, terms
from infra.local.stripe.values import Json

Period = tuple[int, int]


def begun(call: Call, customer: Json) -> Json:
    """The subscription that the request describes, in its first period; nothing is kept yet."""
    currency = call.params.get("currency", "").lower() or None
    body = shapes.blank(call, customer, currency)
    body |= terms.given(call, body)
    body = shapes.with_items(body, items.given(call, body, call.params.get("items") or []))
    body["currency"] = shapes.items_of(body)[0]["price"]["currency"]
    body |= _start(call, body)
    body = shapes.with_items(body, shapes.items_of(body), _first_period(body))
    body |= terms.ending(call, body)
    return body


def billed(call: Call, body: Json) -> Json:
    """Keep the subscription, tell of it, and collect its first invoice."""
    moved_in = bool(body.pop("_moved_in"))
    first = None if moved_in else billing.invoice(call, body, _first_lines(call, body), "subscription_create")
    body = shapes.keep(call, billing.with_latest(call, body, first) if first else body)
    call.emit("customer.subscription.created", body)
    lifecycle.plan(call, body)
    if first:
        behavior = call.params.get("payment_behavior", "allow_incomplete")
        billing.collect(call, body, first, behavior, off_session=call.params.get("off_session", False))
    return shapes.current(call, body)


def _start(call: Call, body: Json) -> Json:
    """The trial, the anchor and the status to begin with."""
    trial, anchor = terms.trial_end(call), _anchor(call, body)
    backdated, moved_in = _backdated(call), bool(_backdated(call) and anchor and not trial)
    status = "trialing" if trial else "incomplete"
    later = call.params.get("payment_behavior") == billing.LATER
    if not trial and (later or moved_in or body["collection_method"] == "send_invoice"):
        status = "active"
    return {
        "billing_cycle_anchor": anchor or trial or body["created"],
        "billing_cycle_anchor_config": call.params.get("billing_cycle_anchor_config"),
        "billing_mode": _mode(call, body["billing_mode"]),
        "start_date": backdated or body["created"],
        "status": status,
        "trial_end": trial,
        "trial_start": body["created"] if trial else None,
        "_first_is_free": call.params.get("proration_behavior") == "none",
        "_moved_in": moved_in,
    }


def _backdated(call: Call) -> int | None:
    """The second before now in which it began elsewhere. What was used until now was billed there, so that a
    subscription with its next anchor moves in without an invoice."""
    begun: int | None = call.params.get("backdate_start_date")
    if begun is None:
        return None
    if moment(begun, "backdate_start_date") > call.now():
        raise InvalidRequest("backdate_start_date must be in the past.", param="backdate_start_date")
    if call.params.get("proration_behavior") != "none":
        raise not_simulated("backdate_start_date")  # time that has passed is not billed here
    return begun


def _mode(call: Call, usual: Json) -> Json:
    given = only(call.params.get("billing_mode") or {}, "type", "billing_mode")
    return {"flexible": None, "type": "classic", "updated_at": None} if given.get("type") == "classic" else usual


def _anchor(call: Call, body: Json) -> int | None:
    config, anchor = call.params.get("billing_cycle_anchor_config"), call.params.get("billing_cycle_anchor")
    cycle = shapes.cycle_of(body)
    if config and anchor:
        raise InvalidRequest(
            "You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.",
            param="billing_cycle_anchor",
        )
    if config:
        for name, (least, most) in _RANGES.items():
            within(config, name, least, most, "billing_cycle_anchor_config")
        return configured(config, cycle, terms.trial_end(call) or call.now())
    if anchor is not None and not call.now() <= anchor <= cycle.after(terms.trial_end(call) or call.now()):
        raise InvalidRequest(
            "billing_cycle_anchor must be a future timestamp, at most one billing period away.",
            param="billing_cycle_anchor",
        )
    return anchor


_RANGES = {"day_of_month": (1, 31), "hour": (0, 23), "minute": (0, 59), "month": (1, 12), "second": (0, 59)}


def _first_period(body: Json) -> Period:
    start: int = body["created"]
    whole = shapes.whole_period(body, start)
    if body["_moved_in"]:
        return max(whole[0], body["start_date"]), whole[1]
    return start, body["trial_end"] or whole[1]


def _first_lines(call: Call, body: Json) -> list[Line]:
    period = shapes.period_of(body)
    if body["status"] == "trialing":
        return lines.of_trial(call, body, period)
    whole = shapes.whole_period(body, period[0])
    if whole == period:
        return lines.of_period(call, body, period)
    return lines.of_part(call, body, period, whole, free=body["_first_is_free"])
