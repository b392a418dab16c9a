"""Use cases of policies: which values hold on a day, and new ones from a day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from chalicelib.audit.model import Actor, entry
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import FieldError, NotFound, Unprocessable
from chalicelib.platform.problem import field_errors
from chalicelib.policy.model import P, PolicyKind, PolicyVersion, Ruling, ruling
from chalicelib.policy.store import PolicyStore

KEPT: Final = timedelta(seconds=60)
"""How long a process goes by the versions that it read: a policy that begins tomorrow is known everywhere by then."""


@dataclass(frozen=True)
class Policies:
    """`kinds` are all policies by name; `zone` is where the desk bills, and `today` the calendar day there."""

    store: PolicyStore
    kinds: Mapping[str, PolicyKind[Any]]
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    zone: ZoneInfo
    _read: dict[str, tuple[datetime, list[PolicyVersion]]] = field(default_factory=dict, repr=False)

    def on(self, kind: PolicyKind[P], day: date) -> Ruling[P]:
        """What holds on that day, or on the day of that instant. At most one round trip, none within a minute of the
        last one of this policy."""
        if isinstance(day, datetime):
            day = day.astimezone(self.zone).date()
        now, (read_at, versions) = self.clock(), self._read.get(kind.name, (None, []))
        if read_at is None or not timedelta() <= now - read_at < KEPT:
            versions = self.store.versions(kind.name)
            self._read[kind.name] = (now, versions)
        return ruling(kind, versions, day)

    def named(self, name: str) -> PolicyKind[Any]:
        """Raises NotFound."""
        if name not in self.kinds:
            raise NotFound("There is no policy of this name.", names=sorted(self.kinds))
        return self.kinds[name]

    def set(self, name: str, effective_from: date, values: dict[str, Any], actor: Actor) -> Ruling[Any]:
        """New values from a day on, today at the earliest; fields that are left out stay as they are on that day. One
        read, one transaction. Raises NotFound, Unprocessable, Conflict."""
        kind = self.named(name)
        if effective_from < self.today():
            raise Unprocessable(
                "A policy begins today at the earliest: what was decided stays decided.",
                [FieldError("/effective_from", "is in the past")],
            )
        now, standing = self.clock(), self.store.versions(name)
        before = ruling(kind, standing, effective_from).rules.model_dump(mode="json")
        checked = _checked(kind, {**before, **values})
        seq = 1 + max((each.seq for each in standing if each.effective_from == effective_from), default=0)
        new = PolicyVersion(
            name=name, effective_from=effective_from, seq=seq, values=checked.model_dump(mode="json"),
            set_by=actor.subject, set_by_name=actor.name, set_at=now,
        )  # fmt: skip
        self.store.add(new, entry(self.new_id("aud"), f"POL#{name}", "policy.set", actor, now, before, new.values))
        self._read.pop(name, None)
        return Ruling(checked, new.version, effective_from)


def _checked(kind: PolicyKind[P], values: dict[str, Any]) -> P:
    """Raises Unprocessable."""
    try:
        return kind.model.model_validate(values)
    except ValidationError as error:
        wrong = [FieldError(f"/values{each.pointer}", each.detail) for each in field_errors(error)]
        raise Unprocessable("These are no values of this policy.", wrong) from None
