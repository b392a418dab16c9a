"""The payments of an invoice: one begun when it is finalized, others attached; and what each does to the invoice.

An invoice learns of its payments by listening to the events of their payment intents, whoever confirmed them.
"""

from dataclasses import replace

from infra.local.stripe import balances, intents
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoicing import keep
from infra.local.stripe.resources import payment_intents
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_DAY = 86400
_RETRY_DAYS = (3, 5, 7)


def current(call: Call, invoice: Json) -> Json:
    """The invoice as it stands now."""
    return call.named("invoice", invoice["id"])


def begun(call: Call, invoice: Json) -> Json:
    """Make the payment intent of what is due; the members that the invoice has from it."""
    given = {
        "amount": invoice["amount_due"],
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "description": f"Payment for invoice {invoice['number']}",
    }
    intent = payment_intents.create(replace(call, params=given))
    _payment(call, invoice, intent, invoice["amount_due"], is_default=True)
    secret = {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return {"_confirmation_secret": secret}


def attach(call: Call, invoice: Json, intent: Json) -> Json:
    """Let the intent pay for the open invoice too; one that has succeeded is credited at once."""
    if call.store.find(Query("invoice_payment", {"payment.payment_intent": intent["id"]})):
        raise InvalidRequest("The PaymentIntent is attached to an invoice already.", param="payment_intent")
    if intent["customer"] != invoice["customer"] or intent["currency"] != invoice["currency"]:
        raise InvalidRequest(
            "The PaymentIntent must have the customer and the currency of the invoice.", param="payment_intent"
        )
    _payment(call, invoice, intent, intent["amount"], is_default=False)
    if intent["status"] == "succeeded":
        succeeded(call, intent)
    return current(call, invoice)


def default_intent(call: Call, invoice: Json) -> Json:
    """The payment intent that the invoice was finalized with. InvalidRequest while it cannot be confirmed."""
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "is_default": True})):
        intent = call.named("payment_intent", payment["payment"]["payment_intent"])
        intents.must_be(intent, "confirm", intents.OPEN)
        return intent
    raise InvalidRequest("This invoice has no payment that could be made.", code="status_transition_invalid")


def succeeded(call: Call, intent: Json) -> None:
    """A payment intent has succeeded: if it pays for an invoice, credit it; what is too much goes to the balance."""
    payment = _open_payment(call, intent)
    if payment is None:
        return
    transitions = payment["status_transitions"] | {"paid_at": call.now()}
    received = intent["amount_received"]
    done = payment | {"amount_paid": received, "status": "paid", "status_transitions": transitions}
    call.store.save(done)
    invoice = call.named("invoice", payment["invoice"])
    credited = min(received, invoice["amount_remaining"])
    over = {"amount_overpaid": invoice["amount_overpaid"] + received - credited}
    amounts = {"amount_paid": invoice["amount_paid"] + credited, **over, **_attempted(invoice)}
    call.emit("invoice_payment.paid", done)
    if received > credited:
        balances.move(
            call,
            invoice["customer"],
            invoice["currency"],
            credited - received,
            "invoice_overpaid",
            invoice=invoice["id"],
        )
    if credited == invoice["amount_remaining"]:
        cancel_open(call, invoice, "automatic")
        paid(call, invoice, amounts)
    else:
        remaining = invoice["amount_remaining"] - credited
        keep(call, invoice, invoice | amounts | {"amount_remaining": remaining})
        ask_less(call, invoice, remaining)


def paid(call: Call, invoice: Json, amounts: Json) -> Json:
    """Nothing remains: the invoice is paid, and those who wait for it hear so."""
    after = invoice | amounts
    after |= {
        "amount_remaining": 0,
        "attempted": True,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": invoice["status_transitions"] | {"paid_at": call.now()},
    }
    keep(call, invoice, after)
    tell_paid(call, after)
    return after


def tell_paid(call: Call, invoice: Json) -> None:
    """The two events of a paid invoice."""
    call.emit("invoice.paid", invoice)
    call.emit("invoice.payment_succeeded", invoice)


def attempt_failed(call: Call, intent: Json) -> None:
    """A payment intent has failed: if it was to pay for an invoice, record the attempt."""
    payment = _open_payment(call, intent)
    if payment:
        failed(call, call.named("invoice", payment["invoice"]))


def failed(call: Call, invoice: Json) -> Json:
    """Record an attempt that took nothing; one that the schedule made plans the next, while there is one."""
    after = invoice | _attempted(invoice)
    if after["auto_advance"] and (invoice.get("_automatic") or not invoice["attempted"]):
        tries = after["attempt_count"]
        wait = _RETRY_DAYS[tries - 1] * _DAY if tries <= len(_RETRY_DAYS) else None
        after["next_payment_attempt"] = call.now() + wait if wait else None
        if wait:
            call.later("invoice.collect", invoice["id"], wait)
    keep(call, invoice, after)
    call.emit("invoice.payment_failed", after)
    return after


def action_required(call: Call, intent: Json) -> None:
    """A payment intent waits for its customer: if it is to pay for an invoice, say so."""
    payment = _open_payment(call, intent)
    if payment is None:
        return
    invoice = call.named("invoice", payment["invoice"])
    after = keep(call, invoice, invoice | _attempted(invoice) | {"next_payment_attempt": None})
    call.emit("invoice.payment_action_required", after)


def cancel_open(call: Call, invoice: Json, reason: str) -> None:
    """End the payments that have not been made, with their intents."""
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "open"})):
        transitions = payment["status_transitions"] | {"canceled_at": call.now()}
        call.store.save(payment | {"status": "canceled", "status_transitions": transitions})
        intent = call.named("payment_intent", payment["payment"]["payment_intent"])
        if payment["is_default"] and intent["status"] in intents.OPEN:
            intents.canceled(replace(call, params={"cancellation_reason": reason}), intent)


def ask_less(call: Call, invoice: Json, remaining: int) -> None:
    """Let the payment that the invoice was finalized with ask for no more than what remains."""
    for payment in call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "open"})):
        intent = call.named("payment_intent", payment["payment"]["payment_intent"])
        if payment["is_default"] and intent["status"] in intents.OPEN:
            call.store.save(payment | {"amount_requested": remaining})
            call.store.save(intent | {"amount": remaining})


def _to_balance(call: Call, invoice: Json, over: int) -> None:
    kind = "invoice_overpaid"
    balances.move(call, invoice["customer"], invoice["currency"], -over, kind, invoice=invoice["id"])


def _attempted(invoice: Json) -> Json:
    """After the first attempt only those of the schedule count."""
    counts = not invoice["attempt_count"] or invoice.get("_automatic", False)
    return {"attempt_count": invoice["attempt_count"] + counts, "attempted": True}


def _open_payment(call: Call, intent: Json) -> Json | None:
    open_ones = call.store.find(Query("invoice_payment", {"payment.payment_intent": intent["id"], "status": "open"}))
    return open_ones[0] if open_ones else None


def _payment(call: Call, invoice: Json, intent: Json, amount: int, *, is_default: bool) -> None:
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


LISTENERS = {
    "payment_intent.succeeded": (succeeded,),
    "payment_intent.payment_failed": (attempt_failed,),
    "payment_intent.requires_action": (action_required,),
}
