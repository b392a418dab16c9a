"""Checks of parameters that several families share, in Stripe's words."""

from urllib.parse import urlsplit

from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.values import Json

# The beginning of the year 2200: later ones are slips of milliseconds for seconds.
_LATEST = 7_258_118_400


def only(given: Json, honoured: str, param: str) -> Json:
    """The nested parameters, if each is one of these words; InvalidRequest for the first that is not simulated."""
    for name in sorted(given.keys() - set(honoured.split())):
        raise not_simulated(f"{param}[{name}]")
    return given


def not_simulated(param: str) -> InvalidRequest:
    """The refusal of what Stripe knows and this server does not: nothing is ignored in silence."""
    return InvalidRequest(
        f"The local Stripe does not simulate the parameter {param}.", code="parameter_not_simulated", param=param
    )


def one_of(given: Json, *names: str) -> None:
    """InvalidRequest when more than one of these parameters is given."""
    if sum(bool(given.get(name)) for name in names) > 1:
        listed = ", ".join(names)
        raise InvalidRequest(f"You may only specify one of these parameters: {listed}.", param=names[-1])


def moment(value: int, param: str) -> int:
    """The second that a parameter names. InvalidRequest for one that no calendar of this server reaches."""
    if not 0 <= value <= _LATEST:
        raise InvalidRequest("Invalid timestamp: must be an integer Unix timestamp.", param=param)
    return value


def within(given: Json, name: str, least: int, most: int, param: str) -> None:
    """InvalidRequest when the number that a nested parameter holds, if it is given, is not in this range."""
    value = given.get(name)
    if value is not None and not least <= value <= most:
        raise InvalidRequest(
            f"This value must be from {least} to {most}.", code="parameter_invalid_integer", param=f"{param}[{name}]"
        )


def url(given: Json, name: str) -> str | None:
    """The web address that a parameter holds; None without one; InvalidRequest for anything but http and https."""
    value: str | None = given.get(name) or None
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        leads_somewhere = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        leads_somewhere = False
    if not leads_somewhere:
        raise InvalidRequest(
            "Invalid URL: An explicit scheme (such as https) must be provided.", code="url_invalid", param=name
        )
    return value
