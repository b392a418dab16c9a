"""Automatic collection: an invoice with `auto_advance` when its time has come, and every one that becomes overdue."""

from infra.local.stripe import settlement
from infra.local.stripe.call import Call
from infra.local.stripe.collection import finalize, pay
from infra.local.stripe.errors import CardError, InvalidRequest, StripeError
from infra.local.stripe.invoicing import keep
from infra.local.stripe.settlement import current
from infra.local.stripe.store import Query
from infra.local.stripe.values import Json

_HOUR = 3600


def planned(call: Call, draft: Json) -> Json:
    """The draft with the time at which it is finalized by itself: in an hour, with `auto_advance`. Plans the job."""
    if not draft["auto_advance"]:
        return draft | {"automatically_finalizes_at": None}
    if draft["automatically_finalizes_at"] is None:
        call.later("invoice.finalize", draft["id"], _HOUR)
        return draft | {"automatically_finalizes_at": call.now() + _HOUR}
    return draft


def finalize_when_due(call: Call, invoice_id: str) -> None:
    """The job that ends the hour of a draft. What keeps it from being finalized is told, and it stays a draft."""
    draft = call.store.get("invoice", invoice_id)
    if draft is None or draft["status"] != "draft" or not draft["auto_advance"]:
        return
    try:
        with call.store.undone_on_error(unless=CardError):
            invoice = finalize(call, draft)
    except StripeError as problem:
        failed = draft | {"last_finalization_error": problem.body()["error"], "automatically_finalizes_at": None}
        call.store.save(failed)
        call.emit("invoice.finalization_failed", failed)
        return
    proceed(call, invoice["id"])


def proceed(call: Call, invoice_id: str) -> None:
    """The job that charges or sends a finalized invoice which advances by itself."""
    invoice = current(call, {"id": invoice_id})
    if invoice["status"] != "open" or not invoice["auto_advance"]:
        return
    if invoice["collection_method"] == "charge_automatically":
        collect(call, invoice_id)
    else:
        call.emit("invoice.sent", invoice)


def collect(call: Call, invoice_id: str) -> None:
    """The job that charges an open invoice by itself, and plans the next attempt when that fails."""
    invoice = current(call, {"id": invoice_id})
    if invoice["status"] != "open" or not invoice["auto_advance"]:
        return
    invoice = call.store.save(invoice | {"_automatic": True})
    try:
        with call.store.undone_on_error(unless=CardError):
            pay(call, invoice)
    except InvalidRequest:
        settlement.failed(call, current(call, invoice))
    except CardError:
        pass  # the listeners have recorded the attempt
    after = current(call, invoice) | {"_automatic": False}
    call.store.save(after)


def overdue(call: Call, invoice_id: str) -> None:
    """The job that tells of an invoice that is open when its due date passes."""
    invoice = current(call, {"id": invoice_id})
    if invoice["status"] == "open":
        settlement.mark_delinquent(call, invoice, delinquent=True)
        call.emit("invoice.overdue", invoice)


def forget_customer(call: Call, customer: Json) -> None:
    """A customer is deleted: its drafts and pending items go with it, and nothing is charged by itself any more."""
    for invoice in call.store.find(Query("invoice", {"customer": customer["id"]})):
        if invoice["status"] == "draft":
            call.store.remove("invoice", invoice["id"])
            call.emit("invoice.deleted", invoice)
        elif invoice["auto_advance"]:
            keep(call, invoice, invoice | {"auto_advance": False, "next_payment_attempt": None})
    for item in call.store.find(Query("invoiceitem", {"customer": customer["id"]})):
        if item["invoice"] is None or call.store.get("invoice", item["invoice"]) is None:
            call.store.remove("invoiceitem", item["id"])
            call.emit("invoiceitem.deleted", item)


JOBS = {
    "invoice.collect": collect,
    "invoice.finalize": finalize_when_due,
    "invoice.overdue": overdue,
    "invoice.proceed": proceed,
}

LISTENERS = {"customer.deleted": (forget_customer,)}
