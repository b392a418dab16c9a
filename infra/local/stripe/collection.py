"""What becomes of a draft: it is finalized, charged, voided or given up. `automatic` does so without being asked.

Money reaches an invoice only by `settlement`, when one of its payments has succeeded, on whatever way that was made.
Each function takes the invoice as it stands and returns it as it stands then.
"""

from infra.local.stripe import attempts, balances, invoice_intents, invoice_shapes, settlement
from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError, InvalidRequest
from infra.local.stripe.invoicing import keep, reckoned
from infra.local.stripe.method_shapes import card_of
from infra.local.stripe.resources.payment_methods import of_customer
from infra.local.stripe.settlement import current
from infra.local.stripe.values import Json, public

_DAY = 86400


def finalize(call: Call, invoice: Json, *, stays_open: bool = False) -> Json:
    """Number the draft, settle it with the customer's balance and open it; it is paid at once when nothing is due,
    unless it is to be ended otherwise and so stays open."""
    must_be(invoice, "draft")
    draft = reckoned(call, invoice | invoice_shapes.of_customer(call.named("customer", invoice["customer"])))
    body = draft | _opened(call, draft) | {"number": _next_number(call, draft["customer"])}
    _settle_balance(call, body)
    if body["amount_due"] > 0:
        body |= invoice_intents.begun(call, body)
    elif not stays_open:
        body |= {"next_payment_attempt": None, "status": "paid"}
        body |= {"status_transitions": body["status_transitions"] | {"paid_at": call.now()}}
    call.store.save(body)
    call.emit("invoice.finalized", body)
    if body["status"] == "paid":
        settlement.tell_paid(call, body)
    elif body["due_date"] is not None:
        call.later("invoice.overdue", body["id"], body["due_date"] - call.now())
    return body


def pay(call: Call, invoice: Json, method_id: str | None = None, *, off_session: bool = True) -> Json:
    """Charge what remains to the given method or the default one; a draft is finalized first.

    CardError when the card is declined or wants the customer; the attempt stays recorded.
    """
    if invoice["status"] == "draft":
        invoice = finalize(call, invoice)
        if invoice["status"] == "paid":
            return invoice
    must_be(invoice, "open", "uncollectible")
    intent = invoice_intents.default_intent(call, invoice)
    method = _method(call, invoice, method_id)
    intent |= {"payment_method": method["id"]}
    # Whoever is missing for an authentication can come later: an invoice waits for its customer.
    waits = method["type"] == "card" and card_of(method).asks(off_session=off_session, set_up=method["_set_up"])
    done = attempts.pay(call, intent, method, off_session=off_session and not waits, fails_on_action=False)
    if done["status"] == "requires_action":
        raise CardError(
            "This payment requires additional user action before it can be completed successfully. Payment can be "
            "completed using the PaymentIntent associated with the invoice.",
            code="invoice_payment_intent_requires_action",
            about={"payment_intent": public(done)},
        )
    return current(call, invoice)


def pay_out_of_band(call: Call, invoice: Json) -> Json:
    """Take the invoice as paid on a way that this server knows nothing of."""
    if invoice["status"] == "draft":
        invoice = finalize(call, invoice)
    must_be(invoice, "open", "uncollectible")
    invoice_intents.cancel_open(call, invoice, "automatic")
    paid = {"amount_paid": invoice["amount_due"], "amount_paid_off_stripe": invoice["amount_remaining"]}
    return settlement.paid(call, invoice, paid)


def void(call: Call, invoice: Json) -> Json:
    """Take the invoice back: nothing is due any more, and what it took from the customer's balance returns."""
    must_be(invoice, "open", "uncollectible")
    if invoice["amount_paid"]:
        raise InvalidRequest("You cannot void an invoice that has payments. Issue a credit note instead.")
    if invoice_intents.on_its_way(call, invoice):
        raise InvalidRequest("You cannot void an invoice while a payment of it is processing.")
    invoice_intents.cancel_open(call, invoice, "void_invoice")
    applied = invoice["ending_balance"] - invoice["starting_balance"]
    if applied and not call.named("customer", invoice["customer"]).get("deleted"):
        kind = "unapplied_from_invoice"
        balances.move(call, invoice["customer"], invoice["currency"], -applied, kind, invoice=invoice["id"])
    return _ended(call, invoice, "void", "voided_at", "invoice.voided")


def mark_uncollectible(call: Call, invoice: Json, reason: str = "user_forgiven") -> Json:
    """Give the debt up; it can still be paid."""
    must_be(invoice, "open")
    details = {"status_details": {"uncollectible": {"reason": reason}}}
    settlement.mark_delinquent(call, invoice, delinquent=False)
    return _ended(call, invoice | details, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def must_be(invoice: Json, *states: str) -> None:
    """InvalidRequest unless the invoice has one of these statuses."""
    if invoice["status"] in states:
        return
    if states == ("draft",):
        raise InvalidRequest(
            "This invoice is already finalized, so it cannot be changed as a draft.", code="invoice_not_editable"
        )
    raise InvalidRequest(
        f"This invoice has a status of {invoice['status']}; it must be {' or '.join(states)} for this.",
        code="status_transition_invalid",
    )


def _opened(call: Call, draft: Json) -> Json:
    due_in, now = draft.get("_days_until_due"), call.now()
    charged = draft["auto_advance"] and draft["collection_method"] == "charge_automatically"
    page = f"{call.base_url}/_hosted/invoices/{draft['id']}"
    return {
        "automatically_finalizes_at": None,
        "due_date": now + due_in * _DAY if due_in is not None else draft["due_date"],
        "effective_at": draft["effective_at"] or now,
        "ending_balance": draft["_ending_balance"],
        "hosted_invoice_url": page,
        "invoice_pdf": page,
        "last_finalization_error": None,
        "next_payment_attempt": now if charged else None,
        "status": "open",
        "status_transitions": draft["status_transitions"] | {"finalized_at": now},
    }


def _next_number(call: Call, customer_id: str) -> str:
    customer = call.named("customer", customer_id)
    sequence: int = customer["next_invoice_sequence"]
    call.store.save(customer | {"next_invoice_sequence": sequence + 1})
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _settle_balance(call: Call, invoice: Json) -> None:
    change = invoice["ending_balance"] - invoice["starting_balance"]
    if change:
        kind = "invoice_too_small" if invoice["ending_balance"] > 0 else "applied_to_invoice"
        balances.move(call, invoice["customer"], invoice["currency"], change, kind, invoice=invoice["id"])


def _method(call: Call, invoice: Json, method_id: str | None) -> Json:
    """The method to charge: the given one, or the default of the invoice, its subscription or its customer."""
    customer = call.named("customer", invoice["customer"])
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    subscription = call.store.get("subscription", details["subscription"]) if details else None
    for candidate in (
        method_id,
        invoice["default_payment_method"],
        (subscription or {}).get("default_payment_method"),
        customer.get("invoice_settings", {}).get("default_payment_method"),
    ):
        if candidate:
            return of_customer(call, customer["id"], candidate)
    raise InvalidRequest(
        "This customer has no attached payment source or default payment method. Please consider adding a default "
        "payment method.",
        code="resource_missing",
    )


def _ended(call: Call, invoice: Json, status: str, transition: str, event: str) -> Json:
    transitions = invoice["status_transitions"] | {transition: call.now()}
    after = invoice | {"next_payment_attempt": None, "status": status, "status_transitions": transitions}
    if status == "void":
        after["auto_advance"] = False
    keep(call, invoice, after)
    call.emit(event, after)
    return after
