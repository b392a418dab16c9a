"""Bills that Stripe collects by itself: it is told to wait while a hold wants silence, and to go on afterwards.

Stripe itself remembers which bills wait because of a hold, so that no crash leaves one waiting, or starts one that
waits for another reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from chalicelib.accounts.holds import RESPITE, SILENT, Hold, disputed_minor, held_on
from chalicelib.billing.receivables import OpenInvoice
from chalicelib.collections.facts import Shield, Standing
from chalicelib.platform.errors import Conflict, Refused, Unprocessable

WAITS: Final = "waits_for_hold"
"""Metadata of a bill that waits because of a hold, and for no other reason."""
_MIRRORED: Final = "inv_in_"


class CollectsBills(Protocol):
    """Stripe, which collects bills of its own by itself."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """An object as it is now. Raises Refused, Unavailable."""

    def collect_by_itself(self, stripe_id: str, *, wanted: bool, note: str | None = None) -> None:
        """Whether Stripe goes on trying to collect this open invoice. `note` is the metadata that says so, taken away
        when it goes on. Repeats change nothing. Raises Refused, Unavailable."""


@dataclass(frozen=True)
class Charging:
    """`shields` know of payment plans: what was on one Stripe never collects by itself again."""

    stripe: CollectsBills
    shields: tuple[Shield, ...]

    def brought_up(self, known: Standing, today: date) -> tuple[str, ...]:
        """Have Stripe wait with what must not be charged, and go on with what it waited with for no reason but a hold.
        Returns the invoices that wait from now on; each of them is looked up at Stripe every time, so that one which
        is collected all the same waits again, and none goes on while money for it is on its way. What is on a plan is
        the plan's to say. Raises Unavailable."""
        covered = {name for name, minor in known.covered.items() if minor}
        wanted = {each.invoice_id for each in waiting(known.owed.open_invoices, known.holds.holds, today)} - covered
        for invoice_id in sorted(wanted):
            self._wait(invoice_id)
        over = [
            each for each in known.owed.open_invoices if each.invoice_id in set(known.ladder.paused) - wanted - covered
        ]
        later = {each.invoice_id for each in over if known.coming.get(each.invoice_id)}
        for invoice in over:
            if invoice.invoice_id not in later:
                self._go_on(known.owed.account_id, invoice)
        return tuple(sorted(wanted | later))

    def _wait(self, invoice_id: str) -> None:
        bill = self._bill(invoice_id)
        if bill.get("auto_advance"):
            self._tell(invoice_id, wanted=False)

    def _go_on(self, account_id: str, invoice: OpenInvoice) -> None:
        """Only what a hold alone made wait, was never on a plan, and of which Stripe would take no more than is due: it
        does not hear of parts that were paid at the desk. All else is asked for by letters and people."""
        bill = self._bill(invoice.invoice_id)
        waits = WAITS in (bill.get("metadata") or {}) and not bill.get("auto_advance")
        if not waits or bill.get("amount_remaining") != invoice.due_minor or self._was_on_plan(account_id, invoice):
            return
        self._tell(invoice.invoice_id, wanted=True)
        if any(shield.shielded(account_id).get(invoice.invoice_id) for shield in self.shields):  # agreed to meanwhile
            self._tell(invoice.invoice_id, wanted=False)

    def _was_on_plan(self, account_id: str, invoice: OpenInvoice) -> bool:
        return any(invoice.invoice_id in shield.ever_shielded(account_id) for shield in self.shields)

    def _bill(self, invoice_id: str) -> dict[str, Any]:
        return self.stripe.read("invoice", invoice_id.removeprefix("inv_")) or {}

    def _tell(self, invoice_id: str, *, wanted: bool) -> None:
        """An invoice that Stripe does not let go of any more is paid or void there, and nothing is charged for it."""
        try:
            self.stripe.collect_by_itself(invoice_id.removeprefix("inv_"), wanted=wanted, note=WAITS)
        except (Conflict, Refused, Unprocessable):
            return


def waiting(invoices: Iterable[OpenInvoice], holds: Iterable[Hold], today: date) -> list[OpenInvoice]:
    """The bills of Stripe's that are not to be charged today: in a breathing space those that were due when it began,
    new ones go on; after a death and in an insolvency all; and each of which a part is disputed, for Stripe would take
    that part too."""
    known = tuple(holds)
    standing = held_on(known, today, SILENT)
    return [
        invoice
        for invoice in invoices
        if invoice.invoice_id.startswith(_MIRRORED)
        and (
            any(hold.kind not in RESPITE or invoice.due_on <= hold.from_on for hold in standing)
            or disputed_minor(known, invoice.invoice_id, invoice.due_minor, today)
        )
    ]
