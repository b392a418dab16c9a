"""What was agreed when a subscription was sold, kept as it was then: minimum term, exit fee, notice, rises. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import Field

from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor, share
from chalicelib.subscriptions.calendar import billing_day
from chalicelib.subscriptions.offer import ExitFee, Offer, PriceRise

_MONTHS = 12


class Terms(Record):
    """The contract of one subscription; `minimum_ends_on` is the last day of its minimum term."""

    subscription_id: str
    account_id: str
    offer_code: str
    offer_version: int = Field(ge=1)
    currency: Currency
    agreed_on: date
    minimum_ends_on: date | None = None
    notice_days: int = Field(default=0, ge=0)
    exit_fee: ExitFee | None = None
    price_rises: tuple[PriceRise, ...] = ()

    def is_bound_on(self, day: date) -> bool:
        """Whether the day lies within the minimum term."""
        return self.minimum_ends_on is not None and day <= self.minimum_ends_on

    def exit_fee_minor(self, left_on: date) -> int:
        """What leaving costs when this is the first day without it, before tax."""
        if self.exit_fee is None or self.minimum_ends_on is None:
            return 0
        months, days, of_days = months_between(left_on, self.minimum_ends_on + timedelta(days=1))
        fee: Minor = self.exit_fee.per_month_minor
        owed = fee * months + (share(fee, days, of_days) if days else 0)
        return min(owed, self.exit_fee.at_most_minor or owed)

    def rises_after(self, day: date) -> list[PriceRise]:
        """The rises that are still to come."""
        return [rise for rise in self.price_rises if rise.from_on > day]


def agreed(offer: Offer, subscription_id: str, account_id: str, on: date, standing: Terms | None = None) -> Terms:
    """The terms of an offer that is taken on that day. A longer minimum term that stands goes on."""
    ends_on = months_after(on, offer.contract_months) - timedelta(days=1) if offer.contract_months else None
    bound = standing.minimum_ends_on if standing and standing.is_bound_on(on) else None
    fee = offer.exit_fee
    if bound and (ends_on is None or bound > ends_on):
        ends_on, fee = bound, standing.exit_fee if standing else None
    return Terms(
        subscription_id=subscription_id,
        account_id=account_id,
        offer_code=offer.code,
        offer_version=offer.version,
        currency=offer.currency,
        agreed_on=on,
        minimum_ends_on=ends_on,
        notice_days=offer.notice_days,
        exit_fee=fee if ends_on else None,
        price_rises=tuple(rise for rise in offer.price_rises if rise.from_on > on),
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return billing_day(year, month + 1, day.day)


def months_between(start: date, end: date) -> tuple[int, int, int]:
    """Whole months from one day to another, the days that are left, and how many the begun month has."""
    if end <= start:
        return 0, 0, 1
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    if months_after(start, months) > end:
        months -= 1
    begun, following = months_after(start, months), months_after(start, months + 1)
    return months, (end - begun).days, (following - begun).days
