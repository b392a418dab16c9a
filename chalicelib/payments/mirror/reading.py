"""What the handlers of the mirror read of facts and objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from chalicelib.billing.mirror_shapes import Shape
from chalicelib.payments.events import Unreadable, named
from chalicelib.payments.handling import Fact
from chalicelib.payments.markers import Outcome

S = TypeVar("S", bound=Shape)


def read_as(shape: type[S], about: Mapping[str, Any]) -> S:
    """The object in this shape. Raises Unreadable."""
    try:
        return shape.model_validate(about)
    except ValidationError as error:
        raise Unreadable(named(shape.__name__, error)) from None


def id_in(fact: Fact) -> str:
    """The id of the fact's object. Raises Unreadable."""
    found = fact.object.get("id")
    if not isinstance(found, str):
        raise Unreadable("not an object with an id")
    return found


def noted(_: Fact) -> Outcome:
    """The handler of what others say too, or what the desk asks Stripe for when it needs it."""
    return Outcome.NOTED
