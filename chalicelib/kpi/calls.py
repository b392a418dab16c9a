"""From contacts to the facts of calls. Pure.

A call may have several legs. The chain keeps the newest version of each and counts its own changes; with that count
as version, one fact for each hour holds the legs that began in it, and the chain's own sums stand in the hour of its
first leg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from chalicelib.contacts.model import VOICE, Contact, Direction
from chalicelib.kpi.facts import Fact, hour_of
from chalicelib.kpi.fold import Row
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record


class Leg(Record):
    """A contact in its chain: when it began and what it adds."""

    contact_id: str
    at: Instant
    row: Row


class Chain(Record):
    """A call with all legs known so far; `changes` grows with each change of any."""

    chain_id: str
    changes: int
    legs: tuple[Leg, ...]


_VOICE_MARKS: Final[Mapping[str, Callable[[Contact], bool]]] = {
    "calls_arrived": lambda c: c.is_arrival,
    "calls_offered": lambda c: c.is_arrival and c.queue is not None,
    "calls_queued": lambda c: c.is_queued,
    "calls_abandoned": lambda c: c.is_abandoned,
    "calls_handled": lambda c: c.is_handled,
    "callbacks": lambda c: c.direction is Direction.CALLBACK,
    "calls_outbound": lambda c: c.direction is Direction.OUT,
}


def leg_row(contact: Contact) -> Row | None:
    """What one contact adds; None for what is in no population: tests, supervision, machinery and unknown methods."""
    if contact.test or contact.direction in {None, Direction.INTERNAL}:
        return None
    counts = {"contact_volume": 1} if contact.is_arrival else {}
    if contact.channel == VOICE:
        counts |= {name: 1 for name, holds in _VOICE_MARKS.items() if holds(contact)}
        counts |= _seconds("leg", contact.handling_s) if contact.is_handled else {}
    return Row(
        id=contact.contact_id, agent=contact.agent, queue=contact.queue, channel=contact.channel,
        category=contact.category, counts=counts,
    )  # fmt: skip


def _seconds(of: str, seconds: int | None) -> dict[str, int]:
    """Handling time as counts: unknown is counted apart and adds nothing."""
    return {f"{of}_untimed": 1} if seconds is None else {f"{of}_timed": 1, f"{of}_seconds": seconds}


def chain_facts(chain: Chain, left: Iterable[str]) -> list[Fact]:
    """The facts of a chain in every hour that it has to do with; `left` are hours that it may have been in before."""
    legs = sorted(chain.legs, key=lambda leg: (leg.contact_id != chain.chain_id, leg.at, leg.contact_id))
    rows: dict[str, list[Row]] = {hour: [] for hour in left}
    for leg in legs:
        rows.setdefault(hour_of(leg.at), []).append(leg.row)
    spoken = [leg for leg in legs if leg.row.channel == VOICE]
    if spoken:
        rows[hour_of(spoken[0].at)].extend(_chain_rows(chain.chain_id, [leg.row for leg in spoken]))
    return [Fact(hour, f"call#{chain.chain_id}", chain.changes, tuple(brought)) for hour, brought in rows.items()]


def _chain_rows(chain_id: str, legs: list[Row]) -> Iterator[Row]:
    """The sums of a chain that an agent served, for the first who did."""
    handled = [leg for leg in legs if "calls_handled" in leg.counts]
    if handled:
        known = all("leg_timed" in leg.counts for leg in handled)
        seconds = sum(leg.counts.get("leg_seconds", 0) for leg in handled) if known else None
        counts = {"chains_handled": 1, **_seconds("chain", seconds)}
        yield handled[0].model_copy(update={"id": chain_id, "counts": counts})
