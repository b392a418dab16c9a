"""Keys and queries of payment plans.

| item        | pk               | sk       | GS1                           | round trips, units            |
| plan        | `PLAN#<plan>`    | `#`      | `A#<account>` / `PLAN#<made>` | get 1, 1 read for each 4 KB   |
| its summary | `A#<account>`    | `L$PLAN` |                               | get 1; only one plan under way |
| its marker  | `PLANS#UNDERWAY` | `<plan>` |                               | a page of the daily run 1     |

A plan begins, and ends, in one transaction of plan, summary, marker and audit entry; a plan that replaces another ends
that one in it. In between it changes under its version, with its summary when that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.store import summary_key
from chalicelib.audit.model import AuditEntry
from chalicelib.audit.store import audit_put
from chalicelib.billing.ledger_guard import unmoved
from chalicelib.plans.model import Plan
from chalicelib.plans.summary import PLAN, PlanSummary
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Contended, Delete, Key, Put, Table, Write
from chalicelib.platform.errors import NotFound

UNDER_WAY: Final = "PLANS#UNDERWAY"


class PlanChanged(Exception):
    """The plan has changed since it was read, or another one is under way: read again and decide again."""


@dataclass(frozen=True)
class PlanStore:
    table: Table

    def get(self, plan_id: str) -> Plan:
        """As it truly is. Raises NotFound."""
        if plan := self.find(plan_id):
            return plan
        raise NotFound

    def find(self, plan_id: str) -> Plan | None:
        """None when there is none."""
        item = self.table.get(*_key(plan_id), consistent=True)
        return Plan.model_validate(item) if item else None

    def under_way(self, account_id: str) -> PlanSummary | None:
        """The plan of an account that is under way, as it truly is."""
        item = self.table.get(*summary_key(account_id, PLAN), consistent=True)
        return PlanSummary.model_validate(item) if item else None

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Plan], Item | None]:
        """Plans of an account, newest first. One round trip."""
        key = Key("gs1pk").eq(f"A#{account_id}") & Key("gs1sk").begins_with("PLAN#")
        page = self.table.query(key, index="gs1", limit=limit, start=start, forward=False)
        return [Plan.model_validate(item) for item in page.items], page.next_key

    def marked(self, after: str, limit: int) -> list[str]:
        """The ids of the next plans under way, in their order; fewer than `limit` at the end."""
        key = Key("pk").eq(UNDER_WAY) & Key("sk").gt(after or " ")
        return [item["sk"] for item in self.table.query(key, limit=limit, consistent=True).items]

    def begin(self, plan: Plan, summary: PlanSummary, replaced: Plan | None, entries: Sequence[AuditEntry]) -> None:
        """A new plan, in place of the one that it replaces. Raises PlanChanged when it or another one stands."""
        key = dict(zip(("pk", "sk"), summary_key(plan.account_id, PLAN), strict=True))
        free = Attr("plan_id").eq(replaced.plan_id) if replaced else ABSENT
        writes: list[Write] = [
            Put(_item(plan), ABSENT),
            Put({**summary.model_dump(mode="json", exclude_none=True), **key, "kind": "plan_summary"}, free),
            Put({"pk": UNDER_WAY, "sk": plan.plan_id, "kind": "plan_marker"}),
        ]
        if replaced:
            writes += [_next(replaced), Delete(UNDER_WAY, replaced.plan_id)]
        self._transact([*writes, *map(audit_put, entries)])

    def keep(self, plan: Plan, now: PlanSummary) -> None:
        """The plan changed, and its summary. Raises PlanChanged."""
        self._transact([_next(plan), self._summary(now)])

    def put(self, plan: Plan) -> None:
        """The plan changed, its summary will follow. Raises PlanChanged."""
        try:
            self.table.write(_next(plan))
        except (ConditionFailed, Contended):
            raise PlanChanged from None

    def put_at(self, plan: Plan, seq: int) -> None:
        """The plan changed by what was read of the ledger up to an entry. Raises PlanChanged, also when the ledger has
        moved since."""
        self._transact([_next(plan), unmoved(plan.account_id, seq)])

    def note_summary(self, now: PlanSummary) -> None:
        """The summary alone, while its plan is under way. Raises PlanChanged."""
        self._transact([self._summary(now)])

    def end(self, plan: Plan, entry: AuditEntry) -> None:
        """The plan ended: nothing shields its bills any more, and no run looks at it. Raises PlanChanged."""
        mine = Attr("plan_id").eq(plan.plan_id)
        gone = [Delete(*summary_key(plan.account_id, PLAN), condition=mine), Delete(UNDER_WAY, plan.plan_id)]
        self._transact([_next(plan), *gone, audit_put(entry)])

    def _summary(self, now: PlanSummary) -> Put:
        key = dict(zip(("pk", "sk"), summary_key(now.account_id, PLAN), strict=True))
        item = {**now.model_dump(mode="json", exclude_none=True), **key, "kind": "plan_summary"}
        return Put(item, Attr("plan_id").eq(now.plan_id))

    def _transact(self, writes: Sequence[Write]) -> None:
        try:
            self.table.transact(writes)
        except (ConditionFailed, Contended):
            raise PlanChanged from None


def _key(plan_id: str) -> tuple[str, str]:
    return f"PLAN#{plan_id}", "#"


def _item(plan: Plan) -> Item:
    pk, sk = _key(plan.plan_id)
    listed = {"gs1pk": f"A#{plan.account_id}", "gs1sk": f"PLAN#{format_instant(plan.made_at)}"}
    return {**plan.model_dump(mode="json", exclude_none=True), **listed, "pk": pk, "sk": sk, "kind": "plan"}


def _next(plan: Plan) -> Put:
    """The next version of a plan in place of the one that was read."""
    return Put(_item(plan) | {"version": plan.version + 1}, Attr("version").eq(plan.version))
