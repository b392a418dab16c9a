"""The letters of an account as its timeline lists them: what we sent or could not send, and what a machine of the
customer's answered when no case is about it.

| item     | pk            | sk                       | units          |
| a letter | `A#<account>` | `M#<instant>#<message>`  | 1 a change     |

Small copies in the order of time; the letter itself stands at `MAIL#<message>`, an answer in the raw mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.letters import LetterChannel
from chalicelib.cases.messages import Delivery, Direction
from chalicelib.cases.notices import Notice
from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.fields import Record

RECEIVED: Final = "received"
"""The state of a letter that came in; of one that went out it is what became of it."""


class ListedLetter(Record):
    """`name` says what a letter of ours is about, `failure` why it did not leave or came back; `text` is the beginning
    of what came in, one line."""

    message_id: str
    account_id: str
    at: Instant
    direction: Direction
    state: str
    channel: str
    title: str | None = None
    name: str | None = None
    failure: str | None = None
    text: str | None = None
    raw_key: str | None = None


def listing_of(notice: Notice, state: Delivery, subject: str | None = None, failure: str | None = None) -> ListedLetter:
    """A letter of ours with what became of it."""
    letter = notice.letter
    return ListedLetter(
        message_id=notice.message_id, account_id=notice.account_id, at=notice.at, direction=Direction.OUT, state=state,
        channel=letter.channel if letter else LetterChannel.MAIL, title=subject, failure=failure,
        name=letter.name if letter else f"news/{notice.news.topic}" if notice.news else None,
    )  # fmt: skip


@dataclass(frozen=True)
class LetterList:
    table: Table

    def put(self, letter: ListedLetter) -> None:
        """List the letter, or its new state; any number of repeats leave one. One write. Raises Unavailable."""
        key = {"pk": f"A#{letter.account_id}", "sk": f"M#{format_instant(letter.at)}#{letter.message_id}"}
        self.table.write(Put({**letter.model_dump(mode="json", exclude_none=True), **key, "kind": "letter"}))
