"""What news of money, and the letters of other domains, say about the help that an account could use. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.accounts.letters import Letter
from chalicelib.education.guides import Trigger
from chalicelib.education.model import Footprint
from chalicelib.education.policy import EducationRules
from chalicelib.payments.news import Fact, News, Starter, Topic

_FAILED: Final = frozenset({Topic.PAYMENT_FAILED, Topic.INVOICE_PAYMENT_FAILED})
_HEARD: Final = _FAILED | {Topic.PAY_LINK, Topic.PAYMENT_SUCCEEDED, Topic.INVOICE_OVERDUE}

LETTERS: Final[Mapping[str, Trigger]] = {
    "collections/reminder": Trigger.LATE_AGAIN,
    "collections/second_reminder": Trigger.LATE_AGAIN,
    "subscriptions/change_confirmed": Trigger.NEW_SUBSCRIPTION,
    "usage/allowance_used": Trigger.USAGE_ALERT,
    "usage/allowance_used_text": Trigger.USAGE_ALERT,
    "usage/limit_near": Trigger.USAGE_ALERT,
    "usage/limit_near_text": Trigger.USAGE_ALERT,
    "usage/limit_reached": Trigger.USAGE_ALERT,
    "usage/limit_reached_text": Trigger.USAGE_ALERT,
}
"""What a letter tells of by its name: the domain that wrote it knows nothing of guides."""
_NEW: Final = frozenset({"add_addon", "change_plan"})
"""The changes of a subscription that put something new on the next bill."""


def says_something(news: News) -> bool:
    """Whether this news is looked at. Who saw on the screen that a payment failed needs no mail about it."""
    seen = news.topic in _FAILED and news.fact(Fact.STARTED_BY) == Starter.CUSTOMER
    return news.topic in _HEARD and not seen


def read(news: News, footprint: Footprint, rules: EducationRules) -> tuple[Footprint, Trigger | None]:
    """What is remembered of an account after this news, and the occasion that it makes. Repeats say the same."""
    if news.topic in _FAILED:
        return footprint, Trigger.FAILED_PAYMENT
    if news.topic is Topic.PAY_LINK:
        return footprint.with_link(news.object_id, paid=False), None
    if news.topic is Topic.PAYMENT_SUCCEEDED:
        after = footprint.with_link(news.object_id, paid=True)
        often = sum(after.links.values()) >= rules.links_paid
        return after, Trigger.PAID_BY_LINK if often and after.links.get(news.object_id) else None
    if news.topic is Topic.INVOICE_OVERDUE:
        return _late(news.object_id, news.at, footprint, rules)
    return footprint, None


def is_heard(letter: Letter) -> bool:
    """Whether this letter is looked at."""
    if LETTERS.get(letter.name) is Trigger.NEW_SUBSCRIPTION:
        return letter.facts.get("kind") in _NEW
    return letter.name in LETTERS


def read_letter(letter: Letter, footprint: Footprint, rules: EducationRules) -> tuple[Footprint, Trigger | None]:
    """The same for a letter that was queued and is heard."""
    told = LETTERS[letter.name]
    if told is not Trigger.LATE_AGAIN:
        return footprint, told
    return _late(letter.object_id, letter.at, footprint, rules)


def _late(
    invoice_id: str, at: datetime, footprint: Footprint, rules: EducationRules
) -> tuple[Footprint, Trigger | None]:
    after, window = footprint.with_late(invoice_id, at), timedelta(days=rules.late_within_days)
    often = sum(abs(at - each) < window for each in after.late.values()) >= rules.late_bills
    return after, Trigger.LATE_AGAIN if often else None
