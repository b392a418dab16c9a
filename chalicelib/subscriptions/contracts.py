"""Use case of reading subscriptions with what was agreed and what they include."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.billing.model import Subscription
from chalicelib.billing.store import BillingStore
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import NotFound
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.terms import Terms


@dataclass(frozen=True)
class Contract:
    """A subscription with what was agreed for it and the offer that it is, as far as they are known."""

    subscription: Subscription
    terms: Terms | None
    offer: Offer | None


@dataclass(frozen=True)
class Contracts:
    """`today` is the calendar day where the desk bills."""

    billing: BillingStore
    offers: OfferStore
    today: Callable[[], date]

    def of_account(self, account_id: str, limit: int, start: Item | None) -> tuple[list[Contract], Item | None]:
        """Subscriptions of an account in order of their ids. Three round trips, one when there is none."""
        found, key = self.billing.subscriptions(account_id, limit, start)
        if not found:
            return [], key
        offers = self.offers.get_many(each.plan_code for each in found)
        terms = self.offers.terms(account_id, (each.subscription_id for each in found))
        return [Contract(each, terms.get(each.subscription_id), offers.get(each.plan_code)) for each in found], key

    def get(self, subscription_id: str) -> Contract:
        """One subscription. Four round trips. Raises NotFound."""
        subscription = self.billing.subscription(subscription_id)
        if subscription is None:
            raise NotFound
        terms = self.offers.terms(subscription.account_id, [subscription_id])
        return Contract(subscription, terms.get(subscription_id), self.offers.get(subscription.plan_code))
