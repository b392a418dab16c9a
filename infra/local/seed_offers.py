"""Loads what the demo company sells into a desk, and by which terms its customers took it. Again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.audit.model import Actor
from chalicelib.platform.clock import new_ulid
from chalicelib.platform.dynamo import Table
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.offers import Offers
from chalicelib.subscriptions.terms import Terms, agreed
from infra.local.seed_stripe import offers

Row = dict[str, Any]


def load_offers(table: Table, accounts: Iterable[Row], now: datetime, loader: Actor) -> None:
    """Keep every offer of the company's file, and the contract of each subscription as of its beginning."""
    store = OfferStore(table)
    price_list, sold = Offers(store, lambda: now, new_ulid), [Offer.model_validate(row) for row in offers()]
    price_list.load(sold, loader)
    by_code = {offer.code: offer for offer in sold}
    for account in accounts:
        plans = account["subscriptions"]
        known = store.terms(account["account_id"], [plan["subscription_id"] for plan in plans])
        for plan in plans:
            if plan["subscription_id"] not in known:
                price_list.agree(_terms(by_code[plan["plan_code"]], account, plan, now.date()))


def _terms(offer: Offer, account: Row, plan: Row, today: date) -> Terms:
    begun = date.fromisoformat(plan["started_on"])
    terms = agreed(offer, plan["subscription_id"], account["account_id"], begun)
    if "contract_ends_in_days" not in plan:
        return terms
    ends_on = today + timedelta(days=plan["contract_ends_in_days"])
    return terms.model_copy(update={"minimum_ends_on": ends_on, "exit_fee": offer.exit_fee})
