"""A small desk for guides: a table, a post that keeps its letters, and bills that are told as Stripe's mirror does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast

from chalicelib.accounts.letters import Letter
from chalicelib.accounts.store import summary_key
from chalicelib.billing.model import Invoice, InvoiceLine
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.education.model import GuideRecord
from chalicelib.education.occasions import Occasions
from chalicelib.education.policy import EDUCATION_POLICY, EducationRules
from chalicelib.education.post import HeardPost
from chalicelib.education.store import GuideStore
from chalicelib.payments.news import Fact, News, Topic
from chalicelib.platform.dynamo import Put, Table
from chalicelib.policy.model import Ruling, initial
from tests.billing.builders import a_line, an_invoice, open_account
from tests.fakes import FixedClock
from tests.memory_table import MemoryTable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERYBODY = EducationRules(held_out_bp=0)


@dataclass
class KeptPost:
    """Keeps each letter once, as the post of the desk does."""

    letters: dict[str, Letter] = field(default_factory=dict)
    calls: int = 0

    def send(self, letter: Letter) -> bool:
        self.calls += 1
        return self.letters.setdefault(letter.account_id + letter.letter_id, letter) is letter


@dataclass
class School:
    """One account, `acc_1`, unless others are opened. `rules` holds from the beginning."""

    table: Table = field(default_factory=MemoryTable)
    rules: EducationRules = EVERYBODY
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    post: KeptPost = field(default_factory=KeptPost)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.open("acc_1")

    def open(self, account_id: str, **attributes: Any) -> None:
        open_account(self.table, account_id, **{"emails": ["ada@example.com"], **attributes})

    @property
    def store(self) -> GuideStore:
        return GuideStore(self.table)

    def ruling(self, _: date) -> Ruling[EducationRules]:
        return Ruling(self.rules, "education@test", initial(EDUCATION_POLICY).effective_from)

    def today(self) -> date:
        return self.clock().date()

    def occasions(self, table: Table | None = None) -> Occasions:
        on = table or self.table
        return Occasions(
            GuideStore(on), BillingStore(on), self.post, self.ruling, self.clock, self.today, self._count
        )  # fmt: skip

    def bill(self, invoice_id: str, issued_on: date, *lines: InvoiceLine, account_id: str = "acc_1") -> Invoice:
        """Issue a bill of 33.00, unless lines are given, and tell of it."""
        bill = an_invoice(
            invoice_id, *(lines or (a_line(),)), account_id=account_id, number=f"N-{invoice_id}", issued_on=issued_on
        )
        Invoices(BillingStore(self.table), self.clock, self.today).issue(bill)
        self.tell_bill(bill)
        return bill

    def tell_bill(self, bill: Invoice, table: Table | None = None) -> None:
        standing = Invoices(BillingStore(self.table), self.clock, self.today).get(bill.invoice_id)
        self.occasions(table).issued(standing, cast("Any", None))

    def hear(self, topic: Topic, object_id: str, at: datetime | None = None, **facts: str) -> None:
        said = {Fact(name): word for name, word in facts.items()}
        more = {"url": "https://pay.example"} if topic is Topic.PAY_LINK else {}
        said |= {Fact(name): word for name, word in more.items()}
        self.occasions().tell(
            News(topic=topic, object_id=object_id, at=at or self.clock(), account_id="acc_1", facts=said)
        )

    def queue(self, name: str, object_id: str, **facts: str) -> None:
        """Another domain sends a letter."""
        letter = Letter(name=name, object_id=object_id, account_id="acc_1", at=self.clock(), facts={**facts})
        HeardPost(cast("Any", self.post), (self.occasions().queued,)).send(letter)

    def summary(self, name: str, account_id: str = "acc_1", **attributes: Any) -> None:
        """An item of the account's summary, as its domain stores it."""
        pk, sk = summary_key(account_id, name)
        self.table.write(Put({"pk": pk, "sk": sk, "account_id": account_id, **attributes}))

    def records(self, account_id: str = "acc_1") -> list[GuideRecord]:
        """Newest first."""
        return self.store.of_account(account_id, 100, None)[0]

    def outcomes(self) -> list[tuple[str, str]]:
        return [(record.slug, record.outcome.value) for record in self.records()]

    def sent(self) -> list[str]:
        """Names of the letters, oldest first."""
        return [letter.name for letter in self.post.letters.values()]

    def _count(self, name: str) -> None:
        self.counted[name] += 1
