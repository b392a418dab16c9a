"""What plans need of payments and of Stripe, beyond the books. Pure."""

from __future__ import annotations

from typing import Protocol

from chalicelib.audit.model import Actor
from chalicelib.payments.links import PayLink
from chalicelib.payments.methods_model import SavedMethod
from chalicelib.payments.model import Payment, PaymentOrder
from chalicelib.payments.service import Taken


class TakesPayments(Protocol):
    """The service of payments."""

    def take(self, order: PaymentOrder, key: str, actor: Actor) -> Taken:
        """Ask for the money; one account and key is one payment. Raises Declined, Conflict, NotFound, Unprocessable,
        Refused, Unavailable."""

    def get(self, payment_id: str) -> Payment:
        """Raises NotFound."""

    def begun(self, account_id: str, key: str) -> Payment | None:
        """What an account and key have begun, if anything."""

    def on_its_way(self, account_id: str) -> list[Payment]:
        """The latest payments of an account that were taken and are not booked yet, whoever began them."""


class OpensLinks(Protocol):
    """The service of links to pay by."""

    def open(self, order: PaymentOrder, key: str, actor: Actor) -> PayLink:
        """A page for this payment; one for an account and key. Raises Conflict, NotFound, Unprocessable, Refused,
        Unavailable."""


class KnowsMethods(Protocol):
    """The service of saved payment methods."""

    def of_account(self, account_id: str) -> tuple[SavedMethod, ...]:
        """The methods of an account, the newest first. Raises NotFound, Refused, Unavailable."""


class CollectsBills(Protocol):
    """Stripe, which collects bills of its own by itself. Each call may raise Refused and Unavailable."""

    def collect_by_itself(self, stripe_id: str, *, wanted: bool) -> None:
        """Whether Stripe goes on trying to collect this open invoice. Repeats change nothing."""
