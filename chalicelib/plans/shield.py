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
