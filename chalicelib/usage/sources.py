"""What use is rated by, as billing, the price list and the customer's preferences have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.accounts.letters import LetterChannel, Purpose
from chalicelib.accounts.preferences_model import Channel, Preferences, consent_for
from chalicelib.billing import subscription_rows
from chalicelib.billing.model import Subscription
from chalicelib.billing.store import BillingStore
from chalicelib.platform.codec import Item
from chalicelib.subscriptions.offer import Offer, OfferKind
from chalicelib.subscriptions.offer_store import OfferStore

_PAGE = 100


@dataclass(frozen=True)
class MirroredSubscriptions:
    """A Subscribed: the subscriptions as they are mirrored from Stripe."""

    billing: BillingStore

    def accounts_of(self, subscription_ids: Iterable[str]) -> dict[str, str]:
        return subscription_rows.accounts(self.billing.table, subscription_ids)

    def of_account(self, account_id: str) -> Sequence[Subscription]:
        found: list[Subscription] = []
        start: Item | None = None
        while True:
            page, start = self.billing.subscriptions(account_id, _PAGE, start)
            found += page
            if start is None:
                return found


@dataclass(frozen=True)
class PriceList:
    """An Offers: the price list."""

    store: OfferStore

    def named(self, codes: Iterable[str]) -> dict[str, Offer]:
        return self.store.get_many(codes)

    def sold(self, service: str) -> Sequence[Offer]:
        found: list[Offer] = []
        start: Item | None = None
        while True:
            page, start = self.store.page(_PAGE, start)
            found += [each for each in page if each.is_sold and each.kind is OfferKind.PLAN and each.service == service]
            if start is None:
                return found


@dataclass(frozen=True)
class PreferredWay:
    """A Reach: text messages to who prefers and allows them and has a number, else mail. `phones_of` gives the numbers
    of an account in E.164."""

    preferences_of: Callable[[str], Preferences]
    phones_of: Callable[[str], Sequence[str]]

    def way(self, account_id: str) -> tuple[LetterChannel, str | None]:
        preferences = self.preferences_of(account_id)
        wants_texts = preferences.preferred_channel is Channel.SMS
        if not (wants_texts and consent_for(preferences, Purpose.SERVICE, Channel.SMS)):
            return LetterChannel.MAIL, None
        number = next(iter(self.phones_of(account_id)), None)
        return (LetterChannel.SMS, number) if number else (LetterChannel.MAIL, None)
