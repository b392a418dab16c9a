"""Two accounts of one customer, and everything that a merge touches, on the table in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.accounts.contact import ContactChange
from chalicelib.accounts.merge_model import MergeGuard
from chalicelib.accounts.merge_store import MergeStore
from chalicelib.accounts.merge_writing import MergeWriter
from chalicelib.accounts.merges import Merges
from chalicelib.accounts.model import Account, AccountKind, Profile
from chalicelib.accounts.policy import duplicates_as_shipped
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor
from chalicelib.billing.merge_guard import BooksGuard
from chalicelib.billing.store import BillingStore
from chalicelib.cases.model import Case, Channel, Queue
from chalicelib.cases.moving import CaseMoves
from chalicelib.cases.store import CaseStore
from chalicelib.payments.merge_guard import PaymentsGuard
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Put, Write
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable

BOSS = Actor("sub-2", "supervisor.one", "req-1")
ADA: dict[str, Any] = {
    "name": {"given": "Ada", "family": "Lovelace"},
    "emails": ["ada@engines.example"],
    "phones": ["+442079460001"],
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
}
AGAIN: dict[str, Any] = {**ADA, "emails": ["ada@engines.example", "a.lovelace@home.example"], "phones": []}
_TRACES = ("U#", "MG#")
_COUNTED = frozenset({"version", "revision", "updated_at"})


@dataclass
class Listener:
    """Hears of addresses that came or went."""

    heard: list[ContactChange] = field(default_factory=list)

    def writes(self, change: ContactChange) -> Sequence[Write]:
        return ()

    def changed(self, change: ContactChange) -> None:
        self.heard.append(change)


@dataclass
class MergeDesk:
    table: MemoryTable = field(default_factory=MemoryTable)
    clock: FixedClock = field(default_factory=FixedClock)
    new_id: CountingIds = field(default_factory=CountingIds)
    listener: Listener = field(default_factory=Listener)
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def accounts(self) -> Accounts:
        return Accounts(AccountStore(self.table), self.clock, self.new_id)

    @property
    def billing(self) -> BillingStore:
        return BillingStore(self.table)

    @property
    def payments(self) -> PaymentStore:
        return PaymentStore(self.table)

    @property
    def cases(self) -> CaseStore:
        return CaseStore(self.table)

    @property
    def merges(self) -> Merges:
        guards: list[MergeGuard] = [BooksGuard(self.billing), PaymentsGuard(self.payments, self.clock)]
        heads = self.accounts.heads
        writer = MergeWriter(MergeStore(self.table), heads, [self.listener], self.new_id)
        moves = CaseMoves(self.cases, self.new_id)
        return Merges(
            writer, heads, duplicates_as_shipped, guards, moves, self.new_id, lambda name: self.counted.update([name])
        )

    def opened(self, profile: dict[str, Any]) -> Account:
        self.clock.tick(1)
        return self.accounts.create(Profile.model_validate(profile), AccountKind.CONSUMER, "GBP", BOSS)

    def case(self, account_id: str, number: int, version: int = 1) -> str:
        """An open case of the account."""
        now, case_id = self.clock(), f"case_{number}"
        case = Case(
            case_id=case_id, reference=f"C{number}", account_id=account_id, subject="A bill", queue=Queue.BILLING,
            channel=Channel.MAIL, created_at=now, updated_at=now, due_at=now, version=version,
        )  # fmt: skip
        self.table.write(Put(self.cases.head_item(case)))
        return case_id

    def state(self) -> dict[tuple[str, str], Item]:
        """Every item but the traces that merges leave on purpose, without what counts changes."""
        return {
            (pk, sk): {name: value for name, value in item.items() if name not in _COUNTED}
            for pk, part in self.table.items.items()
            for sk, item in part.items()
            if not sk.startswith(_TRACES) and not pk.startswith(_TRACES) and item.get("kind") != "case_event"
        }
