"""Random timelines of bills, money, holds, plans, wishes, runs and mail, played on the desk beside the oracle."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.letters import Letter, Purpose, Value
from chalicelib.audit.model import Actor
from chalicelib.billing.ledger import book
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.store import entry_put
from chalicelib.collections.policy import Deed
from chalicelib.payments.news import Topic
from chalicelib.platform.codec import Item
from chalicelib.platform.money import Money
from tests.collections.late_desk import ACTOR, HEAD, LateDesk
from tests.collections.oracle import Asked, Bill, Life, Spell

BEGINS = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
DAYS = 40
KINDS = sorted(set(HoldKind) - {HoldKind.DISPUTE})
_PASSING = {"quiet_hours", "day_off", "too_often"}
LASTING = {HoldKind.BREATHING_SPACE: 60, HoldKind.DEBT_ADVICE: 30, HoldKind.BEREAVEMENT: 60}


@dataclass
class Timeline:
    """One customer. `found` are the faults, which should be none; `tally` counts what was played."""

    seed: int
    desk: LateDesk = field(default_factory=LateDesk)
    tally: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.life = Life(self.dice.choice(("GB", "GB", "DE", "JP")))
        self.desk.clock.at = BEGINS
        self.head: dict[str, Any] = {
            **HEAD,
            "billing_address": {**HEAD["billing_address"], "country": self.life.country},
        }
        self.desk.account(**self.head)
        self.standing: list[tuple[Spell, str]] = []
        self.placed = 0
        self.looked_on: date | None = None
        self.is_again = False
        for n in range(self.dice.randint(1, 3)):
            due_on = BEGINS.date() + timedelta(days=self.dice.randint(0, 20))
            bill = Bill(due_on, self.dice.choice((300, 800, 2_500, 6_000, 12_000)))
            self.life.bills[f"inv_{n}"] = bill
            self.desk.bill(f"inv_{n}", bill.minor, bill.due_on)

    @property
    def now(self) -> datetime:
        return self.desk.clock()

    def play(self) -> Timeline:
        """Live through the days; the schedule runs at its hours on most of them."""
        self.run()
        moments = [(self._moment(), self.dice.choice(self._acts())) for _ in range(self.dice.randint(3, 20))]
        for day in range(1, DAYS):
            if self.dice.random() < 0.85:
                hours = (8, 11, 14, 17)[:: self.dice.choice((1, 2, 4, 4, 4))]
                moments += [(BEGINS.replace(hour=hour) + timedelta(days=day), self.run) for hour in hours]
        for at, act in sorted(moments, key=lambda each: each[0]):
            self.desk.clock.at = max(at, self.now + timedelta(seconds=1))
            act()
            if self.dice.random() < 0.8:
                self._between()
                self.deliver()
        return self

    def _between(self) -> None:
        """What comes between queueing a letter and sending it: time, and often something that holds it."""
        self.desk.clock.tick(1)
        if any(row["delivery"] == "queued" for row in self.desk.letters()):
            if self.dice.random() < 0.3:
                self.dice.choice((self.place, self.dispute, self.pay, self.plan, self.close, self.decline))()
                self.desk.clock.tick(1)
            if self.dice.random() < 0.2:
                self.desk.clock.tick(self.dice.choice((60, 3600, 40_000)))

    def _moment(self) -> datetime:
        return BEGINS + timedelta(minutes=self.dice.randint(1, DAYS * 1440))

    def _acts(self) -> list[Callable[[], None]]:
        return [
            self.place, self.place, self.release, self.dispute, self.dispute, self.pay, self.pay, self.plan, self.close,
            self.lose_address, self.decline, self.be_quiet, self.other_letter,
        ]  # fmt: skip

    # What customers and advisors do -----------------------------------------------------------------------------------

    def place(self) -> None:
        kind, today = self.dice.choice(KINDS), self.desk.today()
        first = today + timedelta(days=self.dice.choice((0, 0, 1, 5)))
        days = LASTING.get(kind, 10)
        last = first + timedelta(days=days - 1) if kind in {*LASTING, HoldKind.PAYMENT_PROMISE} else None
        said = {"until_on": last} if kind is HoldKind.PAYMENT_PROMISE else {}
        self._placed(Spell(kind.value, self.now, first, last), kind, from_on=first, **said)

    def dispute(self) -> None:
        invoice_id = self.dice.choice(sorted(self.life.bills))
        minor = self.dice.choice((None, 200, 1_000, 5_000))
        amount = Money(amount_minor=minor, currency="GBP") if minor else None
        spell = Spell("dispute", self.now, self.desk.today(), None, invoice_id, minor)
        self._placed(spell, HoldKind.DISPUTE, invoice_id=invoice_id, amount=amount)

    def _placed(self, spell: Spell, kind: HoldKind, **said: Any) -> None:
        if len([one for one in self.standing if one[0].last is None]) > 5:
            return
        self.placed += 1
        hold_id = self.desk.hold(kind, reference=str(self.placed), **said)
        self.life.spells.append(spell)
        self.standing.append((spell, hold_id))
        self.tally["holds"] += 1

    def release(self) -> None:
        today = self.desk.today()
        open_ones = [one for one in self.standing if one[0].last is None or one[0].last >= today]
        if open_ones:
            spell, hold_id = self.dice.choice(open_ones)
            self.standing.remove((spell, hold_id))
            self.desk.holds.release("acc_1", hold_id, "it is over", ACTOR)
            spell.released_at = self.now

    def pay(self) -> None:
        invoice_id = self.dice.choice(sorted(self.life.bills))
        due = self.life.due(self.now, invoice_id)
        minor = min(due, self.dice.choice((100, 1_000, due)))
        if minor > 0:
            owed = self.desk.billing.receivables("acc_1")
            after, _ = owed.paid(minor, [invoice_id], only=True)
            money = Movement(EntryKind.PAYMENT, minor, f"pay_{owed.seq}", self.now, "evt", Actor("stripe", "Stripe"))
            self.desk.table.write(entry_put(book(owed, after, money, self.now)))
            self.life.payments.append((self.now, invoice_id, minor))
            self.tally["payments"] += 1

    def plan(self) -> None:
        covered = {
            name: self.dice.choice((bill.minor, bill.minor // 2)) for name, bill in self.life.bills.items()
            if self.dice.random() < 0.5
        }  # fmt: skip
        self.desk.shields.covered = covered
        self.life.plans.append((self.now, covered))
        self.tally["plans"] += 1

    def close(self) -> None:
        is_open = self.dice.random() < 0.5
        self._head(status="active" if is_open else "closed")
        self.life.is_open.append((self.now, is_open))

    def lose_address(self) -> None:
        has_mail = self.dice.random() < 0.6
        self._head(emails=["ada@example.com"] if has_mail else [])
        self.life.has_mail.append((self.now, has_mail))

    def _head(self, **changes: Any) -> None:
        self.head |= changes
        self.desk.account(**self.head)

    def decline(self) -> None:
        self.life.agrees.append((self.now, self.dice.random() < 0.6))
        self._wishes()

    def be_quiet(self) -> None:
        hours = self.dice.choice((None, ("08:00", "12:00"), ("16:00", "10:00"), ("21:00", "07:00")))
        self.life.quiet.append((self.now, hours))
        self._wishes()

    def _wishes(self) -> None:
        agrees = self.life.agrees[-1][1] if self.life.agrees else True
        hours = self.life.quiet[-1][1] if self.life.quiet else None
        said = {"purpose": "collection", "channel": "mail", "is_allowed": agrees, "source": "customer", "at": self.now}
        quiet = {"begins": hours[0], "ends": hours[1]} if hours else None
        self.desk.prefer(consents=[said], quiet_hours=quiet)

    def other_letter(self) -> None:
        """Another part of the desk asks for money: of a plan, or once more for an invoice."""
        about = self.dice.choice(("plan_1", *sorted(self.life.bills)))
        said: dict[str, Value] = {"due_minor": 10**6, "left_minor": 10**6, "due_on": "2026-12-01", "number": about}
        letter = Letter(
            name="plans/broken" if about == "plan_1" else "collections/reminder", object_id=about, account_id="acc_1",
            occasion=f"other {self.now}", at=self.now, purpose=Purpose.COLLECTION, currency="GBP", facts=said,
        )  # fmt: skip
        self.desk.post.send(letter)

    # What the desk does, held to the oracle ---------------------------------------------------------------------------

    def run(self) -> None:
        before = {row["message_id"] for row in self.desk.letters()}
        handed = len(self.desk.paper.of(Topic.DEBT_HANDED_OVER))
        today, at = self.desk.today(), self.now
        is_looked_at = self.looked_on != today or self.is_again
        wanted = self._wanted(at, today) if is_looked_at else None
        self.desk.collections.run()
        self.tally["runs"] += 1
        new = [row["letter"]["object_id"] for row in self.desk.letters() if row["message_id"] not in before]
        new += [news.object_id for news in self.desk.paper.of(Topic.DEBT_HANDED_OVER)[handed:]]
        if new != ([wanted] if wanted else []):
            self.found.append(f"{self.seed} {at}: the run asked for {new}, {wanted} was due")
        if is_looked_at:
            self.looked_on, self.is_again = today, self._recorded(at, today, wanted) and wanted is None
        for invoice_id in new:
            self.life.steps.setdefault(invoice_id, []).append(today)
            self.tally["steps"] += 1

    def _late(self, at: datetime, today: date) -> list[str]:
        bills = self.life.bills
        late = [name for name, bill in bills.items() if bill.due_on < today and self.life.due(at, name) > 0]
        return sorted(late, key=lambda name: (bills[name].due_on, name))

    def _wanted(self, at: datetime, today: date) -> str | None:
        """The invoice whose step this run has to take."""
        late = self._late(at, today)
        for name in [each for each in self.life.steps if each not in late]:
            self.life.steps.pop(name)  # what is paid leaves the ladder
        for name in late:
            found = self.life.next_step(name, self.desk.rules)
            if found and found[1] <= today and not self._against(at, name, found[0]):
                return name
        return None

    def _against(self, at: datetime, name: str, step: int) -> set[str]:
        return self.life.reasons(at, name, self.desk.rules, self.desk.rules.steps[step].deed)

    def _recorded(self, at: datetime, today: date, taken: str | None) -> bool:
        """Every step that was due and was not taken stands among the held ones, with all reasons that will not pass by
        themselves. Whether one of them is held by the hour or the day alone, so that a later run looks again."""
        is_again = False
        for name in self._late(at, today):
            if name == taken:
                break
            found = self.life.next_step(name, self.desk.rules)
            if found and found[1] <= today and (reasons := self._against(at, name, found[0])):
                is_again = is_again or reasons <= _PASSING
                step, lasting = self.desk.rules.steps[found[0]], reasons - _PASSING or reasons
                known = (step.name, f"collections/{step.letter}")
                rows = [row for row in self.desk.held() if row.what in known and row.invoice_id == name]
                if not any(lasting <= set(row.reasons) for row in rows):
                    self.found.append(f"{self.seed} {at}: {name} was held for {reasons} without a record")
                self.tally["held steps"] += 1
        return is_again

    def deliver(self) -> None:
        for row in [row for row in self.desk.letters() if row["delivery"] == "queued"]:
            sent, at = len(self.desk.mails.sent), self.now
            self.desk.outbox.deliver(dict(row))
            self._judged(row, at, has_left=len(self.desk.mails.sent) > sent)
            self.desk.clock.tick(1)

    def _judged(self, row: Item, at: datetime, *, has_left: bool) -> None:
        letter = row["letter"]
        invoice_id = letter["object_id"] if letter["object_id"] in self.life.bills else None
        reasons = self.life.reasons(at, invoice_id, self.desk.rules, Deed.LETTER)
        (kept,) = [each for each in self.desk.letters() if each["message_id"] == row["message_id"]]
        self.tally["letters judged"] += 1
        if has_left:
            self.tally["letters sent"] += 1
            if reasons:
                self.found.append(f"{self.seed} {at}: {letter['object_id']} left against {reasons}")
            if invoice_id and _spoken(self.life.free(at, invoice_id)) not in kept["subject"]:
                self.found.append(f"{self.seed} {at}: {kept['subject']} asks for another amount")
            self.life.asked.append(Asked(at, invoice_id))
            return
        self.tally["letters held"] += 1
        records = [one for one in self.desk.held() if one.message_id == row["message_id"] and one.at == at]
        if not reasons or [set(map(str, one.reasons)) for one in records] != [reasons]:
            self.found.append(f"{self.seed} {at}: {letter['object_id']} held {records}, not {reasons}")
        if not reasons <= _PASSING and not letter["occasion"].startswith("other"):
            self._taken_back(letter["object_id"], letter["occasion"])

    def _taken_back(self, invoice_id: str, occasion: str) -> None:
        day = date.fromisoformat(occasion.partition("@")[2])
        days = self.life.steps.get(invoice_id, [])
        if days and days[-1] == day:
            days.pop()


def _spoken(minor: int) -> str:
    return f"£{minor // 100:,}.{minor % 100:02}"
