"""News of money becomes cases and mails, exactly once however often it is told.

What happens to one object lands on one case: bad news opens it or takes it up again, good news ends it. Mail that goes
with a case is queued in the transaction that changes it; any other is written first, and by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.cases import rules
from chalicelib.cases.changes import audit_of, happened, reopening
from chalicelib.cases.incident_policy import VERSION, Opening, Rule, rule_of
from chalicelib.cases.messages import DESK, Delivery, Direction, Entry, EventType, Message
from chalicelib.cases.model import Case, Channel, Resolution, derived_id, reference_of
from chalicelib.cases.notices import NoticeStore, notice_of, trace_put, untold_check
from chalicelib.cases.staff_words import note_of, subject_of
from chalicelib.cases.store import AlreadyThere, CaseChanged, CaseStore
from chalicelib.payments.news import News, Topic
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import NotFound, Unavailable

TRIES: Final = 4
_ACTOR: Final = Actor("money", DESK)
_END: Final = "T#~"


class Effect(StrEnum):
    """What news did to the case of its matter; `none` when there is no case or the news was told before."""

    OPENED = "opened"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    NOTED = "noted"
    NONE = "none"


@dataclass(frozen=True)
class _Step:
    """A change of a case, not written yet; `old` is None when it begins one."""

    effect: Effect
    old: Case | None
    new: Case
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Incidents:
    """The newsroom of the desk. `count` adds one to a metric."""

    cases: CaseStore
    notices: NoticeStore
    accounts: Accounts
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def tell(self, news: News) -> None:
        """Do what the policy says. A receipt costs one write and one read (and one more read for each invoice that it
        pays in full), news of a case two reads and one transaction. Raises Unavailable; what was done then stands."""
        for each in (news, *_bills_paid_by(news)):
            rule = rule_of(each)
            if rule.mail and rule.opening is None and each.account_id:
                notice = notice_of(each, each.account_id, self.clock(), VERSION)
                self.count("NoticesQueued" if self.notices.put(notice) else "NoticesRepeated")
            self.count(f"IncidentNews{self._on_case(each, rule).value.capitalize()}")

    def _on_case(self, news: News, rule: Rule) -> Effect:
        for _ in range(TRIES):
            now = self.clock()
            step = self._step(news, rule, now)
            if step is None:
                return Effect.NONE
            audit = audit_of(self.new_id("aud"), f"case.{step.effect}", _ACTOR, now, step.old, step.new)
            try:
                self.cases.change(step.old, step.new, step.entries, audit, _guards(news, rule, step.new.case_id, now))
            except CaseChanged:
                continue
            except AlreadyThere:
                return Effect.NONE
            return step.effect
        raise Unavailable("This case is being changed by others; try again.", retry_after=1)

    def _step(self, news: News, rule: Rule, now: datetime) -> _Step | None:
        """What the news does to the newest case of its matter, as it stands."""
        old, free_id = self._newest(derived_id("case", rule.matter, news.object_id), now)
        if rule.opening and (old is None or old.is_final(now)):
            return self._begun(news, rule.opening, rule.mail, free_id, old, now)
        if old is None:
            return None
        noted = _note(news, old.case_id, now)
        if rule.opening:
            return self._troubled(news, rule.opening, rule.mail, old, noted, now)
        if rule.settles and not old.is_done and not self._is_awaited(old):
            return self._settled(rule.settles, old, noted, now)
        return _Step(Effect.NOTED, old, _next(rules.noted(old, now)), [noted])

    def _newest(self, case_id: str, now: datetime) -> tuple[Case | None, str]:
        """The last case of a matter, and the id that the one after it would have. One read, one more for each case that
        had ended for good."""
        last: Case | None = None
        while case := self.cases.get(case_id, consistent=True):
            last, case_id = case, derived_id("case", case.case_id, "next")
            if not case.is_final(now):
                break
        return last, case_id

    def _begun(
        self, news: News, opening: Opening, mail: bool, case_id: str, before: Case | None, now: datetime
    ) -> _Step:
        requester = self._mail_of(news.account_id) if opening.for_customer else None
        entries: list[Entry] = [_note(news, case_id, now)]
        if mail:
            entries += self._mail(news, case_id, requester, now)
        case = Case(
            case_id=case_id, reference=reference_of(case_id), requester=requester, subject=subject_of(news),
            account_id=news.account_id if opening.for_customer else None, queue=opening.queue, channel=Channel.DESK,
            priority=opening.priority, category=opening.category, created_at=now, updated_at=now,
            due_at=opening.due_at(news, now), message_count=len(entries),
            previous_case_id=before.case_id if before else None,
        )  # fmt: skip
        return _Step(Effect.OPENED, None, case, entries)

    def _troubled(self, news: News, opening: Opening, mail: bool, old: Case, noted: Message, now: datetime) -> _Step:
        new = rules.troubled(old, opening.due_at(news, now), now)
        entries: list[Entry] = [noted]
        if mail:
            letters = self._mail(news, old.case_id, old.requester, now)
            new = new.model_copy(update={"message_count": new.message_count + len(letters)})
            entries += letters
        if not old.is_done:
            return _Step(Effect.NOTED, old, _next(new), entries)
        entries.insert(0, reopening(self.new_id("evt"), old, DESK, now, subject_of(news)))
        return _Step(Effect.REOPENED, old, _next(new), entries)

    def _settled(self, resolution: Resolution, old: Case, noted: Message, now: datetime) -> _Step:
        detail = resolution.model_dump(exclude_none=True)
        event = happened(self.new_id("evt"), old, EventType.RESOLVED, DESK, now, **detail)
        new = rules.noted(rules.resolved(old, resolution, DESK, now), now)
        return _Step(Effect.RESOLVED, old, _next(new), [noted, event])

    def _is_awaited(self, case: Case) -> bool:
        """Whether the customer has written into the case: then somebody has to answer, whatever the money does."""
        return any(said.direction is Direction.IN for said in self.cases.before(case.case_id, _END, 100))

    def _mail(self, news: News, case_id: str, requester: str | None, now: datetime) -> list[Message]:
        """The mail to the customer; none when we know no address."""
        if requester is None:
            self.count("NoticesWithoutAddress")
            return []
        return [
            Message(
                message_id=derived_id("msg", news.news_id, "mail"), case_id=case_id, direction=Direction.OUT,
                author=DESK, at=now, delivery=Delivery.QUEUED, automatic=True, news=news,
            )
        ]  # fmt: skip

    def _mail_of(self, account_id: str | None) -> str | None:
        try:
            emails = self.accounts.get(account_id).emails if account_id else ()
        except NotFound:
            return None
        return emails[0] if emails else None


def _guards(news: News, rule: Rule, case_id: str, now: datetime) -> list[Write]:
    """What makes the change happen once, and not at all when the object's success was told before its failure."""
    guards: list[Write] = [trace_put(news, case_id, now, VERSION)]
    if rule.unless and news.account_id:
        success = News(topic=rule.unless, object_id=news.object_id, at=news.at)
        guards.append(untold_check(success, news.account_id))
    return guards


def _bills_paid_by(news: News) -> list[News]:
    """What a payment says of the invoices of which it leaves nothing to pay."""
    if news.topic is not Topic.PAYMENT_SUCCEEDED:
        return []
    told = news.model_dump(include={"account_id", "at"})
    return [
        News(**told, topic=Topic.INVOICE_PAID, object_id=part.invoice_id, occasion=news.object_id)
        for part in news.parts
        if not part.left_minor
    ]


def _note(news: News, case_id: str, now: datetime) -> Message:
    return Message(
        message_id=derived_id("msg", news.news_id, "note"), case_id=case_id, direction=Direction.NOTE, author=DESK,
        at=now, text=note_of(news), automatic=True,
    )  # fmt: skip


def _next(case: Case) -> Case:
    return case.model_copy(update={"version": case.version + 1})
