"""Where mail goes by what it was read to be about: company policy, and the decision that follows from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import Field

from chalicelib.cases.model import Priority, Queue
from chalicelib.cases.reading import Intent, Reading, Sign, Urgency
from chalicelib.policy.model import PolicyKind, Rules, Ruling

_QUEUES: Final[Mapping[Intent, Queue]] = {
    Intent.BILL_QUESTION: Queue.BILLING,
    Intent.PAYMENT: Queue.PAYMENTS,
    Intent.DISPUTE: Queue.BILLING,
    Intent.DETAILS_CHANGE: Queue.BILLING,
    Intent.PLAN_CHANGE: Queue.BILLING,
    Intent.COMPLAINT: Queue.COMPLAINTS,
    Intent.CANCELLATION: Queue.BILLING,
    Intent.ACCESS: Queue.TECHNICAL,
    Intent.PRAISE: Queue.BILLING,
}
_PRIORITIES: Final[Mapping[Urgency, Priority]] = {
    Urgency.LOW: Priority.LOW, Urgency.NORMAL: Priority.NORMAL, Urgency.HIGH: Priority.HIGH,
}  # fmt: skip
_RANK: Final = {priority: rank for rank, priority in enumerate(Priority)}


class RoutingRules(Rules):
    """Which team a mail waits for, and how soon."""

    confident_percent: int = Field(
        default=50, ge=0, le=100, description="Confidence in percent below which a person says what the mail is about."
    )
    queues: dict[Intent, Queue] = Field(
        default=dict(_QUEUES), description="The queue of each intent; one that is left out goes to triage."
    )
    priorities: dict[Urgency, Priority] = Field(
        default=dict(_PRIORITIES), description="The priority of each urgency; normal where one is left out."
    )
    complaint_queue: Queue = Field(
        default=Queue.COMPLAINTS, description="Where complaints and mail with legal words go."
    )
    own_complaints: tuple[Intent, ...] = Field(
        default=(Intent.DISPUTE, Intent.PRAISE),
        description="Intents whose own team sees to what is complained of in their mail.",
    )
    legal_priority: Priority = Field(default=Priority.HIGH, description="At least this for mail with legal words.")


MAIL_ROUTING: Final = PolicyKind(
    "mail_routing", "Which queue and priority mail gets by what it is about.", RoutingRules()
)


@dataclass(frozen=True)
class Route:
    """What a mail's case begins with. `category` is None while nobody is sure; `policy` is the version that decided."""

    queue: Queue
    priority: Priority
    category: str | None
    policy: str


def route(reading: Reading | None, *, proven: bool, ruling: Ruling[RoutingRules]) -> Route:
    """Where a mail goes. One whose sender is not `proven` to be a customer is looked at first, whatever it says; what
    it is about and how soon it is due stands all the same."""
    if reading is None:
        return Route(Queue.TRIAGE, Priority.NORMAL, None, ruling.version)
    rules = ruling.rules
    category = reading.intent.value if is_sure(reading, rules) else None
    queue = _queue(reading, rules) if proven else Queue.TRIAGE
    return Route(queue, _priority(reading, rules), category, ruling.version)


def is_sure(reading: Reading, rules: RoutingRules) -> bool:
    return reading.confidence_percent >= rules.confident_percent


def higher(one: Priority, other: Priority) -> Priority:
    """The sooner of two priorities."""
    return max(one, other, key=_RANK.__getitem__)


def _queue(reading: Reading, rules: RoutingRules) -> Queue:
    complains = Sign.COMPLAINT in reading.signs and reading.intent not in rules.own_complaints
    if Sign.LEGAL in reading.signs or complains:
        return rules.complaint_queue
    return rules.queues.get(reading.intent, Queue.TRIAGE) if is_sure(reading, rules) else Queue.TRIAGE


def _priority(reading: Reading, rules: RoutingRules) -> Priority:
    by_urgency = rules.priorities.get(reading.urgency, Priority.NORMAL)
    return higher(by_urgency, rules.legal_priority) if Sign.LEGAL in reading.signs else by_urgency
