"""Whose the numbers are that mails name: looked up when staff read a timeline, not when a mail comes in.

A mail is taken in with two round trips whatever it names; invoices may be issued, and accounts merged, after it came;
and before somebody reads the mail nobody needs to know.

| lookup                                           | round trips                  |
| numbers of accounts, invoices, ids of payments   | 1                            |
| whose the invoices are, what merged accounts are | 1 when there are any         |
| references of other cases                        | 2, of this account's newest  |
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.store import head_key
from chalicelib.cases.messages import Entry, Message
from chalicelib.cases.model import Case
from chalicelib.cases.reading import Reference, ReferenceKind
from chalicelib.cases.store import CaseStore, account_owner
from chalicelib.platform.codec import Item

_NEWEST: Final = 100
"""Cases of an account that are looked through, of those that are done and of those that are not."""
_PREFIX: Final = {ReferenceKind.ACCOUNT: "N", ReferenceKind.INVOICE: "V", ReferenceKind.PAYMENT: "P"}
Named = tuple[ReferenceKind, str]
"""A number by what it names."""


def named(reference: Reference) -> Named:
    return reference.kind, reference.value


@dataclass(frozen=True)
class Whose:
    cases: CaseStore

    def of_account(self, case: Case, entries: Iterable[Entry]) -> frozenset[Named]:
        """The numbers in these entries that belong to the account of the case; none when it has no account. No round
        trip when nothing is named. Raises Unavailable."""
        messages = (entry for entry in entries if isinstance(entry, Message))
        wanted = {named(found) for message in messages for found in message.references_found}
        if not wanted or case.account_id is None:
            return frozenset()
        return frozenset({*self._by_pointer(wanted, case.account_id), *self._of_cases(wanted, case)})

    def _by_pointer(self, wanted: Iterable[Named], account_id: str) -> Iterator[Named]:
        keys = {(f"{_PREFIX[kind]}#{value}", "#"): (kind, value) for kind, value in wanted if kind in _PREFIX}
        pointers = self.cases.table.get_many(keys)
        further = self.cases.table.get_many(filter(None, map(_further, pointers.values())))
        for key, pointer in pointers.items():
            leads = further.get(_further(pointer) or ("", ""), pointer)
            if account_id in (leads.get("merged_into"), leads.get("account_id")):
                yield keys[key]

    def _of_cases(self, wanted: Iterable[Named], case: Case) -> Iterator[Named]:
        asked = {value for kind, value in wanted if kind is ReferenceKind.CASE}
        known = {case.reference}
        if asked - known and case.account_id:
            for done in (False, True):
                refs, _ = self.cases.of_owner(account_owner(case.account_id), done, _NEWEST, None)
                known |= {ref.reference for ref in refs}
        return ((ReferenceKind.CASE, value) for value in asked & known)


def _further(pointer: Item) -> tuple[str, str] | None:
    """The item that says whose it is, where the pointer does not."""
    if "invoice_id" in pointer and "account_id" not in pointer:
        return f"I#{pointer['invoice_id']}", "#"
    return head_key(pointer["account_id"]) if pointer.get("status") == "merged" else None
