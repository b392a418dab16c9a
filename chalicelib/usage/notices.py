"""Tells customers what was noted for the day: the end of a contract, a price rise, a plan that would cost less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.accounts.letters import Letter, Post, Purpose, Row, Value
from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.platform.money import portion
from chalicelib.policy.model import RulesOn
from chalicelib.usage.advising import KeepsTerms, PlanAdvising
from chalicelib.usage.left_over import LeftOver
from chalicelib.usage.model import Offers, Subscribed
from chalicelib.usage.notice_store import Notice, NoticeKind, NoticeStore
from chalicelib.usage.policy import WarningRules


@dataclass(frozen=True)
class Notices:
    """`today` is the day where the desk bills; `count` adds one to a named counter."""

    store: NoticeStore
    subscribed: Subscribed
    offers: Offers
    contracts: KeepsTerms
    advising: PlanAdvising
    left_over: LeftOver
    post: Post
    rules_on: RulesOn[WarningRules]
    clock: Clock
    today: Callable[[], date]
    count: Callable[[str], None]

    def run(self) -> int:
        """Go through what was noted for all days up to today; how many letters were sent. A second run on the same day
        sends none. How far it came is kept with each page of 100, so a run that is cut off loses nothing, and sends
        nothing twice. Raises Unavailable."""
        today, told = self.today(), list[bool]()
        self.store.days.each(today, today, lambda notice: told.append(self._tell(notice)))
        return sum(told)

    def _tell(self, notice: Notice) -> bool:
        if notice.kind is NoticeKind.LEFT_OVER:
            self.left_over.look(notice.account_id, notice.subscription_id)
            return False
        taken = {each.subscription_id: each for each in self.subscribed.of_account(notice.account_id)}
        subscription = taken.get(notice.subscription_id)
        if subscription is None or subscription.status is SubscriptionStatus.CANCELLED or subscription.ends_at:
            return False
        tell = {
            NoticeKind.CONTRACT_END: self._contract_end,
            NoticeKind.PRICE_RISE: self._price_rise,
            NoticeKind.BETTER_PLAN: self._better_plan,
        }
        return tell[notice.kind](notice, subscription)

    def _contract_end(self, notice: Notice, subscription: Subscription) -> bool:
        """Of a minimum term that ends on that day still, within the days of the policy."""
        terms = self.contracts.terms(notice.account_id, [notice.subscription_id]).get(notice.subscription_id)
        rules, left = self.rules_on(self.today()).rules, (notice.about - self.today()).days
        if terms is None or terms.minimum_ends_on != notice.about:
            return False
        if not rules.contract_until_days <= left <= rules.contract_from_days:
            return False
        sold = [each for each in self.offers.sold(subscription.service) if each.currency == subscription.currency]
        facts: dict[str, Value] = {
            "ends_on": str(notice.about), "notice_days": terms.notice_days, "service": subscription.service,
            "price_minor": self._with_tax(subscription, subscription.price_minor),
        }  # fmt: skip
        if sold:
            cheapest = min(sold, key=lambda each: (each.with_tax_minor, each.code))
            facts |= {"cheapest": cheapest.name, "cheapest_price_minor": cheapest.with_tax_minor}
        return self._send("contract_ends", notice, subscription, facts)

    def _price_rise(self, notice: Notice, subscription: Subscription) -> bool:
        terms = self.contracts.terms(notice.account_id, [notice.subscription_id]).get(notice.subscription_id)
        rises = [each for each in terms.rises_after(self.today()) if each.from_on == notice.about] if terms else []
        if not rises:
            return False
        price, more = subscription.price_minor, rises[0].by_minor * subscription.quantity
        facts: dict[str, Value] = {
            "from_on": str(notice.about), "price_minor": self._with_tax(subscription, price),
            "new_price_minor": self._with_tax(subscription, price + more),
        }  # fmt: skip
        facts["rise_minor"] = int(facts["new_price_minor"]) - int(facts["price_minor"])
        return self._send("price_rises", notice, subscription, facts)

    def _better_plan(self, notice: Notice, subscription: Subscription) -> bool:
        """Advice that is new: the same plan is advised once in a quarter of a year."""
        try:
            found = self.advising.advise(notice.account_id, notice.subscription_id)
        except NotFound:
            return False
        if not found or found[0].best is None:
            return False
        advice, best = found[0], found[0].best
        rows: tuple[Row, ...] = tuple(
            {"starts_on": str(now.starts_on), "now_minor": now.total_minor, "then_minor": then.total_minor}
            for now, then in zip(advice.costs, best.costs, strict=True)
        )
        facts: dict[str, Value] = {
            "offer": best.offer.name, "periods": len(rows), "paid_minor": advice.total_minor,
            "would_minor": best.total_minor, "saved_minor": advice.saves_minor(best),
        }  # fmt: skip
        if advice.bound_until:
            facts["bound_until_on"] = str(advice.bound_until)
        occasion = f"{best.offer.code}|{notice.about.year}-{(notice.about.month + 2) // 3}"
        return self._send("better_plan", notice, subscription, facts, rows, occasion, Purpose.EDUCATION)

    def _send(
        self, name: str, notice: Notice, subscription: Subscription, facts: dict[str, Value],
        rows: tuple[Row, ...] = (),
        occasion: str | None = None, purpose: Purpose = Purpose.SERVICE,
    ) -> bool:  # fmt: skip
        is_new = self.post.send(
            Letter(
                name=f"usage/{name}", object_id=notice.subscription_id, occasion=occasion or str(notice.about),
                account_id=notice.account_id, at=self.clock(), purpose=purpose, currency=subscription.currency,
                facts={"plan": subscription.plan_name, **facts}, rows=rows,
            )
        )  # fmt: skip
        if is_new:
            self.count("PlanNotices")
        return is_new

    def _with_tax(self, subscription: Subscription, net_minor: int) -> int:
        offer = self.offers.named([subscription.plan_code]).get(subscription.plan_code)
        return net_minor + portion(net_minor, offer.tax_rate_bp if offer else 0)
