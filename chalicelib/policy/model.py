"""Company policy as data: limits, windows and wordings in versions with a day from which each is in force.

A domain declares what its policy holds and what it is until somebody sets it (`PolicyKind`); whoever decides by it
keeps the version with the decision, so that a change today alters nothing that was decided yesterday. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

BEGINNING: Final = date(2000, 1, 1)
"""Since when the values that ship with the desk are in force."""


class Rules(BaseModel):
    """The values of one policy. Every field has a description with its unit: people set them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=Rules)


@dataclass(frozen=True)
class PolicyKind(Generic[P]):
    """A policy by name: what it is about, and its values until somebody sets others."""

    name: str
    about: str
    initial: P

    @property
    def model(self) -> type[P]:
        return type(self.initial)


@dataclass(frozen=True)
class Ruling(Generic[P]):
    """The values in force on some day, and the version to keep with what is decided by them."""

    rules: P
    version: str
    effective_from: date


RulesOn = Callable[[date], Ruling[P]]
"""What a service is given: the policy as it is in force on a day. An instant stands for its day where the desk bills,
so that a rule that was made stricter today holds from the first minute of the day on which it was set."""


class PolicyVersion(Record):
    """A version as it was set; `seq` tells apart those that begin on the same day, the last one holds."""

    name: str
    effective_from: date
    seq: int
    values: dict[str, Any]
    set_by: str
    set_by_name: str
    set_at: Instant

    @property
    def version(self) -> str:
        return f"{self.name}@{self.effective_from}.{self.seq}"


def in_force(versions: Iterable[PolicyVersion], day: date) -> PolicyVersion | None:
    """The version of a day: the last one set among those that began last. None before the first."""
    begun = [version for version in versions if version.effective_from <= day]
    return max(begun, key=lambda version: (version.effective_from, version.seq), default=None)


def ruling(kind: PolicyKind[P], versions: Iterable[PolicyVersion], day: date) -> Ruling[P]:
    """What holds on a day; the values that ship with the desk when nobody has set any."""
    standing = in_force(versions, day)
    if standing is None:
        return initial(kind)
    return Ruling(kind.model.model_validate(standing.values), standing.version, standing.effective_from)


def initial(kind: PolicyKind[P]) -> Ruling[P]:
    """The values that ship with the desk."""
    return Ruling(kind.initial, f"{kind.name}@initial", BEGINNING)
