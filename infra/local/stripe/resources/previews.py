"""Invoice previews: the change that is asked about is carried out, the invoice is read, and all of it is undone."""

from dataclasses import replace

import stripe.params as sdk

from infra.local.stripe import balances, discounts, invoicing, pending_items
from infra.local.stripe.call import Call, route
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import not_simulated, only
from infra.local.stripe.recurring import forecast, shapes
from infra.local.stripe.resources import invoice_items, subscription_schedules, subscriptions
from infra.local.stripe.values import Json

_OF_A_SUBSCRIPTION = (
    "billing_cycle_anchor cancel_at cancel_at_period_end cancel_now default_tax_rates items metadata pause "
    "proration_behavior proration_date resume_at start_date trial_end"
)
_ITEM = (
    "amount currency description discountable discounts invoiceitem metadata period price price_data quantity tax_rates"
)


def create(call: Call) -> Json:
    """The invoice that would come next. InvalidRequest (404) when none would."""
    customer = _customer(call)
    with call.store.rehearsed():
        quiet = call.in_time_of(customer["id"])
        for index, item in enumerate(call.params.get("invoice_items") or []):
            _add(quiet, customer, item, f"invoice_items[{index}]")
        invoice = _after_change(quiet, customer)
        if invoice is None:
            raise NoUpcoming(customer["id"])
        return forecast.as_upcoming(_discounted(quiet, invoice))


class NoUpcoming(InvalidRequest):
    """Nothing would be billed."""

    status = 404

    def __init__(self, customer: str) -> None:
        super().__init__(f"No upcoming invoices for customer: {customer}", code="invoice_upcoming_none")


def _after_change(call: Call, customer: Json) -> Json | None:
    if call.params.get("schedule") or call.params.get("schedule_details"):
        return _of_schedule(call, customer)
    details = only(call.params.get("subscription_details") or {}, _OF_A_SUBSCRIPTION, "subscription_details")
    if call.params.get("subscription"):
        return _of_subscription(call, subscriptions.living(call, call.params["subscription"]), details)
    if details.get("items"):
        given = {**details, "customer": customer["id"], "payment_behavior": "default_incomplete"}
        anchor = given.pop("billing_cycle_anchor", {}).get("timestamp")
        given |= {"billing_cycle_anchor": anchor} if anchor else {}
        return _latest(call, subscriptions.create(_with(call, given)))
    return _of_pending(call, customer)


def _of_subscription(call: Call, before: Json, details: Json) -> Json | None:
    _check_date(details)
    invoice = _changed(call, before, details) or forecast.next_invoice(call, shapes.current(call, before))
    prorates = details.get("proration_behavior", "create_prorations") != "none"
    if invoice and prorates and details.keys() & _PRORATED:
        of = invoice["parent"]["subscription_details"]
        of = of | {"subscription_proration_date": details.get("proration_date", call.now())}
        return invoice | {"parent": invoice["parent"] | {"subscription_details": of}}
    return invoice


def _changed(call: Call, before: Json, details: Json) -> Json | None:
    """The invoice that this change makes at once; None when it makes none."""
    change = {name: value for name, value in details.items() if name not in ("cancel_now", "pause", "resume_at")}
    if details.get("cancel_now"):
        prorates = details.get("proration_behavior", "create_prorations") != "none"
        after = subscriptions.cancel(_with(call, {"invoice_now": True, "prorate": prorates}), before["id"])
    elif details.get("pause"):
        after = subscriptions.pause(_with(call, details["pause"]), before["id"])
    elif details.get("resume_at"):
        after = subscriptions.resume(_with(call, {}), before["id"])
    elif change:
        # Nothing is charged in a rehearsal, so that no attempt to pay can fail.
        after = subscriptions.update(_with(call, {"payment_behavior": "default_incomplete", **change}), before["id"])
    else:
        return None
    return _if_new(call, before, after)


_PRORATED = frozenset({"billing_cycle_anchor", "cancel_at", "cancel_now", "items", "pause", "resume_at", "trial_end"})


def _check_date(details: Json) -> None:
    if "proration_date" not in details:
        return
    if details.get("proration_behavior") == "none" or not details.keys() & {"items", "trial_end"}:
        raise InvalidRequest(
            "A proration_date needs items or a trial_end, and a proration_behavior other than none.",
            param="subscription_details[proration_date]",
        )


def _of_schedule(call: Call, customer: Json) -> Json | None:
    details = only(
        call.params.get("schedule_details") or {}, "end_behavior phases proration_behavior", "schedule_details"
    )
    schedule = call.params.get("schedule")
    if schedule:
        before = call.named("subscription_schedule", schedule)
        after = subscription_schedules.update(_with(call, details), schedule) if details else before
    else:
        details.pop("proration_behavior", None)
        given = {"customer": customer["id"], "start_date": "now", **details}
        before, after = {"subscription": None}, subscription_schedules.create(_with(call, given))
    if after["subscription"] is None:
        return None
    subscription = call.named("subscription", after["subscription"])
    if before["subscription"] is None:
        return _latest(call, subscription)
    return forecast.next_invoice(call, subscription)


def _of_pending(call: Call, customer: Json) -> Json | None:
    currency: str | None = call.params.get("currency", customer["currency"])
    waiting = pending_items.waiting(call, customer["id"], currency) if currency else []
    if currency is None or not waiting:
        return None
    begun = invoicing.unsaved(call, balances.settle_currency(call, customer, currency), currency, [], {})
    return pending_items.take(call, begun, waiting[::-1])


def _add(call: Call, customer: Json, item: Json, param: str) -> None:
    only(item, _ITEM, param)
    given = {name: value for name, value in item.items() if name not in ("invoiceitem", "price")}
    given |= {"pricing": {"price": item["price"]}} if "price" in item else {}
    if "invoiceitem" in item:
        given.pop("currency", None)
        invoice_items.update(_with(call, given), item["invoiceitem"])
        return
    if call.params.get("subscription"):
        given["subscription"] = call.params["subscription"]
    invoice_items.create(_with(call, {**given, "customer": customer["id"]}))


def _discounted(call: Call, invoice: Json) -> Json:
    if "discounts" not in call.params:
        return invoice
    found = discounts.redeemed(call, call.params["discounts"] or [], invoice["customer"], invoice=invoice["id"])
    return invoicing.reckoned(call, invoice | {"discounts": found})


def _if_new(call: Call, before: Json, after: Json) -> Json | None:
    return _latest(call, after) if after["latest_invoice"] != before["latest_invoice"] else None


def _latest(call: Call, subscription: Json) -> Json:
    return call.named("invoice", subscription["latest_invoice"])


def _customer(call: Call) -> Json:
    if call.params.get("preview_mode", "next") != "next":
        raise not_simulated("preview_mode")
    for name in ("subscription", "schedule"):
        kind = "subscription" if name == "subscription" else "subscription_schedule"
        found = call.referred(kind, name)
        if found:
            return call.named("customer", found["customer"])
    customer = call.referred("customer", "customer")
    if customer is None:
        raise InvalidRequest(
            "You must provide `customer`, `subscription` or `schedule`.", code="parameter_missing", param="customer"
        )
    return customer


def _with(call: Call, params: Json) -> Call:
    return replace(call, params=params)


ROUTES = (
    route(
        "POST",
        "/v1/invoices/create_preview",
        create,
        sdk.InvoiceCreatePreviewParams,
        "currency customer discounts invoice_items preview_mode schedule schedule_details subscription "
        "subscription_details",
    ),
)
