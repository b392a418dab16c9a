"""A small desk of its own: records and cases go in, and what the table's stream would carry can be played at will."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import boto3

from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.contacts.service import Contacts
from chalicelib.contacts.store import ContactStore
from chalicelib.kpi.folding import Folding
from chalicelib.kpi.periods import Calendar, Granularity
from chalicelib.kpi.projection import Projection
from chalicelib.kpi.rollups import RollupStore
from chalicelib.kpi.service import Kpis, Report
from chalicelib.kpi.store import FactStore
from chalicelib.platform.codec import Change, encode
from chalicelib.platform.dynamo import Table
from tests.fakes import CountingIds, FixedClock
from tests.harness import table_properties

_names = (f"figures-{n}" for n in itertools.count())


def _fresh_table() -> Table:
    client, name = boto3.client("dynamodb"), next(_names)
    client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **table_properties())
    return Table(client, name)


@dataclass
class Bench:
    """Call inside moto's mock_aws. The clock stands long after everything that happened."""

    zone: str = "Europe/London"
    table: Table = field(default_factory=_fresh_table)
    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime(2027, 1, 1, tzinfo=UTC)))
    new_id: CountingIds = field(default_factory=CountingIds)

    def __post_init__(self) -> None:
        self.facts = FactStore(self.table)
        self.rollups = RollupStore(self.table, Calendar(ZoneInfo(self.zone)))
        self.projection = Projection(self.facts, self.new_id)
        self.folding = Folding(self.facts, self.rollups, self.clock)
        accounts = Accounts(AccountStore(self.table), self.clock, self.new_id)
        self.contacts = Contacts(ContactStore(self.table), accounts)

    def take(self, records: Iterable[dict[str, Any]]) -> list[Change]:
        """Deliver contact records in this order; the changes that the table's stream would carry."""
        changes = []
        for record in records:
            key = (f"X#{record['ContactId']}", "#")
            old = self.table.get(*key)
            if self.contacts.record(json.dumps(record).encode()):
                changes.append(Change(old, self.table.get(*key)))
        return changes

    def play(self, changes: Iterable[Change]) -> None:
        """Project changes in this order, in one batch."""
        hours: set[str] = set()
        for change in changes:
            hours |= self.projection.project(change)
        self.projection.mark(hours)

    def count(self, *records: dict[str, Any]) -> None:
        """Deliver, project and fold."""
        self.play(self.take(records))
        self.folding.run()

    def report(
        self, start: date, end: date, granularity: Granularity = Granularity.DAY, dimension: str = "total"
    ) -> Report:
        return Kpis(self.rollups, self.clock).report(start, end, granularity, dimension)

    def sums(self) -> list[dict[str, Any]]:
        """Every rollup that stands in the table, without how often it was replaced, and without empty ones."""
        items = self.table.client.scan(TableName=self.table.name)["Items"]
        kept = [
            {name: value for name, value in item.items() if name in {"pk", "sk", "members"}}
            for item in items
            if item.get("kind") == {"S": "rollup"} and item.get("members", {}).get("M")
        ]
        return sorted(kept, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def stream_event(*changes: Change) -> dict[str, Any]:
    """Changes as Lambda gets them from the table's stream."""

    def images(change: Change) -> dict[str, Any]:
        named = {"OldImage": change.old, "NewImage": change.new}
        return {name: encode(item) for name, item in named.items() if item}

    return {
        "Records": [
            {
                "eventID": str(n), "eventName": "MODIFY", "eventSource": "aws:dynamodb", "eventVersion": "1.1",
                "dynamodb": {**images(change), "SequenceNumber": str(n), "StreamViewType": "NEW_AND_OLD_IMAGES"},
            }
            for n, change in enumerate(changes, start=1)
        ]
    }  # fmt: skip
