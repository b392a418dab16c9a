"""Outgoing mail: the table is the outbox. A message that stands there as queued is composed, handed over and marked, in
this order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from chalicelib.accounts.model import Account
from chalicelib.accounts.preferences_model import Format
from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.cases import addressing, rules
from chalicelib.cases.changes import audit_of, happened, unfiled
from chalicelib.cases.letters import GENERATED, REPLIED, Letterhead, Words, answer_words, compose, sendable
from chalicelib.cases.mailbox import Mailbox, Mark, mark_put
from chalicelib.cases.messages import DESK, Delivery, Direction, EventType, Interlock, MailSender, Message, Texts
from chalicelib.cases.model import Case
from chalicelib.cases.notice_words import NoticeWords
from chalicelib.cases.recipients import Recipients
from chalicelib.cases.store import CaseChanged, CaseStore
from chalicelib.cases.successors import Successors
from chalicelib.collections.gate import Passage
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound, Refused, Unavailable

_ACTOR: Final = Actor("mail", DESK)
_DEFAULT_LANGUAGE: Final = "en-GB"


@dataclass(frozen=True)
class Preview:
    """An answer as it would be sent to `to`; `stopped` says why it would not be."""

    to: str | None
    said: Words
    stopped: str | None


@dataclass(frozen=True)
class Outbox:
    """`sender_address` is the mailbox we write from, `mail_domain` where answers are received, `mail_key` signs."""

    cases: CaseStore
    mailbox: Mailbox
    accounts: Accounts
    texts: Texts
    sender: MailSender
    notices: NoticeWords
    clock: Clock
    new_id: NewId
    sender_address: str
    mail_domain: str
    mail_key: bytes
    interlock: Interlock
    recipients: Recipients

    def deliver(self, queued: Item) -> Delivery | None:
        """Send one queued message, given as it was written. Returns what became of it, None when there was nothing to
        send.

        A repeat sends nothing once the message is marked as sent; a crash between sending and marking sends it twice
        rather than never. What is about late money is held, or leaves without the words that ask for it, when nobody
        may ask now; what an address must not get fails. Raises Unavailable when it is to be tried again."""
        if not is_queued(queued):
            return None
        message = self.cases.message_at(queued["pk"], queued["sk"])
        case = self.cases.get(str(queued["case_id"]), consistent=True)
        if message is None or case is None or message.delivery is not Delivery.QUEUED:
            return None
        passage = self.interlock.news(message.news, message.message_id) if message.news else Passage()
        if passage.held:
            self.mailbox.mark_held(queued["pk"], queued["sk"], passage.held, passage.writes)
            return Delivery.HELD
        try:
            to = sendable(case.requester or "")
        except ValueError:
            return self._failed(queued, case, message, "bad_address")
        refused = self.recipients.refuses(to, message.message_id, self.clock())
        if refused:
            return self._failed(queued, case, message, refused)
        return self._send(queued, case, unfiled(message, self.texts), to, passage)

    def preview(self, case_id: str, text: str) -> Preview:
        """What an answer would look like if it were sent now; nothing is written or sent. Three reads. Raises
        NotFound, Unavailable."""
        case = self.cases.get(case_id)
        if case is None:
            raise NotFound
        message = Message(
            message_id="preview", case_id=case_id, direction=Direction.OUT, author=DESK, at=self.clock(),
            text=hide_cards(text),
        )  # fmt: skip
        stop = self.recipients.stop_of(case.requester) if case.requester else None
        stopped = f"stopped_{stop.reason}" if stop and stop.holds else None
        return Preview(case.requester, self._words(message, case, asks=True), stopped)

    def _send(self, queued: Item, case: Case, message: Message, to: str, passage: Passage) -> Delivery:
        said = self._words(message, case, asks=passage.asks)
        earlier = self.cases.before(case.case_id, queued["sk"])
        own_id = addressing.message_id(case.case_id, message.message_id, self.mail_domain, self.mail_key)
        reply_to = addressing.reply_address(case.case_id, self.sender_address, self.mail_domain, self.mail_key)
        head = Letterhead(self.sender_address, reply_to, own_id)
        automatic = (GENERATED if message.news else REPLIED) if message.automatic else None
        raw = compose(said, message.at, to, head, earlier, automatic)
        try:
            travels_as = self.sender.send(raw, to)
        except Refused as refusal:
            return self._failed(queued, case, message, str(refusal.extra.get("reason", "refused")))
        now = self.clock()
        mark = Mark(case_id=case.case_id, message_id=message.message_id)
        self.mailbox.put_mark(mark_put(travels_as, mark, now, awaited=True))  # an answer may be quicker than we are
        kept = {"subject": said.subject} | ({"text": said.text} if message.automatic else {})
        self.mailbox.mark_sent(queued["pk"], queued["sk"], now, own_id, kept, passage.writes)
        return Delivery.SENT

    def _failed(self, queued: Item, case: Case, message: Message, reason: str) -> Delivery:
        """The mail can never arrive: say so where the case goes on, and take that back from waiting for the
        customer."""
        now, written_to = self.clock(), case.account_id
        following = Successors(self.cases, self.new_id).newest(case.case_id, lambda _: written_to is None)
        case = following or case
        new = rules.returned(case, now).model_copy(update={"version": case.version + 1})
        detail = {"message_id": message.message_id, "reason": reason}
        event = happened(self.new_id("evt"), case, EventType.DELIVERY_FAILED, DESK, now, **detail)
        audit = audit_of(self.new_id("aud"), "case.delivery_failed", _ACTOR, now, case, new)
        try:
            self.mailbox.mark_failed(queued["pk"], queued["sk"], reason, case, new, event, audit)
        except CaseChanged:
            raise Unavailable("The case is being changed by others; try again.") from None
        return Delivery.FAILED

    def _words(self, message: Message, case: Case, *, asks: bool) -> Words:
        reader = self._reader(case)
        language = reader.written_language if reader else _DEFAULT_LANGUAGE
        if message.news:
            said = self.notices.of(message.news, language, case.reference, asks=asks)
        else:
            said = answer_words(message, case, language)
        return replace(said, is_large=reader is not None and Format.LARGE_PRINT in reader.formats)

    def _reader(self, case: Case) -> Account | None:
        try:
            return self.accounts.get(case.account_id) if case.account_id else None
        except NotFound:
            return None


def is_queued(item: Item) -> bool:
    """Whether an item of the table is mail that waits to be sent."""
    wanted = ("message", Direction.OUT, Delivery.QUEUED)
    return (item.get("kind"), item.get("direction"), item.get("delivery")) == wanted
