"""The small shared vocabulary: JSON bodies, the clock, ids, and what of a stored body may be shown."""

import secrets
import string
from collections.abc import Callable
from typing import Any

API_VERSION = "2026-10-28.endive"

Json = dict[str, Any]
Clock = Callable[[], float]
NewId = Callable[[str, int], str]

_ALPHABET = string.ascii_letters + string.digits


def random_id(prefix: str, length: int) -> str:
    """An unguessable id in Stripe's form, the prefix and so many letters and digits."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def public(body: Json) -> Json:
    """The body as a caller may see it: keys that begin with an underscore are the server's own notes."""
    return {key: value for key, value in body.items() if not key.startswith("_")}


def changed(before: Json, after: Json) -> Json:
    """The former values of the fields that differ: an event's `previous_attributes`."""
    return {key: value for key, value in public(before).items() if after.get(key) != value}


def listing(url: str, data: list[Json], *, has_more: bool = False) -> Json:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
