"""Checks a request against the SDK's own typed parameters, so that nothing passes here that Stripe would refuse.

The SDK declares each operation's parameters as a TypedDict generated from Stripe's description of the pinned version.
Reading those types gives names, nesting, required members and allowed values for every operation without a copy.
"""

import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.forms import Tree
from infra.local.stripe.values import Json

_MAX_STRING = 5000
_INDEX = re.compile(r"\d{1,9}", re.ASCII)
_MARKERS = (NotRequired, Required, typing_extensions.NotRequired, typing_extensions.Required)


@dataclass(frozen=True)
class Choices:
    """What one parameter may be: the members of its union, sorted by kind."""

    words: tuple[str, ...]
    scalars: frozenset[type]
    item: Any | None
    shape: Any | None

    @property
    def unsets(self) -> bool:
        """Whether an empty string is a value of its own, which clears the field."""
        return "" in self.words or str in self.scalars


def check(params: type | None, tree: Tree, prefix: str = "") -> Json:
    """The form's values as typed Python values: integers, booleans, strings, lists, mappings.

    InvalidRequest, in Stripe's words, for the first parameter that is unknown, missing or of another type.
    """
    fields = _fields(params) if params else {}
    for name in tree:
        if name not in fields:
            raise InvalidRequest(
                f"Received unknown parameter: {_join(prefix, name)}",
                code="parameter_unknown",
                param=_join(prefix, name),
            )
    for name in getattr(params, "__required_keys__", ()):
        if name in fields and name not in tree:
            raise InvalidRequest(
                f"Missing required param: {_join(prefix, name)}.", code="parameter_missing", param=_join(prefix, name)
            )
    return {name: _value(fields[name], raw, _join(prefix, name)) for name, raw in tree.items()}


@cache
def _fields(params: type) -> dict[str, Choices]:
    own = {name: hint for name, hint in params.__annotations__.items() if name not in RequestOptions.__annotations__}
    # RequestOptions names types that exist only for type checkers, so its members must not be evaluated.
    holder = type("Own", (), {"__annotations__": own, "__module__": params.__module__})
    hints = get_type_hints(holder, vars(sys.modules[params.__module__]), include_extras=True)
    return {name: _choices(hint) for name, hint in hints.items()}


def _choices(hint: Any) -> Choices:
    members = list(_members(hint))
    words = [word for m in members if _is_literal(m) for word in get_args(m) if isinstance(word, str)]
    scalars = {m for m in members if m in (str, int, bool, float, Decimal)}
    if any(words):
        # The SDK leaves its enumerations open with `|str`; the API does not.
        scalars.discard(str)
    lists = [m for m in members if get_origin(m) is list]
    shapes = [m for m in members if typing_extensions.is_typeddict(m) or get_origin(m) is dict]
    return Choices(tuple(words), frozenset(scalars), lists[0] if lists else None, shapes[0] if shapes else None)


def _members(hint: Any) -> "list[Any]":
    if get_origin(hint) in _MARKERS:
        return _members(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return [member for part in get_args(hint) for member in _members(part)]
    return [] if get_origin(hint) is UntypedStripeObject else [hint]


def _is_literal(hint: Any) -> bool:
    return get_origin(hint) in (Literal, typing_extensions.Literal)


def _value(choices: Choices, raw: Tree | str, name: str) -> Any:
    if isinstance(raw, str):
        return _scalar(choices, raw, name)
    if choices.item is not None and all(_INDEX.fullmatch(key) for key in raw):
        item = _choices(get_args(choices.item)[0])
        return [_value(item, raw[key], f"{name}[{key}]") for key in sorted(raw, key=int)]
    if choices.shape is None:
        raise InvalidRequest(f"Invalid {'array' if choices.item else 'string'}: {name}", param=name)
    if typing_extensions.is_typeddict(choices.shape):
        return check(choices.shape, raw, name)
    member = _choices(get_args(choices.shape)[1])
    return {key: _value(member, child, f"{name}[{key}]") for key, child in raw.items()}


def _scalar(choices: Choices, raw: str, name: str) -> Any:
    if raw in choices.words:
        return raw
    if raw == "" and not choices.unsets:
        raise InvalidRequest(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset "
            f"a parameter; however '{name}' cannot be unset.",
            code="parameter_invalid_empty",
            param=name,
        )
    if bool in choices.scalars and raw in ("true", "false"):
        return raw == "true"
    if int in choices.scalars and re.fullmatch(r"-?\d{1,15}", raw, re.ASCII):
        return int(raw)
    if choices.scalars & {Decimal, float} and re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", raw, re.ASCII):
        return Decimal(raw)
    if str in choices.scalars and len(raw) <= _MAX_STRING:
        return raw
    raise _wrong_scalar(choices, raw, name)


def _wrong_scalar(choices: Choices, raw: str, name: str) -> InvalidRequest:
    if str in choices.scalars:
        return InvalidRequest(f"Invalid string: {name} must be at most {_MAX_STRING} characters.", param=name)
    if choices.words and any(choices.words):
        allowed = ", ".join(word for word in choices.words if word)
        return InvalidRequest(f"Invalid {name}: must be one of {allowed}", param=name)
    for kind, word in ((int, "integer"), (bool, "boolean"), (Decimal, "decimal")):
        if kind in choices.scalars:
            return InvalidRequest(f"Invalid {word}: {raw[:50]}", code=f"parameter_invalid_{word}", param=name)
    return InvalidRequest(f"Invalid {'array' if choices.item else 'object'}", param=name)


def _join(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
