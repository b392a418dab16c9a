"""Fees of leaving early: charged with the next bill, and taken off it or given back when nobody leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast

from chalicelib.payments.gateway.client import keyed
from chalicelib.payments.gateway.errors import is_absent
from chalicelib.payments.gateway.facts import MOST_INNER_PAGES, PAGE, Facts
from chalicelib.payments.plan_orders import QUOTE_MARK, ChangeLater, ChangeNow, End, Fee
from chalicelib.platform.errors import DeskError

if TYPE_CHECKING:
    from stripe.params import InvoiceItemCreateParams

_VOID: Final = "void"


class Fees(Facts):
    """That part of a PlanDesk which charges for leaving."""

    def drop_fee(self, plan_id: str, customer_id: str, quote_id: str) -> None:
        """Take the fee of a quote off the next bill; where a bill took it already, the next one gives it back. Any
        number of times has the effect of once. Raises Refused, Unavailable."""
        marked = [item for item in self._items(customer_id) if (item.get("metadata") or {}).get(QUOTE_MARK) == quote_id]
        fees = [item for item in marked if item["amount"] > 0]
        is_given_back = len(fees) < len(marked)
        for fee in fees:
            if not fee.get("invoice"):
                self._delete(fee["id"])
            elif not is_given_back and (self.read("invoice", fee["invoice"]) or {}).get("status") != _VOID:
                asked = {"customer": customer_id, "subscription": plan_id, "currency": fee["currency"]}
                back = {"amount": -fee["amount"], "description": f"Given back: {fee['description']}"}
                self._add({**asked, **back}, "fee-back", quote_id)

    def _delete(self, item_id: str) -> None:
        try:
            with self._stripe() as stripe:
                stripe.v1.invoice_items.delete(item_id)
        except DeskError as error:
            if not is_absent(error):
                raise

    def _charge(self, order: ChangeNow | ChangeLater | End, fee: Fee, quote_id: str) -> None:
        asked = {"customer": order.customer_id, "subscription": order.plan_id, "currency": order.currency.lower()}
        self._add({**asked, "amount": fee.amount_minor, "description": fee.description}, "exit-fee", quote_id)

    def _add(self, item: dict[str, Any], action: str, quote_id: str) -> None:
        params = cast("InvoiceItemCreateParams", {**item, "metadata": {QUOTE_MARK: quote_id}})
        with self._stripe() as stripe:
            stripe.v1.invoice_items.create(params, keyed(action, quote_id))

    def _items(self, customer_id: str) -> Iterator[dict[str, Any]]:
        """What was ever put on the customer's bills one by one, the newest first."""
        asked: dict[str, Any] = {"customer": customer_id, "limit": PAGE}
        for _ in range(MOST_INNER_PAGES):
            page = self._json("/v1/invoiceitems", asked)
            yield from page["data"]
            if not page["has_more"]:
                return
            asked["starting_after"] = page["data"][-1]["id"]
