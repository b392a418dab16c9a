"""Keys of collections.

| item                        | pk               | sk                         | round trips, units                   |
| state of the ladder         | `A#<account>`    | `L$COLLECTION`             | read with the summary 1, 0.5 a 4 KB  |
| what was held               | `A#<account>`    | `H#<instant>#<id>`         | page 1                               |
| what left                   | `A#<account>`    | `HP#<instant>#<id>`        | newest 1, 0.5 read (1 consistent)    |
| due marker (of billing)     | `DUE#<due day>`  | `<account>#<invoice>`      | a page 1                             |
| an account to look at       | `COLLECT#<day>`  | `<account>`                | a page 1                             |
| a letter to try again       | `COLLECT#<day>`  | `<account>#<mail>`         | with those                           |
| progress                    | `JOB#<name>`     | `#`                        | 1; 1 write a page                    |

A day of an account is one transaction: its state, the markers, and a row for each thing that it held, two units each.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from chalicelib.accounts.store import SUMMARY, summary_key
from chalicelib.collections.judgement import Judgement
from chalicelib.collections.ladder import Ladder
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Key, Put, Table, Update, Write

STATE: Final = "COLLECTION"
MARKERS_KEPT: Final = timedelta(days=90)
NEWEST: Final = 20
"""Letters that left which are read: more than any seven days can hold."""


class LadderMoved(Exception):
    """Somebody else changed the state: read again and decide again."""


@dataclass(frozen=True)
class CollectionStore:
    table: Table

    def summary(self, account_id: str) -> dict[str, Item]:
        """The items of an account's summary by name, as they truly are. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with(SUMMARY)
        page = self.table.query(key, limit=50, consistent=True)
        return {item["sk"].removeprefix(SUMMARY): item for item in page.items}

    def asked(self, account_id: str) -> list[Judgement]:
        """What left, newest first, as it truly is. One round trip."""
        return self._judgements(account_id, "HP#", NEWEST, None, consistent=True)[0]

    def held(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Judgement], Item | None]:
        """What was held, newest first. One round trip."""
        return self._judgements(account_id, "H#", limit, start)

    def sent(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Judgement], Item | None]:
        """What left, newest first. One round trip."""
        return self._judgements(account_id, "HP#", limit, start)

    def agenda(self, day: date, limit: int, start: Item | None) -> tuple[list[Item], Item | None]:
        """The markers of a day, by account. One round trip."""
        page = self.table.query(Key("pk").eq(f"COLLECT#{day}"), limit=limit, start=start)
        return page.items, page.next_key

    def keep(self, before: Ladder, after: Ladder, others: Sequence[Write]) -> None:
        """The state after a day with what belongs to it, in one transaction. Raises LadderMoved."""
        try:
            self.table.transact([state_put(before, after), *others])
        except (ConditionFailed, Contended):
            raise LadderMoved(after.account_id) from None

    def mark(self, account_id: str, day: date) -> None:
        """Have the account looked at on a day. One write."""
        self.table.write(account_marker(account_id, day))

    def try_again(self, account_id: str, mail: str) -> None:
        """Queue a letter once more that was held for its hour, unless it is not held any more, or for good. One
        write."""
        is_waiting = Attr("delivery").eq("held") & Attr("is_again").eq(True)
        queued = Update(f"A#{account_id}", mail, set={"delivery": "queued"}, condition=is_waiting)
        with suppress(ConditionFailed):
            self.table.write(queued)

    def _judgements(
        self, account_id: str, prefix: str, limit: int, start: Item | None, *, consistent: bool = False
    ) -> tuple[list[Judgement], Item | None]:
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with(prefix)
        page = self.table.query(key, limit=limit, start=start, forward=False, consistent=consistent)
        return [Judgement.model_validate(item) for item in page.items], page.next_key


def state_put(before: Ladder, after: Ladder) -> Put:
    """The write of the state, refused when somebody else changed it."""
    pk, sk = summary_key(after.account_id, STATE)
    said = {**after.model_dump(mode="json", exclude_none=True), "version": before.version + 1}
    unchanged = Attr("version").eq(before.version) if before.version else ABSENT
    return Put({**said, "pk": pk, "sk": sk, "kind": "collection"}, unchanged)


def judgement_put(judged: Judgement) -> Put:
    """The write of a decision; the same one again overwrites itself."""
    key = {"pk": f"A#{judged.account_id}", "sk": judged.sk, "kind": "judgement"}
    return Put({**judged.model_dump(mode="json", exclude_none=True), **key})


def account_marker(account_id: str, day: date) -> Put:
    return _marker(day, account_id, {"account_id": account_id})


def letter_marker(account_id: str, mail: str, day: date) -> Put:
    """`mail` is the sort key of the letter."""
    return _marker(day, f"{account_id}#{mail}", {"account_id": account_id, "mail": mail})


def _marker(day: date, sk: str, said: Item) -> Put:
    expires_at = int((datetime.combine(day, time(), UTC) + MARKERS_KEPT).timestamp())
    return Put({"pk": f"COLLECT#{day}", "sk": sk, "kind": "due", "expires_at": expires_at, **said})
