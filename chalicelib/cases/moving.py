"""Takes open cases from one account to another when the two turn out to be one customer's, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.accounts.merge_model import MovedCases
from chalicelib.audit.model import Actor
from chalicelib.audit.store import audit_put
from chalicelib.cases.changes import audit_of, happened
from chalicelib.cases.messages import EventType
from chalicelib.cases.model import Case
from chalicelib.cases.store import CaseStore, account_owner, entry_item
from chalicelib.platform.clock import NewId
from chalicelib.platform.dynamo import ABSENT, Attr, Put, Write


@dataclass(frozen=True)
class CaseMoves:
    """Implements MovesCases of accounts."""

    cases: CaseStore
    new_id: NewId

    def open_cases(self, account_id: str, limit: int) -> list[str]:
        """One round trip."""
        found, _ = self.cases.of_owner(account_owner(account_id), False, limit, None)
        return [case.case_id for case in found]

    def moving(self, case_ids: Sequence[str], to: str, source: str, actor: Actor, at: datetime) -> MovedCases:
        """One round trip a case."""
        found = [self.cases.get(case_id, consistent=True) for case_id in case_ids]
        held = [case for case in found if case and case.account_id == source]
        writes = [write for case in held for write in self._moved(case, to, actor, at)]
        return MovedCases(tuple(case.case_id for case in held), writes)

    def _moved(self, case: Case, to: str, actor: Actor, at: datetime) -> list[Write]:
        new = case.model_copy(update={"account_id": to, "updated_at": at, "version": case.version + 1})
        event = happened(self.new_id("evt"), case, EventType.CHANGED, actor.name, at, account_id=[case.account_id, to])
        audit = audit_of(self.new_id("aud"), "case.moved", actor, at, case, new)
        assert audit is not None, "the account is audited"
        head = Put(self.cases.head_item(new), Attr("version").eq(case.version))
        return [head, Put(entry_item(event), ABSENT), audit_put(audit)]
