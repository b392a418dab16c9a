"""A plan as it is now: with its rests, its standing by the ledger, and what became of the last payment asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.holds import Hold, disputed_minor
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.store import BillingStore
from chalicelib.payments.model import PaymentStatus
from chalicelib.plans.model import AskState, PayBy, Plan, PlanStatus
from chalicelib.plans.ports import TakesPayments
from chalicelib.plans.position import position
from chalicelib.plans.resting import rested
from chalicelib.plans.standing import Standing, standing
from chalicelib.platform.errors import NotFound
from chalicelib.platform.workdays import working_days


@dataclass(frozen=True)
class Look:
    """`plan` is as it should be kept now; `on_its_way` says that the money it waits for was taken, by whatever way, and
    is not booked yet.

    `seq` is the ledger entry that it was seen after."""

    plan: Plan
    now: Standing
    on_its_way: bool
    seq: int


@dataclass(frozen=True)
class Looks:
    billing: BillingStore
    holds: HoldStore
    payments: TakesPayments

    def at(self, plan: Plan, today: date) -> Look:
        """The plan on a day. Two round trips, more for more than a megabyte of ledger entries since it was agreed, and
        two or three when an instalment is due."""
        return self.each([plan], today)[0]

    def each(self, plans: Sequence[Plan], today: date) -> list[Look]:
        """Plans of one account on a day; the ledger and the holds are read once for all of them."""
        if not plans:
            return []
        holds = self.holds.of(plans[0].account_id, consistent=True).holds
        entries = list(self.billing.ledger(plans[0].account_id, min(plan.ledger_seq for plan in plans)))
        return [
            self._look(plan, holds, [entry for entry in entries if entry.seq > plan.ledger_seq], today)
            for plan in plans
        ]

    def _look(self, plan: Plan, holds: Sequence[Hold], entries: Sequence[LedgerEntry], today: date) -> Look:
        """`entries` are those since the plan was agreed, oldest first."""
        if plan.is_under_way:
            rests = rested(plan.rests, holds, plan.terms.resting_holds, plan.agreed_on, today)
            plan = plan.model_copy(update={"rests": rests})
        found, disputed = position(plan, entries), _disputed(plan, entries, holds, today)
        now = standing(plan, found, disputed, today, working_days(plan.terms.working_days_of))
        plan, on_its_way = self._awaited(plan, now) if plan.is_under_way and now.current else (plan, False)
        is_late = plan.is_under_way and now.current is not None and not on_its_way and not now.resting
        status = (PlanStatus.LATE if is_late else PlanStatus.ACTIVE) if plan.is_under_way else plan.status
        seq = entries[-1].seq if entries else plan.ledger_seq
        return Look(plan.model_copy(update={"status": status}), now, on_its_way, seq)

    def coming_minor(self, plan: Plan) -> int:
        """What of the covered invoices is being paid just now, whoever began it. One round trip."""
        parts = (part for payment in self.payments.on_its_way(plan.account_id) for part in payment.allocations)
        return sum(part.amount_minor for part in parts if part.invoice_id in plan.invoice_ids)

    def _awaited(self, plan: Plan, now: Standing) -> tuple[Plan, bool]:
        """With what became of the last payment that was asked for, and whether what is owed is on its way."""
        plan, is_taken = self._answered(plan)
        return plan, is_taken or now.owed_minor - self.coming_minor(plan) < plan.terms.least_charge_minor

    def _answered(self, plan: Plan) -> tuple[Plan, bool]:
        """With what became of the last payment that was asked for, and whether its money is on its way."""
        last = plan.asks[-1] if plan.asks else None
        if last is None or last.state is not AskState.ASKED or last.payment_id is None:
            return plan, False
        try:
            payment = self.payments.get(last.payment_id)
        except NotFound:
            return plan, False
        if payment.status is PaymentStatus.FAILED and last.by is PayBy.SAVED_METHOD:
            return plan.with_answer(AskState.DECLINED, last.payment_id), False
        return plan, payment.status is PaymentStatus.PROCESSING


def _disputed(plan: Plan, entries: Sequence[LedgerEntry], holds: Sequence[Hold], today: date) -> int:
    """What is disputed of what is due of the covered invoices."""
    owed = entries[-1].receivables if entries else None
    dues = {each.invoice_id: owed.due_minor(each.invoice_id) if owed else each.due_minor for each in plan.covered}
    return sum(disputed_minor(holds, invoice_id, due, today) for invoice_id, due in dues.items())
