"""Bills as Stripe shows them, made from quotes."""

from __future__ import annotations

from typing import Any

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.subscriptions.quote import ChangeQuote

AT = 1_803_895_200


def recurring(price: str, amount: int, *, start: int = AT, tax: int = 0, proration: bool = False) -> dict[str, Any]:
    """A line of a subscription."""
    return {
        "amount": amount,
        "description": "Some time",
        "quantity": 1,
        "period": {"start": start, "end": start + 86_400},
        "pricing": {"price_details": {"price": price}},
        "parent": {"subscription_item_details": {"proration": proration}},
        "taxes": [{"amount": tax, "tax_behavior": "exclusive"}],
        "discount_amounts": [],
    }


def one_off(amount: int) -> dict[str, Any]:
    """A line that is paid once."""
    line = recurring("price_once", amount)
    return {
        **line,
        "pricing": None,
        "parent": {"invoice_item_details": {"proration": False}},
        "description": "Engineer",
    }


def a_bill(quote: ChangeQuote, *more: dict[str, Any], status: str = "paid") -> StripeBill:
    """The bill that was quoted, with these lines more."""
    lines = [
        recurring(
            line.price_id or "", line.net_minor, start=line.starts_at, tax=line.tax_minor, proration=line.is_proration
        )
        for line in quote.lines
    ]
    total = sum(line["amount"] + line["taxes"][0]["amount"] for line in (*lines, *more))
    body = {"id": "in_1", "currency": "gbp", "created": AT, "total": total, "status": status}
    return StripeBill.model_validate({**body, "customer": "cus_1", "lines": {"data": [*lines, *more]}})


def changed(bill: StripeBill, *, proration: bool, **how: Any) -> StripeBill:
    """The bill with its last line of this kind otherwise: `amount`, `tax` more, `discount`, `quantity`, `price`, or
    `gone`."""
    body = bill.model_dump(mode="json")
    lines = body["lines"]["data"]
    index = max(
        i for i, line in enumerate(lines) if line["parent"]["subscription_item_details"]["proration"] is proration
    )
    line = lines[index]
    if how.pop("gone", False):
        del lines[index]
    line["amount"] = how.pop("amount", line["amount"])
    line["quantity"] = how.pop("quantity", line["quantity"])
    line["taxes"][0]["amount"] += how.pop("tax", 0)
    if "discount" in how:
        line["discount_amounts"] = [{"amount": how.pop("discount")}]
    if "price" in how:
        line["pricing"]["price_details"]["price"] = how.pop("price")
    assert not how
    return StripeBill.model_validate(body)
