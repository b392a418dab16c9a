"""Mandates that customers or their banks withdraw: debits will be refused from then on, so somebody has to hear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.billing.mirror_shapes import Shape, id_of
from chalicelib.payments.handling import Fact, Objects
from chalicelib.payments.markers import Outcome
from chalicelib.payments.mirror.accounts import CustomerAccounts
from chalicelib.payments.mirror.reading import id_in, read_as
from chalicelib.payments.news import News, Newsroom, Topic


class _Mandate(Shape):
    """One for a single payment ends with it; that is no withdrawal."""

    id: str
    status: str
    type: str
    payment_method: Any = None

    @property
    def is_withdrawn(self) -> bool:
        return self.status == "inactive" and self.type == "multi_use"


@dataclass(frozen=True)
class Mandates:
    accounts: CustomerAccounts
    stripe: Objects
    newsroom: Newsroom

    def apply(self, fact: Fact) -> Outcome:
        """Handle `mandate.*`. Raises Unreadable, Unavailable."""
        mandate = read_as(_Mandate, self.stripe.read("mandate", id_in(fact)) or fact.object)
        method_id = id_of(mandate.payment_method)
        if not mandate.is_withdrawn or method_id is None:
            return Outcome.NOTED
        customer_id = id_of((self.stripe.read("payment_method", method_id) or {}).get("customer"))
        account_id = self.accounts.account_of(customer_id) if customer_id else None
        if account_id is None:
            return Outcome.UNMATCHED
        at = datetime.fromtimestamp(fact.at, UTC)
        self.newsroom.tell(
            News(topic=Topic.MANDATE_WITHDRAWN, object_id=method_id, at=at, occasion=mandate.id, account_id=account_id)
        )
        return Outcome.APPLIED
