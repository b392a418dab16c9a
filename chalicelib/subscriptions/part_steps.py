"""Changes of what is taken: another plan, an add-on more or less, the end. Pure."""

from __future__ import annotations

from chalicelib.platform.errors import Conflict
from chalicelib.subscriptions.offer import Offer, OfferKind
from chalicelib.subscriptions.parts import Part
from chalicelib.subscriptions.policy import When
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.step import Asked, Sold, Step, changed, ended, removed, wrong


def change_plan(asked: Asked) -> Step:
    """Another plan of the same service; add-ons that do not go with it end. Raises Conflict, Unprocessable."""
    standing, offer, present = asked.standing, asked.new.offer, asked.standing.part
    if offer.kind is not OfferKind.PLAN:
        raise wrong("offer", "is an add-on; add it instead")
    if offer.service != standing.subscription.service:
        raise wrong("offer", f"is not for {standing.subscription.service}")
    quantity = asked.wish.quantity or present.quantity
    other = _priced(asked.new, present, quantity)
    if not other.costs_otherwise(present):
        raise wrong("offer", "is what the subscription is already")
    after = tuple(other if part is present else part for part in standing.parts if _stays(standing, part, offer))
    dearer = other.whole_minor > present.whole_minor
    when = asked.wish.when or (asked.rules.upgrade_when if dearer else asked.rules.downgrade_when)
    return changed(standing, after, when, standing.now)


def _stays(standing: Standing, part: Part, plan: Offer) -> bool:
    """Whether a part can be had beside the plan that the subscription becomes."""
    offer = standing.offers.get(part.code)
    if offer is None or offer.kind is OfferKind.PLAN or offer.service != plan.service:
        return True
    return offer.goes_with(plan)


def add_addon(asked: Asked) -> Step:
    """An add-on, from now on. Raises Conflict, Unprocessable."""
    standing, offer = asked.standing, asked.new.offer
    if offer.kind is not OfferKind.ADDON:
        raise wrong("offer", "is a plan; change to it instead")
    plan = standing.offers.get(standing.part.code)
    if plan is None or not offer.goes_with(plan):
        raise wrong("offer", f"does not go with {standing.part.name}")
    if any(part.code == offer.code for part in standing.parts):
        raise Conflict("The subscription has this add-on already.", reason="addon_taken")
    new = _priced(asked.new, None, asked.wish.quantity or 1, standing.part.rates_bp)
    return changed(standing, (*standing.parts, new), When.NOW, standing.now)


def remove_addon(asked: Asked) -> Step:
    """One add-on less. Raises Conflict, Unprocessable."""
    standing, code = asked.standing, asked.wish.offer
    offer = standing.offers.get(code or "")
    taken = any(part.code == code for part in standing.parts)
    if not taken or offer is None or offer.kind is not OfferKind.ADDON:
        raise wrong("offer", "is no add-on of this subscription")
    after = tuple(part for part in standing.parts if part.code != code)
    return removed(asked, after, asked.wish.when or asked.rules.removal_when)


def cancel(asked: Asked) -> Step:
    """The subscription ends, and with it the add-ons that cannot be had without it. Raises Conflict, Unprocessable."""
    standing, present = asked.standing, asked.standing.part
    plan = standing.offers.get(present.code)
    others = [part for part in standing.parts if part is not present]
    left = [part for part in others if not _hangs_on(standing, part, plan, others)]
    when = asked.wish.when or asked.rules.end_when
    return removed(asked, tuple(left), when) if left else ended(asked, when)


def _hangs_on(standing: Standing, part: Part, plan: Offer | None, others: list[Part]) -> bool:
    """Whether an add-on cannot be had without the plan that goes."""
    offer = standing.offers.get(part.code)
    if plan is None or offer is None or offer.kind is OfferKind.PLAN or not offer.goes_with(plan):
        return False
    plans = [standing.offers[each.code] for each in others if each.code in standing.offers]
    return not any(each.kind is OfferKind.PLAN and offer.goes_with(each) for each in plans)


def _priced(sold: Sold, present: Part | None, quantity: int, rates_bp: tuple[int, ...] = ()) -> Part:
    new = {"price_id": sold.price_id, "code": sold.offer.code, "name": sold.offer.name, "quantity": quantity}
    unit = {"unit_minor": sold.offer.monthly_minor, "is_metered": False}
    return (
        present.model_copy(update=new | unit) if present else Part.model_validate({**new, **unit, "rates_bp": rates_bp})
    )
