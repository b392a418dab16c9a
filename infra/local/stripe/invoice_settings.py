"""What a request may say of an invoice as a whole, read the same way when it is made and when it is changed."""

from infra.local.stripe import discounts
from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import moment, one_of, only
from infra.local.stripe.resources import tax_rates
from infra.local.stripe.resources.payment_methods import of_customer
from infra.local.stripe.values import Json

_DAY = 86400
_TEXTS = ("description", "footer", "statement_descriptor")
_AS_GIVEN = ("auto_advance", "effective_at")
_OPEN = "auto_advance default_payment_method metadata"
FIELDS = (
    f"{' '.join(_TEXTS)} {_OPEN} collection_method custom_fields days_until_due default_tax_rates discounts due_date "
    "effective_at payment_settings"
)


def given(call: Call, former: Json, customer_id: str) -> Json:
    """The members of the invoice that the request sets; those it leaves out are as in the former invoice."""
    members: Json = {name: call.text(name, former[name]) for name in _TEXTS}
    members |= {name: call.params[name] or None for name in _AS_GIVEN if name in call.params}
    if members.get("effective_at"):
        moment(members["effective_at"], "effective_at")
    if "auto_advance" in call.params:
        members["auto_advance"] = call.params["auto_advance"]
    if "default_payment_method" in call.params:
        method = of_customer(call, customer_id, call.params["default_payment_method"])
        members["default_payment_method"] = method["id"]
    if "default_tax_rates" in call.params:
        members["default_tax_rates"] = tax_rates.usable(call, call.params["default_tax_rates"], "default_tax_rates")
    if "discounts" in call.params:
        found = discounts.redeemed(call, call.params["discounts"] or [], customer_id, invoice=former["id"])
        members["discounts"] = found
    if "custom_fields" in call.params:
        members["custom_fields"] = call.params["custom_fields"] or None
    members["payment_settings"] = _payment_settings(call, former)
    return {**members, **_when_due(call, former), "metadata": call.metadata(former["metadata"])}


def only_open(call: Call) -> None:
    """InvalidRequest when the request changes what is settled once an invoice is finalized."""
    for name in sorted(call.params.keys() - set(_OPEN.split()) - {"expand"}):
        raise InvalidRequest(
            f"Finalized invoices can't be updated in this way: {name}.", code="invoice_not_editable", param=name
        )


def _payment_settings(call: Call, former: Json) -> Json:
    settings = only(call.params.get("payment_settings", {}), "payment_method_types", "payment_settings")
    before: Json = former["payment_settings"]
    return before | {name: value or None for name, value in settings.items()}


def _when_due(call: Call, former: Json) -> Json:
    """How and until when the invoice is to be paid. InvalidRequest when that is said in no way or in two."""
    one_of(call.params, "days_until_due", "due_date")
    way = call.params.get("collection_method", former["collection_method"])
    days, date = call.params.get("days_until_due"), call.params.get("due_date")
    if way == "charge_automatically":
        if days is not None or date is not None:
            raise InvalidRequest(
                "A due date can only be given when `collection_method` is `send_invoice`.", param="days_until_due"
            )
        return {"collection_method": way, "due_date": None, "_days_until_due": None}
    if days is None and date is None:
        days, date = former.get("_days_until_due"), former["due_date"]
    if days is None and date is None:
        raise InvalidRequest(
            "If `collection_method` is `send_invoice`, you must pass either `due_date` or `days_until_due`.",
            param="days_until_due",
        )
    if (days is not None and days < 0) or (date is not None and days is None and date < call.now()):
        raise InvalidRequest("The due date must not be in the past.", param="due_date")
    due = former["created"] + days * _DAY if days is not None else date or 0
    return {"collection_method": way, "due_date": moment(due, "due_date"), "_days_until_due": days}
