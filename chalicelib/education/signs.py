"""What news of money says about the help that an account could use. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.education.guides import Trigger
from chalicelib.education.model import Footprint
from chalicelib.education.policy import EducationRules
from chalicelib.payments.news import Fact, News, Starter, Topic

_FAILED: Final = frozenset({Topic.PAYMENT_FAILED, Topic.INVOICE_PAYMENT_FAILED})
_HEARD: Final = _FAILED | {Topic.PAY_LINK, Topic.PAYMENT_SUCCEEDED, Topic.INVOICE_OVERDUE}


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
        after = footprint.with_late(news.object_id, news.at)
        window = timedelta(days=rules.late_within_days)
        often = sum(abs(news.at - at) < window for at in after.late.values()) >= rules.late_bills
        return after, Trigger.LATE_AGAIN if often else None
    return footprint, None
