"""Rows of money that stand in the partition of their account and are found by their id alone.

| item    | pk              | sk                            | round trips, units                         |
| row     | `A#<account>`   | `<letter>#<instant>#<id>`     | page of an account 1; by id 2, 1 read or 2 |
| pointer | `<letter>#<id>` | `#`                           | makes a beginning happen once              |

A row is moved on by an update that holds only while its version is the one that was read; with one ledger entry that is
one transaction of four write units. The pointer changes when a row goes to another account, and never else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from chalicelib.payments.row import Row
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Delete, Key, Put, Table, Update, Write
from chalicelib.platform.errors import Unavailable

ATTEMPTS: Final = 10
"""How often a movement is decided anew when others come first."""
T = TypeVar("T")


class Outrun(Exception):
    """Another event or movement came first: read again and decide again."""


class Stands(Exception):
    """There is a row with this id already."""


def until_first(attempt: Callable[[], T]) -> T:
    """Decide and write until nothing came between. Raises Unavailable when the account is too busy."""
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Outrun:
            continue
    raise Unavailable("The account is too busy just now; try again.", retry_after=1)


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Rows(Generic[R]):
    """Rows of one kind; `letter` begins their keys."""

    table: Table
    record: type[R]
    kind: str
    letter: str

    def get(self, row_id: str, *, consistent: bool = False) -> R | None:
        """One by its id alone; as it truly is when `consistent`. Two round trips."""
        item = self._item(row_id, consistent=consistent)
        return self.record.model_validate(item) if item else None

    def _item(self, row_id: str, *, consistent: bool, is_again: bool = False) -> Item | None:
        # The pointer too: a row that only seems absent would be begun a second time under another id.
        pointer = self.table.get(f"{self.letter}#{row_id}", "#", consistent=consistent)
        if pointer is None:
            return None
        item = self.table.get(f"A#{pointer['account_id']}", pointer["row"], consistent=consistent)
        # A pointer that leads nowhere was read just before its row went to another account.
        return item if item or is_again else self._item(row_id, consistent=True, is_again=True)

    def get_many(self, row_ids: Iterable[str]) -> dict[str, R]:
        """Those of many that there are, by id. Two round trips for each hundred."""
        pointers = self.table.get_many((f"{self.letter}#{row_id}", "#") for row_id in row_ids)
        items = self.table.get_many((f"A#{each['account_id']}", each["row"]) for each in pointers.values())
        rows = map(self.record.model_validate, items.values())
        return {row.row_id: row for row in rows}

    def of_account(
        self, account_id: str, limit: int, start: Item | None, *, consistent: bool = False
    ) -> tuple[list[R], Item | None]:
        """Those of an account, newest first; as they truly are when `consistent`. One round trip."""
        key = Key("pk").eq(f"A#{account_id}") & Key("sk").begins_with(f"{self.letter}#")
        page = self.table.query(key, limit=limit, start=start, forward=False, consistent=consistent)
        return [self.record.model_validate(item) for item in page.items], page.next_key

    def begun(self, row: R) -> list[Write]:
        """The writes of a new row, the pointer first; both refused when it stands."""
        pk, sk = self._key(row)
        pointer = {"pk": f"{self.letter}#{row.row_id}", "sk": "#", "kind": "pointer"}
        return [
            Put({**pointer, "account_id": row.account_id, "row": sk}, ABSENT),
            Put({**row.model_dump(mode="json"), "pk": pk, "sk": sk, "kind": self.kind}, ABSENT),
        ]

    def moved(self, before: R, after: R) -> Update:
        """The write of what changed, held to the version that was read."""
        old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
        changed = {name: value for name, value in new.items() if name != "version" and value != old[name]}
        return Update(*self._key(before), set=changed, add={"version": 1}, condition=Attr("version").eq(old["version"]))

    def handed_over(self, before: R, after: R) -> list[Write]:
        """The writes that take a row to another account, held to the version that was read."""
        pk, sk = self._key(after)
        pointer = Update(
            f"{self.letter}#{before.row_id}",
            "#",
            set={"account_id": after.account_id},
            condition=Attr("account_id").eq(before.account_id),
        )
        item = {**after.model_dump(mode="json"), "version": before.version + 1, "pk": pk, "sk": sk, "kind": self.kind}
        return [pointer, Delete(*self._key(before), condition=Attr("version").eq(before.version)), Put(item, ABSENT)]

    def begin(self, row: R, *others: Write) -> None:
        """A new row with what belongs to it, in one transaction. Raises Stands, Outrun."""
        self._transact([*self.begun(row), *others], guards=1)

    def move(self, before: R, after: R, *others: Write) -> None:
        """A row moved on with what belongs to it, in one transaction; alone it is a plain write. Raises Outrun."""
        if others:
            return self._transact([self.moved(before, after), *others])
        try:
            self.table.write(self.moved(before, after))
        except (ConditionFailed, Contended):
            raise Outrun from None

    def hand_over(self, before: R, after: R, *others: Write) -> None:
        """A row taken to another account with what belongs to it, in one transaction. Raises Outrun."""
        self._transact([*self.handed_over(before, after), *others])

    def _transact(self, writes: Sequence[Write], guards: int = 0) -> None:
        try:
            self.table.transact(writes)
        except ConditionFailed as failed:
            raise (Stands if failed.index < guards else Outrun) from None
        except Contended:
            raise Outrun from None

    def _key(self, row: R) -> tuple[str, str]:
        return f"A#{row.account_id}", f"{self.letter}#{format_instant(row.begun_at)}#{row.row_id}"
