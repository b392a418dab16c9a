"""Use case of the table's stream: a changed contact or case becomes facts, and the hours they touch become dirty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.contacts.model import Contact
from chalicelib.kpi.calls import chain_facts, leg_row
from chalicelib.kpi.facts import Fact, hour_of
from chalicelib.kpi.milestones import CaseHead, case_facts
from chalicelib.kpi.store import FactStore
from chalicelib.platform.clock import NewId
from chalicelib.platform.codec import Change, Item


@dataclass(frozen=True)
class Projection:
    store: FactStore
    new_id: NewId

    def project(self, change: Change) -> set[str]:
        """Store the facts of one change; the hours to mark when the batch is done, also for what was stored before.

        One round trip for each fact, one more for a contact. What is deleted keeps its facts: figures outlive erasure.
        """
        facts = self._facts(change.old, change.new) if change.new else []
        for fact in facts:
            self.store.put(fact)
        return {fact.hour for fact in facts}

    def mark(self, hours: Iterable[str]) -> None:
        """Have these hours folded again."""
        self.store.mark(hours, self.new_id("dirty"))

    def _facts(self, old: Item | None, new: Item) -> list[Fact]:
        match new.get("kind"):
            case "case":
                return case_facts(CaseHead.model_validate(old) if old else None, CaseHead.model_validate(new))
            case "contact":
                return self._calls(Contact.model_validate(old) if old else None, Contact.model_validate(new))
        return []

    def _calls(self, old: Contact | None, new: Contact) -> list[Fact]:
        """The leg goes into its chain, and out of the one that it was in if that is another."""
        was, row = (leg_row(old) if old else None), leg_row(new)
        left = {hour_of(old.initiated_at)} if old and was else set()
        facts = []
        if old and was and old.chain_id != new.chain_id:
            facts += chain_facts(self.store.join(old.chain_id, new, None), left)
            left = set()
        if row or left:
            facts += chain_facts(self.store.join(new.chain_id, new, row), left)
        return facts
