"""Mail to an account that belongs to no case: receipts, reminders, links, and the letters of other domains, which can
be text messages. Sent as the mail of cases is, once; whoever answers a mail opens a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from chalicelib.accounts.contact import Role
from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.accounts.model import Account
from chalicelib.accounts.preferences_model import Format
from chalicelib.accounts.service import Accounts
from chalicelib.cases.letter_list import LetterList, listing_of
from chalicelib.cases.letter_words import LetterWords
from chalicelib.cases.letters import GENERATED, Letterhead, Words, compose, sendable
from chalicelib.cases.messages import Delivery, Interlock, MailSender
from chalicelib.cases.notice_words import NoticeWords
from chalicelib.cases.notices import Notice, NoticeStore
from chalicelib.cases.optional_letters import OptionalLetters
from chalicelib.cases.outbox import is_queued
from chalicelib.cases.recipients import Recipients
from chalicelib.cases.sent_letters import SentLetters
from chalicelib.cases.texting import Texting
from chalicelib.collections.gate import Passage
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Write
from chalicelib.platform.errors import NotFound, Refused

_ROLES: Final = {
    Purpose.SERVICE: Role.SERVICE, Purpose.SECURITY: Role.SECURITY, Purpose.COLLECTION: Role.BILLING,
    Purpose.EDUCATION: Role.SERVICE, Purpose.MARKETING: Role.MARKETING,
}  # fmt: skip
"""Which of the customer's addresses a letter goes to, by what it is about."""
_NO_CONSENT: Final = "no_consent"


@dataclass(frozen=True)
class NoticeOutbox:
    """`sender_address` is the mailbox we write from, `reply_to` the address that receives answers."""

    notices: NoticeStore
    accounts: Accounts
    words: NoticeWords
    letter_words: LetterWords
    sender: MailSender
    clock: Clock
    sender_address: str
    reply_to: str
    texting: Texting
    interlock: Interlock
    recipients: Recipients
    listed: LetterList
    optional: OptionalLetters
    sent: SentLetters

    def deliver(self, queued: Item) -> Delivery | None:
        """Send one queued mail, given as it was written. Returns what became of it, None when there was nothing to
        send.

        A repeat sends nothing once the mail is marked as sent; a crash between sending and marking sends it twice
        rather than never. One that goes to several addresses is sent when it went to any of them. What asks for late
        money is held when it must not leave now, what the customer wants no more for good. Raises Unavailable when it
        is to be tried again."""
        if not is_queued(queued):
            return None
        notice = self.notices.at(queued["pk"], queued["sk"])
        if notice is None or notice.delivery is not Delivery.QUEUED:
            return None
        passage = self._passage(notice, queued["sk"])
        if passage.held:
            said = (passage.held, passage.writes)
            self.listed.put(listing_of(notice, Delivery.HELD, failure=passage.held))
            self.notices.mark_held(queued["pk"], queued["sk"], *said, is_again=passage.is_again)
            return Delivery.HELD
        return self._send(queued, notice.model_copy(update={"letter": passage.letter}), passage.writes)

    def _passage(self, notice: Notice, mail: str) -> Passage:
        if notice.letter and self.optional.refuses(notice.letter):
            return Passage(held=_NO_CONSENT, letter=notice.letter)
        if notice.letter:
            return self.interlock.letter(notice.letter, notice.message_id, mail)
        return self.interlock.news(notice.news, notice.message_id) if notice.news else Passage()

    def _send(self, queued: Item, notice: Notice, others: Sequence[Write]) -> Delivery:
        account = self._account(notice.account_id)
        addresses = _addresses(notice, account) if account else ()
        if account is None or not addresses:
            return self._failed(queued, notice, "no_address")
        said = replace(self._words(notice, account.written_language), is_large=Format.LARGE_PRINT in account.formats)
        failures = [self._hand_over(notice, said, address) for address in addresses]
        if all(failures):
            return self._failed(queued, notice, failures[0] or "refused")
        self.listed.put(listing_of(notice, Delivery.SENT, said.subject))
        kept = {} if notice.letter and notice.letter.secret else {"text": said.kept}
        left = {"subject": said.subject, "places": failures.count(None), **kept}
        self.notices.mark_sent(queued["pk"], queued["sk"], self.clock(), left, others)
        return Delivery.SENT

    def _hand_over(self, notice: Notice, said: Words, address: str) -> str | None:
        """Send it to one address; why it can never get there, None when it is on its way."""
        try:
            if notice.letter and notice.letter.channel is LetterChannel.SMS:
                warns = notice.letter.purpose is Purpose.SECURITY and not notice.letter.secret
                return self.texting.send(said.text, address, self.clock(), warns=warns)
            to = sendable(address)
            secures = notice.letter is not None and notice.letter.purpose is Purpose.SECURITY
            refused = self.recipients.refuses(to, notice.message_id, self.clock(), is_security=secures)
            if refused:
                return refused
            own_id = f"<{notice.message_id.lower()}@{self.reply_to.rpartition('@')[2]}>"
            head = Letterhead(self.sender_address, self.reply_to, own_id)
            travels_as = self.sender.send(compose(said, notice.at, to, head, automatic=GENERATED), to)
            self.sent.mark(travels_as, notice, self.clock())
        except ValueError:
            return "bad_address"
        except Refused as refusal:
            return str(refusal.extra.get("reason", "refused"))
        return None

    def _words(self, notice: Notice, language: str) -> Words:
        if notice.letter:
            return self.optional.signed(notice.letter, self.letter_words.of(notice.letter, language), notice.at)
        assert notice.news is not None, "a notice is of news or of a letter"
        return self.words.of(notice.news, language)

    def _failed(self, queued: Item, notice: Notice, reason: str) -> Delivery:
        """Listed before it is marked, as each outcome is, so that a crash in between is made good by the repeat."""
        self.listed.put(listing_of(notice, Delivery.FAILED, failure=reason))
        self.sent.not_given(notice)
        self.notices.mark_failed(queued["pk"], queued["sk"], reason)
        return Delivery.FAILED

    def _account(self, account_id: str) -> Account | None:
        try:
            return self.accounts.get(account_id, consistent=True)
        except NotFound:
            return None


def _addresses(notice: Notice, account: Account) -> tuple[str, ...]:
    """Where the letter says, else the account's mail address for what it is about."""
    if notice.letter and notice.letter.to:
        return (notice.letter.to, *notice.letter.also)
    address = account.mail_for(_ROLES[notice.letter.purpose] if notice.letter else Role.BILLING)
    return (address,) if address else ()
