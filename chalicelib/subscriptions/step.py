"""From a wish to what Stripe is asked for: what each kind of change has in common. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.payments.plan_orders import ChangeLater, ChangeNow, End, Fee, PlanOrder
from chalicelib.platform.errors import FieldError, Unprocessable
from chalicelib.subscriptions.offer import Offer
from chalicelib.subscriptions.parts import Part, gone, item_changes, phase_items
from chalicelib.subscriptions.policy import ChangeRules, When
from chalicelib.subscriptions.standing import Standing
from chalicelib.subscriptions.wish import Wish

_DAY: Final = 86_400


@dataclass(frozen=True)
class Sold:
    """An offer, and its price at Stripe."""

    offer: Offer
    price_id: str


@dataclass(frozen=True)
class Step:
    """What a wish comes to. `bill_at` is when the bill that shows it is made, None when none will; the first bill from
    `bill_from` on is that bill. With `no_bill` it is not collected."""

    order: PlanOrder
    after: tuple[Part, ...]
    effective_at: int
    bill_at: int | None
    bill_from: int
    exit_fee_minor: int = 0
    no_bill: bool = False


@dataclass(frozen=True)
class Asked:
    """A wish, of what, and by which rules. `sold` is the offer that it names, `valid_s` how long its quote holds."""

    standing: Standing
    wish: Wish
    rules: ChangeRules
    valid_s: int
    sold: Sold | None

    @property
    def new(self) -> Sold:
        """The offer, of a wish that names one."""
        assert self.sold is not None
        return self.sold


def changed(standing: Standing, after: tuple[Part, ...], when: When, at: int) -> Step:
    """Other parts from this second on, or from the end of the period that it ends or lies in; a fee comes with the
    next bill, whichever of them it is."""
    end = standing.plan.period[1]
    at = at if when is When.NOW else max(at, end)
    fee = fee_of(standing, after, at)
    changes = item_changes(standing.parts, after)
    order: PlanOrder
    if when is When.NOW:
        order = ChangeNow(**standing.names, items=changes, at=at, fee=fee)
    else:
        order = ChangeLater(**standing.names, items=phase_items(after), changes=changes, at=at, fee=fee)
    bill_at = end if when is When.NOW or fee else at
    return Step(order, after, at, bill_at, min(at, bill_at), fee.amount_minor if fee else 0)


def removed(asked: Asked, after: tuple[Part, ...], when: When) -> Step:
    """Some parts go, others stay. Those whose notice is longer than the period go when a later period ends."""
    standing = asked.standing
    notice_end = standing.now + _DAY * notice_days(standing, gone(standing.parts, after))
    if when is When.NOW and notice_end == standing.now:
        return changed(standing, after, When.NOW, standing.now)
    return changed(standing, after, When.PERIOD_END, standing.period_end(notice_end))


def ended(asked: Asked, when: When) -> Step:
    """All of it ends: at the end of a period, or at a second that lies in the present or the following one."""
    standing, end = asked.standing, asked.standing.plan.period[1]
    notice_end = standing.now + _DAY * notice_days(standing, standing.parts)
    at = standing.period_end(notice_end)
    if when is When.NOW:
        soonest = max(notice_end, standing.now + asked.valid_s)
        at = soonest if soonest <= standing.period_end(end + 1) else at
    fee = fee_of(standing, (), at)
    order = End(**standing.names, at=None if at == end else at, fee=fee)
    bill_at = None if at == end and fee is None else min(at, end)
    return Step(order, (), at, bill_at, standing.now, fee.amount_minor if fee else 0)


def notice_days(standing: Standing, parts: Sequence[Part]) -> int:
    """The longest notice that was agreed for these parts."""
    agreed = [standing.terms.get(part.subscription_id or "") for part in parts]
    return max((terms.notice_days for terms in agreed if terms), default=0)


def fee_of(standing: Standing, after: tuple[Part, ...], at: int) -> Fee | None:
    """What it costs that some parts end before their minimum terms."""
    kept = {part.item_id for part in after}
    left_on = standing.day(at)
    ending = [part for part in standing.parts if part.item_id not in kept]
    bound = [standing.terms[part.subscription_id or ""] for part in ending if part.subscription_id in standing.terms]
    owed = sum(terms.exit_fee_minor(left_on) for terms in bound)
    if not owed:
        return None
    last = max(terms.minimum_ends_on for terms in bound if terms.minimum_ends_on)
    return Fee(amount_minor=owed, description=f"Fee for leaving before the minimum term ends on {last:%-d %B %Y}")


def wrong(field: str, detail: str) -> Unprocessable:
    """The error of a wish that cannot be had, at its field."""
    return Unprocessable("This change cannot be made.", [FieldError(f"/{field}", detail)])
