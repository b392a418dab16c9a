"""A change of a subscription: what it is worth for the rest of the period, and whether it is billed now or later.

The rest of what was paid for is credited at the old price and charged at the new one, to the second. A new interval, a
new anchor and the end of a trial begin a new period at once, which is billed at once.
"""

from dataclasses import dataclass
from typing import Any

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.recurring import billing, items, lifecycle, lines, shapes, terms
from infra.local.stripe.values import Json

_UNBILLED = ("trialing", "incomplete", "paused", *shapes.ENDED)


@dataclass(frozen=True)
class Change:
    """A subscription before and after a request, the second from which the change counts, and what is billed."""

    before: Json
    after: Json
    moment: int
    behavior: str
    restarts: bool

    @property
    def prorates(self) -> bool:
        """Whether the rest of the period is settled."""
        return self.behavior != "none" and self.before["status"] not in _UNBILLED

    @property
    def bills_now(self) -> bool:
        """Whether there is an invoice at once."""
        return self.restarts or self.behavior == "always_invoice"


def made(call: Call, before: Json) -> Json:
    """Carry out what the request asks of a subscription; the subscription as it stands then."""
    change = _read(call, before)
    if change.prorates:
        billing.pend(call, change.after, _prorations(call, change))
    after, invoice = change.after, None
    if change.bills_now:
        after, invoice = _billed(call, change)
    shapes.change(call, before, after)
    lifecycle.plan(call, after)
    if invoice:
        behavior = call.params.get("payment_behavior", "allow_incomplete")
        billing.collect(call, after, invoice, behavior, off_session=call.params.get("off_session", False))
    return shapes.current(call, after)


def _read(call: Call, before: Json) -> Change:
    after = before | terms.given(call, before)
    given = call.params.get("items")
    after = shapes.with_items(after, items.given(call, before, given)) if given else after
    after |= terms.ending(call, after) | _pause(call, before)
    moment = _moment(call, before)
    restarts = _restarts(call, before, after)
    after = _with_trial(call, after)
    if restarts:
        after = _restarted(call, after)
    behavior = call.params.get("proration_behavior", "create_prorations")
    return Change(before, after, moment, behavior, restarts)


def _prorations(call: Call, change: Change) -> list[Line]:
    former = {each["id"]: each for each in shapes.items_of(change.before)}
    latter = {each["id"]: each for each in shapes.items_of(change.after)}
    if change.restarts or change.after["status"] == "trialing":
        return list(lines.unused(call, change.before, list(former.values()), change.moment))
    gone = [each for each in former.values() if _costs_otherwise(each, latter.get(each["id"]))]
    come = [each for each in latter.values() if _costs_otherwise(each, former.get(each["id"]))]
    credited = lines.unused(call, change.before, gone, change.moment)
    return [*credited, *lines.remaining(call, change.after, come, change.moment)]


def _costs_otherwise(item: Json, other: Json | None) -> bool:
    return other is None or (item["price"]["id"], item["quantity"]) != (other["price"]["id"], other["quantity"])


def _billed(call: Call, change: Change) -> tuple[Json, Json | None]:
    """The subscription with its new latest invoice, and that; no invoice when nothing changes hands."""
    after, charged = change.after, list[Line]()
    if change.restarts:
        billed = change.before["status"] not in _UNBILLED
        used = lines.of_usage(call, change.before, _used(change)) if billed else []
        charged = [*lines.of_period(call, after, shapes.period_of(after)), *used]
    if not charged and not billing.anything_left(call, after, []):
        return after, None
    invoice = billing.invoice(call, after, charged, "subscription_update")
    return billing.with_latest(call, after, invoice), invoice


def _used(change: Change) -> tuple[int, int]:
    return shapes.period_of(change.before)[0], shapes.period_of(change.after)[0]


def _moment(call: Call, before: Json) -> int:
    start, end = shapes.period_of(before)
    moment: int = call.params.get("proration_date", call.now())
    if "proration_date" in call.params and not start <= moment <= end:
        raise InvalidRequest(
            "Invalid proration date. The proration date must be within the current period.", param="proration_date"
        )
    return moment


def _restarts(call: Call, before: Json, after: Json) -> bool:
    if call.params.get("billing_cycle_anchor", {}).get("type") == "now":
        return True
    if call.params.get("trial_end") == "now":
        return bool(before["status"] == "trialing")
    return shapes.cycle_of(before) != shapes.cycle_of(after) and before["status"] != "trialing"


def _restarted(call: Call, after: Json) -> Json:
    now = call.now()
    status = "active" if after["status"] in ("trialing", "paused") else after["status"]
    trial_end = now if after["trial_end"] and after["trial_end"] > now else after["trial_end"]
    begun = after | {"billing_cycle_anchor": now, "status": status, "status_details": None, "trial_end": trial_end}
    begun |= {"billing_cycle_anchor_config": None}
    return shapes.with_items(begun, shapes.items_of(begun), (now, shapes.cycle_of(begun).after(now)))


def _with_trial(call: Call, after: Json) -> Json:
    """A later end of the trial, or a trial from now on; the period lasts until it is over."""
    end = terms.trial_end(call) if "trial_end" in call.params else None
    if end is None:
        return after
    start = after["trial_start"] if after["status"] == "trialing" else call.now()
    trial: dict[str, Any] = {"billing_cycle_anchor": end, "status": "trialing", "trial_end": end, "trial_start": start}
    trial |= {"billing_cycle_anchor_config": None}
    return shapes.with_items(after | trial, shapes.items_of(after), (start, end))


def _pause(call: Call, before: Json) -> Json:
    if "pause_collection" not in call.params:
        return {}
    given = call.params["pause_collection"] or None
    if given and before["status"] in _UNBILLED and before["status"] != "trialing":
        raise InvalidRequest("The collection of this subscription cannot be paused.", param="pause_collection")
    return {"pause_collection": {"resumes_at": None, **given} if given else None}
