"""The page of an invoice: what it is for, what is due, and ways to pay it while it is open."""

from dataclasses import replace

from werkzeug.wrappers import Request, Response

from infra.local.stripe import attempts, invoice_intents
from infra.local.stripe.call import Call
from infra.local.stripe.errors import CardError, InvalidRequest, Missing
from infra.local.stripe.hosted import choices
from infra.local.stripe.hosted.html import go_to, money, page
from infra.local.stripe.resources import payment_methods
from infra.local.stripe.values import Json

_UNPAID = ("open", "uncollectible")


def show(call: Call, _: Request, invoice_id: str) -> Response:
    """The page."""
    invoice = _finalized(call, invoice_id)
    intent = invoice_intents.default_of(call, invoice) or {}
    return _page(call, invoice, (intent.get("last_payment_error") or {}).get("message"))


def pay(call: Call, request: Request, invoice_id: str) -> Response:
    """Make an attempt with what the form says. A form sent twice pays once: the second finds nothing to pay."""
    invoice = _finalized(call, invoice_id)
    if not _payable(call, invoice):
        return _page(call, invoice, None)
    try:
        intent = _attempted(call, request, invoice)
    except InvalidRequest as problem:
        return _page(call, invoice, str(problem), status=400)
    except CardError:
        return go_to(invoice["hosted_invoice_url"])
    waiting = intent["status"] == "requires_action"
    return go_to(intent["next_action"]["redirect_to_url"]["url"] if waiting else invoice["hosted_invoice_url"])


def _attempted(call: Call, request: Request, invoice: Json) -> Json:
    choice = choices.chosen(_choices(call, invoice), request.form.get("payment_method", ""))
    intent = invoice_intents.default_intent(call, invoice)
    method = _method(call, invoice, choice)
    intent |= {"payment_method": method["id"], "_return_url": invoice["hosted_invoice_url"]}
    acceptance = choices.acceptance(choice, request)
    return attempts.pay(call, intent, method, off_session=False, fails_on_action=False, acceptance=acceptance)


def _method(call: Call, invoice: Json, choice: choices.Choice) -> Json:
    if isinstance(choice.method, str):
        return payment_methods.of_customer(call, invoice["customer"], choice.method)
    holder = {"email": invoice["customer_email"], "name": invoice["customer_name"] or "Account Holder"}
    details = {name: value for name, value in holder.items() if value}
    return payment_methods.create(replace(call, params={**choice.parameters(), "billing_details": details}))


def _finalized(call: Call, invoice_id: str) -> Json:
    invoice = call.named("invoice", invoice_id, "invoice")
    if invoice["status"] == "draft":
        raise Missing("invoice", invoice_id, "invoice")
    return invoice


def _payable(call: Call, invoice: Json) -> bool:
    return invoice["status"] in _UNPAID and invoice_intents.can_be_paid(call, invoice)


def _choices(call: Call, invoice: Json) -> list[choices.Choice]:
    types = invoice_intents.default_intent(call, invoice)["payment_method_types"]
    return choices.saved(call, invoice["customer"], types, ("always", "limited", "unspecified")) + choices.new(types)


def _page(call: Call, invoice: Json, problem: str | None, *, status: int = 200) -> Response:
    current = call.named("invoice", invoice["id"])
    payable = _payable(call, current)
    return page(
        "invoice",
        status=status,
        title=f"Invoice {current['number']}",
        invoice=current,
        lines=current["_lines"],
        tax=sum(each["amount"] for each in current["total_taxes"]),
        discount=sum(each["amount"] for each in current["total_discount_amounts"]),
        choices=_choices(call, current) if payable else [],
        problem=problem if payable else None,
        button=f"Pay {money(current['amount_remaining'], current['currency'])}",
    )
