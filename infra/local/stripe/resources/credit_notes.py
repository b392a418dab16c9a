"""Credit notes: what a finalized invoice is lowered by, before or after it was paid."""

from dataclasses import replace
from itertools import count

import stripe.params as sdk

from infra.local.stripe import credit_lines, credit_outcomes
from infra.local.stripe.call import Call, route
from infra.local.stripe.crediting import sums
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.lists import PAGING, page, page_among
from infra.local.stripe.params import moment
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json, changed, listing, public

_SHOWN_LINES = 10


def create(call: Call) -> Json:
    """A new note, with everything that it does. InvalidRequest when it credits more than is left."""
    invoice, note = _of_request(call)
    credit_outcomes.check(call, invoice, note, lenient=False)
    note = call.store.add(note)
    note = call.store.save(credit_outcomes.carry_out(call, invoice, note))
    call.emit("credit_note.created", note)
    return note


def preview(call: Call) -> Json:
    """The note that the same request would create; nothing is kept, so its ids are made up, but the same each time."""
    numbers = count(1)
    call = replace(call, new_id=lambda prefix, length: f"{prefix}_{next(numbers):0{length}d}")
    invoice, note = _of_request(call)
    credit_outcomes.check(call, invoice, note, lenient=True)
    linked = {"out_of_band_amount": call.params.get("out_of_band_amount"), "refunds": credit_outcomes.linked(call)}
    return note | linked


def preview_lines(call: Call) -> Json:
    """The lines of a preview."""
    return page_among(call, preview(call)["_lines"])


def update(call: Call, credit_note: str) -> Json:
    """Change the memo or the metadata."""
    before = call.named("credit_note", credit_note, "credit_note")
    after = before | {"memo": call.text("memo", before["memo"]), "metadata": call.metadata(before["metadata"])}
    call.store.save(after)
    call.emit("credit_note.updated", after, changed(before, after))
    return after


def void(call: Call, credit_note: str) -> Json:
    """Take the note back, while its invoice is open and nothing was given back."""
    before = call.named("credit_note", credit_note, "credit_note")
    if before["status"] == "void":
        raise InvalidRequest("The credit note is void already.", code="status_transition_invalid")
    credit_outcomes.take_back(call, call.named("invoice", before["invoice"]), before)
    after = call.store.save(before | {"status": "void", "voided_at": call.now()})
    call.emit("credit_note.voided", after)
    return after


def retrieve(call: Call, credit_note: str) -> Json:
    """The note."""
    return call.named("credit_note", credit_note, "credit_note")


def lines(call: Call, credit_note: str) -> Json:
    """Its lines."""
    return page_among(call, call.named("credit_note", credit_note, "credit_note")["_lines"])


def every(call: Call) -> Json:
    """Notes, newest first."""
    return page(call, "credit_note", "customer", "invoice")


def _of_request(call: Call) -> tuple[Json, Json]:
    invoice = call.referred("invoice", "invoice") or {}
    found = credit_lines.made(call, invoice)
    note = _body(call, invoice) | _amounts(found) | {"_lines": found}
    asked = call.params.get("amount", note["total"])
    if asked != note["total"]:
        raise InvalidRequest(f"The amount ({asked}) must be the sum of the lines ({note['total']}).", param="amount")
    before_payment = min(note["total"], invoice["amount_remaining"]) if invoice["status"] == "open" else 0
    after_payment = note["total"] - before_payment
    kind = "mixed" if before_payment and after_payment else "pre_payment" if before_payment else "post_payment"
    note |= {"post_payment_amount": after_payment, "pre_payment_amount": before_payment, "type": kind}
    url = f"/v1/credit_notes/{note['id']}/lines"
    shown = [public(line) for line in found[:_SHOWN_LINES]]
    return invoice, note | {"lines": listing(url, shown, has_more=len(found) > _SHOWN_LINES)}


def _body(call: Call, invoice: Json) -> Json:
    begun = call.begin("credit_note", "cn")
    sequence = len(call.store.find(Query("credit_note", {"invoice": invoice["id"]}))) + 1
    return begun | {
        "amount_shipping": 0,
        "currency": invoice["currency"],
        "customer": invoice["customer"],
        "customer_account": None,
        "customer_balance_transaction": None,
        "effective_at": moment(call.params.get("effective_at") or begun["created"], "effective_at"),
        "invoice": invoice["id"],
        "memo": call.text("memo"),
        "metadata": call.metadata({}),
        "number": f"{invoice['number']}-CN-{sequence:02d}",
        "out_of_band_amount": None,
        "pdf": f"{call.base_url}/_hosted/credit_notes/{begun['id']}",
        "reason": call.params.get("reason"),
        "refunds": [],
        "shipping_cost": None,
        "status": "issued",
        "voided_at": None,
    }


def _amounts(found: list[Json]) -> Json:
    """The sums of the lines."""
    gross, taken = sum(line["amount"] for line in found), [each for line in found for each in line["discount_amounts"]]
    discounts = sums((each["discount"], each["amount"]) for each in taken)
    taxes = [tax for line in found for tax in line["taxes"]]
    inclusive = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "inclusive")
    subtotal = gross - sum(line["_own_discount"] for line in found)
    total = gross - sum(discounts.values()) + sum(credit_lines.exclusive_tax(line) for line in found)
    by_discount = [{"amount": amount, "discount": discount} for discount, amount in discounts.items()]
    return {
        "amount": total,
        "discount_amount": sum(discounts.values()),
        "discount_amounts": by_discount,
        "pretax_credit_amounts": [
            {**each, "credit_balance_transaction": None, "type": "discount"} for each in by_discount
        ],
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": total,
        "total_excluding_tax": total - sum(tax["amount"] for tax in taxes),
        "total_taxes": _total_taxes(taxes),
    }


def _total_taxes(taxes: list[Json]) -> list[Json]:
    amounts = sums((tax["tax_rate_details"]["tax_rate"], tax["amount"]) for tax in taxes)
    taxable = sums((tax["tax_rate_details"]["tax_rate"], tax["taxable_amount"]) for tax in taxes)
    by_rate = {tax["tax_rate_details"]["tax_rate"]: tax for tax in taxes}
    return [tax | {"amount": amounts[rate], "taxable_amount": taxable[rate]} for rate, tax in by_rate.items()]


_ALL = "/v1/credit_notes"
_ONE = f"{_ALL}/<credit_note>"
_FIELDS = (
    "amount credit_amount effective_at email_type invoice lines memo metadata out_of_band_amount reason refund_amount "
    "refunds"
)
ROUTES = (
    route("POST", _ALL, create, sdk.CreditNoteCreateParams, _FIELDS),
    route("GET", _ALL, every, sdk.CreditNoteListParams, f"{PAGING} created customer invoice"),
    route("GET", f"{_ALL}/preview", preview, sdk.CreditNotePreviewParams, _FIELDS),
    route("GET", f"{_ALL}/preview/lines", preview_lines, sdk.CreditNotePreviewLinesListParams, f"{PAGING} {_FIELDS}"),
    route("GET", _ONE, retrieve, sdk.CreditNoteRetrieveParams),
    route("GET", f"{_ONE}/lines", lines, sdk.CreditNoteLineItemListParams, PAGING),
    route("POST", _ONE, update, sdk.CreditNoteUpdateParams, "memo metadata"),
    route("POST", f"{_ONE}/void", void, sdk.CreditNoteVoidCreditNoteParams),
)
