"""Customer mail becomes cases: a mail continues the case it belongs to or opens one, exactly once however often it is
delivered."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from chalicelib.audit.model import Actor
from chalicelib.cases import rules
from chalicelib.cases.changes import audit_of, filed, happened, reopening
from chalicelib.cases.known_mail import KnownMail
from chalicelib.cases.mailbox import Mark, by_content, mark_put, name_of, own_case, own_ids, parents_of
from chalicelib.cases.messages import Entry, EventType, InboundMail, Message, Received, Texts
from chalicelib.cases.model import Case, clipped
from chalicelib.cases.opening import acknowledgement_of, head_of, is_same, message_of
from chalicelib.cases.parties import is_party, may_enter, may_follow, may_go_on
from chalicelib.cases.routing import Route, RoutingRules, higher, route
from chalicelib.cases.store import AlreadyThere, CaseChanged
from chalicelib.cases.successors import Successors
from chalicelib.platform.clock import NewId
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Unavailable
from chalicelib.policy.model import RulesOn

TRIES: Final = 4
_SENDER: Final = Actor("mail", "customer by mail")
_MAIL_SYSTEM: Final = Actor("mail", "mail system")


class MarksAddresses(Protocol):
    """Whoever keeps what is known of the addresses of customers."""

    def came_back(self, account_id: str, addresses: Iterable[str], at: datetime) -> None:
        """Mail to these addresses did not arrive. Raises Unavailable."""
        ...


@dataclass(frozen=True)
class Inbox(KnownMail):
    texts: Texts
    new_id: NewId
    marks: MarksAddresses
    routing: RulesOn[RoutingRules]

    def receive_mail(self, mail: InboundMail) -> Received:
        """Append the mail to the case that it continues, or open one. Any number of deliveries have the effect of one.

        A mail to a case that is closed, or was resolved too long ago, goes to the case that took it up, or opens that
        one, which is linked to it and which later mail of the thread follows. Others than its customer reopen nothing:
        what they write to a case that is done opens one of theirs. Automatic mail reopens nothing and opens nothing,
        even when its case is gone. A mail of ours that came back is an event of its case, and takes it back from
        waiting for the customer. Where a new case goes follows from the reading of its mail; a proven customer's later
        mail can only make a case more urgent.

        A mail and the answer that overtook it end in one case, unless both are taken in in the same moment.

        Opening costs two round trips and five write units (three KB or less in all) with at most one read of the
        routing policy beside the first two writes, the acknowledgement one of each; one more of each when it answers a
        mail that is not known, two when the first one of the thread is not either; appending one read and one
        transaction. Raises Unavailable; the delivery is then to be repeated."""
        if mail.thread_case_id:
            appended = self._append(mail, mail.thread_case_id)
            if appended:
                self._mark_bounced(mail, appended.case_id)
                return appended
            if mail.automatic:
                return Received(mail.thread_case_id, "gone")
            return self._follow(mail, mail.thread_case_id)
        return self._answer(mail) or self._open(mail, mail.case_id)

    def acknowledge(self, mail: InboundMail, case_id: str) -> None:
        """Queue, once a case, that the mail which opened it has come. At most one write. Raises Unavailable."""
        if case_id in own_ids(mail):
            self.mailbox.put_acknowledgement(acknowledgement_of(mail, case_id))

    def _follow(self, mail: InboundMail, thread: str) -> Received:
        """Open the case that goes on with one that cannot. The old one names it last, and again when it is repeated:
        the delivery before may have ended in between."""
        successors = Successors(self.cases, self.new_id)
        ended = successors.newest(thread, partial(may_enter, mail))
        before = ended.case_id if ended else thread if thread not in own_ids(mail) else None
        received = self._open(replace(mail, thread_case_id=before), mail.case_id)
        # Who only holds our address does not take the customer's thread along.
        if ended and is_party(mail, ended) and received.case_id in own_ids(mail):
            successors.link(ended.case_id, received.case_id, mail.received_at)
        return received

    def _answer(self, mail: InboundMail) -> Received | None:
        """Have a mail that answers unknown ones wait for them: see `_join`. None unless one of them came meanwhile."""
        for parent in parents_of(mail):
            standing = self.mailbox.wait(parent, mail)
            case = self.cases.get(standing.case_id, consistent=True) if standing and not standing.awaits else None
            if case and may_follow(mail, case) and (appended := self._append(mail, case.case_id)):
                return appended
        return None

    def _join(self, mail: InboundMail, waiting: Mark, opening: Message) -> Received:
        """Add a mail to the case of the answer that overtook it, when both are from one sender, as far as is proven of
        either; else its own mark takes the place, and it is opened."""
        case = self.cases.get(waiting.case_id, consistent=True)
        if case and is_party(mail, case) and (mail.account_id, mail.verified) == (case.account_id, case.verified):
            for parent in parents_of(mail):
                self.mailbox.wait_in(case.case_id, parent, mail)
            if appended := self._append(mail, case.case_id):
                if appended.case_id not in own_ids(mail):
                    self.mailbox.withdraw(opening)
                return appended
        mark = Mark(case_id=opening.case_id, message_id=mail.message_id, digest=mail.digest)
        self.mailbox.put_mark(mark_put(name_of(mail), mark, mail.received_at, awaited=True))
        return self._open(mail, opening.case_id)

    def _open(self, mail: InboundMail, case_id: str) -> Received:
        name = name_of(mail) if case_id == mail.case_id else by_content(mail)
        opening = filed(message_of(mail, case_id, mail.message_id), mail.text, self.texts)
        mark = Mark(case_id=case_id, message_id=mail.message_id, digest=mail.digest)
        with ThreadPoolExecutor(max_workers=1) as beside:
            routed = beside.submit(self._route, mail)
            standing, marked = self.mailbox.put_opening(opening, mark_put(name, mark, mail.received_at))
        if standing and not is_same(mail, standing):
            return self._open(mail, own_case(mail, by_content(mail)))
        if marked and marked.is_of(mail) and not marked.awaits and marked.case_id != case_id:
            self.mailbox.withdraw(opening)
            return Received(marked.case_id, "repeated")
        if marked and marked.awaits:
            return self._join(mail, marked, opening)
        fresh = self.mailbox.put_head(head_of(mail, case_id, routed.result()))
        if mail.acknowledge:
            self.mailbox.put_acknowledgement(acknowledgement_of(mail, case_id))
        return Received(case_id, "opened" if fresh else "repeated")

    def _append(self, mail: InboundMail, case_id: str) -> Received | None:
        """None when that case cannot go on, so that one has to be opened."""
        message_id, name = mail.message_id, name_of(mail)
        successors = Successors(self.cases, self.new_id)
        for _ in range(TRIES):
            old = successors.newest(case_id, partial(may_enter, mail))
            if old is None or not may_go_on(mail, old):
                return None
            mark = Mark(case_id=old.case_id, message_id=mail.message_id, digest=mail.digest)
            try:
                self._write(old, mail, message_id, mark_put(name, mark, mail.received_at, awaited=True))
            except CaseChanged:
                continue
            except AlreadyThere as there:
                standing = Mark.model_validate(there.item)
                if standing.is_of(mail) and standing.case_id != own_case(mail, name):
                    return Received(standing.case_id, "repeated")
                if standing.is_of(mail) or self.mailbox.is_opening(mail):
                    return self._open(mail, own_case(mail, name))
                # Another mail has this Message-ID; this one goes by its content from here on.
                message_id = name = by_content(mail)
                continue
            return Received(old.case_id, "appended" if mail.undelivered_to is None else "bounced")
        raise Unavailable("This case is being changed by others; try again.")

    def _mark_bounced(self, mail: InboundMail, case_id: str) -> None:
        """Also when it is repeated: the delivery before may have ended in between."""
        case = self.cases.get(case_id) if mail.undelivered_to else None
        if case and case.account_id:
            self.marks.came_back(case.account_id, mail.undelivered_to or (), mail.received_at)

    def _write(self, old: Case, mail: InboundMail, message_id: str, mark: Put) -> None:
        came_back = mail.undelivered_to is not None
        new, entries = self._returned(old, mail) if came_back else self._said(old, mail, message_id)
        new = new.model_copy(update={"version": old.version + 1})
        action, actor = ("case.delivery_failed", _MAIL_SYSTEM) if came_back else ("case.continued", _SENDER)
        audit = audit_of(self.new_id("aud"), action, actor, mail.received_at, old, new)
        self.cases.change(old, new, entries, audit, first=[mark])

    def _said(self, old: Case, mail: InboundMail, message_id: str) -> tuple[Case, list[Entry]]:
        at = mail.received_at
        new = rules.noted(old, at) if mail.automatic else rules.heard(old, at)
        message = message_of(mail, old.case_id, message_id)
        # Who holds our signed address may write into the case, but that does not make them its customer.
        message = message.model_copy(update={"verified": mail.verified and is_party(mail, old)})
        if message.verified and not mail.automatic:
            new = rules.reprioritised(new, higher(new.priority, self._route(mail).priority))
        entries: list[Entry] = [filed(message, mail.text, self.texts)]
        if old.is_done and not new.is_done:
            entries.append(reopening(self.new_id("evt"), old, _SENDER.name, at, "The customer wrote again."))
        return new, entries

    def _route(self, mail: InboundMail) -> Route:
        proven = mail.verified and mail.account_id is not None
        return route(mail.reading, proven=proven, ruling=self.routing(mail.received_at.date()))

    def _returned(self, old: Case, mail: InboundMail) -> tuple[Case, list[Entry]]:
        detail = {
            "reason": "bounced", "recipients": list(mail.undelivered_to or ()), "said": clipped(mail.text),
            "raw_key": mail.raw_key,
        }  # fmt: skip
        at, event_id = mail.received_at, self.new_id("evt")
        event = happened(event_id, old, EventType.DELIVERY_FAILED, _MAIL_SYSTEM.name, at, **detail)
        return rules.returned(old, at), [event]
