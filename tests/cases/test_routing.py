"""Where mail goes by what it was read to be about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.cases.model import Priority, Queue
from chalicelib.cases.reading import Intent, Reading, Sign, Urgency
from chalicelib.cases.routing import MAIL_ROUTING, Route, RoutingRules, higher, route
from chalicelib.policy.model import Ruling, initial


def a_reading(intent: Intent = Intent.PAYMENT, percent: int = 80, **given: Any) -> Reading:
    return Reading(intent=intent, confidence_percent=percent, **given)


def routed(reading: Reading | None, *, proven: bool = True, **rules: Any) -> Route:
    ruling = Ruling(RoutingRules(**rules), "mail_routing@2026-11-01.1", date(2026, 11, 1)) if rules else None
    return route(reading, proven=proven, ruling=ruling or initial(MAIL_ROUTING))


@pytest.mark.parametrize(
    ("intent", "queue"),
    [
        (Intent.BILL_QUESTION, Queue.BILLING), (Intent.PAYMENT, Queue.PAYMENTS), (Intent.DISPUTE, Queue.BILLING),
        (Intent.COMPLAINT, Queue.COMPLAINTS), (Intent.ACCESS, Queue.TECHNICAL), (Intent.OTHER, Queue.TRIAGE),
    ],
)  # fmt: skip
def test_each_intent_has_its_team(intent: Intent, queue: Queue) -> None:
    assert (routed(a_reading(intent)).queue, routed(a_reading(intent)).category) == (queue, intent.value)


def test_what_nobody_is_sure_of_is_looked_at_first_and_has_no_category() -> None:
    unsure = routed(a_reading(percent=49))
    assert (unsure.queue, unsure.category) == (Queue.TRIAGE, None)
    assert routed(a_reading(percent=49), confident_percent=40).queue is Queue.PAYMENTS


def test_a_sender_who_is_not_proven_goes_to_triage_whatever_the_mail_says() -> None:
    threat = a_reading(Intent.COMPLAINT, signs={Sign.LEGAL: ("court",), Sign.COMPLAINT: ("complain",)})
    found = routed(threat, proven=False)
    assert (found.queue, found.priority, found.category) == (Queue.TRIAGE, Priority.HIGH, "complaint")


def test_a_complaint_goes_to_complaints_also_when_nobody_is_sure_what_of() -> None:
    said = {Sign.COMPLAINT: ("unacceptable",)}
    assert routed(a_reading(Intent.BILL_QUESTION, percent=10, signs=said)).queue is Queue.COMPLAINTS


def test_what_is_disputed_stays_with_those_who_can_put_it_right() -> None:
    said = {Sign.COMPLAINT: ("charged twice",)}
    assert routed(a_reading(Intent.DISPUTE, signs=said)).queue is Queue.BILLING
    assert routed(a_reading(Intent.DISPUTE, signs=said), own_complaints=()).queue is Queue.COMPLAINTS


def test_legal_words_go_to_complaints_and_are_urgent_even_in_a_dispute() -> None:
    found = routed(a_reading(Intent.DISPUTE, signs={Sign.LEGAL: ("solicitor",)}))
    assert (found.queue, found.priority) == (Queue.COMPLAINTS, Priority.HIGH)


@pytest.mark.parametrize(
    ("urgency", "priority"),
    [(Urgency.LOW, Priority.LOW), (Urgency.NORMAL, Priority.NORMAL), (Urgency.HIGH, Priority.HIGH)],
)
def test_urgency_is_priority(urgency: Urgency, priority: Priority) -> None:
    assert routed(a_reading(urgency=urgency)).priority is priority


def test_a_vulnerable_customer_is_seen_but_nothing_is_decided_by_it() -> None:
    assert routed(a_reading(signs={Sign.VULNERABLE: ("blind",)})) == routed(a_reading())


def test_what_nobody_read_and_what_the_policy_leaves_out() -> None:
    assert routed(None) == Route(Queue.TRIAGE, Priority.NORMAL, None, "mail_routing@initial")
    assert routed(a_reading(), queues={"dispute": "billing"}).queue is Queue.TRIAGE
    assert routed(a_reading(urgency=Urgency.HIGH), priorities={}).priority is Priority.NORMAL


def test_the_version_that_decided_is_named() -> None:
    assert routed(a_reading(), confident_percent=60).policy == "mail_routing@2026-11-01.1"


def test_the_sooner_of_two_priorities() -> None:
    assert higher(Priority.LOW, Priority.URGENT) is higher(Priority.URGENT, Priority.HIGH) is Priority.URGENT
