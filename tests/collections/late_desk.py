"""A desk whose customers pay late: every service of collections, the mail included, over one table in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.holds_orders import HoldOrder
from chalicelib.accounts.holds_policy import HOLDS_POLICY
from chalicelib.accounts.holds_service import Holds
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.preferences_model import Preferences
from chalicelib.accounts.preferences_store import PreferenceStore
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.cases.letter_list import LetterList
from chalicelib.cases.letter_words import LetterWords
from chalicelib.cases.mail_policy import MAIL_POLICY
from chalicelib.cases.messages import Delivery
from chalicelib.cases.notice_outbox import NoticeOutbox
from chalicelib.cases.notice_words import NoticeWords
from chalicelib.cases.notices import NoticeStore
from chalicelib.cases.optional_letters import OptionalLetters
from chalicelib.cases.post import DeskPost
from chalicelib.cases.recipients import Recipients
from chalicelib.cases.sent_letters import SentLetters
from chalicelib.cases.texting import Texting, TextLimit
from chalicelib.collections.agenda import agenda
from chalicelib.collections.charging import Charging
from chalicelib.collections.desk import CollectionDesk
from chalicelib.collections.facts import FactsReader
from chalicelib.collections.gate import Gate
from chalicelib.collections.judgement import Judgement
from chalicelib.collections.policy import COLLECTION_POLICY, CollectionRules
from chalicelib.collections.returned import ReturnedReminders
from chalicelib.collections.service import Collections
from chalicelib.collections.store import CollectionStore
from chalicelib.collections.visits import Visits
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.news import News, Topic
from chalicelib.payments.store import PaymentStore
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Refused
from chalicelib.policy.model import Ruling
from tests.billing.builders import a_line, an_invoice, open_account
from tests.cases.builders import PhoneNetwork, PostOffice
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable

LONDON = ZoneInfo("Europe/London")
DUE = date(2026, 11, 2)
"""A Monday."""
MORNING = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
"""The day after, at an hour of the schedule."""
ACTOR = Actor("sub-advisor", "advisor.one", "req-1")
STAMP = "2026-01-01T00:00:00.000Z"
HEAD: dict[str, Any] = {
    "account_number": "1000000009", "name": {"given": "Ada", "family": "Lovelace"}, "emails": ["ada@example.com"],
    "phones": ["+447700900123"], "created_at": STAMP, "updated_at": STAMP,
    "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
}  # fmt: skip


@dataclass
class Shields:
    """Plans: what of each invoice is on one."""

    covered: dict[str, int] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)

    def shielded(self, account_id: str) -> dict[str, int]:
        return self.covered

    def ever_shielded(self, account_id: str) -> set[str]:
        return self.ever | set(self.covered)


@dataclass
class Newspaper:
    """Prints each news once, as the newsroom does."""

    told: dict[str, News] = field(default_factory=dict)

    def of(self, topic: Topic) -> list[News]:
        return [news for news in self.told.values() if news.topic is topic]

    def tell(self, news: News) -> None:
        self.told.setdefault(news.news_id, news)


@dataclass
class StripeBills:
    """Remembers which invoices Stripe was told to wait with, and why. Each is of 60.00 unless `remaining` says so."""

    waiting: set[str] = field(default_factory=set)
    noted: dict[str, str] = field(default_factory=dict)
    remaining: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    gone: set[str] = field(default_factory=set)
    told: Callable[[bool], None] = lambda _: None

    def read(self, kind: str, object_id: str) -> dict[str, Any]:
        metadata = {self.noted[object_id]: "yes"} if object_id in self.noted else {}
        remaining = self.remaining.get(object_id, 6000)
        advances = object_id not in self.waiting
        return {"object": kind, "auto_advance": advances, "amount_remaining": remaining, "metadata": metadata}

    def collect_by_itself(self, stripe_id: str, *, wanted: bool, note: str | None = None) -> None:
        self.calls += 1
        if stripe_id in self.gone:
            raise Refused("paid")
        (self.waiting.discard if wanted else self.waiting.add)(stripe_id)
        if wanted:
            self.noted.pop(stripe_id, None)
        elif note:
            self.noted[stripe_id] = note
        self.told(wanted)


@dataclass
class LateDesk:
    table: MemoryTable = field(default_factory=MemoryTable)
    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))
    rules: CollectionRules = COLLECTION_POLICY.initial
    mails: PostOffice = field(default_factory=PostOffice)
    phones: PhoneNetwork = field(default_factory=PhoneNetwork)
    shields: Shields = field(default_factory=Shields)
    paper: Newspaper = field(default_factory=Newspaper)
    stripe: StripeBills = field(default_factory=StripeBills)
    counted: Counter[str] = field(default_factory=Counter)
    new_id: CountingIds = field(default_factory=CountingIds)

    def today(self) -> date:
        return self.clock().astimezone(LONDON).date()

    def count(self, name: str) -> None:
        self.counted.update([name])

    def ruling(self, day: date) -> Ruling[CollectionRules]:
        return Ruling(self.rules, "collection@test", day)

    @property
    def billing(self) -> BillingStore:
        return BillingStore(self.table)

    @property
    def store(self) -> CollectionStore:
        return CollectionStore(self.table)

    @property
    def payments(self) -> PaymentStore:
        return PaymentStore(self.table)

    @property
    def reader(self) -> FactsReader:
        return FactsReader(self.store, self.billing, (), (self.shields,), LONDON, self.payments, self.recipients)

    @property
    def gate(self) -> Gate:
        return Gate(self.reader, self.ruling, self.clock, self.count)

    @property
    def post(self) -> DeskPost:
        return DeskPost(NoticeStore(self.table), self.clock, self.count)

    @property
    def visits(self) -> Visits:
        return Visits(
            self.store, self.reader, self.ruling, Charging(self.stripe, (self.shields,)), self.post, self.paper,
            "N-{}".format, self.clock, self.today, self.count,
        )  # fmt: skip

    @property
    def collections(self) -> Collections:
        due, coming = agenda(self.table, "DUE", "overdue"), agenda(self.table, "COLLECT", "collect")
        return Collections(self.visits, self.store, due, coming)

    @property
    def desk(self) -> CollectionDesk:
        return CollectionDesk(self.store, self.reader, self.ruling, self.clock, self.today)

    @property
    def holds(self) -> Holds:
        return Holds(
            HoldStore(self.table), lambda day: Ruling(HOLDS_POLICY.initial, "holds@test", day), self.post,
            lambda _account, _invoice: True, (self.visits,), self.clock, self.new_id, self.today, self.count,
        )  # fmt: skip

    @property
    def recipients(self) -> Recipients:
        return Recipients(
            self.table, lambda: b"key", lambda day: Ruling(MAIL_POLICY.initial, "mail@test", day), self.new_id
        )

    @property
    def sent_letters(self) -> SentLetters:
        reminders = ReturnedReminders(self.store, self.reader, self.today, self.count)
        return SentLetters(NoticeStore(self.table), LetterList(self.table), (reminders,), self.count)

    @property
    def outbox(self) -> NoticeOutbox:
        return NoticeOutbox(
            NoticeStore(self.table), Accounts(AccountStore(self.table), self.clock, self.new_id),
            NoticeWords(lambda _: None, LONDON), LetterWords(LONDON, lambda _: {}), self.mails, self.clock,
            sender_address="billing@desk.example", reply_to="billing@desk.example",
            texting=Texting(self.phones, TextLimit(self.table, lambda: b"key")), interlock=self.gate,
            recipients=self.recipients,
            listed=LetterList(self.table),
            optional=OptionalLetters(PreferenceStore(self.table).of, "https://api.desk.example", b"key"),
            sent=self.sent_letters,
        )  # fmt: skip

    def account(self, account_id: str = "acc_1", **changes: Any) -> None:
        open_account(self.table, account_id, **{**HEAD, **changes})

    def bill(
        self, invoice_id: str = "inv_1", minor: int = 6000, due_on: date = DUE, account_id: str = "acc_1", *,
        comes_late: bool = False,
    ) -> None:  # fmt: skip
        """Booked when it was issued, or only now."""
        line = a_line(net_minor=minor, tax_rate_bp=0)
        issued_on = due_on - timedelta(days=14)
        new = an_invoice(
            invoice_id, line, account_id=account_id, number=f"N-{invoice_id}", issued_on=issued_on, due_on=due_on
        )
        issued_at = datetime.combine(issued_on, time(9), UTC)
        Invoices(self.billing, self.clock if comes_late else lambda: issued_at, self.today).issue(new)

    def debit(self, minor: int, *invoice_ids: str, status: PaymentStatus = PaymentStatus.PROCESSING) -> None:
        """A bank debit was taken; it is booked days later, or bounces."""
        payment = Payment(
            payment_id=f"pay_{self.new_id('')}", account_id="acc_1", amount_minor=minor, currency="GBP", status=status,
            invoice_ids=invoice_ids, taken_by="sub-1", taken_by_name="Ada", created_at=self.clock(),
        )  # fmt: skip
        self.payments.begin(payment)

    def void(self, invoice_id: str) -> None:
        Corrections(self.billing, self.clock).void(invoice_id, self.clock(), ACTOR, f"req-{invoice_id}")

    def hold(self, kind: HoldKind, account_id: str = "acc_1", **said: Any) -> str:
        order = HoldOrder(kind, said.pop("from_on", self.today()), **said)
        return self.holds.place(account_id, order, ACTOR).hold_id

    def prefer(self, account_id: str = "acc_1", **said: Any) -> None:
        wishes = Preferences(account_id=account_id, version=1, **said).model_dump(mode="json", exclude_none=True)
        self.table.write(Put({"pk": f"A#{account_id}", "sk": "L$PREFS", **wishes}))

    def letters(self, account_id: str = "acc_1") -> list[Item]:
        """The letters about late money, in the order in which they were queued."""
        found = [row for sk, row in self.table.items.get(f"A#{account_id}", {}).items() if sk.startswith("MAIL#")]
        asking = [row for row in found if row["letter"]["purpose"] == "collection"]
        return sorted(asking, key=lambda row: (row["at"], row["sk"]))

    def deliver(self) -> list[Delivery | None]:
        """What the table's stream does: every queued letter is sent, or not."""
        queued = [
            dict(row)
            for part in list(self.table.items.values())
            for sk, row in sorted(part.items())
            if sk.startswith("MAIL#") and row["delivery"] == "queued"
        ]
        return [self.outbox.deliver(row) for row in queued]

    def day(self, n: int = 1, runs: int = 1) -> int:
        """The next `n` days, each with its runs and the mail; how many steps were taken."""
        taken = 0
        for _ in range(n):
            for _ in range(runs):
                taken += self.collections.run()
                self.deliver()
            self.clock.tick(86_400)
        return taken

    def held(self, account_id: str = "acc_1") -> list[Judgement]:
        return self.store.held(account_id, 100, None)[0][::-1]

    def sent(self, account_id: str = "acc_1") -> list[Judgement]:
        return self.store.sent(account_id, 100, None)[0][::-1]
