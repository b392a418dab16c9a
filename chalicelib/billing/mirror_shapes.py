"""How Stripe's objects are read: few fields, everything else let go. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Unmirrorable(ValueError):
    """No bill of ours says what this document of Stripe's says."""


class Shape(BaseModel):
    """What is read of an object of Stripe's."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def id_of(expandable: Any) -> str | None:
    """The id of a field that may hold the object in its place."""
    found = expandable.get("id") if isinstance(expandable, dict) else expandable
    return found if isinstance(found, str) else None
