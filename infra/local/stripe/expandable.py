"""Which members of an object can be expanded, read from the SDK's own types, so that no list of them is kept here."""

import re
from collections.abc import Iterator
from typing import Any, ForwardRef, get_args

from stripe._object_classes import get_object_class
from stripe._stripe_object import StripeObject

Shape = type[StripeObject]


def shape_of(kind: str) -> Shape:
    """The SDK's class of the objects that call themselves this."""
    return get_object_class("V1", kind)


def names(shape: Shape, member: str) -> str | None:
    """The kind of what this member names by id, or by a list of ids; None when it names nothing.

    Of several kinds it is the first: good enough to tell objects apart that share an id.
    """
    for choices in _unions(shape.__annotations__.get(member)):
        named = [each.__forward_arg__ for each in choices if isinstance(each, ForwardRef)]
        if named and str in choices:
            return re.sub(r"(?<!^)(?=[A-Z])", "_", named[0]).lower()
    return None


def part_of(shape: Shape, member: str) -> Shape | None:
    """The class of a member that is a part of the object, or a list of such parts."""
    parts = (each for choices in _unions(shape.__annotations__.get(member)) for each in choices)
    return next((each for each in parts if isinstance(each, type) and issubclass(each, StripeObject)), None)


def _unions(hint: Any) -> Iterator[tuple[Any, ...]]:
    """The alternatives of an annotation, and those of the lists among them."""
    members = get_args(hint)
    yield (hint, *members)
    for member in members:
        yield from _unions(member)
