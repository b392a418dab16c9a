"""Keys and queries of accounts: the head, and one pointer item for each way to find it.

| item            | pk                    | sk              | round trips, units                       |
| head            | `A#<account>`         | `L$HEAD`        | get 1, 0.5 read                          |
| mail, phone     | `E#<mail>` `T#<phone>`| `A#<account>`   | find 1, 0.5 read; households share them  |
| account number  | `N#<number>`          | `#`             | unique by condition                      |
| name word       | `S#<two letters>`     | `<word>#<account>` | find by prefix 1, 0.5 read            |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.accounts.finding import SearchBy, name_tokens
from chalicelib.accounts.model import PROFILE_FIELDS, Account, AccountRef
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionBase, ConditionFailed, Delete, Key, Put, Table, Update
from chalicelib.platform.errors import PreconditionFailed

_PREFIX: dict[SearchBy, str] = {"email": "E", "phone": "T", "account_number": "N", "name": "S"}


class NumberTaken(Exception):
    """The account number drawn belongs to another account."""


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

    def create(self, account: Account, entry: AuditEntry) -> None:
        """Head, pointers and audit entry in one transaction. Raises NumberTaken."""
        pointers = [Put(pointer, ABSENT) for pointer in _pointers(account)]
        head: Item = {
            **_plain(account),
            **dict(zip(("pk", "sk"), head_key(account.account_id), strict=True)),
            **_listed(account),
        }
        try:
            self.table.transact([Put(head, ABSENT), *pointers, audit_put(entry)])
        except ConditionFailed:
            raise NumberTaken(account.account_number) from None

    def change(self, old: Account, new: Account, entry: AuditEntry) -> None:
        """Profile fields, pointers and audit entry in one transaction. Raises PreconditionFailed."""
        fields = PROFILE_FIELDS | {"updated_at", "version"}
        assigned = {name: value for name, value in _plain(new).items() if name in fields} | _listed(new)
        update = Update(*head_key(new.account_id), set=assigned, condition=Attr("version").eq(old.version))
        before = {(item["pk"], item["sk"]): item for item in _pointers(old)}
        after = {(item["pk"], item["sk"]): item for item in _pointers(new)}
        gone = [Delete(*key) for key in before if key not in after]
        put = [Put(item) for key, item in after.items() if before.get(key) != item]
        try:
            self.table.transact([update, *gone, *put, audit_put(entry)])
        except ConditionFailed:
            raise PreconditionFailed("The account was changed meanwhile; read it again.") from None

    def find(
        self, by: SearchBy, value: str, limit: int = 25, start: Item | None = None
    ) -> tuple[list[AccountRef], Item | None]:
        """Accounts by one exact mail, phone or number, or by words of the name (prefixes). One round trip."""
        words = value.split()
        longest = max(words, key=len)
        key: ConditionBase = Key("pk").eq(f"{_PREFIX[by]}#{longest[:2] if by == 'name' else value}")
        if by == "name":
            key &= Key("sk").begins_with(longest)
        page = self.table.query(key, limit=limit, start=start)
        found = [item for item in page.items if by != "name" or _has_words(item, longest, words)]
        return [AccountRef.model_validate(item) for item in found], page.next_key


def _has_words(pointer: Item, sought: str, words: Sequence[str]) -> bool:
    """Whether the name has all words, and this pointer is the first of its account that a search for `sought` meets."""
    own = sorted(pointer["words"])
    first = next(word for word in own if word.startswith(sought))
    return pointer["sk"].startswith(f"{first}#") and all(any(w.startswith(word) for w in own) for word in words)


def _plain(account: Account) -> dict[str, Any]:
    return {**account.model_dump(mode="json"), "kind": "account"}


def _listed(account: Account) -> Item:
    # Just before the account's open cases (`O#`), so that a call screen reads the head and them in one query.
    return {"display_name": account.name.display, "gs1pk": f"A#{account.account_id}", "gs1sk": "O!"}


def _pointers(account: Account) -> Sequence[Item]:
    shown = {
        "kind": "pointer", "account_id": account.account_id, "account_number": account.account_number,
        "display_name": account.name.display, "status": account.status.value,
    }  # fmt: skip
    own = f"A#{account.account_id}"
    keys = [(f"N#{account.account_number}", "#")]
    keys += [(f"E#{email}", own) for email in account.emails]
    keys += [(f"T#{phone}", own) for phone in account.phones]
    words = sorted(name_tokens(account.name))
    named = [(f"S#{word[:2]}", f"{word}#{account.account_id}") for word in words]
    return [{"pk": pk, "sk": sk, **shown} for pk, sk in keys] + [
        {"pk": pk, "sk": sk, **shown, "words": words} for pk, sk in named
    ]
