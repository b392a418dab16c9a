"""From the heads of cases to the facts of their milestones: opened, first answered, resolved. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.contacts.model import VOICE
from chalicelib.kpi.facts import Fact, hour_of
from chalicelib.kpi.fold import Row
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

_DEMAND: Final = frozenset({"mail", "web"})
"""Channels whose cases are new demand; those of calls and chats are counted by their contacts."""
_SAME_CHANNEL: Final[Mapping[str, str]] = {"phone": VOICE}
"""A case about a call and the call itself are one channel."""


class CaseHead(Record):
    """What facts need of a case's head. A case that goes on in another is closed without `resolved_at`; the other has
    the older opening of the two as `begun_at`, and as `asked_at` where nobody had answered either."""

    case_id: str
    channel: str | None = None
    queue: str | None = None
    category: str | None = None
    assignee: str | None = None
    created_at: Instant
    begun_at: Instant | None = None
    asked_at: Instant | None = None
    first_response_at: Instant | None = None
    resolved_at: Instant | None = None
    resolved_by: str | None = None
    test: bool = False
    version: int

    @property
    def milestones(self) -> dict[str, Instant]:
        """When the case was opened, first answered and last resolved; nothing for a test."""
        reached = {"opened": self.created_at, "answered": self.first_response_at, "resolved": self.resolved_at}
        return {} if self.test else {name: at for name, at in reached.items() if at}

    def row(self, milestone: str) -> Row:
        """What reaching a milestone adds, as things stand when it is reached: later reassignment does not move it."""
        channel = _SAME_CHANNEL.get(self.channel or "", self.channel)
        agent = {"answered": self.assignee, "resolved": self.resolved_by}.get(milestone)
        counts, values = self._sums(milestone)
        return Row(
            id=self.case_id, agent=agent, queue=self.queue, channel=channel, category=self.category, counts=counts,
            values=values,
        )  # fmt: skip

    def _sums(self, milestone: str) -> tuple[dict[str, int], dict[str, int]]:
        since = (self.asked_at if milestone == "answered" else self.begun_at) or self.created_at
        taken = max(0, int((self.milestones[milestone] - since).total_seconds()))
        if milestone == "opened":
            return {"cases_opened": 1} | ({"contact_volume": 1} if self.channel in _DEMAND else {}), {}
        if milestone == "answered":
            return {"first_responses": 1}, {"first_response": taken}
        return {"cases_resolved": 1, "resolution_seconds": taken}, {"resolution": taken}


def case_facts(old: CaseHead | None, new: CaseHead) -> list[Fact]:
    """The facts of the milestones that this change reached, moved or took back; a change of nothing else has none."""
    before, after = old.milestones if old else {}, new.milestones
    facts = []
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        entity = f"case#{new.case_id}#{name}"
        if was and (now is None or hour_of(was) != hour_of(now)):
            facts.append(Fact(hour_of(was), entity, new.version, ()))
        if now:
            facts.append(Fact(hour_of(now), entity, new.version, (new.row(name),)))
    return facts
