"""Keys and items of news that was dealt with, and of the mails to an account that belong to no case.

| item                       | pk                            | sk               | units           |
| what was done to a case    | `A#<account>` or `N#<object>` | `TOLD#<message>` | 2 in its change |
| a mail to the account      | `A#<account>`                 | `MAIL#<message>` | 1, 1 when sent  |

The message id is made from the news, so that each item is written once, however often and by whomever the news is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import model_validator

from chalicelib.accounts.letters import Letter
from chalicelib.cases.messages import Delivery, Direction
from chalicelib.cases.model import derived_id
from chalicelib.payments.news import News
from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, Check, ConditionBase, ConditionFailed, Put, Table, Update, Write
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.fields import Record

KEEP_TRACES: Final = timedelta(days=400)
"""How long a repeat of news is known as one; longer than anybody tells it."""
LETTERS: Final = "letters"
"""The policy of a letter is its writer's, who keeps the version with what it decided."""
_QUEUED: Final = Attr("delivery").eq(Delivery.QUEUED.value)


class Notice(Record):
    """A mail that hangs on an account: about news of money, or a letter of another domain. Subject and text stand in it
    once it is sent, save the text of a secret; `policy` is the version of the rule that sent it. It left for `places`
    addresses; `returned` are the ids of those mails that came back, `proven` those of them of which the mail service
    says so."""

    message_id: str
    account_id: str
    at: Instant
    news: News | None = None
    letter: Letter | None = None
    policy: str
    direction: Direction = Direction.OUT
    delivery: Delivery = Delivery.QUEUED
    failure: str | None = None
    sent_at: Instant | None = None
    subject: str | None = None
    text: str | None = None
    places: int = 1
    returned: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()

    def came_back(self, name: str, *, is_proven: bool) -> Notice:
        """After the mail with this id came back."""
        proven = {*self.proven, name} if is_proven else self.proven
        return self.model_copy(
            update={"returned": tuple(sorted({*self.returned, name})), "proven": tuple(sorted(proven))}
        )

    @model_validator(mode="after")
    def _says_something(self) -> Notice:
        if (self.news is None) is (self.letter is None):
            raise ValueError("a notice is of news or of a letter")
        return self


def notice_of(news: News, account_id: str, at: datetime, policy: str) -> Notice:
    return Notice(message_id=_message_id(news), account_id=account_id, at=at, news=news, policy=policy)


def notice_of_letter(letter: Letter, at: datetime) -> Notice:
    """Its id is made from the letter, and says nothing of where it goes."""
    message_id = derived_id("msg", letter.account_id, letter.letter_id)
    return Notice(message_id=message_id, account_id=letter.account_id, at=at, letter=letter, policy=LETTERS)


def trace_put(news: News, case_id: str, at: datetime, policy: str) -> Put:
    """The first write of what news did to a case; fails for a repeat."""
    expires = int((at + KEEP_TRACES).timestamp())
    pk = f"A#{news.account_id}" if news.account_id else f"N#{news.object_id}"
    said: Item = {"topic": news.topic.value, "object_id": news.object_id, "case_id": case_id, "policy": policy}
    key: Item = {"pk": pk, "sk": f"TOLD#{_message_id(news)}", "kind": "pointer"}
    return Put({**key, **said, "at": format_instant(at), "expires_at": expires}, ABSENT)


def untold_check(news: News, account_id: str) -> Check:
    """Holds as long as the account got no mail about this news."""
    return Check(f"A#{account_id}", f"MAIL#{_message_id(news)}", ABSENT)


def notice_put(notice: Notice) -> Put:
    """The write that queues the mail; fails when it was queued before."""
    plain = notice.model_dump(mode="json", exclude_none=True)
    key = {"pk": f"A#{notice.account_id}", "sk": f"MAIL#{notice.message_id}", "kind": "message"}
    return Put({**plain, **key}, ABSENT)


@dataclass(frozen=True)
class NoticeStore:
    table: Table

    def put(self, notice: Notice) -> bool:
        """Queue the mail. False when it was queued before, whatever became of it."""
        try:
            self.table.write(notice_put(notice))
        except ConditionFailed:
            return False
        return True

    def at(self, pk: str, sk: str) -> Notice | None:
        item = self.table.get(pk, sk, consistent=True)
        return Notice.model_validate(item) if item else None

    def of_account(self, account_id: str, message_id: str) -> Notice | None:
        """One round trip."""
        item = self.table.get(f"A#{account_id}", f"MAIL#{message_id}")
        return Notice.model_validate(item) if item else None

    def mark_sent(self, pk: str, sk: str, at: datetime, said: Item, others: Sequence[Write] = ()) -> None:
        """`said` are the fields of what left; with `others` in one transaction. Changes nothing when the mail is not
        queued any more."""
        said = {"sent_at": format_instant(at), **said}
        self._mark(pk, sk, {"delivery": Delivery.SENT.value, "failure": None, "is_again": None, **said}, others)

    def mark_held(self, pk: str, sk: str, reasons: str, others: Sequence[Write], *, is_again: bool) -> None:
        """The mail must not be sent now; `is_again` when it may be queued once more. One transaction with `others`;
        changes nothing when it is not queued any more. Raises Unavailable when one of them cannot be done any more."""
        held = {"delivery": Delivery.HELD.value, "failure": reasons, "is_again": is_again}
        self._mark(pk, sk, held, others)

    def mark_failed(self, pk: str, sk: str, reason: str) -> None:
        """The mail will never be sent. Changes nothing when it is not queued any more."""
        self._mark(pk, sk, {"delivery": Delivery.FAILED.value, "failure": reason})

    def mark_returned(self, pk: str, sk: str, old: Notice, new: Notice) -> None:
        """Note which mails of a sent letter came back, and what that makes of it. Raises Unavailable when something
        else was noted since it was read."""
        noted: Item = new.model_dump(mode="json", include={"delivery", "failure", "returned", "proven"})
        unchanged = (
            Attr("delivery").eq(old.delivery.value) & _was("returned", old.returned) & _was("proven", old.proven)
        )
        try:
            self.table.write(Update(pk, sk, set=noted, condition=unchanged))
        except ConditionFailed:
            raise Unavailable("The letter is being changed by others; try again.", retry_after=1) from None

    def _mark(self, pk: str, sk: str, said: Item, others: Sequence[Write] = ()) -> None:
        marked = Update(pk, sk, set=said, condition=_QUEUED)
        try:
            if others:
                self.table.transact([marked, *others])
            else:
                self.table.write(marked)
        except ConditionFailed as failed:
            if failed.index:
                raise Unavailable("The account is being changed by others; try again.", retry_after=1) from None


def _was(name: str, ids: Sequence[str]) -> ConditionBase:
    stood: ConditionBase = Attr(name).eq(list(ids))
    return stood if ids else stood | Attr(name).not_exists()  # as in letters that were queued before these were noted


def _message_id(news: News) -> str:
    return derived_id("msg", news.news_id)
