"""Stripe's objects as they are now, one or many, as the JSON that Stripe sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from chalicelib.payments.gateway.client import Connected
from chalicelib.payments.gateway.errors import is_absent
from chalicelib.payments.objects import MOST_PAGES, ObjectPage, TooManyPages, Window
from chalicelib.platform.errors import DeskError

PAGE: Final = 100
MOST_INNER_PAGES: Final = 20
"""Pages of a list inside an object, such as the lines of an invoice."""


@dataclass(frozen=True)
class _Kind:
    """Where objects of a kind are read: what is expanded in one of them, which lists inside it are read to the end."""

    path: str
    expand: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    only: Mapping[str, Any] = field(default_factory=dict)
    is_listed: bool = True


_KINDS: Final = {
    "balance_transaction": _Kind("balance_transactions", only={"expand": ["data.source"]}),
    "charge": _Kind("charges"),
    "checkout.session": _Kind("checkout/sessions"),
    "credit_note": _Kind("credit_notes", lists=("lines",)),
    "customer": _Kind("customers"),
    "dispute": _Kind("disputes"),
    "event": _Kind("events"),
    "invoice": _Kind("invoices", expand=("payments",), lists=("lines", "payments")),
    "invoice_payment": _Kind("invoice_payments"),
    "mandate": _Kind("mandates", is_listed=False),
    "payment_intent": _Kind("payment_intents", expand=("latest_charge",)),
    "payment_method": _Kind("payment_methods", is_listed=False),
    "price": _Kind("prices"),
    "product": _Kind("products"),
    "refund": _Kind("refunds"),
    "setup_intent": _Kind("setup_intents"),
    "subscription": _Kind("subscriptions", lists=("items",), only={"status": "all"}),
    "subscription_schedule": _Kind("subscription_schedules"),
    "tax_rate": _Kind("tax_rates"),
}
"""By Stripe's name of the object."""


class Facts(Connected):
    """Reads objects; see ReadsObjects."""

    def read(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """The object, or None when Stripe has none or the kind is none of _KINDS. Raises Refused, Unavailable."""
        known = _KINDS.get(kind)
        if known is None:
            return None
        expanded = {"expand": list(known.expand)} if known.expand else {}
        try:
            found = self._json(f"/v1/{known.path}/{quote(object_id, safe='')}", expanded)
        except DeskError as error:
            if is_absent(error):
                return None
            raise
        for name in known.lists:
            self._complete(found.get(name))
        return found

    def page(self, kind: str, window: Window, after: str | None = None, **only: Any) -> ObjectPage:
        """A page of objects made in the window. Raises ValueError for a kind without a list; Refused, Unavailable."""
        known = _KINDS[kind]
        if not known.is_listed:
            raise ValueError(f"Stripe does not list {kind} objects by time")
        created = {"gte": int(window.since.timestamp()), "lt": int(window.until.timestamp())}
        params = {"limit": PAGE, "created": created, **known.only, **only}
        if after:
            params["starting_after"] = after
        answer = self._json(f"/v1/{known.path}", params)
        found = tuple(answer["data"])
        return ObjectPage(found, found[-1]["id"] if answer["has_more"] and found else None)

    def each(self, kind: str, window: Window, most_pages: int = MOST_PAGES, **only: Any) -> Iterator[dict[str, Any]]:
        """All objects made in the window. Raises TooManyPages after so many; what `page` raises."""
        after = None
        for _ in range(most_pages):
            found = self.page(kind, window, after, **only)
            yield from found.objects
            after = found.after
            if after is None:
                return
        raise TooManyPages(kind, str(after))

    def invoice_of_intent(self, intent_id: str) -> str | None:
        """The id of Stripe's invoice that the intent pays, or None. Raises Refused, Unavailable."""
        paid_by = {"type": "payment_intent", "payment_intent": intent_id}
        found = self._json("/v1/invoice_payments", {"payment": paid_by, "limit": 1})["data"]
        return str(found[0]["invoice"]) if found else None

    def _complete(self, inner: Any) -> None:
        """Read a list inside an object to its end, in place: Stripe puts only the first ten into the object."""
        for _ in range(MOST_INNER_PAGES):
            if not (isinstance(inner, dict) and inner.get("has_more") and inner["data"]):
                return
            rest = self._json(inner["url"], {"limit": PAGE, "starting_after": inner["data"][-1]["id"]})
            inner["data"] += rest["data"]
            inner["has_more"] = rest["has_more"]
