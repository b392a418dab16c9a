"""An account with bills, its payment plans, and a calendar that moves a day at a time; all in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from chalicelib.accounts.holds import AccountHolds, Hold, HoldKind
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.letters import Letter
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore, summary_key
from chalicelib.audit.model import Actor
from chalicelib.billing.corrections import Corrections
from chalicelib.billing.model import CreditNote
from chalicelib.billing.service import Invoices
from chalicelib.payments.customers import Customers, HolderStore
from chalicelib.payments.hosted import Returns
from chalicelib.payments.links import PayLinks
from chalicelib.payments.methods import PaymentMethods
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.plans.agreement import PlanOrder
from chalicelib.plans.asking import Asking
from chalicelib.plans.collecting import Collecting
from chalicelib.plans.daily import DailyRun, ProgressStore
from chalicelib.plans.looking import Look, Looks
from chalicelib.plans.model import PayBy, Plan
from chalicelib.plans.policy import PLAN_POLICY, PlanRules
from chalicelib.plans.quote import Quote, Wish
from chalicelib.plans.quote_store import QuoteStore
from chalicelib.plans.quoting import PlanQuotes
from chalicelib.plans.service import PaymentPlans
from chalicelib.plans.settling import Settling
from chalicelib.plans.stopping import Stopping
from chalicelib.plans.store import PlanStore
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.errors import DeskError
from chalicelib.platform.money import Money
from chalicelib.policy.model import Ruling, initial
from tests.billing.builders import a_line, an_invoice, open_account
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable
from tests.payments.fakes import a_decline, an_event
from tests.payments.money_desk import Listener, MoneyDesk
from tests.payments.wallet import FakeWallet

ACCOUNT = "acc_1"
MONDAY = date(2026, 11, 2)
ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")


@dataclass
class Postbag:
    """Takes letters; the same letter once."""

    letters: dict[str, Letter] = field(default_factory=dict)

    def send(self, letter: Letter) -> bool:
        return self.letters.setdefault(letter.letter_id, letter) is letter

    @property
    def names(self) -> list[str]:
        return [letter.name.removeprefix("plans/") for letter in self.letters.values()]

    def last(self, name: str) -> Letter:
        return [letter for letter in self.letters.values() if letter.name == f"plans/{name}"][-1]


@dataclass
class World:
    """`stopped` are the bills that Stripe was told to leave alone."""

    table: Table = field(default_factory=MemoryTable)
    wallet: FakeWallet = field(default_factory=FakeWallet)
    clock: FixedClock = field(default_factory=FixedClock)
    post: Postbag = field(default_factory=Postbag)
    listener: Listener = field(default_factory=Listener)
    counted: Counter[str] = field(default_factory=Counter)
    ids: CountingIds = field(default_factory=CountingIds)
    rules: PlanRules = field(default_factory=PlanRules)
    stopped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def on(self, table: Table) -> World:
        """The same world, whose desk is another process on a view of the table."""
        return World(table, self.wallet, self.clock, self.post, self.listener, self.counted, self.ids, self.rules,
                     self.stopped, self.failed)  # fmt: skip

    @property
    def today(self) -> date:
        return self.clock().date()

    def count(self, name: str, value: int = 1) -> None:
        self.counted[name] += value

    def ruling(self, day: date) -> Ruling[PlanRules]:
        return Ruling(self.rules, initial(PLAN_POLICY).version, day)

    def collect_by_itself(self, stripe_id: str, *, wanted: bool) -> None:
        assert not wanted
        self.stopped.append(stripe_id)

    @cached_property
    def money(self) -> MoneyDesk:
        return MoneyDesk(self.table, self.wallet, self.clock, self.listener)

    @cached_property
    def links(self) -> PayLinks:
        customers = Customers(HolderStore(self.table), self.money.store, self.wallet)
        return PayLinks(
            self.money.payments, self.money.store, customers, self.wallet, self.listener, self.clock, str,
            Returns("https://desk.example/done", "https://desk.example/left"), lambda _: None,
        )  # fmt: skip

    @cached_property
    def methods(self) -> PaymentMethods:
        customers = Customers(HolderStore(self.table), self.money.store, self.wallet)
        returns = Returns("https://desk.example/done", "https://desk.example/left")
        return PaymentMethods(customers, self.wallet, self.wallet, self.clock, self.ids, lambda: b"key", returns)

    @cached_property
    def looks(self) -> Looks:
        return Looks(self.money.ledger, HoldStore(self.table), self.money.payments)

    @cached_property
    def store(self) -> PlanStore:
        return PlanStore(self.table)

    @cached_property
    def stopping(self) -> Stopping:
        return Stopping(self, self.listener, self.clock)

    @cached_property
    def quotes(self) -> PlanQuotes:
        accounts = Accounts(AccountStore(self.table), self.clock, self.ids)
        return PlanQuotes(
            QuoteStore(self.table), self.store, self.money.ledger, accounts, self.ruling, self.clock, self.ids,
            lambda: self.today, self.count,
        )  # fmt: skip

    @cached_property
    def plans(self) -> PaymentPlans:
        return PaymentPlans(
            self.store, QuoteStore(self.table), self.money.ledger, HoldStore(self.table), self.looks, self.methods,
            self.stopping, self.post, self.ruling, self.clock, self.ids, lambda: self.today, self.count,
        )  # fmt: skip

    @cached_property
    def settling(self) -> Settling:
        return Settling(self.plans, self.money.payments, self.links)

    @cached_property
    def collecting(self) -> Collecting:
        asking = Asking(self.money.payments, self.links, self.methods, self.post, self.clock)
        return Collecting(
            self.store, self.looks, asking, self.stopping, self.post, self.listener, self.clock,
            self.ids, lambda: self.today, self.count,
        )  # fmt: skip

    @property
    def daily(self) -> DailyRun:
        def failed(plan_id: str, _: DeskError) -> None:
            self.failed.append(plan_id)

        return DailyRun(self.store, ProgressStore(self.table), self.collecting, lambda: self.today, failed)

    # What happens

    def owes(self, *amounts_minor: int, stripe: bool = False) -> None:
        """An account that owes these bills."""
        open_account(self.table, ACCOUNT, emails=["ada@example.com"], stripe_customer_id="cus_acc_1")
        for n, minor in enumerate(amounts_minor, start=1):
            self.bill(f"inv_in_{n}" if stripe else f"inv_{n}", minor)

    def bill(self, invoice_id: str, minor: int) -> None:
        line = a_line(net_minor=minor, tax_rate_bp=0)
        Invoices(self.money.ledger, self.clock, lambda: self.today).issue(
            an_invoice(invoice_id, line, account_id=ACCOUNT, number=f"N-{invoice_id}")
        )

    def quote(self, **wish: Any) -> Quote:
        return self.quotes.make(ACCOUNT, Wish(**wish), ADVISOR)[0]

    def agree(
        self, choice: str = "monthly-3", pay_by: PayBy = PayBy.LINK, *, quote: Quote | None = None, **order: Any
    ) -> Plan:
        quote = quote or self.quote()
        made = PlanOrder(ACCOUNT, quote.quote_id, choice, pay_by, **order)
        return self.plans.make(made, ADVISOR, by_staff=True)

    def save_card(self, method_id: str = "pm_card_visa") -> None:
        self.wallet.saves(method_id, "cus_acc_1")
        self.wallet.defaults["cus_acc_1"] = method_id

    def pay(self, minor: int, *invoice_ids: str) -> Payment:
        """The customer pays by card in the app; it is booked at once."""
        order = PaymentOrder(ACCOUNT, Money(amount_minor=minor, currency="GBP"), invoice_ids, "pm_card_visa")
        payment = self.money.payments.take(order, self.ids("key"), ADVISOR).payment
        self.books(payment)
        return payment

    def books(self, payment: Payment) -> None:
        """Stripe's word that a payment succeeded has come."""
        self.money.events.apply(an_event(payment, event_id=f"evt_{payment.payment_id}"))

    def fails(self, payment: Payment, code: str = "insufficient_funds") -> None:
        """Stripe's word that it failed has come."""
        body = an_event(payment, "payment_intent.payment_failed", f"evt_f_{payment.payment_id}", **a_decline(code))
        self.money.events.apply(body)

    def books_all(self) -> None:
        """All charges under way are booked."""
        for _, payment in list(self.wallet.intents.values()):
            standing = self.money.payments.get(payment.payment_id)
            if standing.status.value == "processing":
                self.books(standing)

    def credit(self, invoice_id: str, minor: int) -> None:
        note = CreditNote(
            credit_note_id=self.ids("cn"), invoice_id=invoice_id, account_id=ACCOUNT, amount_minor=minor,
            issued_at=self.clock(),
        )  # fmt: skip
        Corrections(self.money.ledger, self.clock).credit(note, ADVISOR, self.ids("evt"))

    def hold(self, kind: HoldKind, from_on: date, until_on: date | None = None, **more: Any) -> None:
        """A hold is placed, as the service of holds keeps it."""
        hold = Hold(hold_id=self.ids("hold"), kind=kind, from_on=from_on, until_on=until_on, policy="holds@initial",
                    placed_at=self.clock(), placed_by_name="advisor.one", **more)  # fmt: skip
        self._keep(HoldStore(self.table).of(ACCOUNT).with_hold(hold, self.today))

    def release(self) -> None:
        """All holds are over."""
        self._keep(AccountHolds(account_id=ACCOUNT))

    def _keep(self, holds: AccountHolds) -> None:
        pk, sk = summary_key(ACCOUNT, "HOLDS")
        self.table.write(Put({**holds.model_dump(mode="json", exclude_none=True), "pk": pk, "sk": sk}))

    def on_day(self, day: date) -> World:
        """It is the morning of that day."""
        self.clock.at = datetime.combine(day, time(9), UTC)
        return self

    def runs(self, until: date, *, booked: bool = True) -> World:
        """The daily run of today and of each day until then."""
        while True:
            self.daily.run()
            if booked:
                self.books_all()
            if self.today >= until:
                return self
            self.on_day(self.today + timedelta(days=1))

    def plan(self, plan: Plan) -> Plan:
        return self.store.get(plan.plan_id)

    def look(self, plan: Plan) -> Look:
        return self.plans.seen(self.plan(plan))
