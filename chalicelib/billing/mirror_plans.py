"""Stripe's subscriptions, with what their schedules change next, as the desk's: one for each item. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.billing.catalogue import CataloguePrice, CatalogueProduct
from chalicelib.billing.mirror_plan import Phase, PhaseItem, StripeItem, StripePlan
from chalicelib.billing.model import PlannedChange, Subscription, SubscriptionStatus
from chalicelib.platform.fields import as_line

Named = tuple[CataloguePrice, CatalogueProduct]
"""A price, and the product that it is for."""


def mirrored_plans(
    plan: StripePlan, account_id: str, known: Mapping[str, Named], coming: Phase | None, as_of: int, zone: ZoneInfo
) -> list[Subscription]:
    """The subscriptions of its items as they were read at that second. `known` holds their prices by id."""
    return [_of_item(plan, item, account_id, known, coming, as_of, zone) for item in plan.items.data]


def ended_parts(
    standing: Sequence[Subscription], plan_id: str, now: Sequence[Subscription], as_of: int
) -> list[Subscription]:
    """Those of the plan's subscriptions whose items it has no more."""
    left = {subscription.subscription_id for subscription in now}
    gone = {"status": SubscriptionStatus.CANCELLED, "planned": None, "as_of": as_of}
    return [
        each.model_copy(update={**gone, "ends_at": each.ends_at or _instant(as_of)})
        for each in standing
        if each.provider_id == plan_id and each.subscription_id not in left and each.status != gone["status"]
    ]


def _of_item(
    plan: StripePlan, item: StripeItem, account_id: str, known: Mapping[str, Named], coming: Phase | None, as_of: int,
    zone: ZoneInfo,
) -> Subscription:  # fmt: skip
    price, product = known[item.price.id]
    quantity, ends = item.quantity or 0 if price.is_metered else item.quantity or 1, plan.ends_at(item)
    return Subscription(
        subscription_id=item.subscription_id,
        account_id=account_id,
        plan_code=price.code,
        plan_name=as_line(", ".join(filter(None, (product.name, item.known_as.get("desk_label"))))),
        service=price.service or product.service,
        price_minor=price.monthly_minor(quantity),
        currency=plan.currency.upper(),
        started_on=plan.started_on(item, zone),
        anchor_day=plan.anchor_day(zone),
        status=plan.mirrored_status(),
        quantity=quantity,
        period_starts_at=_instant(item.current_period_start),
        period_ends_at=_instant(item.current_period_end),
        ends_at=_instant(ends),
        planned=_planned(item, coming, known, alone=len(plan.items.data) == 1),
        provider_id=plan.id,
        provider_item_id=item.id,
        as_of=as_of,
    )


def _planned(
    item: StripeItem, coming: Phase | None, known: Mapping[str, Named], *, alone: bool
) -> PlannedChange | None:
    """What the coming phase makes of the item."""
    if coming is None:
        return None
    at = datetime.fromtimestamp(coming.start_date, UTC)
    sold = [each for each in coming.items if each.price_id in known]
    own = _own(item, sold, known, alone=alone and len(coming.items) == 1)
    if own is None:
        return PlannedChange(at=at)
    (price, product), quantity = known[own.price_id], own.quantity or 1
    if price.price_id == item.price.id and quantity == (item.quantity or 1):
        return None
    return PlannedChange(
        at=at, plan_code=price.code, plan_name=product.name, price_minor=price.monthly_minor(quantity),
        quantity=quantity,
    )  # fmt: skip


def _own(item: StripeItem, sold: Sequence[PhaseItem], known: Mapping[str, Named], *, alone: bool) -> PhaseItem | None:
    """What has the item's name, else what is of its product, else the only one there is and will be."""
    named = [each for each in sold if each.subscription_id == item.subscription_id]
    nameless = [each for each in sold if each.subscription_id is None]
    same = [each for each in nameless if known[each.price_id][0].product_id == item.price.product_id]
    return next(iter((*named, *same, *(nameless if alone else ()))), None)


def _instant(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
