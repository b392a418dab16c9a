"""What the payments of an invoice do to it when they succeed, fail or wait for the customer.

An invoice learns of its payments by listening to the events of their payment intents, whoever confirmed them.
"""

from infra.local.stripe import balances, invoice_intents
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoicing import keep
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_DAY = 86400
_RETRY_DAYS = (3, 5, 7)


def current(call: Call, invoice: Json) -> Json:
    """The invoice as it stands now."""
    return call.named("invoice", invoice["id"])


def attach(call: Call, invoice: Json, intent: Json) -> Json:
    """Let the intent pay for the open invoice too; one that has succeeded is credited at once."""
    if call.store.find(Query("invoice_payment", {"payment.payment_intent": intent["id"]})):
        raise InvalidRequest("The PaymentIntent is attached to an invoice already.", param="payment_intent")
    if intent["customer"] != invoice["customer"] or intent["currency"] != invoice["currency"]:
        raise InvalidRequest(
            "The PaymentIntent must have the customer and the currency of the invoice.", param="payment_intent"
        )
    invoice_intents.add(call, invoice, intent, intent["amount"], is_default=False)
    if intent["status"] == "succeeded":
        succeeded(call, intent)
    return current(call, invoice)


def succeeded(call: Call, intent: Json) -> None:
    """A payment intent has succeeded: if it pays for an invoice, credit it; what is too much goes to the balance."""
    payment = invoice_intents.open_payment(call, intent)
    if payment is None:
        return
    received = intent["amount_received"]
    transitions = payment["status_transitions"] | {"paid_at": call.now()}
    done = payment | {"amount_paid": received, "status": "paid", "status_transitions": transitions}
    call.store.save(done)
    call.emit("invoice_payment.paid", done)
    invoice = call.named("invoice", payment["invoice"])
    credited = min(received, invoice["amount_remaining"])
    _credit(call, invoice, credited)
    if received > credited:
        _overpaid(call, current(call, invoice), received - credited)


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
    mark_delinquent(call, after, delinquent=False)
    tell_paid(call, after)
    return after


def tell_paid(call: Call, invoice: Json) -> None:
    """The two events of a paid invoice."""
    call.emit("invoice.paid", invoice)
    call.emit("invoice.payment_succeeded", invoice)


def attempt_failed(call: Call, intent: Json) -> None:
    """A payment intent has failed: if it was to pay for an invoice, record the attempt."""
    payment = invoice_intents.open_payment(call, intent)
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
    if invoice.get("_automatic"):
        mark_delinquent(call, invoice, delinquent=True)
    call.emit("invoice.payment_failed", after)
    return after


def action_required(call: Call, intent: Json) -> None:
    """A payment intent waits for its customer: if it is to pay for an invoice, say so."""
    payment = invoice_intents.open_payment(call, intent)
    if payment is None:
        return
    invoice = call.named("invoice", payment["invoice"])
    after = keep(call, invoice, invoice | _attempted(invoice) | {"next_payment_attempt": None})
    call.emit("invoice.payment_action_required", after)


def mark_delinquent(call: Call, invoice: Json, *, delinquent: bool) -> None:
    """Say of the customer whether the last that happened to one of its invoices was a failure to collect."""
    customer = call.named("customer", invoice["customer"])
    if not customer.get("deleted") and customer["delinquent"] is not delinquent:
        after = call.store.save(customer | {"delinquent": delinquent})
        call.emit("customer.updated", after, {"delinquent": not delinquent})


def _credit(call: Call, invoice: Json, amount: int) -> None:
    if invoice["status"] == "paid":  # by a credit note, say, while this payment was on its way
        return
    amounts = {"amount_paid": invoice["amount_paid"] + amount, **_attempted(invoice)}
    remaining = invoice["amount_remaining"] - amount
    if remaining:
        keep(call, invoice, invoice | amounts | {"amount_remaining": remaining})
        invoice_intents.ask_for(call, invoice, remaining)
    else:
        invoice_intents.cancel_open(call, invoice, "automatic")
        paid(call, invoice, amounts)


def _overpaid(call: Call, invoice: Json, amount: int) -> None:
    after = keep(call, invoice, invoice | {"amount_overpaid": invoice["amount_overpaid"] + amount})
    # Of a deleted customer nobody is left to have the credit.
    if not call.named("customer", invoice["customer"]).get("deleted"):
        kind = "invoice_overpaid"
        balances.move(call, invoice["customer"], invoice["currency"], -amount, kind, invoice=invoice["id"])
    call.emit("invoice.overpaid", after)


def _attempted(invoice: Json) -> Json:
    """After the first attempt only those of the schedule count."""
    counts = not invoice["attempt_count"] or invoice.get("_automatic", False)
    return {"attempt_count": invoice["attempt_count"] + counts, "attempted": True}


LISTENERS = {
    "payment_intent.succeeded": (succeeded,),
    "payment_intent.payment_failed": (attempt_failed,),
    "payment_intent.requires_action": (action_required,),
}
