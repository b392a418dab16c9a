"""Notices what subscriptions are rated by: their offers, add-ons and billing day, from the instant at which these were
seen to have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.policy.model import RulesOn
from chalicelib.subscriptions.offer import Offer, OfferKind
from chalicelib.usage.control import BEGINNING, Control, Plan, to_the_millisecond
from chalicelib.usage.model import Offers, Subscribed
from chalicelib.usage.policy import UsageRules
from chalicelib.usage.store import UsageStore
from chalicelib.usage.tariff import NOTHING, Tariff, tariff_of

_TAKEN: Final = frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE})


@dataclass(frozen=True)
class Rulebook:
    """`rules_on` is the policy of use; `currency_of` the currency of an account."""

    store: UsageStore
    subscribed: Subscribed
    offers: Offers
    rules_on: RulesOn[UsageRules]
    currency_of: Callable[[str], str]
    clock: Clock

    def of_account(self, account_id: str, wanted: Iterable[str] | None = None) -> tuple[Control, Control]:
        """The rules as they stand, and with what is noticed of the wanted subscriptions: without a list, of all that an
        offer includes or charges something for. Three round trips. Raises NotFound without the account."""
        standing = self.store.control(account_id)
        if standing is None:
            standing = Control(account_id=account_id, currency=self.currency_of(account_id))
        return standing, self._noticed(standing, self.subscribed.of_account(account_id), wanted)

    def _noticed(self, control: Control, taken: Sequence[Subscription], wanted: Iterable[str] | None) -> Control:
        names = None if wanted is None else set(wanted)
        found = self.offers.named({each.plan_code for each in taken})
        offers = {code: offer for code, offer in found.items() if offer.currency == control.currency}
        for subscription in taken:
            if names is not None and subscription.subscription_id not in names:
                continue
            plan = self._plan(subscription, taken, offers)
            last = control.plan(subscription.subscription_id, plan.at)
            matters = names is not None or last or plan.tariff.rates or plan.tariff.allowances
            if matters and (last is None or last.model_copy(update={"at": plan.at}) != plan):
                control = control.model_copy(update={"plans": (*control.plans, self._dated(plan, last))})
        return control

    def _plan(self, subscription: Subscription, taken: Sequence[Subscription], offers: Mapping[str, Offer]) -> Plan:
        """What it is rated by now; `at` is when its newest part was read at Stripe."""
        parts = [each for each in taken if each.provider_id and each.provider_id == subscription.provider_id]
        as_of = max((each.as_of for each in (subscription, *parts)), default=0)
        return Plan(
            subscription_id=subscription.subscription_id, at=min(self.clock(), datetime.fromtimestamp(as_of, UTC)),
            plan_code=subscription.plan_code, plan_name=subscription.plan_name, provider_id=subscription.provider_id,
            anchor_day=subscription.anchor_day, tariff=self._tariff(subscription, parts, offers),
        )  # fmt: skip

    def _tariff(self, subscription: Subscription, parts: Sequence[Subscription], offers: Mapping[str, Offer]) -> Tariff:
        plan = offers.get(subscription.plan_code)
        if plan is None:
            return NOTHING
        others = [each for each in parts if each.subscription_id != subscription.subscription_id]
        found = [(offers.get(each.plan_code), each.quantity) for each in others if each.status in _TAKEN]
        addons = [(offer, times) for offer, times in found if offer and offer.kind is OfferKind.ADDON and times]
        caps = self.rules_on(self.clock()).rules.most_minor
        return tariff_of(plan, sorted(addons, key=lambda each: each[0].code), caps)

    def _dated(self, plan: Plan, last: Plan | None) -> Plan:
        """The first one holds for all that came before; a later one follows the one before it."""
        if last is None:
            return plan.model_copy(update={"at": BEGINNING})
        at = plan.at if plan.at > last.at else self.clock()
        return plan.model_copy(update={"at": to_the_millisecond(at)})


def must_know(control: Control, subscription_id: str) -> None:
    """Raises NotFound when use of this subscription is not counted."""
    if subscription_id not in control.subscription_ids:
        raise NotFound("There is no subscription of this account under this id that use is counted of.")
