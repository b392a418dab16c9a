"""News of money becomes cases and mails, exactly once however often it is told.

What happens to one object lands on one case: bad news opens it or takes it up again, good news ends it. Mail that goes
with a case is queued in the transaction that changes it; any other is written first, and by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.cases import incident_steps as steps
from chalicelib.cases.changes import audit_of
from chalicelib.cases.incident_policy import NOTED, VERSION, Rule, rule_of
from chalicelib.cases.incident_steps import Effect, Step
from chalicelib.cases.messages import DESK, Direction
from chalicelib.cases.model import Case, derived_id
from chalicelib.cases.notices import NoticeStore, notice_of, trace_put, untold_check
from chalicelib.cases.store import AlreadyThere, CaseChanged, CaseStore
from chalicelib.cases.successors import Successors
from chalicelib.payments.news import Fact, News, Topic
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import NotFound, Unavailable

TRIES: Final = 4
_ACTOR: Final = Actor("money", DESK)
_END: Final = "T#~"
"""Beyond the last entry of a timeline."""


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
            self.count(f"IncidentNews{self._on_case(each, rule, self._step).value.capitalize()}")
            if asked_in := each.fact(Fact.CASE_ID):
                # The same news on another case leaves a trace of its own.
                again = each.model_copy(update={"occasion": f"{each.occasion}@{asked_in}"})
                self.count(f"CaseNews{self._on_case(again, NOTED, self._in_named).value.capitalize()}")

    def _on_case(self, news: News, rule: Rule, decide: Callable[[News, Rule, datetime], Step | None]) -> Effect:
        for _ in range(TRIES):
            now = self.clock()
            step = decide(news, rule, now)
            if step is None:
                return Effect.NONE
            audit = audit_of(self.new_id("aud"), f"case.{step.effect}", _ACTOR, now, step.old, step.new)
            guards = _guards(news, rule, step.new.case_id, now)
            try:
                self.cases.change(step.old, step.new, step.entries, audit, guards)
            except CaseChanged:
                continue
            except AlreadyThere:
                return Effect.NONE
            if rule.opening and rule.mail and step.new.requester is None:
                self.count("NoticesWithoutAddress")
            return step.effect
        raise Unavailable("This case is being changed by others; try again.", retry_after=1)

    def _step(self, news: News, rule: Rule, now: datetime) -> Step | None:
        """What the news does to the newest case of its matter, as it stands; None without one to do anything to."""
        own, free_id = self._newest(derived_id("case", rule.matter, news.object_id), now)
        heir = self._heir(own, now)
        old, opening = heir or own, rule.opening
        if opening and (old is None or old.is_final(now)):
            requester = self._mail_of(news.account_id) if opening.for_customer else None
            return steps.begun(news, opening, rule.mail, free_id, old, requester, now)
        if old is None:
            return None
        if opening:
            return steps.troubled(news, opening, rule.mail, old, self.new_id("evt"), now)
        if rule.settles and heir is None and not old.is_done and not self._is_awaited(old):
            return steps.settled(news, rule.settles, old, self.new_id("evt"), now)
        return steps.noted(news, old, now)

    def _in_named(self, news: News, _rule: Rule, now: datetime) -> Step | None:
        """What the news does to the case that it names, which may have ended or be another account's."""
        case = self._goes_on(news.fact(Fact.CASE_ID) or "", news.account_id)
        if case is None or case.account_id != news.account_id:
            return None
        return steps.paid(news, case, now) if news.topic is Topic.PAYMENT_SUCCEEDED else steps.noted(news, case, now)

    def _newest(self, case_id: str, now: datetime) -> tuple[Case | None, str]:
        """The last case of a matter, and the id that the one after it would have. One read, one more for each case that
        had ended for good."""
        last: Case | None = None
        while case := self.cases.get(case_id, consistent=True):
            last, case_id = case, derived_id("case", case.case_id, "next")
            if not case.is_final(now):
                break
        return last, case_id

    def _heir(self, own: Case | None, now: datetime) -> Case | None:
        """The open case that took up the one of the matter, if mail from it goes to the same customer's same address.
        It is about more than the matter, so that good news does not end it. No read while the matter has its case."""
        found = self._goes_on(own.continued_in, own.account_id) if own and own.continued_in else None
        if own is None or found is None or found.is_final(now):
            return None
        return found if (found.account_id, found.requester) == (own.account_id, own.requester) else None

    def _goes_on(self, case_id: str, account_id: str | None) -> Case | None:
        return Successors(self.cases, self.new_id).newest(case_id, lambda case: case.account_id == account_id)

    def _is_awaited(self, case: Case) -> bool:
        """Whether the customer has written into the case: then somebody has to answer, whatever the money does."""
        said = self.cases.before(case.case_id, _END, 100, consistent=True)
        return any(message.direction is Direction.IN for message in said)

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
