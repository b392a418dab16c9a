"""What a control call can set off: a customer withdraws a mandate, a network renews a card, the account is set up."""

from collections.abc import Callable, Mapping

from infra.local.stripe.call import Call
from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.recurring import following
from infra.local.stripe.resources import mandates, payment_methods
from infra.local.stripe.values import Json, public


def _withdraw(call: Call) -> Json:
    mandate = call.named("mandate", _word(call, "mandate"), "mandate")
    return public(mandates.end(call, mandate, "debit_not_authorized"))


def _renew(call: Call) -> Json:
    month, year = _number(call, "exp_month", 1, 12), _number(call, "exp_year", 2000, 2999)
    return public(payment_methods.renew(call, _word(call, "payment_method"), month, year))


def _word(call: Call, name: str) -> str:
    value = call.params.get(name)
    if not isinstance(value, str):
        raise InvalidRequest(f"{name} must be an id", param=name)
    return value


def _number(call: Call, name: str, least: int, most: int) -> int:
    value = call.params.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InvalidRequest(f"{name} must be a whole number from {least} to {most}", param=name)
    return value


# The path after `/_control/`, what happens, and the members of the body.
ACTS: Mapping[str, tuple[Callable[[Call], Json], tuple[str, ...]]] = {
    "mandates/withdraw": (_withdraw, ("mandate",)),
    "subscriptions": (following.choose, ("after_retries",)),
    "payment_methods/renew": (_renew, ("payment_method", "exp_month", "exp_year")),
}
