"""Checkout pages of the desk that closed unused: what was to be paid there will not be. Their intents say the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.billing.mirror_shapes import Shape
from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror.reading import id_in, read_as
from chalicelib.payments.model import PaymentStatus
from chalicelib.payments.rows import until_first
from chalicelib.payments.store import PaymentStore

_UNDER_WAY: Final = frozenset(
    {PaymentStatus.CREATED, PaymentStatus.REQUIRES_PAYMENT, PaymentStatus.REQUIRES_ACTION, PaymentStatus.FAILED}
)


class _Session(Shape):
    status: str | None = None
    payment_status: str | None = None
    metadata: dict[str, str] | None = None

    @property
    def was_left(self) -> bool:
        """Whether it closed and took no money."""
        return self.status == "expired" and self.payment_status == "unpaid"


@dataclass(frozen=True)
class Sessions:
    payments: PaymentStore
    stripe: Objects

    def apply(self, fact: Fact) -> Outcome:
        """Handle `checkout.session.*`. Raises Unreadable, Unavailable."""
        if fact.type != "checkout.session.expired":
            return Outcome.NOTED
        session = read_as(_Session, self.stripe.read("checkout.session", id_in(fact)) or fact.object)
        payment_id = (session.metadata or {}).get("payment_id")
        if payment_id is None or not session.was_left:
            return Outcome.NOTED
        return until_first(lambda: self._canceled(payment_id, fact.at))

    def _canceled(self, payment_id: str, at: int) -> Outcome:
        payment = self.payments.get(payment_id, consistent=True)
        if payment is None:
            return Outcome.UNMATCHED
        if payment.status not in _UNDER_WAY:
            return Outcome.OLDER
        closed = {"status": PaymentStatus.CANCELED, "as_of": max(at, payment.as_of)}
        self.payments.move(payment, payment.model_copy(update=closed))
        return Outcome.APPLIED
