"""Makes change quotes: Stripe's preview at a fixed second, held against our own reckoning, with what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from chalicelib.billing.mirror_catalogue import StripePrice
from chalicelib.payments.mirror.reading import read_as
from chalicelib.payments.plan_orders import ChangeLater, PlanOrder
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.errors import Conflict, Refused
from chalicelib.policy.model import RulesOn, Ruling
from chalicelib.subscriptions import lines, meaning
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.offer_store import OfferStore
from chalicelib.subscriptions.plan_desk import PlanDesk
from chalicelib.subscriptions.policy import ChangeRules
from chalicelib.subscriptions.proration import shares_of
from chalicelib.subscriptions.quote import ChangeQuote, QuotedLine
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.step import Asked, Sold, Step, wrong
from chalicelib.subscriptions.steps import step_of
from chalicelib.subscriptions.terms import months_after
from chalicelib.subscriptions.wish import Kind, Wish

Bill = tuple[tuple[QuotedLine, ...], int]
"""The lines of a bill and its total."""


@dataclass(frozen=True)
class Quoting:
    """`rules` is the policy of changes by the day; `count` adds one to a named business counter."""

    offers: OfferStore
    stripe: PlanDesk
    rules: RulesOn[ChangeRules]
    clock: Clock
    new_id: NewId
    count: Callable[[str], None]

    def quote(self, standing: Standing, wish: Wish, made_at: datetime | None = None) -> ChangeQuote:
        """What the wish comes to, asked for at the standing's second; not kept yet. Two or three calls of Stripe.

        Raises Conflict and Unprocessable for what cannot be had, Refused when Stripe's figures are not ours or the
        offer is sold otherwise there, Unavailable.
        """
        standing.must_allow(wish.kind)
        made_at = made_at or self.clock()
        ruling = self.rules(made_at.astimezone(standing.zone).date())
        sold = self._sold(standing, wish)
        asked = Asked(standing, wish, ruling.rules, ruling.rules.quote_valid_s, sold)
        step = step_of(asked)
        usual = self._preview(standing, None)
        bill = self._bill(standing, step, usual)
        return self._told(asked, step, ruling, bill, usual.total if usual else 0, made_at)

    def _sold(self, standing: Standing, wish: Wish) -> Sold | None:
        if wish.offer is None or wish.kind is Kind.REMOVE_ADDON:
            return None
        offer = self.offers.get(wish.offer)
        if offer is None:
            raise wrong("offer", "is not in the price list")
        if offer.code not in {part.code for part in standing.parts} and not offer.is_sold:
            raise wrong("offer", "is not sold any more")
        if offer.currency != standing.currency:
            raise wrong("offer", f"is not sold in {standing.currency}")
        found = self.stripe.price_coded(offer.code)
        price = read_as(StripePrice, found) if found else None
        if price is None or not _is_price_of(price, offer):
            self.count("OffersOutOfStep")
            raise Refused(
                "This offer has another price at our payment provider. Nothing was changed.", offer=offer.code
            )
        return Sold(offer, price.id)

    def _preview(self, standing: Standing, order: PlanOrder | None) -> lines.Preview | None:
        found = self.stripe.preview_plan(standing.plan.id, order)
        return read_as(lines.Preview, found) if found else None

    def _bill(self, standing: Standing, step: Step, usual: lines.Preview | None) -> Bill:
        """The bill that shows the change."""
        speech = lines.Speech(standing.day, standing.currency)
        shares, parts = shares_of(standing, step), (*standing.parts, *step.after)
        if step.no_bill:
            _must_be_plain(usual)
            return (), 0
        shown = _shown(standing, step.order)
        if shown is None:
            _must_be_undiscounted(standing)
            begun = speech.reckoned(shares, step.after, (step.effective_at, _a_month_after(step.effective_at)))
            return begun, sum(line.net_minor + line.tax_minor for line in begun)
        preview = usual if shown.way == "pause" else self._preview(standing, shown)
        if preview is None:
            return (), 0
        try:
            return speech.read(preview, shares, parts, usual), preview.total
        except lines.Disagreement as error:
            self.count("ChangeQuotesDisagreed")
            words = "Our payment provider reckons this change otherwise than we do. Nothing was changed; we look at it."
            raise Refused(words, reason="figures_disagree") from error

    def _told(
        self, asked: Asked, step: Step, ruling: Ruling[ChangeRules], bill: Bill, usual_minor: int, made_at: datetime
    ) -> ChangeQuote:
        standing, wish, sold = asked.standing, asked.wish, asked.sold
        subscription = standing.subscription
        terms = meaning.terms_after(standing, wish, step, sold)
        return ChangeQuote(
            quote_id=self.new_id("cq"),
            subscription_id=subscription.subscription_id,
            account_id=subscription.account_id,
            plan_id=standing.plan.id,
            wish=wish,
            order=step.order,
            currency=standing.currency,
            made_at=made_at,
            valid_until=made_at + timedelta(seconds=asked.valid_s),
            asked_at=standing.now,
            effective_at=step.effective_at,
            before=standing.parts,
            after=step.after,
            lines=bill[0],
            bill_at=step.bill_at,
            bill_from=step.bill_from,
            no_bill=step.no_bill,
            bill_before_minor=usual_minor,
            bill_after_minor=bill[1],
            terms_before=standing.terms.get(subscription.subscription_id),
            terms_after=terms,
            exit_fee_minor=step.exit_fee_minor,
            price_rises=meaning.rises_of(standing, step, terms),
            consequences=meaning.consequences(standing, wish, step, sold),
            rules_version=ruling.version,
            offer_code=sold.offer.code if sold else None,
            offer_version=sold.offer.version if sold else None,
        )


def as_asked(standing: Standing, quote: ChangeQuote) -> Standing:
    """The standing at the second for which the quote was made."""
    return replace(standing, now=quote.asked_at)


def _is_price_of(price: StripePrice, offer: Offer) -> bool:
    return price.unit_amount_decimal == offer.monthly_minor and price.currency.upper() == offer.currency


def _shown(standing: Standing, order: PlanOrder) -> PlanOrder | None:
    """What of the order the next bill shows; None for what no preview can show. A fee comes before a part that goes
    later than the present period ends."""
    if not isinstance(order, ChangeLater) or not (order.restarts or order.at > standing.plan.period[1]):
        return order
    return order.model_copy(update={"changes": ()}) if order.fee else None


def _must_be_undiscounted(standing: Standing) -> None:
    """What no preview shows is reckoned here; how long a discount lasts, Stripe alone knows. Raises Conflict."""
    if standing.plan.is_discounted:
        words = "There is a discount on this subscription; ask us, and we reckon it for you."
        raise Conflict(words, reason="not_quotable")


def _must_be_plain(usual: lines.Preview | None) -> None:
    """A bill that is not collected takes all that is on it along. Raises Conflict when that is more than usual."""
    if usual and any(not line.is_recurring for line in usual.lines.data):
        words = "The next bill holds more than the plan itself, which a pause would lose. Pause after that bill."
        raise Conflict(words, reason="bill_holds_more")


def _a_month_after(second: int) -> int:
    begun = datetime.fromtimestamp(second, UTC)
    return int(datetime.combine(months_after(begun.date(), 1), begun.timetz()).timestamp())
