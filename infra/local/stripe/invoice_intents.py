"""The payment intents of an invoice: the one it is finalized with, and others that are attached to it."""

from collections.abc import Iterator
from dataclasses import replace

from infra.local.stripe import intents
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.resources import payment_intents
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json


def begun(call: Call, invoice: Json) -> Json:
    """Make the payment intent of what is due; the members that the invoice has from it."""
    given = {
        "amount": invoice["amount_due"],
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": f"Payment for invoice {invoice['number']}",
    }
    if invoice["payment_settings"]["payment_method_types"]:
        given["allowed_payment_method_types"] = invoice["payment_settings"]["payment_method_types"]
    intent = payment_intents.create(replace(call, params=given))
    call.store.save(intent | {"_invoice": invoice["id"]})
    add(call, invoice, intent, invoice["amount_due"], is_default=True)
    secret = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return {"_confirmation_secret": secret}


def default_of(call: Call, invoice: Json) -> Json | None:
    """The payment intent that the invoice was finalized with; None when nothing was due."""
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "is_default": True})):
        return _intent(call, payment)
    return None


def default_intent(call: Call, invoice: Json) -> Json:
    """The same, to be confirmed. InvalidRequest while it cannot be."""
    intent = default_of(call, invoice)
    if intent is None:
        raise InvalidRequest("This invoice has no payment that could be made.", code="status_transition_invalid")
    intents.must_be(intent, "confirm", intents.OPEN)
    return intent


def can_be_paid(call: Call, invoice: Json) -> bool:
    """Whether its intent waits to be confirmed."""
    intent = default_of(call, invoice)
    return intent is not None and intent["status"] in intents.OPEN


def cancel_open(call: Call, invoice: Json, reason: str) -> None:
    """End the payments that nobody has made, with the intent that the invoice was finalized with.

    A payment on its way (`processing`) cannot be called back; it stays open.
    """
    for payment, intent in _unmade(call, invoice):
        transitions = payment["status_transitions"] | {"canceled_at": call.now()}
        call.store.save(payment | {"status": "canceled", "status_transitions": transitions})
        if payment["is_default"]:
            intents.canceled(replace(call, params={"cancellation_reason": reason}), intent)


def ask_for(call: Call, invoice: Json, remaining: int) -> None:
    """Let the payment that the invoice was finalized with ask for what remains."""
    for payment, intent in _unmade(call, invoice):
        if payment["is_default"]:
            call.store.save(payment | {"amount_requested": remaining})
            call.store.save(intent | {"amount": remaining})


def on_its_way(call: Call, invoice: Json) -> bool:
    """Whether a payment of the invoice is being made at present."""
    waiting = call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "open"}))
    return any(_intent(call, payment)["status"] == "processing" for payment in waiting)


def open_payment(call: Call, intent: Json) -> Json | None:
    """The payment of an invoice that waits for this intent, if any."""
    open_ones = call.store.find(Query("invoice_payment", {"payment.payment_intent": intent["id"], "status": "open"}))
    return open_ones[0] if open_ones else None


def add(call: Call, invoice: Json, intent: Json, amount: int, *, is_default: bool) -> None:
    """Keep that this intent pays for the invoice."""
    call.store.add(
        call.begin("invoice_payment", "inpay")
        | {
            "amount_paid": None,
            "amount_requested": amount,
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": is_default,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        }
    )


def _unmade(call: Call, invoice: Json) -> Iterator[tuple[Json, Json]]:
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "open"})):
        intent = _intent(call, payment)
        if intent["status"] in intents.OPEN:
            yield payment, intent


def _intent(call: Call, payment: Json) -> Json:
    return call.named("payment_intent", payment["payment"]["payment_intent"])
