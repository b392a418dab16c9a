"""Letters of an account that left, by the ids they travel under: so that one which comes back is known.

| item                    | pk                       | sk  | units                                   |
| an id of a letter       | `LETTER#<hash of the id>`| `#` | 1 a mail; for a month                   |
| a letter that came back | as in notices.py         |     | 2 reads, 1 write, 1 in the timeline     |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from chalicelib.accounts.letters import Letter
from chalicelib.cases.letter_list import LetterList, ListedLetter, listing_of
from chalicelib.cases.mailbox import mark_pk
from chalicelib.cases.messages import Delivery
from chalicelib.cases.model import clipped
from chalicelib.cases.notices import Notice, NoticeStore
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.fields import Record

_KEPT: Final = timedelta(days=30)
"""Longer than any mail system tries to deliver."""


class HearsReturns(Protocol):
    """Whoever counts on a letter having arrived."""

    def not_given(self, letter: Letter) -> None:
        """It came back, or could not leave. Told again when the telling broke off. Raises Unavailable."""
        ...


class _Mark(Record):
    account_id: str
    message_id: str


@dataclass(frozen=True)
class SentLetters:
    """`hearers` are told of what the mail service says, not of what mails say: a mail can be forged. `count` adds one
    to a metric."""

    notices: NoticeStore
    listed: LetterList
    hearers: tuple[HearsReturns, ...]
    count: Callable[[str], None]

    def put(self, letter: ListedLetter) -> None:
        """List what came in. One write. Raises Unavailable."""
        self.listed.put(letter)

    def mark(self, travels_as: str, notice: Notice, at: datetime) -> None:
        """Note under which id a letter left. One write. Raises Unavailable."""
        mark = _Mark(account_id=notice.account_id, message_id=notice.message_id)
        expires = int((at + _KEPT).timestamp())
        self.notices.table.write(
            Put({"pk": _pk(travels_as), "sk": "#", "kind": "pointer", **mark.model_dump(), "expires_at": expires})
        )

    def not_given(self, notice: Notice) -> None:
        """Tell who counts on a letter that it did not arrive. Raises Unavailable."""
        if notice.letter:
            for hearer in self.hearers:
                hearer.not_given(notice.letter)

    def returned(self, rfc_message_id: str, said: Iterable[str], *, is_proven: bool) -> bool:
        """The mail with this Message-ID did not arrive, for the reasons `said`: the letter is marked as bounced, once
        that holds for all addresses that it left for. False when it was no letter. `is_proven` when the mail service
        says so. One read when it was none. Raises Unavailable, also while the letter is not marked as sent yet."""
        item = self.notices.table.get(_pk(rfc_message_id), "#", consistent=True)
        if item is None:
            return False
        mark = _Mark.model_validate(item)
        pk, sk = f"A#{mark.account_id}", f"MAIL#{mark.message_id}"
        notice = self.notices.at(pk, sk)
        if notice and notice.delivery is Delivery.QUEUED:
            raise Unavailable("The letter is not marked as sent yet.")
        if notice and notice.delivery in {Delivery.SENT, Delivery.BOUNCED}:
            self._return(pk, sk, notice, _pk(rfc_message_id), said, is_proven)
        return True

    def _return(self, pk: str, sk: str, old: Notice, name: str, said: Iterable[str], is_proven: bool) -> None:
        """A mail may say first, for nothing, what the mail service proves later."""
        new = old.came_back(name, is_proven=is_proven)
        if new == old:
            return
        if len(new.returned) >= new.places:
            why = clipped(hide_cards(" ".join(("bounced:", *said)))).rstrip(":")
            new = new.model_copy(update={"delivery": Delivery.BOUNCED, "failure": why})
            self.listed.put(listing_of(new, Delivery.BOUNCED, new.subject, why))
        if len(new.proven) >= new.places:
            self.not_given(new)
        self.notices.mark_returned(pk, sk, old, new)
        if new.delivery is not old.delivery:
            self.count("LettersBounced")


def _pk(rfc_message_id: str) -> str:
    return mark_pk(rfc_message_id).replace("MID#", "LETTER#", 1)
