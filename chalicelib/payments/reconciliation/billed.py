"""Stripe's invoices against the bills in our books. What was paid of them is compared where the money is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.billing.mirror_bill import mirrored_invoice_id
from chalicelib.billing.model import Invoice
from chalicelib.billing.store import BillingStore
from chalicelib.payments.reconciliation.comparing import Comparison, Picture, Said

_TYPE_BY_STATUS: Final = {
    "open": "invoice.finalized",
    "paid": "invoice.paid",
    "uncollectible": "invoice.marked_uncollectible",
    "void": "invoice.voided",
}
_GIVEN_UP: Final = frozenset({"uncollectible", "void"})
_ISSUED: Final = "issued"


@dataclass(frozen=True)
class Billed:
    """Invoices as rows."""

    billing: BillingStore

    def get(self, row_id: str, *, consistent: bool = False) -> Invoice | None:  # noqa: ARG002 - it always is
        """One as it is. Two round trips."""
        return self.billing.invoice(row_id)

    def get_many(self, row_ids: Sequence[str], /) -> Mapping[str, Invoice]:
        """Those of many that there are, by id. Two round trips for each hundred."""
        return self.billing.invoices_by_id(row_ids)


def invoices(billing: BillingStore) -> Comparison[Invoice]:
    """Stripe's invoices, but for drafts."""
    return Comparison(
        kind="invoice",
        rows=Billed(billing),
        type_of=lambda said: _TYPE_BY_STATUS.get(str(said["status"])),
        names=lambda said: (mirrored_invoice_id(said["id"]),),
        concerns=lambda _row, _said: True,
        is_owed=lambda _: True,
        said=_picture,
        shown=lambda row: Picture(row.closed_as.value if row.closed_as else _ISSUED, row.total_minor, row.currency),
        told_as=lambda said: mirrored_invoice_id(said["id"]),
    )


def _picture(said: Said) -> Picture:
    status = said["status"] if said["status"] in _GIVEN_UP else _ISSUED
    return Picture(status, said["total"], str(said["currency"]).upper())
