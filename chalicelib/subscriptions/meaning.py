"""What a change means for the customer, in plain words: what stops, what is lost, what begins to bind. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chalicelib.payments.plan_orders import Pause
from chalicelib.platform.money import Money, portion, spoken
from chalicelib.subscriptions.lines import plain_day
from chalicelib.subscriptions.offer import Allowance, Offer, PriceRise
from chalicelib.subscriptions.parts import Part
from chalicelib.subscriptions.quote import Consequence, RiseNotice
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.step import Sold, Step
from chalicelib.subscriptions.terms import Terms, agreed
from chalicelib.subscriptions.wish import Kind, Wish

_UNITS: Final = {"mb": ("MB", 1), "s": ("minutes", 60)}
_NUMBERED: Final = frozenset({"mobile", "landline", "voice"})
"""Services that end with a telephone number."""


def terms_after(standing: Standing, wish: Wish, step: Step, sold: Sold | None) -> Terms | None:
    """The terms of the subscription once the change counts; None without any, and for one that ends."""
    subscription = standing.subscription
    present = standing.terms.get(subscription.subscription_id)
    if wish.kind is Kind.CHANGE_PLAN and sold:
        on = standing.day(step.effective_at)
        return agreed(sold.offer, subscription.subscription_id, subscription.account_id, on, present)
    return None if wish.kind is Kind.CANCEL else present


def consequences(standing: Standing, wish: Wish, step: Step, sold: Sold | None) -> tuple[Consequence, ...]:
    """What the change brings, the weightiest first."""
    return tuple(_all(standing, wish, step, sold))


def _all(standing: Standing, wish: Wish, step: Step, sold: Sold | None) -> Iterator[Consequence]:
    kept = {part.item_id for part in step.after}
    on = plain_day(standing.day(step.effective_at))
    for part in standing.parts:
        if part.item_id not in kept:
            yield from _stops(standing, part, on)
    if step.exit_fee_minor:
        fee = spoken(Money(amount_minor=step.exit_fee_minor, currency=standing.currency))
        yield Consequence(code="exit_fee", text=f"You pay a fee of {fee} before tax for leaving early.")
    if isinstance(step.order, Pause) and step.order.until:
        yield from _pauses(standing, step.order.until)
    if wish.kind is Kind.CHANGE_PLAN and sold:
        yield from _becomes(standing, step, sold.offer)
    if wish.kind is Kind.BILLING_DAY:
        text = f"Your bill comes on day {wish.day} of the month from {on} on. The part month before is billed exactly."
        yield Consequence(code="billing_day", text=text)


def _stops(standing: Standing, part: Part, on: str) -> Iterator[Consequence]:
    yield Consequence(code="stops", text=f"{part.name} stops on {on}.")
    offer = standing.offers.get(part.code)
    if offer and offer.service in _NUMBERED and part.subscription_id == standing.subscription.subscription_id:
        text = "Your telephone number is lost unless another provider takes it over before."
        yield Consequence(code="number_lost", text=text)
    if offer and offer.allowances:
        yield Consequence(code="allowance_lost", text=f"What is left of the allowance of {part.name} is lost.")


def _pauses(standing: Standing, until: int) -> Iterator[Consequence]:
    names = ", ".join(part.name for part in standing.parts)
    again = plain_day(standing.day(until))
    yield Consequence(code="paused", text=f"{names}: not to be used, and not billed, until {again}.")
    terms = standing.terms.get(standing.subscription.subscription_id)
    if terms and terms.minimum_ends_on and terms.is_bound_on(standing.day(standing.now)):
        ends = plain_day(terms.minimum_ends_on)
        yield Consequence(code="minimum_term_stays", text=f"Your minimum term still ends on {ends}.")


def _becomes(standing: Standing, step: Step, offer: Offer) -> Iterator[Consequence]:
    before = standing.offers.get(standing.part.code)
    for allowance in before.allowances if before else ():
        after = offer.allowance(allowance.measure)
        if after is None or _less(after, allowance):
            text = f"{_measured(allowance)} becomes {_measured(after) if after else 'nothing'} a month."
            yield Consequence(code="allowance_less", text=text)
    terms = agreed(
        offer, "", "", standing.day(step.effective_at), standing.terms.get(standing.part.subscription_id or "")
    )
    if terms.minimum_ends_on:
        ends = plain_day(terms.minimum_ends_on)
        yield Consequence(code="minimum_term", text=f"You are bound until {ends}; leaving before may cost a fee.")


def _less(after: Allowance, before: Allowance) -> bool:
    if after.amount is None:
        return False
    return before.amount is None or after.amount < before.amount


def _measured(allowance: Allowance) -> str:
    what, _, unit = allowance.measure.rpartition("_")
    name, size = _UNITS.get(unit, (None, 1))
    amount = "no limit" if allowance.amount is None else f"{allowance.amount // size:,}"
    if name is None:
        return f"{amount} {allowance.measure.replace('_', ' ')}"
    return f"{amount} {name} of {what.replace('_', ' ')}" if allowance.amount is not None else f"{what}: {amount}"


def rises_of(standing: Standing, step: Step, terms: Terms | None) -> tuple[RiseNotice, ...]:
    """The rises that are to come, in pounds and pence, with what the price is then."""
    own = standing.subscription.subscription_id
    part = next((part for part in step.after if part.subscription_id == own), None)
    if terms is None or part is None:
        return ()
    price, notices = part.whole_minor, list[RiseNotice]()
    for rise in terms.rises_after(standing.day(step.effective_at)):
        notices.append(_notice(price, rise, part, standing.currency))
        price += rise.by_minor * part.quantity
    return tuple(notices)


def _notice(price: int, rise: PriceRise, part: Part, currency: str) -> RiseNotice:
    def with_tax(minor: int) -> int:
        return minor + sum(portion(minor, rate) for rate in part.rates_bp)

    then = price + rise.by_minor * part.quantity
    more = with_tax(then) - with_tax(price)
    by, to = (spoken(Money(amount_minor=minor, currency=currency)) for minor in (more, with_tax(then)))
    text = f"From {plain_day(rise.from_on)} the price is {by} more: {to} a month with tax."
    return RiseNotice(from_on=rise.from_on, by_minor=then - price, by_with_tax_minor=more, text=text)
