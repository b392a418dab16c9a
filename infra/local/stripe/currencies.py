"""The currencies of this server and how much can be charged in each."""

from infra.local.stripe.errors import InvalidRequest

# The least that Stripe charges in each currency it is asked for here, in minor units.
LEAST_BY_CURRENCY = {"gbp": 30, "eur": 50, "usd": 50, "chf": 50, "sek": 300, "nok": 300, "dkk": 250, "pln": 200}
_MOST = 99_999_999


def check_total(total: int, currency: str) -> None:
    """InvalidRequest when so many minor units are more than can be charged at once."""
    if total > _MOST:
        raise InvalidRequest(
            f"Amount must be no more than {_MOST} in minor units of {currency}.",
            code="amount_too_large",
            param="amount",
        )


def known(currency: str) -> str:
    """The currency as Stripe writes it. InvalidRequest for one that is not here."""
    if currency.lower() not in LEAST_BY_CURRENCY:
        raise InvalidRequest(
            f"Invalid currency: {currency.lower()}. The local Stripe supports these currencies: "
            f"{', '.join(LEAST_BY_CURRENCY)}",
            param="currency",
        )
    return currency.lower()


def check_amount(amount: int, currency: str) -> None:
    """InvalidRequest unless so many minor units can be charged."""
    if amount < 1:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    if amount < LEAST_BY_CURRENCY[currency]:
        raise InvalidRequest(
            f"Amount must be at least {LEAST_BY_CURRENCY[currency]} in minor units of {currency}.",
            code="amount_too_small",
            param="amount",
        )
    check_total(amount, currency)
