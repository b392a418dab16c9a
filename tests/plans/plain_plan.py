"""A payment plan played another way: the calendar is walked day by day, and everything is remembered in plain lists.

It knows nothing of the code it checks but the words of its diary, and no ledger: it is told what was paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.platform.workdays import IsWorkingDay

ONE = timedelta(days=1)
GRACE, REMIND, LEAST, RETRIES = 5, 3, 50, (2, 4)


@dataclass
class Try:
    on: date
    outcome: str  # taken, on_its_way, declined, gone, linked


@dataclass
class PlainPlan:
    """`resting` are the days of holds so far; `tries` what was asked for each instalment."""

    agreed_on: date
    days: list[date]
    amounts: list[int]
    works: IsWorkingDay
    by_card: bool
    paid: int = 0
    forgiven: int = 0
    disputed: int = 0
    resting: set[date] = field(default_factory=set)
    tries: dict[int, list[Try]] = field(default_factory=dict)
    reminded: int = -1
    warned: int = -1
    over: str | None = None

    @property
    def left(self) -> int:
        return sum(self.amounts) - self.paid - self.forgiven

    def wanted(self) -> list[int]:
        """What each instalment is now: the last pennies go first."""
        now = list(self.amounts)
        for _ in range(self.forgiven + min(self.disputed, self.left)):
            last = max(i for i, amount in enumerate(now) if amount)
            now[last] -= 1
        return now

    def awake_later(self, day: date, count: int) -> date:
        while count:
            day += ONE
            count -= day not in self.resting
        return day

    def due_days(self) -> list[date]:
        found = []
        for planned in self.days:
            day = self.awake_later(self.agreed_on, (planned - self.agreed_on).days)
            while day != planned and not self.works(day):
                day += ONE
            found.append(day)
        return found

    def day(self, today: date, card: str) -> list[str]:
        """The diary of one run; `card` is what the bank says that day."""
        if self.over:
            return []
        if self.left < LEAST:
            self.over = "completed"
            return [] if today in self.resting else ["completed"]
        return [] if today in self.resting else self._awake(today, card)

    def _awake(self, today: date, card: str) -> list[str]:
        dues, amounts = self.due_days(), self.wanted()
        sums = [sum(amounts[: i + 1]) for i in range(len(amounts))]
        short = [i for i in range(len(amounts)) if amounts[i] and sums[i] - self.paid >= LEAST]
        late = [i for i in short if dues[i] <= today]
        if not late:
            return self._reminder(today, dues, sums, [i for i in short if dues[i] > today])
        if any(each.outcome == "on_its_way" for each in self.tries.get(max(self.tries, default=-1), [])[-1:]):
            return []
        for i in short:
            if i in self.tries and self._deadline(i, dues[i]) < today:
                self.over = "broken"
                return [f"broken {self.left}"]
        return self._chase(late[-1], dues[late[-1]], sums[late[-1]] - self.paid, today, card)

    def _deadline(self, i: int, due: date) -> date:
        return self.awake_later(max(due, self.tries[i][0].on), GRACE)

    def _reminder(self, today: date, dues: list[date], sums: list[int], coming: list[int]) -> list[str]:
        if not coming or coming[0] <= self.reminded or (dues[coming[0]] - today).days > REMIND:
            return []
        self.reminded = coming[0]
        return [f"reminder {coming[0] + 1} {sums[coming[0]] - self.paid} {dues[coming[0]]}"]

    def _chase(self, i: int, due: date, owed: int, today: date, card: str) -> list[str]:
        tried = self.tries.setdefault(i, [])
        diary: list[str] = []
        if not tried:
            diary += self._ask(i, owed, today, card if self.by_card else "none")
        elif tried[-1].outcome == "declined" and self._is_time(tried, today):
            diary += self._ask(i, owed, today, card)
        if tried[-1].on == today and tried[-1].outcome in ("taken", "on_its_way"):
            return diary
        if tried[0].on < today and self.warned < i:
            self.warned = i
            diary.append(f"late {i + 1} {owed} by {self._deadline(i, due)}")
        return diary

    def _is_time(self, tried: list[Try], today: date) -> bool:
        return len(tried) <= len(RETRIES) and self.awake_later(tried[0].on, RETRIES[len(tried) - 1]) <= today

    def _ask(self, i: int, owed: int, today: date, card: str) -> list[str]:
        """A charge, and a link when there is nothing to charge or nothing that a retry would mend."""
        tried = self.tries[i]
        if card == "none":
            tried.append(Try(today, "linked"))
            return [f"link {i + 1} {owed}"]
        outcome = {"good": "taken", "slow": "on_its_way", "poor": "declined", "lost": "gone"}[card]
        tried.append(Try(today, outcome))
        diary = [f"charge {owed}"]
        if outcome == "gone":
            tried.append(Try(today, "linked"))
            diary.append(f"link {i + 1} {owed}")
        return diary

    def settled(self, minor: int) -> None:
        """Money that was on its way has come, or not: `minor` is nothing then."""
        for tried in self.tries.values():
            for each in tried:
                if each.outcome == "on_its_way":
                    each.outcome = "taken" if minor else "declined"
        self.paid += minor
