"""What each domain says of an account at a glance, as far as an advisor needs it. Pure.

Each domain keeps its own item as it likes; here only what is shown is read of it, so that a domain can add to its item
and another version of the code still opens the workspace. What is not there is normal: it was never needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chalicelib.accounts.assurance import Level
from chalicelib.accounts.holds import AccountHolds, Hold, disputed_minor
from chalicelib.accounts.model import Account
from chalicelib.accounts.preferences_model import Preferences
from chalicelib.billing.ledger import LedgerEntry
from chalicelib.billing.receivables import LastInvoice, OpenInvoice, Receivables
from chalicelib.education.model import Footprint
from chalicelib.identity.model import IdentityState
from chalicelib.identity.model import Standing as Verified
from chalicelib.platform.codec import Item
from chalicelib.workspace.items import CaseGlance, LadderGlance, PlanGlance, ToldGlance, UsageGlance

LEDGER: Final = "L#"
"""How the sort keys of ledger entries begin; here, the name of the newest one."""


@dataclass(frozen=True)
class Glance:
    """All that two reads say of an account, for one person of ours at one moment. `holds` are those of today,
    `verified` is how well the customer is identified to that person."""

    account: Account
    owed: Receivables
    verified: Verified
    identity: IdentityState
    preferences: Preferences
    holds: tuple[Hold, ...]
    guides: Footprint
    cases: tuple[CaseGlance, ...]
    plan: PlanGlance | None
    ladder: LadderGlance
    usage: UsageGlance
    told: ToldGlance
    now: datetime
    today: date

    @property
    def last_bill(self) -> LastInvoice | None:
        return self.owed.last_invoice

    def disputed_minor(self, invoice: OpenInvoice) -> int:
        return disputed_minor(self.holds, invoice.invoice_id, invoice.due_minor, self.today)

    def payable_minor(self, invoices: Iterable[OpenInvoice]) -> int:
        """What the customer may be asked to pay of these: not what is disputed, on a plan, or paid by credit."""
        free = sum(max(0, each.due_minor - self.disputed_minor(each) - self._planned(each)) for each in invoices)
        return max(0, free - max(0, self.owed.credit_minor))

    @property
    def late(self) -> list[OpenInvoice]:
        """The invoices that should have been paid before today."""
        return [invoice for invoice in self.owed.open_invoices if invoice.due_on < self.today]

    @property
    def needs_verification(self) -> bool:
        return self.verified.level is Level.NONE

    def _planned(self, invoice: OpenInvoice) -> int:
        return self.plan.covers_minor(invoice.invoice_id) if self.plan else 0


def read(
    summary: Mapping[str, Item], cases: Iterable[Item], subject: str, now: datetime, today: date
) -> Glance:  # fmt: skip
    """The glance that these items give, for the person with this subject. `summary` has the account's head."""
    account = Account.model_validate(summary["HEAD"])
    own = {"account_id": account.account_id}
    identity = IdentityState.model_validate({**summary.get("VERIFIED", {}), **own})
    return Glance(
        account=account,
        owed=_owed(summary.get(LEDGER), account),
        verified=identity.standing(subject, now, signed_in=False),
        identity=identity,
        preferences=Preferences.model_validate({**summary.get("PREFS", {}), **own}),
        holds=AccountHolds.model_validate({**summary.get("HOLDS", {}), **own}).on(today),
        guides=Footprint.model_validate(summary.get("GUIDES", {})),
        cases=tuple(CaseGlance.model_validate(case) for case in cases),
        plan=PlanGlance.model_validate(summary["PLAN"]) if "PLAN" in summary else None,
        ladder=LadderGlance.model_validate(summary.get("COLLECTION", {})),
        usage=UsageGlance.model_validate(summary.get("USAGE", {})),
        told=ToldGlance.model_validate(summary.get("TOLD", {})),
        now=now,
        today=today,
    )


def _owed(entry: Item | None, account: Account) -> Receivables:
    if entry is None:
        return Receivables(account_id=account.account_id, currency=account.currency)
    return LedgerEntry.model_validate(entry).receivables
