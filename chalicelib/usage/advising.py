"""Use case of advice on plans: rates the real use of the last periods on every plan of the service that is sold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.policy.model import RulesOn
from chalicelib.subscriptions.offer import Offer, OfferKind
from chalicelib.subscriptions.terms import Terms
from chalicelib.usage.advice import PastPeriod, PlanAdvice, best_of, candidate, cost_so_far
from chalicelib.usage.control import Control
from chalicelib.usage.policy import WarningRules
from chalicelib.usage.rating import Ratings, rate
from chalicelib.usage.rulebook import Rulebook, must_know
from chalicelib.usage.store import UsageStore

_TAKEN: Final = frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE})


class KeepsTerms(Protocol):
    """What was agreed when subscriptions were sold."""

    def terms(self, account_id: str, subscription_ids: Sequence[str]) -> dict[str, Terms]: ...


@dataclass(frozen=True)
class _Known:
    """What is known of an account: its subscriptions, the offers that they are, and what else is sold by service."""

    taken: Sequence[Subscription]
    control: Control
    terms: Mapping[str, Terms]
    lines: Ratings
    offers: Mapping[str, Offer]
    sold: Mapping[str, Sequence[Offer]]

    def price_minor(self, subscription: Subscription) -> int:
        """What it costs a month with its add-ons, before tax."""
        return subscription.price_minor + sum(
            each.price_minor
            for each in self.taken
            if each.provider_id and each.provider_id == subscription.provider_id and each.status in _TAKEN
            and each.subscription_id != subscription.subscription_id
            and (offer := self.offers.get(each.plan_code)) and offer.kind is OfferKind.ADDON
        )  # fmt: skip


@dataclass(frozen=True)
class PlanAdvising:
    """`zone` and `today` are those where the desk bills."""

    store: UsageStore
    rulebook: Rulebook
    contracts: KeepsTerms
    rules_on: RulesOn[WarningRules]
    today: Callable[[], date]
    zone: ZoneInfo

    def advise(self, account_id: str, subscription_id: str | None = None) -> list[PlanAdvice]:
        """Advice for each subscription that has enough finished periods, or for one. Seven round trips, and one for
        each service. Raises NotFound."""
        _, control = self.rulebook.of_account(account_id)
        if subscription_id is not None:
            must_know(control, subscription_id)
        wanted, offers = [subscription_id] if subscription_id else control.subscription_ids, self.rulebook.offers
        taken = {each.subscription_id: each for each in self.rulebook.subscribed.of_account(account_id)}
        running = [taken[each] for each in wanted if each in taken and taken[each].status in _TAKEN]
        months = self.store.newest_months(account_id) if running else []
        known = _Known(
            taken=tuple(taken.values()), control=control,
            terms=self.contracts.terms(account_id, wanted) if running else {},
            lines={key: line for month in months for key, line in rate(month, control).items()},
            offers=offers.named({each.plan_code for each in taken.values()}) if running else {},
            sold={service: offers.sold(service) for service in {each.service for each in running}},
        )  # fmt: skip
        found = [self._advice(each, known) for each in running]
        return [advice for advice in found if advice]

    def _advice(self, subscription: Subscription, known: _Known) -> PlanAdvice | None:
        ruling, name = self.rules_on(self.today()), subscription.subscription_id
        periods = self._periods(subscription, known, ruling.rules.advice_periods)
        plan = next(each for each in reversed(known.control.plans) if each.subscription_id == name)
        if not periods:
            return None
        price, contract = known.price_minor(subscription), known.terms.get(name)
        costs = tuple(cost_so_far(price, plan.tariff, period) for period in periods)
        sold = [
            offer
            for offer in known.sold[subscription.service]
            if offer.code != subscription.plan_code and offer.currency == known.control.currency
        ]
        candidates = sorted((candidate(offer, periods) for offer in sold), key=lambda c: (c.total_minor, c.offer.code))
        least = ruling.rules.advice_saves_minor * len(periods)
        bound = contract.minimum_ends_on if contract and contract.is_bound_on(self.today()) else None
        return PlanAdvice(
            subscription_id=name, plan_code=plan.plan_code, plan_name=plan.plan_name, currency=known.control.currency,
            costs=costs, candidates=tuple(candidates), policy_version=ruling.version, bound_until=bound,
            best=best_of(sum(cost.total_minor for cost in costs), candidates, least),
        )  # fmt: skip

    def _periods(self, subscription: Subscription, known: _Known, number: int) -> list[PastPeriod]:
        """The last finished periods, the newest first; none when there are not so many yet."""
        control, day, found = known.control, self.today(), list[PastPeriod]()
        day = control.period(subscription.subscription_id, day, self.zone).starts_on - timedelta(days=1)
        while len(found) < number:
            starts_on = control.period(subscription.subscription_id, day, self.zone).starts_on
            if starts_on < subscription.started_on:
                return []
            own = {
                key.category: line
                for key, line in known.lines.items()
                if key.stretch == (subscription.subscription_id, starts_on)
            }
            used = {category: line.used for category, line in own.items()}
            found.append(PastPeriod(starts_on, used, sum(line.billed_with_tax_minor for line in own.values())))
            day = starts_on - timedelta(days=1)
        return found
