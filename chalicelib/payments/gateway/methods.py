"""Payment methods that customers have saved: read, chosen, removed. They are saved on Stripe's own page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chalicelib.payments.gateway.client import Connected, keyed
from chalicelib.payments.gateway.errors import is_absent
from chalicelib.payments.methods_model import MethodKind, SavedMethod
from chalicelib.platform.errors import DeskError

if TYPE_CHECKING:
    from stripe import PaymentMethod

_KNOWN: Final = frozenset(MethodKind)


class Methods(Connected):
    """A MethodVault."""

    def methods_of(self, customer_id: str) -> tuple[SavedMethod, ...]:
        """Up to a hundred, the newest first. Two calls. Raises Refused, Unavailable."""
        default = self.default_method_of(customer_id)
        with self._stripe() as stripe:
            found = stripe.v1.customers.payment_methods.list(customer_id, {"limit": 100}).data
        listed = [_saved(method) for method in found]
        return tuple(replace(method, is_default=method.method_id == default) for method in listed)

    def read_method(self, method_id: str) -> SavedMethod | None:
        """The method, or None. Raises Refused, Unavailable."""
        try:
            with self._stripe() as stripe:
                return _saved(stripe.v1.payment_methods.retrieve(method_id))
        except DeskError as error:
            if is_absent(error):
                return None
            raise

    def default_method_of(self, customer_id: str) -> str | None:
        """The id of the default method. Raises Refused, Unavailable."""
        with self._stripe() as stripe:
            customer = stripe.v1.customers.retrieve(customer_id).to_dict()
        default = (customer.get("invoice_settings") or {}).get("default_payment_method")
        return str(default) if default else None

    def make_default(self, customer_id: str, method_id: str, action_id: str) -> None:
        """Bills are paid by it from now on. Raises Unprocessable, Refused, Unavailable."""
        with self._stripe() as stripe:
            stripe.v1.customers.update(
                customer_id,
                {"invoice_settings": {"default_payment_method": method_id}},
                keyed("default", action_id),
            )

    def detach(self, method_id: str) -> None:
        """Take it from its customer; that cannot be undone. Raises Refused, Unavailable."""
        with self._stripe() as stripe:
            stripe.v1.payment_methods.detach(method_id, None, keyed("detach", method_id))


def _saved(method: PaymentMethod) -> SavedMethod:
    """Stripe leaves out the details of all kinds but its own, and the SDK raises for what is not there."""
    said = method.to_dict()
    details = said.get(method.type) or {}
    is_card = method.type == MethodKind.CARD
    return SavedMethod(
        method_id=method.id,
        customer_id=said.get("customer"),
        kind=MethodKind(method.type) if method.type in _KNOWN else MethodKind.OTHER,
        added_at=datetime.fromtimestamp(method.created, UTC),
        brand=details.get("brand" if is_card else "bank_name"),
        last4=details.get("last4"),
        expiry=(details["exp_year"], details["exp_month"]) if is_card else None,
    )
