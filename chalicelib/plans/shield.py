"""What of an account's bills is on a plan that is kept, and so not to be collected in any other way."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.plans.store import PlanStore


@dataclass(frozen=True)
class PlanShield:
    """For who collects what is late. A plan shields from its agreement to its end: also while an instalment of it is
    late and in its grace, for the plan's own letters ask for that."""

    plans: PlanStore

    def shielded(self, account_id: str) -> dict[str, int]:
        """By invoice, how much of what is due of it is on the plan, in minor units; it may be less by now. One round
        trip, consistent."""
        found = self.plans.under_way(account_id)
        return {each.invoice_id: each.due_minor for each in found.covered} if found else {}

    def ever_shielded(self, account_id: str) -> frozenset[str]:
        """The invoices that were on any plan of the account, however it ended. One round trip for each 50 plans."""
        found, start = frozenset[str](), None
        while True:
            plans, start = self.plans.of_account(account_id, 50, start)
            found |= frozenset(invoice_id for plan in plans for invoice_id in plan.invoice_ids)
            if start is None:
                return found
