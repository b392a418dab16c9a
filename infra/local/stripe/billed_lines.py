"""What a request says of one thing to be billed, read the same way for invoice items and for invoice lines.

An amount is given itself, as a unit amount times a quantity, or by a price times a quantity.
"""

from decimal import Decimal
from fractions import Fraction

from infra.local.stripe import discounts
from infra.local.stripe.arithmetic import rounded
from infra.local.stripe.call import Call
from infra.local.stripe.currencies import known
from infra.local.stripe.errors import InvalidRequest, no_such
from infra.local.stripe.invoice_shapes import Line
from infra.local.stripe.params import moment, only
from infra.local.stripe.resources import prices, tax_rates
from infra.local.stripe.values import Json

FIELDS = "amount description discountable discounts metadata period price_data pricing quantity tax_rates"
_MOST = 99_999_999_999
# Amount, quantity, price and amount a unit.
_Money = tuple[int, int, Json | None, str | None]


def line_of(call: Call, customer: Json, currency: str, former: Line | None = None) -> Line:
    """The line that the call's parameters describe; what they leave out is as it was in the former line."""
    given = call.params
    amount, quantity, price, unit = _money(call, given, currency, former)
    if abs(amount) > _MOST:
        raise InvalidRequest("The amount is larger than an invoice can hold.", code="amount_too_large", param="amount")
    start, end = _period(call, given, former)
    ids = former.discounts if former else ()
    if "discounts" in given:
        ids = tuple(discounts.redeemed(call, given["discounts"] or [], customer["id"]))
    rates = former.tax_rates if former else ()
    return Line(
        amount,
        start,
        end,
        former.parent if former else None,
        call.text("description", former.description if former else _name_of(call, price)),
        quantity,
        price,
        unit,
        given.get("discountable", former.discountable if former else amount >= 0),
        ids,
        tuple(tax_rates.usable(call, given["tax_rates"], "tax_rates")) if "tax_rates" in given else rates,
        call.metadata(former.metadata if former else {}),
    )


def currency_of(call: Call, fallback: str | None) -> str:
    """The currency that the parameters or their price say, or else the fallback, which may be missing."""
    price_id = call.params.get("pricing", {}).get("price")
    price = (call.store.get("price", price_id) if price_id else None) or call.params.get("price_data") or {}
    currency = call.params.get("currency") or price.get("currency") or fallback
    if not currency:
        raise InvalidRequest("Missing required param: currency.", code="parameter_missing", param="currency")
    return known(currency)


def _money(call: Call, given: Json, currency: str, former: Line | None) -> _Money:
    """What the line costs and how that came about. InvalidRequest unless it is said in one way."""
    _said_once(given)
    price, quantity = _price(call, given), given.get("quantity", former.quantity if former else 1)
    if price:
        return _by_price(price, quantity, currency)
    if given.get("unit_amount_decimal") is not None:
        return _by_unit(given["unit_amount_decimal"], quantity)
    if given.get("amount") is not None:
        if given.get("quantity", 1) != 1:
            raise InvalidRequest("You cannot give both `amount` and `quantity`.", param="quantity")
        return given["amount"], 1, None, None
    if former is None:
        raise InvalidRequest(
            "Give `amount`, `pricing[price]` or `price_data`.", code="parameter_missing", param="amount"
        )
    return _as_before(former, quantity, currency)


def _as_before(former: Line, quantity: int, currency: str) -> _Money:
    if quantity == former.quantity:
        return former.amount, quantity, former.price, former.unit_amount_decimal
    if former.price:
        return _by_price(former.price, quantity, currency)
    if former.unit_amount_decimal is None:
        raise InvalidRequest("An item that has an amount only has no quantity.", param="quantity")
    return _by_unit(Decimal(former.unit_amount_decimal), quantity)


def _said_once(given: Json) -> None:
    said = [name for name in ("amount", "price_data", "pricing", "unit_amount_decimal") if given.get(name) is not None]
    if len(said) > 1:
        raise InvalidRequest(f"You may only specify one of these parameters: {', '.join(said)}.", param=said[1])
    if given.get("quantity", 0) < 0:
        raise InvalidRequest("Invalid non-negative integer", code="parameter_invalid_integer", param="quantity")


def _by_price(price: Json, quantity: int, currency: str) -> _Money:
    if price["type"] != "one_time" or price["billing_scheme"] != "per_unit":
        raise InvalidRequest("The price specified must be a one-time price per unit.", param="pricing[price]")
    if price["currency"] != currency:
        raise InvalidRequest(f"The price is in {price['currency']}, not in {currency}.", param="currency")
    unit = price["unit_amount_decimal"]
    return rounded(Fraction(unit) * quantity), quantity, price, unit


def _by_unit(unit: Decimal, quantity: int) -> _Money:
    return rounded(Fraction(unit) * quantity), quantity, None, str(unit)


def _price(call: Call, given: Json) -> Json | None:
    if given.get("price_data"):
        return prices.ad_hoc(call, only(given["price_data"], _PRICE_DATA, "price_data"))
    price_id = given.get("pricing", {}).get("price")
    if not price_id:
        return None
    price = call.store.get("price", price_id)
    if price is None:
        raise InvalidRequest(no_such("price", price_id), code="resource_missing", param="pricing[price]")
    if not price["active"]:
        raise InvalidRequest(f"The price {price_id} is inactive.", param="pricing[price]")
    return price


def _name_of(call: Call, price: Json | None) -> str | None:
    return call.named("product", price["product"])["name"] if price else None


def _period(call: Call, given: Json, former: Line | None) -> tuple[int, int]:
    period = given.get("period")
    if period is None:
        return (former.start, former.end) if former else (call.now(), call.now())
    if period["end"] < period["start"]:
        raise InvalidRequest("The period must not end before it starts.", param="period[end]")
    return moment(period["start"], "period[start]"), moment(period["end"], "period[end]")


_PRICE_DATA = "currency product product_data tax_behavior unit_amount unit_amount_decimal"
