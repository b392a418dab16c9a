"""Every figure as data: what it is made of, and what it means. A change of meaning is a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_REOPENING: Final = timedelta(days=7)
"""As long as a resolved case may go on, its resolution may still be taken back."""


@dataclass(frozen=True)
class Definition:
    """A figure over stored sums.

    Without `denominator` it is a count of `numerator`; with one, their ratio (or mean); with `percent`, that
    percentile of the distribution `numerator`. `unknown` names what belongs to the population but could not be
    measured. The figure is provisional until `settles` after the end of its period.
    """

    name: str
    unit: str
    text: str
    formula: str
    numerator: str
    denominator: str | None = None
    percent: int | None = None
    unknown: str | None = None
    settles: timedelta = timedelta(0)
    version: int = 1
    edge_cases: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.name}/{self.version}"


_POPULATION = "Test and training contacts, supervision, disconnect flows and unknown initiation methods are outside."
_REOPENED = "A reopened case leaves the period of its former resolution until it is resolved again."
_MERGED = "A case that was merged into another is not resolved; the other counts from the older opening of the two."
_RESEND = "A record that is sent again counts once, in its newest version, in the hour in which the contact began."


def _count(name: str, text: str, *edge_cases: str) -> Definition:
    return Definition(name, "count", text, f"count of {name}", name, edge_cases=edge_cases)


_COUNTS = (
    _count("calls_arrived", "Calls that customers made.", _RESEND, "Transfers and call backs are no new demand.",
           "Withheld numbers count; they are joined to no account.", _POPULATION),
    _count("calls_offered", "Calls that customers made and that reached a queue.", _RESEND),
    _count("calls_handled", "Legs of calls in which an agent served a customer.", _RESEND,
           "Each leg of a transferred call counts.",
           "A call made by us counts when the customer answered it.", _POPULATION),
    _count("chains_handled", "Calls in which an agent served a customer, with transfers and call backs as one.",
           "Belongs to the hour of the first leg, the first agent who served the customer and that leg's queue."),
    _count("calls_abandoned", "Calls that left a queue unserved.", _RESEND,
           "A call that left for another queue, another number or a call back is not abandoned."),
    _count("callbacks", "Promised call backs that were placed in a queue.", _RESEND),
    _count("calls_outbound", "Calls that we began, answered or not.", _RESEND),
    _count("contact_volume", "Contacts that customers began on any channel.",
           "Calls, chats and mails in the call centre, and cases opened by mail or web form.",
           "A further mail in an open case is no new contact.",
           "A case that was merged into another stays one: the customer came twice.",
           "Cases of calls and chats are not counted beside the contact itself."),
)  # fmt: skip

_RATIOS = (
    Definition(
        "abandonment_rate", "ratio", "Share of queued calls that were abandoned.", "calls_abandoned / calls queued",
        "calls_abandoned", "calls_queued",
        edge_cases=("Queued are all legs with a customer in a queue, transfers among them; call backs are not.",),
    ),
    Definition(
        "aht_leg", "s", "Average handling time of a leg: talk, hold and wrap-up.",
        "sum of (interaction + hold + after-contact work) / handled legs with known times", "leg_seconds", "leg_timed",
        unknown="leg_untimed",
        edge_cases=("A time that is missing makes the leg unknown, not shorter.",
                    "Wrap-up that arrives later, in a record sent again, restates the hour of the contact.",
                    _POPULATION),
    ),
    Definition(
        "aht_chain", "s", "Average handling time of a call with all its transfers and call backs.",
        "sum of the times of its handled legs / calls whose handled legs all have known times", "chain_seconds",
        "chain_timed", unknown="chain_untimed",
        edge_cases=("Legs are joined by InitialContactId, in whatever order they arrive.",),
    ),
    Definition(
        "time_to_resolution_mean", "s", "Mean calendar time from opening a case to its last resolution.",
        "sum of (resolved - created) / cases resolved in the period", "resolution_seconds", "cases_resolved",
        settles=_REOPENING, edge_cases=(_REOPENED, "Open cases are not mixed in.", _MERGED),
    ),
)  # fmt: skip


def _percentile(name: str, percent: int, of: str, text: str, settles: timedelta, *edge_cases: str) -> Definition:
    formula = f"nearest-rank percentile {percent} of {of.replace('_', ' ')} time, within 1 %"
    return Definition(
        f"{name}_p{percent}", "s", text, formula, of, percent=percent, settles=settles, edge_cases=edge_cases
    )


_RESOLUTION = "Calendar time from opening a case to its last resolution that {} % of cases do not exceed."
_RESPONSE = "Calendar time from opening a case to our first answer that {} % of cases do not exceed."
_PERCENTILES = (
    *(_percentile("time_to_resolution", p, "resolution", _RESOLUTION.format(p), _REOPENING, _REOPENED, _MERGED)
      for p in (50, 90)),
    *(_percentile("first_response", p, "first_response", _RESPONSE.format(p), timedelta(0),
                  "Belongs to the hour of the answer and to who had the case then.",
                  "An automatic reply is no answer.",
                  "A case that was merged into another unanswered is answered with that one, from its own opening.")
      for p in (50, 90)),
)  # fmt: skip

DEFINITIONS: Final = (*_COUNTS, *_RATIOS, *_PERCENTILES)
