"""Random timelines of plans: payments, credits, holds, disputes, refunds, banks that say no, days without a run.

Each is played on the desk and on the plain plan beside it, and their diaries are compared day by day."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.accounts.holds import HoldKind
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.payments.refund import RefundOrder
from chalicelib.plans.model import PayBy, Plan
from chalicelib.plans.schedule import Frequency
from chalicelib.platform.workdays import working_days
from tests.plans.plain_plan import PlainPlan
from tests.plans.world import ACCOUNT, ADVISOR, World

CARDS = {"good": "pm_card_visa", "slow": "pm_bank_debit", "poor": "pm_card_poor", "lost": "pm_card_lost"}
ONE = timedelta(days=1)


@dataclass
class Timeline:
    """`happened` counts what was played, `wrong` is the first day on which the diaries differ."""

    seed: int
    world: World = field(default_factory=World)
    happened: Counter[str] = field(default_factory=Counter)
    wrong: str | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.paid: list[Payment] = []
        self.disputed: tuple[str, int] | None = None

    def play(self) -> Timeline:
        bills = [self.chance.randint(2_000, 9_000) for _ in range(self.chance.randint(1, 3))]
        self.world.owes(*bills)
        by = self.chance.choice(list(PayBy))
        if by is PayBy.SAVED_METHOD:
            self.world.save_card()
        wish = {"frequency": self.chance.choice(list(Frequency)), "count": self.chance.randint(2, 4)}
        quote = self.world.quote(**wish)
        plan = self.world.agree(quote.choices[0].choice, by, quote=quote)
        days, amounts = zip(*((each.due_on, each.amount_minor) for each in plan.instalments), strict=True)
        is_working, by_card = working_days("GB-ENG"), by is PayBy.SAVED_METHOD
        self.plain = PlainPlan(plan.agreed_on, list(days), list(amounts), is_working, by_card)
        self.rested_until = plan.agreed_on - ONE
        for _ in range(150):
            self._day(plan)
            if self.wrong or self.plain.over:
                break
            self.world.on_day(self.world.today + ONE)
        self.happened[f"ended {self.plain.over or 'under way'}"] += 1
        return self

    def _day(self, plan: Plan) -> None:
        self._morning(plan)
        if self.world.today <= self.rested_until:
            self.plain.resting.add(self.world.today)
        elif self.chance.random() < 0.05:
            self.happened["day without a run"] += 1
            return
        if self.disputed:
            invoice_id, minor = self.disputed
            self.plain.disputed = min(minor, self.world.money.ledger.receivables(ACCOUNT).due_minor(invoice_id))
        card = self._card()
        letters, charges = len(self.world.post.letters), len(self.world.wallet.intents)
        self.world.daily.run()
        expected = sorted(self.plain.day(self.world.today, card))
        found = sorted(self._diary(letters, charges))
        self.happened["run"] += 1
        self.happened.update(line.split()[0] for line in found)
        if found != expected:
            self.wrong = f"seed {self.seed}, {self.world.today}: expected {expected}, found {found}"
        self._evening()

    def _card(self) -> str:
        """What the bank says today, or that no method is saved."""
        card = self.chance.choices(["good", "slow", "poor", "lost", "none"], [5, 1, 3, 1, 1])[0]
        self.world.wallet.methods.clear()
        self.world.wallet.defaults.clear()
        if card != "none":
            self.world.save_card(CARDS[card])
        return card

    def _morning(self, plan: Plan) -> None:
        event = self.chance.choices([self._pays, self._credits, self._holds, self._disputes, self._refunds, None],
                                    [6, 1, 2, 1, 1, 60])[0]  # fmt: skip
        if event and self.plain.left > 200:
            event(plan)

    def _pays(self, _: Plan) -> None:
        # While a charge is on its way nobody pays too: what of both is more than is due would be credit.
        if any(each.outcome == "on_its_way" for tried in self.plain.tries.values() for each in tried):
            return
        minor = self.chance.choice((self.plain.left, self.chance.randint(100, self.plain.left), self.plain.left // 2))
        self.paid.append(self.world.pay(minor))
        self.plain.paid += minor
        self.happened["payment"] += 1

    def _credits(self, plan: Plan) -> None:
        owed = self.world.money.ledger.receivables(ACCOUNT)
        invoice_id = self.chance.choice(plan.invoice_ids)
        if not (due := owed.due_minor(invoice_id)):
            return
        minor = self.chance.randint(1, due)
        self.world.credit(invoice_id, minor)
        self.plain.forgiven += minor
        self.happened["credit"] += 1

    def _holds(self, _: Plan) -> None:
        if self.world.today <= self.rested_until:
            return
        days, kind = self.chance.randint(1, 40), self.chance.choice([HoldKind.BREATHING_SPACE, HoldKind.BEREAVEMENT])
        self.rested_until = self.world.today + (days - 1) * ONE
        self.world.hold(kind, self.world.today, self.rested_until)
        self.happened["hold"] += 1

    def _disputes(self, plan: Plan) -> None:
        """A part of one bill is disputed, for good."""
        if self.disputed:
            return
        self.disputed = (self.chance.choice(plan.invoice_ids), self.chance.randint(1, 5_000))
        invoice_id, minor = self.disputed
        self.world.hold(HoldKind.DISPUTE, self.world.today, None, invoice_id=invoice_id, amount_minor=minor)
        self.happened["dispute"] += 1

    def _refunds(self, _: Plan) -> None:
        if not self.paid:
            return
        payment = self.world.money.payments.get(self.paid.pop().payment_id)
        minor = self.chance.randint(1, payment.refundable_minor)
        self.world.money.refunds.request(RefundOrder(payment.payment_id, minor, None), f"r{len(self.paid)}", ADVISOR)
        self.plain.paid -= minor
        self.happened["refund"] += 1

    def _diary(self, letters: int, charges: int) -> list[str]:
        found = [f"charge {payment.amount_minor}" for _, payment in list(self.world.wallet.intents.values())[charges:]]
        for letter in list(self.world.post.letters.values())[letters:]:
            name, facts, number = letter.name.removeprefix("plans/"), letter.facts, letter.occasion.partition("/")[0]
            found.append(
                {
                    "reminder": f"reminder {number} {facts.get('amount_minor')} {facts.get('due_on')}",
                    "due": f"link {number} {facts.get('amount_minor')}",
                    "late": f"late {number} {facts.get('amount_minor')} by {facts.get('until_on')}",
                    "broken": f"broken {facts.get('left_minor')}",
                    "completed": "completed",
                }[name]
            )
        return found

    def _evening(self) -> None:
        """Stripe's events come: cards at once, bank debits some days later or never."""
        for _, asked in list(self.world.wallet.intents.values()):
            payment = self.world.money.payments.get(asked.payment_id)
            if payment.status is not PaymentStatus.PROCESSING:
                continue
            if payment.payment_method != "pm_bank_debit":
                self.world.books(payment)
                self.plain.paid += payment.amount_minor
            elif self.chance.random() < 0.2:
                self.world.books(payment)
                self.plain.settled(payment.amount_minor)
            elif self.chance.random() < 0.1:
                self.world.fails(payment)
                self.plain.settled(0)
