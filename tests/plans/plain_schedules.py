"""The days and amounts of a plan reckoned another way: a day at a time, a penny at a time."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.plans.schedule import Frequency, Instalment, schedule
from chalicelib.platform.workdays import working_days

REGIONS = ("GB-ENG", "GB-SCT", "IE", "DE")
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """What a schedule is asked for."""

    total_minor: int
    count: int
    frequency: Frequency
    agreed_on: date
    first_on: date
    due_day: int | None
    deposit_minor: int
    region: str

    def made(self) -> tuple[Instalment, ...]:
        return schedule(
            self.total_minor, self.count, self.frequency, self.first_on, working_days(self.region),
            due_day=self.due_day, deposit_minor=self.deposit_minor,
        )  # fmt: skip


def a_case(chance: random.Random) -> Case:
    agreed = date(2024, 1, 1) + timedelta(days=chance.randrange(3 * 366))
    count = chance.randint(2, 24)
    frequency = chance.choice(list(Frequency))
    first, due_day = agreed + timedelta(days=chance.randint(0, 31)), None
    if frequency is Frequency.MONTHLY and chance.random() < 0.5:
        due_day = chance.choice((28, 29, 30, 31, chance.randint(1, 31)))
        first = _first_such(agreed, due_day)
    total = chance.choice((chance.randint(count, 400), chance.randint(400, 20_000), 10_000))
    total = max(total, 2 * count)
    deposit = chance.choice((0, 0, chance.randint(1, total - count)))
    return Case(total, count, frequency, agreed, first, due_day, deposit, chance.choice(REGIONS))


def _first_such(day: date, due_day: int) -> date:
    while not _is_due_day(day, due_day):
        day += ONE
    return day


def _is_due_day(day: date, due_day: int) -> bool:
    last = monthrange(day.year, day.month)[1]
    return day.day == due_day or (day.day == last and due_day > last)


def plain_days(case: Case) -> list[date]:
    """Walk through the calendar and note each day that is one."""
    found: list[date] = []
    day, anchor = case.first_on, case.due_day or case.first_on.day
    step = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}.get(case.frequency)
    while len(found) < case.count:
        if (day - case.first_on).days % step == 0 if step else _is_due_day(day, anchor):
            found.append(day)
        day += ONE
    return [_open(each, case.region) for each in found]


def _open(day: date, region: str) -> date:
    works = working_days(region)
    while not works(day):
        day += ONE
    return day


def plain_amounts(case: Case) -> list[int]:
    """Hand out the total a penny at a time, after the deposit, from the first to the last and around."""
    amounts = [0] * case.count
    first = 1 if case.deposit_minor else 0
    amounts[0] = case.deposit_minor
    for penny in range(case.total_minor - case.deposit_minor):
        amounts[first + penny % (case.count - first)] += 1
    return amounts


def fault(case: Case) -> str | None:
    """What is wrong with the schedule of a case; None when nothing is."""
    made = case.made()
    days, amounts = [each.due_on for each in made], [each.amount_minor for each in made]
    wrong = {
        "the sum": sum(amounts) != case.total_minor,
        "the amounts": amounts != plain_amounts(case),
        "the days": days != plain_days(case),
        "a day before the agreement": min(days) < case.agreed_on,
        "two on a day, or out of order": days != sorted(set(days)),
        "an instalment of nothing": min(amounts) < 1,
        "the numbers": [each.number for each in made] != list(range(1, case.count + 1)),
    }
    return next((what for what, is_wrong in wrong.items() if is_wrong), None)
