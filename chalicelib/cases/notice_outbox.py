"""Mail to an account that belongs to no case: receipts, reminders, links, and the letters of other domains. Sent as the
mail of cases is, once; whoever answers it opens a case."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.accounts.model import Account
from chalicelib.accounts.service import Accounts
from chalicelib.cases.letter_words import LetterWords
from chalicelib.cases.letters import GENERATED, Letterhead, Words, compose, sendable
from chalicelib.cases.messages import Delivery, MailSender
from chalicelib.cases.notice_words import NoticeWords
from chalicelib.cases.notices import Notice, NoticeStore
from chalicelib.cases.outbox import is_queued
from chalicelib.platform.clock import Clock
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound, Refused


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

    def deliver(self, queued: Item) -> Delivery | None:
        """Send one queued mail, given as it was written. Returns what became of it, None when there was nothing to
        send.

        A repeat sends nothing once the mail is marked as sent; a crash between sending and marking sends it twice
        rather than never. Raises Unavailable when it is to be tried again."""
        if not is_queued(queued):
            return None
        notice = self.notices.at(queued["pk"], queued["sk"])
        if notice is None or notice.delivery is not Delivery.QUEUED:
            return None
        account = self._account(notice.account_id)
        address = _address(notice, account) if account else None
        if account is None or address is None:
            return self._failed(queued, "no_address")
        try:
            to = sendable(address)
        except ValueError:
            return self._failed(queued, "bad_address")
        return self._send(queued, notice, account.language, to)

    def _send(self, queued: Item, notice: Notice, language: str, to: str) -> Delivery:
        said = self._words(notice, language)
        own_id = f"<{notice.message_id.lower()}@{self.reply_to.rpartition('@')[2]}>"
        head = Letterhead(self.sender_address, self.reply_to, own_id)
        try:
            self.sender.send(compose(said, notice.at, to, head, automatic=GENERATED), to)
        except Refused as refusal:
            return self._failed(queued, str(refusal.extra.get("reason", "refused")))
        kept = None if notice.letter and notice.letter.secret else said.text
        self.notices.mark_sent(queued["pk"], queued["sk"], self.clock(), said.subject, kept)
        return Delivery.SENT

    def _words(self, notice: Notice, language: str) -> Words:
        if notice.letter:
            return self.letter_words.of(notice.letter, language)
        assert notice.news is not None, "a notice is of news or of a letter"
        return self.words.of(notice.news, language)

    def _failed(self, queued: Item, reason: str) -> Delivery:
        self.notices.mark_failed(queued["pk"], queued["sk"], reason)
        return Delivery.FAILED

    def _account(self, account_id: str) -> Account | None:
        try:
            return self.accounts.get(account_id)
        except NotFound:
            return None


def _address(notice: Notice, account: Account) -> str | None:
    """Where the letter says, else the account's first mail address."""
    if notice.letter and notice.letter.to:
        return notice.letter.to
    return account.emails[0] if account.emails else None
