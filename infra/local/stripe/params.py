"""Checks of parameters that several families share, in Stripe's words."""

from urllib.parse import urlsplit

from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.values import Json


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
