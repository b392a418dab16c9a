"""Use cases of use: take records, show what was used and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chalicelib.platform.clock import Clock, format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Put, Write
from chalicelib.platform.errors import Unavailable
from chalicelib.policy.model import RulesOn
from chalicelib.usage import alerts
from chalicelib.usage.control import Control
from chalicelib.usage.counters import Month
from chalicelib.usage.counting import Counting
from chalicelib.usage.glance import alerts_at_a_glance
from chalicelib.usage.left_over import to_look_at
from chalicelib.usage.model import Answer, NewUsage, Outcome, Refusal, UsageMoved, UsageRecord
from chalicelib.usage.policy import UsageRules
from chalicelib.usage.rating import rate
from chalicelib.usage.rulebook import Rulebook, must_know
from chalicelib.usage.store import UsageStore, control_check, control_put, month_put, record_put
from chalicelib.usage.summary import UsageOfPeriod, summary
from chalicelib.usage.telling import AlertLetters

ATTEMPTS: Final = 10
"""How often records are counted anew when others of their account come first."""
TOGETHER: Final = 40
"""Records of one transaction."""


@dataclass(frozen=True)
class Usage:
    """`zone` is where the desk bills; `count` adds to a named counter."""

    store: UsageStore
    rulebook: Rulebook
    letters: AlertLetters
    rules_on: RulesOn[UsageRules]
    clock: Clock
    zone: ZoneInfo
    count: Callable[[str, int], None]

    def record(self, given: Sequence[NewUsage]) -> list[Answer]:
        """Take records; what becomes of each, in their order.

        For each account four round trips and one transaction for each forty records. A repeat counts nothing, so after
        a failure the same call is made again. Raises Unavailable when the account is too busy.
        """
        accounts = self.rulebook.subscribed.accounts_of({new.subscription_id for new in given})
        answers = [Answer(Outcome.REFUSED, refusal=Refusal.UNKNOWN_SUBSCRIPTION)] * len(given)
        places: dict[str, list[int]] = {}
        for place, new in enumerate(given):
            if new.subscription_id in accounts:
                places.setdefault(accounts[new.subscription_id], []).append(place)
        for account_id, own in places.items():
            for first in range(0, len(own), TOGETHER):
                chunk = own[first : first + TOGETHER]
                taken = self._in_turn(account_id, [given[place] for place in chunk])
                for place, answer in zip(chunk, taken, strict=True):
                    answers[place] = answer
        for outcome in Outcome:
            self.count(f"Usage{outcome.title()}", sum(answer.outcome is outcome for answer in answers))
        return answers

    def of_account(self, account_id: str, subscription_id: str | None, month: str | None) -> list[UsageOfPeriod]:
        """What was used in the running periods, or in those that began in a month (YYYY-MM). Raises NotFound."""
        _, control = self.rulebook.of_account(account_id)
        if subscription_id is not None:
            must_know(control, subscription_id)
        now = self.clock()
        wanted = [subscription_id] if subscription_id else control.subscription_ids
        month_by_id = {each: month or control.month(each, now, self.zone) for each in wanted}
        months = self.store.months(account_id, month_by_id.values())
        return [
            found
            for each, name in month_by_id.items()
            for found in summary(each, months[name], control, now, self.zone, with_running=month is None)
        ]

    def records(
        self, account_id: str, subscription_id: str, day: date, limit: int, start: Item | None
    ) -> tuple[list[UsageRecord], Item | None]:
        """The records of the period that the day lies in, newest use first. Raises NotFound."""
        _, control = self.rulebook.of_account(account_id)
        must_know(control, subscription_id)
        period = control.period(subscription_id, day, self.zone)
        return self.store.records_of(subscription_id, period.starts_on, limit, start)

    def _in_turn(self, account_id: str, given: Sequence[NewUsage]) -> list[Answer]:
        for _ in range(ATTEMPTS):
            try:
                return self._counted(account_id, given)
            except UsageMoved:
                continue
        raise Unavailable("The account's use is being counted elsewhere just now; try again.")

    def _counted(self, account_id: str, given: Sequence[NewUsage]) -> list[Answer]:
        standing, control = self.rulebook.of_account(account_id, {new.subscription_id for new in given})
        records, now = self.store.records({new.root_id for new in given}), self.clock()
        ruling = self.rules_on(now.astimezone(self.zone).date())
        counting = Counting(control, {}, dict(records), ruling, self.zone, now)
        months = self.store.months(account_id, {month for new in given for month in counting.months_of(new)})
        counting.months.update(months)
        answers = [counting.take(new) for new in given]
        if counting.changed:
            counting.months = self._alerted(counting)
            self.store.keep([*_writes(standing, records, months, counting), *self._to_look_at(months, counting)])
            counting.control = _following(control) if control != standing else control
            counting.months = {name: _kept(month, months[name]) for name, month in counting.months.items()}
        self._tell(counting.control, counting.months)
        return answers

    def _to_look_at(self, before: Mapping[str, Month], counting: Counting) -> list[Put]:
        today = counting.now.astimezone(self.zone).date()
        return [
            put
            for name, after in counting.months.items()
            for put in to_look_at(before[name], after, counting.control, today, self.zone)
        ]

    def _alerted(self, counting: Counting) -> dict[str, Month]:
        at, percents = format_instant(counting.now), counting.ruling.rules.alert_percents
        after = {}
        for name, month in counting.months.items():
            lines = rate(month, counting.control)
            found = alerts.reached(month, lines, counting.control, percents, counting.now, self.zone)
            after[name] = alerts.noted(month, found, at)
        return after

    def _tell(self, control: Control, months: Mapping[str, Month]) -> None:
        """Send what is untold, and note that it was; who comes in between notes it the next time."""
        for month in months.values():
            if month.untold:
                self.letters.tell(month, rate(month, control), control)
                self.count("UsageAlerts", len(month.untold))
                try:
                    self.store.keep([month_put(month.model_copy(update={"untold": ()}))])
                except UsageMoved:
                    continue


def _writes(
    standing: Control, records: Mapping[str, UsageRecord], months: Mapping[str, Month], counting: Counting
) -> list[Write]:
    kept = timedelta(days=counting.ruling.rules.kept_days)
    changed = [record_put(counting.records[root], records.get(root), kept) for root in sorted(counting.changed)]
    counted = [month_put(month) for name, month in counting.months.items() if month != months[name]]
    ruled = control_put(counting.control) if counting.control != standing else control_check(standing)
    alerted = any(month.alerts != months[name].alerts for name, month in counting.months.items())
    shown = [alerts_at_a_glance(standing.account_id, list(counting.months.values()))] if alerted else []
    return [*changed, *counted, ruled, *shown]


def _following(control: Control) -> Control:
    return control.model_copy(update={"version": control.version + 1})


def _kept(after: Month, before: Month) -> Month:
    return after.model_copy(update={"version": after.version + 1}) if after != before else after
