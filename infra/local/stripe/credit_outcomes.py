"""What a credit note does: how far it lowers what is due, and where the rest of it goes.

It first lowers what remains of the invoice. The rest was paid, so it goes back: to the card by refunds, to the
customer's balance, or on a way outside of this server; the three together must be the rest.
"""

from dataclasses import replace

from infra.local.stripe import balances, invoice_intents, settlement
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.invoicing import keep
from infra.local.stripe.resources import refunds
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_NOT_GIVEN_BACK = ("failed", "canceled")


def check(call: Call, invoice: Json, note: Json, *, lenient: bool) -> None:
    """InvalidRequest when the note is more than is left, or its rest does not go exactly where it is said to.

    A lenient check, as for a preview, lets the request say nothing of the rest.
    """
    _check_status(invoice)
    _check_links(call, invoice)
    in_links = sum(each["amount_refunded"] for each in linked(call))
    left = creditable(call, invoice) + in_links
    if note["total"] > left:
        raise InvalidRequest(
            f"You can credit at most {left} in minor units of {invoice['currency']} of this invoice, "
            f"not {note['total']}.",
            code="amount_too_large",
            param="amount",
        )
    said = in_links + _said(call)
    if said != note["post_payment_amount"] and not (lenient and said == 0):
        raise InvalidRequest(
            f"The sum of credit amount, refund amount and out of band amount ({said}) must equal the post payment "
            f"credit note amount ({note['post_payment_amount']}).",
            param="credit_amount",
        )


def creditable(call: Call, invoice: Json) -> int:
    """What credit notes can still take of the invoice, minor units: not what notes or refunds gave back already."""
    notes = call.store.find(Query("credit_note", {"invoice": invoice["id"], "status": "issued"}))
    refunded = sum(refund["amount"] for refund in _refunds(call, invoice))
    in_notes = sum(each["amount_refunded"] for note in notes for each in note["refunds"])
    return int(invoice["total"] - sum(note["total"] for note in notes) - max(0, refunded - in_notes))


def linked(call: Call) -> list[Json]:
    """The refunds that the request names, with how much of each belongs to the note."""
    found = []
    for number, each in enumerate(call.params.get("refunds", [])):
        refund = call.store.get("refund", each.get("refund", ""))
        if refund is None or refund["status"] in _NOT_GIVEN_BACK:
            raise InvalidRequest("Name a refund that has not failed.", param=f"refunds[{number}][refund]")
        found.append(_link(refund["id"], each.get("amount_refunded", refund["amount"])))
    return found


def carry_out(call: Call, invoice: Json, note: Json) -> Json:
    """Give the rest back and lower what remains; the note with its refunds and its movement of the balance."""
    note |= {"refunds": linked(call), "out_of_band_amount": call.params.get("out_of_band_amount")}
    if call.params.get("refund_amount"):
        note["refunds"] = [*note["refunds"], _refunded(call, invoice, call.params["refund_amount"])]
    if call.params.get("credit_amount"):
        movement = balances.move(
            call,
            invoice["customer"],
            invoice["currency"],
            -call.params["credit_amount"],
            "credit_note",
            credit_note=note["id"],
            invoice=invoice["id"],
        )
        note["customer_balance_transaction"] = movement["id"]
    _lower(call, invoice, note["pre_payment_amount"], note["post_payment_amount"])
    return note


def take_back(call: Call, invoice: Json, note: Json) -> None:
    """Let the invoice ask again for what the voided note had taken off it."""
    if invoice["status"] != "open" or note["post_payment_amount"]:
        raise InvalidRequest(
            "You can only void a credit note of an open invoice, and only one that has given nothing back.",
            code="status_transition_invalid",
        )
    _lower(call, invoice, -note["pre_payment_amount"], 0)


def _check_status(invoice: Json) -> None:
    if invoice["status"] not in ("open", "paid"):
        raise InvalidRequest(
            f"You can only create credit notes for open or paid invoices, not for one that is {invoice['status']}.",
            param="invoice",
        )


def _said(call: Call) -> int:
    amounts = {name: call.params.get(name, 0) for name in ("credit_amount", "out_of_band_amount", "refund_amount")}
    for name, amount in amounts.items():
        if amount < 0:
            raise InvalidRequest("Invalid non-negative integer", code="parameter_invalid_integer", param=name)
    return sum(amounts.values())


def _lower(call: Call, invoice: Json, before_payment: int, after_payment: int) -> None:
    remaining = invoice["amount_remaining"] - before_payment
    amounts = {
        "amount_due": invoice["amount_due"] - before_payment,
        "amount_remaining": remaining,
        "post_payment_credit_notes_amount": invoice["post_payment_credit_notes_amount"] + after_payment,
        "pre_payment_credit_notes_amount": invoice["pre_payment_credit_notes_amount"] + before_payment,
    }
    if invoice["status"] == "open" and remaining == 0:
        invoice_intents.cancel_open(call, invoice, "automatic")
        settlement.paid(call, invoice, amounts)
        return
    keep(call, invoice, invoice | amounts)
    if before_payment:
        invoice_intents.ask_for(call, invoice, remaining)


def _charges(call: Call, invoice: Json) -> list[str]:
    paid = call.store.find(Query("invoice_payment", {"invoice": invoice["id"], "status": "paid"}))
    found = [call.named("payment_intent", each["payment"]["payment_intent"])["latest_charge"] for each in paid]
    return [charge for charge in found if charge]


def _refunds(call: Call, invoice: Json) -> list[Json]:
    found = [
        refund for charge in _charges(call, invoice) for refund in call.store.find(Query("refund", {"charge": charge}))
    ]
    return [refund for refund in found if refund["status"] not in _NOT_GIVEN_BACK]


def _refunded(call: Call, invoice: Json, amount: int) -> Json:
    """Refund the charge of the invoice that has enough left, or be refused by the first."""
    charges = [call.named("charge", charge) for charge in _charges(call, invoice)]
    if not charges:
        raise InvalidRequest("The invoice has no charge that could be refunded.", param="refund_amount")
    enough = [each for each in charges if each["amount_captured"] - each["amount_refunded"] >= amount]
    charge = (enough or charges)[0]
    refund = refunds.create(replace(call, params={"amount": amount, "charge": charge["id"]}))
    return _link(refund["id"], amount)


def _check_links(call: Call, invoice: Json) -> None:
    notes = call.store.find(Query("credit_note", {"invoice": invoice["id"], "status": "issued"}))
    for each in linked(call):
        refund = call.named("refund", each["refund"])
        taken = sum(
            link["amount_refunded"] for note in notes for link in note["refunds"] if link["refund"] == refund["id"]
        )
        if refund["charge"] not in _charges(call, invoice):
            raise InvalidRequest("The refund is not one of a payment of the invoice.", param="refunds")
        if not 0 < each["amount_refunded"] <= refund["amount"] - taken:
            raise InvalidRequest("The refund is linked with more than is left of it.", param="refunds")


def _link(refund_id: str, amount: int) -> Json:
    return {"amount_refunded": amount, "payment_record_refund": None, "refund": refund_id, "type": "refund"}
