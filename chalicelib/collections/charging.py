"""Bills that Stripe collects by itself: it is told to wait while a hold wants silence, and to go on afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from chalicelib.accounts.holds import RESPITE, SILENT, Hold, held_on
from chalicelib.billing.receivables import OpenInvoice
from chalicelib.collections.facts import Standing
from chalicelib.platform.errors import Conflict, Refused, Unprocessable

_MIRRORED: Final = "inv_in_"


class CollectsBills(Protocol):
    """Stripe, which collects bills of its own by itself."""

    def collect_by_itself(self, stripe_id: str, *, wanted: bool) -> None:
        """Whether Stripe goes on trying to collect this open invoice. Repeats change nothing. Raises Refused,
        Unavailable."""
        ...


@dataclass(frozen=True)
class Charging:
    stripe: CollectsBills

    def brought_up(self, known: Standing, today: date) -> tuple[str, ...]:
        """Tell Stripe what changed, and return the invoices that it waits with from now on. One call to Stripe for each
        that changed. What is on a plan is the plan's to say. Raises Unavailable."""
        wanted = {each.invoice_id for each in waiting(known.owed.open_invoices, known.holds.holds, today)}
        before, covered = set(known.ladder.paused), {name for name, minor in known.covered.items() if minor}
        is_open = {each.invoice_id for each in known.owed.open_invoices}
        for invoice_id in sorted(wanted - before - covered):
            self._tell(invoice_id, wanted=False)
        for invoice_id in sorted((before - wanted - covered) & is_open):
            self._tell(invoice_id, wanted=True)
        return tuple(sorted(wanted))

    def _tell(self, invoice_id: str, *, wanted: bool) -> None:
        """An invoice that Stripe does not let go of any more is paid or void there, and nothing is charged for it."""
        try:
            self.stripe.collect_by_itself(invoice_id.removeprefix("inv_"), wanted=wanted)
        except (Conflict, Refused, Unprocessable):
            return


def waiting(invoices: Iterable[OpenInvoice], holds: Iterable[Hold], today: date) -> list[OpenInvoice]:
    """The bills of Stripe's that are not to be charged today: in a breathing space those that were due when it began,
    new ones go on; after a death and in an insolvency all."""
    standing = held_on(holds, today, SILENT)
    return [
        invoice
        for invoice in invoices
        if invoice.invoice_id.startswith(_MIRRORED)
        and any(hold.kind not in RESPITE or invoice.due_on <= hold.from_on for hold in standing)
    ]
