"""The lines of a credit note, made of the lines of its invoice, of words and an amount, or of an amount alone."""

from decimal import Decimal
from fractions import Fraction

from infra.local.stripe.arithmetic import Rate, rounded, taxes
from infra.local.stripe.call import Call
from infra.local.stripe.crediting import Credited, amount_of_units, part, sums
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.params import only
from infra.local.stripe.resources import tax_rates
from infra.local.stripe.store import Query
from infra.local.stripe.tax_lines import line_tax
from infra.local.stripe.values import Json

_OF_INVOICE = "type invoice_line_item amount quantity metadata"
_CUSTOM = "type description quantity unit_amount unit_amount_decimal tax_rates metadata"


def made(call: Call, invoice: Json) -> list[Json]:
    """The lines that the request asks for. InvalidRequest when they credit more of a line than is left of it."""
    given, amount = call.params.get("lines"), call.params.get("amount")
    if not given:
        if amount is None:
            raise InvalidRequest("Give `amount` or `lines`.", code="parameter_missing", param="amount")
        return [_line(call, _positive(amount, "amount"), {"description": None, "type": "custom_line_item"})]
    former, lines = issued(call, invoice), list[Json]()
    for number, each in enumerate(given):
        make = _of_invoice if each["type"] == "invoice_line_item" else _custom
        lines.append(make(call, invoice, each, [*former, *lines], f"lines[{number}]"))
    return lines


def issued(call: Call, invoice: Json) -> list[Json]:
    """The lines of the invoice's credit notes that are in force."""
    notes = call.store.find(Query("credit_note", {"invoice": invoice["id"], "status": "issued"}))
    return [line for note in notes for line in note["_lines"]]


def exclusive_tax(line: Json) -> int:
    """The tax that comes on top of the line."""
    return sum(tax["amount"] for tax in line["taxes"] if tax["tax_behavior"] == "exclusive")


def _of_invoice(call: Call, invoice: Json, given: Json, former: list[Json], param: str) -> Json:
    only(given, _OF_INVOICE, param)
    line = next((each for each in invoice["_lines"] if each["id"] == given.get("invoice_line_item")), None)
    if line is None:
        raise InvalidRequest("The line is not one of the invoice.", code="resource_missing", param=param)
    credited = _credited(line, former)
    amount, quantity = _asked(line, credited, given, param), given.get("quantity")
    upto = credited.amount + amount
    more = {
        "description": line["description"],
        "invoice_line_item": line["id"],
        "metadata": given.get("metadata", {}),
        "quantity": quantity,
        "tax_rates": line["_tax_rates"] or invoice["default_tax_rates"],
        "taxes": [_tax_part(tax, line["amount"], upto, credited) for tax in line["taxes"]],
        "type": "invoice_line_item",
        "unit_amount_decimal": (line["pricing"] or {}).get("unit_amount_decimal") if quantity else None,
    }
    discounts = [_discount_part(each, line["amount"], upto, credited) for each in line["discount_amounts"]]
    own = sum(each["amount"] for each in discounts if each["discount"] in line["discounts"])
    return _line(call, amount, more | {"_own_discount": own}, discounts)


def _asked(line: Json, credited: Credited, given: Json, param: str) -> int:
    quantity, amount = given.get("quantity"), given.get("amount")
    if (quantity is None) == (amount is None):
        raise InvalidRequest("Give either `amount` or `quantity` for an invoice line.", param=param)
    if quantity is not None:
        amount = _units(line, credited, _positive(quantity, param), param)
    asked = _positive(amount or 0, param)
    left = line["amount"] - credited.amount
    if asked > left:
        raise InvalidRequest(
            f"You can credit at most {left} in minor units of this invoice line, not {asked}.", param=param
        )
    return asked


def _units(line: Json, credited: Credited, asked: int, param: str) -> int:
    if credited.quantity + asked > line["quantity"]:
        raise InvalidRequest(
            f"You can credit at most {line['quantity'] - credited.quantity} units of this invoice line.", param=param
        )
    return amount_of_units(line["amount"], line["quantity"], credited, asked)


def _credited(line: Json, former: list[Json]) -> Credited:
    own = [each for each in former if each["invoice_line_item"] == line["id"]]
    every_tax = [(tax["tax_rate_details"]["tax_rate"], tax) for each in own for tax in each["taxes"]]
    return Credited(
        sum(each["amount"] for each in own),
        sum(each["quantity"] or 0 for each in own),
        sums((taken["discount"], taken["amount"]) for each in own for taken in each["discount_amounts"]),
        sums((rate, tax["amount"]) for rate, tax in every_tax),
        sums((rate, tax["taxable_amount"]) for rate, tax in every_tax),
    )


def _discount_part(taken: Json, line: int, upto: int, credited: Credited) -> Json:
    return taken | {"amount": part(taken["amount"], line, upto, credited.discounts.get(taken["discount"], 0))}


def _tax_part(tax: Json, line: int, upto: int, credited: Credited) -> Json:
    rate = tax["tax_rate_details"]["tax_rate"]
    return tax | {
        "amount": part(tax["amount"], line, upto, credited.taxes.get(rate, 0)),
        "taxable_amount": part(tax["taxable_amount"], line, upto, credited.taxable.get(rate, 0)),
    }


def _custom(call: Call, invoice: Json, given: Json, former: list[Json], param: str) -> Json:  # noqa: ARG001 - as _of_invoice
    only(given, _CUSTOM, param)
    quantity = _positive(given.get("quantity", 1), param)
    unit = given.get("unit_amount_decimal", given.get("unit_amount"))
    if unit is None or not given.get("description"):
        raise InvalidRequest("A custom line needs a `description` and a `unit_amount`.", param=param)
    rates = tax_rates.usable(call, given.get("tax_rates") or [], param)
    amount = _positive(rounded(Fraction(Decimal(unit)) * quantity), param)
    known = [Rate(rate["id"], Fraction(str(rate["percentage"])), rate["inclusive"]) for rate in rates]
    more = {
        "description": given["description"],
        "metadata": given.get("metadata", {}),
        "quantity": quantity,
        "tax_rates": rates,
        "taxes": [line_tax(tax, "not_available") for tax in taxes(amount, known)],
        "type": "custom_line_item",
        "unit_amount": given.get("unit_amount"),
        "unit_amount_decimal": str(unit),
    }
    return _line(call, amount, more)


def _line(call: Call, amount: int, more: Json, discounts: list[Json] | None = None) -> Json:
    taken = discounts or []
    return {
        "id": call.new_id("cnli", 24),
        "object": "credit_note_line_item",
        "amount": amount,
        "discount_amount": sum(each["amount"] for each in taken),
        "discount_amounts": taken,
        "invoice_line_item": None,
        "livemode": False,
        "metadata": {},
        "pretax_credit_amounts": [{**each, "credit_balance_transaction": None, "type": "discount"} for each in taken],
        "quantity": None,
        "tax_rates": [],
        "taxes": [],
        "unit_amount": None,
        "unit_amount_decimal": None,
        "_own_discount": 0,
        **more,
    }


def _positive(value: int, param: str) -> int:
    if value < 1:
        raise InvalidRequest("Invalid positive integer", code="parameter_invalid_integer", param=param)
    return value
