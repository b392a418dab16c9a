"""Taking records in: each is counted once, whatever comes twice, late, corrected or in another order. Pure, but for the
working set itself, which is what a transaction will write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.policy.model import Ruling
from chalicelib.usage.control import Control, to_the_millisecond
from chalicelib.usage.counters import Month, Move
from chalicelib.usage.model import Answer, NewUsage, Outcome, Refusal, UsageRecord
from chalicelib.usage.policy import UsageRules
from chalicelib.usage.rating import rate


@dataclass
class Counting:
    """The rules of an account, its months and the records that stand, as they were read and as they become."""

    control: Control
    months: dict[str, Month]
    records: dict[str, UsageRecord]
    ruling: Ruling[UsageRules]
    zone: ZoneInfo
    now: datetime
    changed: set[str] = field(default_factory=set)
    """Root ids of the records to write."""

    def months_of(self, new: NewUsage) -> set[str]:
        """The months that it may touch."""
        old = self.records.get(new.root_id)
        own = set() if self._untimely(new) else {self.control.month(new.subscription_id, new.happened_at, self.zone)}
        return own | {old.month} if old else own

    def take(self, new: NewUsage) -> Answer:
        """Count it, or say why not."""
        new = new.model_copy(update={"happened_at": to_the_millisecond(new.happened_at)})
        old = self.records.get(new.root_id)
        refusal = self._refusal(new, old)
        if refusal:
            return Answer(Outcome.REFUSED, refusal=refusal)
        if old and new.version < old.version:
            return Answer(Outcome.OLDER, old)
        if old and new.version == old.version:
            return Answer(Outcome.REPEATED, old)
        record = self._counted(self._placed(new), old)
        self.records[record.root_id] = record
        self.changed.add(record.root_id)
        return Answer(Outcome.CORRECTED if old else Outcome.COUNTED, record)

    def _refusal(self, new: NewUsage, old: UsageRecord | None) -> Refusal | None:
        if new.unit is not new.category.kind.unit:
            return Refusal.WRONG_UNIT
        if old and new.subscription_id != old.subscription_id:
            return Refusal.OTHER_SUBSCRIPTION
        if old and new.version == old.version:
            return None if old.says(new) else Refusal.OTHER_RECORD
        return self._untimely(new)

    def _untimely(self, new: NewUsage) -> Refusal | None:
        """Whether it is so far away that there may be no such period."""
        if new.happened_at > self.now + timedelta(seconds=self.ruling.rules.ahead_s):
            return Refusal.IN_FUTURE
        if new.happened_at < self.now - timedelta(days=self.ruling.rules.late_days):
            return Refusal.TOO_OLD
        return None

    def _placed(self, new: NewUsage) -> UsageRecord:
        """The record where it belongs, by when it happened."""
        day = new.happened_at.astimezone(self.zone).date()
        period = self.control.period(new.subscription_id, day, self.zone)
        return UsageRecord(
            root_id=new.root_id, record_id=new.record_id, version=new.version, account_id=self.control.account_id,
            subscription_id=new.subscription_id, category=new.category, quantity=new.quantity,
            happened_at=new.happened_at, recorded_at=self.now, month=period.starts_on.strftime("%Y-%m"),
            starts_on=period.starts_on, era=self.control.era(new.subscription_id, new.happened_at),
            is_late=self.now.astimezone(self.zone).date() not in period, policy_version=self.ruling.version,
        )  # fmt: skip

    def _counted(self, new: UsageRecord, old: UsageRecord | None) -> UsageRecord:
        """Move the counters by the difference to what stood, and say what that made of the charges."""
        touched = {new.month, old.month} if old else {new.month}
        before = self._sums(touched)
        if old:
            self._move(old, -old.quantity)
        self._move(new, new.quantity)
        after = self._sums(touched)
        return new.model_copy(
            update={
                "charge_minor": (old.charge_minor if old else 0) + after[0] - before[0],
                "billed_minor": (old.billed_minor if old else 0) + after[1] - before[1],
            }
        )

    def _move(self, record: UsageRecord, quantity: int) -> None:
        move = Move(record.cell, quantity, record.happened_at.astimezone(self.zone).date())
        self.months[record.month] = self.months[record.month].moved([move])

    def _sums(self, months: set[str]) -> tuple[int, int]:
        """Charges of these months, and what is billed of them, before tax."""
        lines = [line for month in months for line in rate(self.months[month], self.control).values()]
        return sum(line.charge_minor for line in lines), sum(line.billed_minor for line in lines)
