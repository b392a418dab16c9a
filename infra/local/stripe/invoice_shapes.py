"""What a draft invoice and its lines are made of before any amount is reckoned."""

from copy import deepcopy
from dataclasses import dataclass, field

from infra.local.stripe.call import Call
from infra.local.stripe.values import Json

_UNSET = (
    "account_name",
    "account_tax_ids",
    "amount_paid_off_stripe",
    "application",
    "automatically_finalizes_at",
    "confirmation_secret",
    "custom_fields",
    "customer_account",
    "customer_tax_ids",
    "default_payment_method",
    "default_source",
    "description",
    "due_date",
    "effective_at",
    "ending_balance",
    "footer",
    "from_invoice",
    "hosted_invoice_url",
    "invoice_pdf",
    "last_finalization_error",
    "latest_revision",
    "next_payment_attempt",
    "number",
    "on_behalf_of",
    "parent",
    "receipt_number",
    "rendering",
    "shipping_cost",
    "shipping_details",
    "statement_descriptor",
    "status_details",
    "threshold_reason",
)


@dataclass(frozen=True)
class Line:
    """A line to be: an amount in minor units for a period, and where it comes from.

    `parent` is the line's `parent` on the wire; `discounts` are ids of discounts; `tax_rates` are whole tax rates, and
    without any the invoice's default ones apply; `price` is a whole price.
    """

    amount: int
    start: int
    end: int
    parent: Json | None
    description: str | None = None
    quantity: int = 1
    price: Json | None = None
    unit_amount_decimal: str | None = None
    discountable: bool = True
    discounts: tuple[str, ...] = ()
    tax_rates: tuple[Json, ...] = ()
    metadata: Json = field(default_factory=dict)


def blank(call: Call, customer: Json, currency: str) -> Json:
    """A draft without lines for this customer, as it stands now."""
    begun = call.begin("invoice", "in")
    now = begun["created"]
    times = {"period_end": now, "period_start": now, "webhooks_delivered_at": now}
    return {
        **begun,
        **dict.fromkeys(_UNSET),
        **deepcopy(_FRESH),
        **of_customer(customer),
        **times,
        "currency": currency,
    }


def line_item(call: Call, invoice: Json, line: Line) -> Json:
    """The line on this invoice; discounts and taxes are reckoned with the others."""
    return {
        "id": call.new_id("il", 24),
        "object": "line_item",
        "amount": line.amount,
        "currency": invoice["currency"],
        "description": line.description,
        "discount_amounts": [],
        "discountable": line.discountable,
        "discounts": list(line.discounts),
        "invoice": invoice["id"],
        "livemode": False,
        "metadata": line.metadata,
        "parent": line.parent,
        "period": {"end": line.end, "start": line.start},
        "pretax_credit_amounts": [],
        "pricing": pricing(line.price, line.unit_amount_decimal),
        "quantity": line.quantity,
        "quantity_decimal": str(line.quantity),
        "subscription": _subscription(line.parent),
        "subtotal": line.amount,
        "taxes": [],
        "_tax_rates": list(line.tax_rates),
    }


def pricing(price: Json | None, unit_amount_decimal: str | None) -> Json | None:
    """How a line came to its amount; None when it was given as an amount."""
    if price is None and unit_amount_decimal is None:
        return None
    details = {"price": price["id"], "product": price["product"]} if price else None
    unit = unit_amount_decimal if unit_amount_decimal is not None or not price else price["unit_amount_decimal"]
    return {"price_details": details, "type": "price_details", "unit_amount_decimal": unit}


_FRESH: Json = {
    "account_country": "GB",
    "amount_overpaid": 0,
    "amount_paid": 0,
    "amount_shipping": 0,
    "attempt_count": 0,
    "attempted": False,
    "auto_advance": False,
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None},
    "billing_reason": "manual",
    "collection_method": "charge_automatically",
    "default_tax_rates": [],
    "discounts": [],
    "issuer": {"type": "self"},
    "metadata": {},
    "payment_settings": dict.fromkeys(("default_mandate", "payment_method_options", "payment_method_types")),
    "post_payment_credit_notes_amount": 0,
    "pre_payment_credit_notes_amount": 0,
    "status": "draft",
    "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
    "_lines": [],
}


def of_customer(customer: Json) -> Json:
    """What an invoice says of its customer; it follows the customer until it is finalized."""
    own = {f"customer_{name}": customer[name] for name in ("address", "email", "name", "phone", "shipping")}
    return own | {
        "customer": customer["id"],
        "customer_tax_exempt": customer["tax_exempt"],
        "test_clock": customer["test_clock"],
    }


def _subscription(parent: Json | None) -> str | None:
    details = parent[parent["type"]] if parent else {}
    found: str | None = details.get("subscription")
    return found
