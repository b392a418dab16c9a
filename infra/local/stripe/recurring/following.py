"""What a subscription learns from its invoices: whether it is paid up, behind, or given up after the last attempt."""

from collections.abc import Mapping, Sequence

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.outbox import Listener
from infra.local.stripe.recurring import lifecycle, shapes
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

# What becomes of a subscription when the last attempt to collect has failed; a setting of the account.
AFTER_RETRIES = ("cancel", "unpaid", "past_due")
_SETTING = "subscriptions"


def paid(call: Call, invoice: Json) -> None:
    """The first invoice, or the latest of a subscription that was behind, is paid."""
    before = _of(call, invoice)
    if before is None:
        return
    behind = before["status"] in ("past_due", "unpaid") and before["latest_invoice"] == invoice["id"]
    if before["status"] == "incomplete" or behind:
        after = before | {"status": "active"} | _saved_method(call, before, invoice)
        shapes.change(call, before, after)
        lifecycle.plan(call, after)


def failed(call: Call, invoice: Json) -> None:
    """An attempt has failed: the subscription is behind; after the last attempt it is given up."""
    before = _of(call, invoice)
    if before is None or before["status"] in lifecycle.WAITING:
        return
    if before["status"] in ("active", "trialing"):
        before = shapes.change(call, before, before | {"status": "past_due"})
    last = invoice["auto_advance"] and invoice["attempted"] and invoice["next_payment_attempt"] is None
    if last and invoice["attempt_count"] > 1:
        _give_up(call, before)


def action_required(call: Call, invoice: Json) -> None:
    """The customer has to authenticate: until then the subscription is behind."""
    before = _of(call, invoice)
    if before and before["status"] == "active":
        shapes.change(call, before, before | {"status": "past_due"})


def written_off(call: Call, invoice: Json) -> None:
    """An invoice was voided or given up: nothing holds the subscription back, or it never began."""
    before = _of(call, invoice)
    if before is None or before["latest_invoice"] != invoice["id"]:
        return
    if before["status"] == "incomplete" and invoice["status"] == "void":
        shapes.change(call, before, before | {"ended_at": call.now(), "status": "incomplete_expired"})
    elif before["status"] == "past_due":
        shapes.change(call, before, before | {"status": "active"})


def customer_gone(call: Call, customer: Json) -> None:
    """A deleted customer's subscriptions end with it."""
    for each in call.store.find(Query("subscription", {"customer": customer["id"]})):
        if each["status"] not in shapes.ENDED:
            lifecycle.end(call, each, prorate=False, invoice_now=False)


def choose(call: Call) -> Json:
    """The control call that sets what becomes of a subscription after the last attempt to collect."""
    chosen = call.params.get("after_retries")
    if chosen not in AFTER_RETRIES:
        raise InvalidRequest(f"after_retries must be one of {', '.join(AFTER_RETRIES)}", param="after_retries")
    call.store.keep_setting(_SETTING, {"after_retries": chosen})
    return {"after_retries": chosen}


def _give_up(call: Call, before: Json) -> None:
    chosen = (call.store.setting(_SETTING) or {}).get("after_retries", "cancel")
    if chosen == "unpaid":
        shapes.change(call, before, before | {"status": "unpaid"})
    elif chosen == "cancel":
        because = before["cancellation_details"] | {"reason": "payment_failed"}
        lifecycle.end(call, before, prorate=False, invoice_now=False, because=because)


def _of(call: Call, invoice: Json) -> Json | None:
    """The subscription of the invoice, unless it has ended."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    found = call.store.get("subscription", details["subscription"]) if details else None
    return found if found and found["status"] not in shapes.ENDED else None


def _saved_method(call: Call, subscription: Json, invoice: Json) -> Json:
    """The method that paid, when the subscription asks to keep it."""
    if subscription["payment_settings"]["save_default_payment_method"] != "on_subscription":
        return {}
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "paid"})):
        intent = call.named("payment_intent", payment["payment"]["payment_intent"])
        method = call.store.get("payment_method", intent["payment_method"])
        if method and method["customer"] == subscription["customer"]:
            return {"default_payment_method": method["id"]}
    return {}


LISTENERS: Mapping[str, Sequence[Listener]] = {
    "customer.deleted": [customer_gone],
    "invoice.marked_uncollectible": [written_off],
    "invoice.paid": [paid],
    "invoice.payment_action_required": [action_required],
    "invoice.payment_failed": [failed],
    "invoice.voided": [written_off],
}
