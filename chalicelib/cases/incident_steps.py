"""What news does to the case of its matter: the new head and the entries of its timeline. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.cases import rules
from chalicelib.cases.changes import happened, reopening
from chalicelib.cases.incident_policy import Opening
from chalicelib.cases.messages import DESK, Delivery, Direction, Entry, EventType, Message
from chalicelib.cases.model import Case, Channel, Resolution, derived_id, reference_of
from chalicelib.cases.staff_words import note_of, subject_of
from chalicelib.payments.news import News


class Effect(StrEnum):
    """What news did to the case of its matter; `none` when there is no case or the news was told before."""

    OPENED = "opened"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    NOTED = "noted"
    NONE = "none"


@dataclass(frozen=True)
class Step:
    """A change of a case, not written yet; `old` is None when it begins one."""

    effect: Effect
    old: Case | None
    new: Case
    entries: Sequence[Entry]


def begun(
    news: News, opening: Opening, mail: bool, case_id: str, before: Case | None, requester: str | None, now: datetime
) -> Step:
    """Bad news opens a case, after `before` when an earlier one of the matter has ended for good."""
    entries = [_note(news, case_id, now), *(_mail(news, case_id, now) if mail and requester else ())]
    case = Case(
        case_id=case_id, reference=reference_of(case_id), requester=requester, subject=subject_of(news),
        account_id=news.account_id if opening.for_customer else None, queue=opening.queue, channel=Channel.DESK,
        priority=opening.priority, category=opening.category, created_at=now, updated_at=now,
        due_at=opening.due_at(news, now), message_count=len(entries),
        previous_case_id=before.case_id if before else None,
    )  # fmt: skip
    return Step(Effect.OPENED, None, case, entries)


def troubled(news: News, opening: Opening, mail: bool, old: Case, event_id: str, now: datetime) -> Step:
    """Bad news of a case that can go on takes it up again."""
    mails = _mail(news, old.case_id, now) if mail and old.requester else ()
    new = rules.troubled(old, opening.due_at(news, now), now)
    new = _next(new.model_copy(update={"message_count": new.message_count + len(mails)}))
    entries = (_note(news, old.case_id, now), *mails)
    if not old.is_done:
        return Step(Effect.NOTED, old, new, entries)
    return Step(Effect.REOPENED, old, new, (reopening(event_id, old, DESK, now, subject_of(news)), *entries))


def settled(news: News, resolution: Resolution, old: Case, event_id: str, now: datetime) -> Step:
    """Good news ends a case."""
    event = happened(event_id, old, EventType.RESOLVED, DESK, now, **resolution.model_dump(exclude_none=True))
    new = rules.noted(rules.resolved(old, resolution, DESK, now), now)
    return Step(Effect.RESOLVED, old, _next(new), (_note(news, old.case_id, now), event))


def noted(news: News, old: Case, now: datetime) -> Step:
    """News that changes nothing but what is known."""
    return Step(Effect.NOTED, old, _next(rules.noted(old, now)), (_note(news, old.case_id, now),))


def paid(news: News, old: Case, now: datetime) -> Step:
    """What a case waited for has come: whoever waited for the customer goes on with it."""
    return Step(Effect.NOTED, old, _next(rules.informed(old, now)), (_note(news, old.case_id, now),))


def _note(news: News, case_id: str, now: datetime) -> Message:
    return Message(
        message_id=derived_id("msg", news.news_id, "note"), case_id=case_id, direction=Direction.NOTE, author=DESK,
        at=now, text=note_of(news), automatic=True,
    )  # fmt: skip


def _mail(news: News, case_id: str, now: datetime) -> tuple[Message]:
    return (
        Message(
            message_id=derived_id("msg", news.news_id, "mail"), case_id=case_id, direction=Direction.OUT, author=DESK,
            at=now, delivery=Delivery.QUEUED, automatic=True, news=news,
        ),
    )  # fmt: skip


def _next(case: Case) -> Case:
    return case.model_copy(update={"version": case.version + 1})
