"""Keys and queries of accounts: the head, and one pointer item for each way to find it.

| item            | pk                    | sk              | round trips, units                       |
| head            | `A#<account>`         | `L$HEAD`        | get 1, 0.5 read                          |
| mail, phone     | `E#<mail>` `T#<phone>`| `A#<account>`   | find 1, 0.5 read; households share them  |
| account number  | `N#<number>`          | `#`             | unique by condition                      |
| name word       | `S#<two letters>`     | `<word>#<account>` | find by prefix 1, 0.5 read            |
| word of a person's name | as above      | `<word>#<account>#<person>` | find 2                       |
| postal code     | `PC#<country>#<code>` | `A#<account>`   | candidates of duplicates 1, 0.5 read     |

What was found of a merged account, or by the name of a person who belongs to one, costs a read of the heads more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.accounts.finding import SearchBy
from chalicelib.accounts.model import Account, AccountRef
from chalicelib.accounts.pointers import PREFIX, is_lead, pointers
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import (
    ABSENT,
    Attr,
    ConditionBase,
    ConditionFailed,
    Contended,
    Delete,
    Key,
    Put,
    Table,
    Update,
    Write,
)
from chalicelib.platform.errors import PreconditionFailed

MOST_WRITES: Final = 100
"""Of one transaction."""
_NOTED_BY_OTHERS: Final = frozenset({"stripe_customer_id"})
_SPARSE: Final = ("contact_details", "formats", "people", "suspects")
"""Left out while they are empty: most heads stay under 1 KB."""
_HOPS: Final = 5
"""Merges one after the other that a search follows."""


class NumberTaken(Exception):
    """The account number drawn belongs to another account."""


class HeadMoved(Exception):
    """The head was written since it was read: read it again and decide again."""


SUMMARY: Final = "L$"
"""How the sort keys of an account's summary begin: its head, and one item for each domain that has something to say of
the account at a glance. They stand right behind the ledger (`L#`), so that one query backwards reads all of them and
the ledger's newest entry."""


def summary_key(account_id: str, name: str) -> tuple[str, str]:
    """Partition and sort key of an item of the account's summary."""
    return f"A#{account_id}", f"{SUMMARY}{name}"


def head_key(account_id: str) -> tuple[str, str]:
    """Partition and sort key of an account head, for the domains that read or note something of it."""
    return summary_key(account_id, "HEAD")


@dataclass(frozen=True)
class AccountStore:
    table: Table

    def get(self, account_id: str, *, consistent: bool = False) -> Account | None:
        item = self.table.get(*head_key(account_id), consistent=consistent)
        return Account.model_validate(item) if item else None

    def get_many(self, account_ids: Iterable[str]) -> dict[str, Account]:
        """Those of these accounts that there are, by id. One round trip for each hundred."""
        items = self.table.get_many(map(head_key, account_ids))
        return {item["account_id"]: Account.model_validate(item) for item in items.values()}

    def create(self, account: Account, entry: AuditEntry) -> None:
        """Head, pointers and audit entry in one transaction. Raises NumberTaken."""
        own = [Put(pointer, ABSENT) for pointer in pointers(account)]
        head: Item = {**dict(zip(("pk", "sk"), head_key(account.account_id), strict=True)), **_stored(account)}
        try:
            self.table.transact([Put(head, ABSENT), *own, audit_put(entry)])
        except ConditionFailed:
            raise NumberTaken(account.account_number) from None

    def change(self, old: Account, new: Account, entry: AuditEntry, also: Sequence[Write] = ()) -> None:
        """Head, pointers, audit entry and what others write with it, in one transaction. Raises PreconditionFailed for
        another version than `old`, HeadMoved when the head was written in the same version."""
        try:
            self.table.transact([*rewrite(old, new), audit_put(entry), *also])
        except ConditionFailed as failed:
            if failed.index == 0 and failed.item and failed.item["version"] != old.version:
                raise PreconditionFailed("The account was changed meanwhile; read it again.") from None
            raise HeadMoved(new.account_id) from None
        except Contended:
            raise HeadMoved(new.account_id) from None

    def find(
        self, by: SearchBy, value: str, limit: int = 25, start: Item | None = None
    ) -> tuple[list[AccountRef], Item | None]:
        """Accounts by one exact mail, phone, number or postal code, or by words of the name (prefixes). One round trip,
        more when it meets merged accounts or people."""
        words = value.split()
        longest = max(words, key=len)
        key: ConditionBase = Key("pk").eq(f"{PREFIX[by]}#{longest[:2] if by == 'name' else value}")
        if by == "name":
            key &= Key("sk").begins_with(longest)
        page = self.table.query(key, limit=limit, start=start)
        found = [item for item in page.items if by != "name" or _has_words(item, longest, words)]
        refs = self._led([item for item in found if is_lead(item)])
        refs += [AccountRef.model_validate(item) for item in found if not is_lead(item)]
        once = {ref.account_id: ref for ref in refs}  # the holder's own pointer outdoes the others of the account
        return list(once.values()), page.next_key

    def _led(self, leads: Sequence[Item]) -> list[AccountRef]:
        """The accounts that these pointers lead to, past those that were merged."""
        ends = {str(lead["account_id"]): str(lead["account_id"]) for lead in leads}
        heads = dict[str, Account]()
        for _ in range(_HOPS):
            unread = set(ends.values()) - heads.keys()
            if not unread:
                break
            heads |= self.get_many(unread)
            ends = {first: _onward(heads, last) for first, last in ends.items()}
        led = [(heads.get(ends[str(lead["account_id"])]), lead.get("person")) for lead in leads]
        return [_ref(account, person) for account, person in led if account]


def rewrite(old: Account, new: Account) -> list[Write]:
    """The writes that make one state of an account another: the head, first, on condition that it is `old`; then its
    pointers."""
    seen = Attr("revision").eq(old.revision) if old.revision else Attr("revision").not_exists()
    assigned = {name: value for name, value in _stored(new).items() if name not in _NOTED_BY_OTHERS}
    changes = Update(*head_key(new.account_id), set=assigned, condition=Attr("pk").exists() & seen)
    before = {(item["pk"], item["sk"]): item for item in pointers(old)}
    after = {(item["pk"], item["sk"]): item for item in pointers(new)}
    gone = [Delete(*key) for key in before if key not in after]
    return [changes, *gone, *(Put(item) for key, item in after.items() if before.get(key) != item)]


def _onward(heads: dict[str, Account], account_id: str) -> str:
    head = heads.get(account_id)
    return head.merged_into if head and head.merged_into else account_id


def _ref(account: Account, person: Any) -> AccountRef:
    shown = account.model_dump(include={"account_id", "account_number", "status"})
    return AccountRef(**shown, display_name=account.name.display, person=person)


def _has_words(pointer: Item, sought: str, words: Sequence[str]) -> bool:
    """Whether the name has all words, and this pointer is the first of its account that a search for `sought` meets."""
    own = sorted(pointer["words"])
    first = next(word for word in own if word.startswith(sought))
    return pointer["sk"].startswith(f"{first}#") and all(any(w.startswith(word) for w in own) for word in words)


def _stored(account: Account) -> Item:
    plain = account.model_dump(mode="json")
    sparse = {name: plain[name] or None for name in _SPARSE} | {"revision": account.revision or None}
    # Just before the account's open cases (`O#`), so that a call screen reads the head and them in one query.
    listed = {"display_name": account.name.display, "gs1pk": f"A#{account.account_id}", "gs1sk": "O!"}
    return {**plain, **sparse, **listed, "kind": "account"}
