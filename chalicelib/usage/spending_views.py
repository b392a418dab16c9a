"""What the HTTP contract shows of spending limits, consents and bars."""

from __future__ import annotations

from pydantic import Field

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.money import Currency, Money
from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Consent, Control
from chalicelib.usage.views import money, scoped


class LimitView(View):
    """A spending limit in force."""

    subscription_id: str | None = Field(description="Null: it holds for all subscriptions of the account together.")
    limit: Money = Field(description="The most that use may cost for the bills of a month, with tax.")
    set_at: Instant


class ConsentView(View):
    """The customer's express word that charges may go beyond the limit in the periods that were running."""

    consent_id: str = Field(description="The desk's id of a consent.")
    subscription_id: str | None = Field(description="Null: for the limit of the whole account.")
    amount: Money | None = Field(description="By how much, with tax; null: by any amount.")
    months: list[str] = Field(description="The months, YYYY-MM, in which the periods began that it holds for.")
    source: str = Field(description="How the customer said it, such as `phone`.")
    given_at: Instant


class BarView(View):
    """Categories that are not charged."""

    subscription_id: str | None = Field(description="Null: for all subscriptions of the account.")
    categories: list[Category] = Field(description="What is barred.")


class SpendingRulesView(View):
    """The limits, consents and bars of an account."""

    currency: Currency
    limits: list[LimitView] = Field(description="Those in force.")
    consents: list[ConsentView] = Field(description="All that were given, newest first.")
    bars: list[BarView] = Field(description="Those in force.")


def consent_view(consent: Consent, currency: str) -> ConsentView:
    """A consent."""
    return ConsentView(
        consent_id=consent.consent_id, subscription_id=scoped(consent.scope), months=list(consent.months),
        amount=None if consent.amount_minor is None else money(consent.amount_minor, currency),
        source=consent.source, given_at=consent.at,
    )  # fmt: skip


def rules_view(control: Control, now: Instant) -> SpendingRulesView:
    """What holds at an instant."""
    scopes = [ACCOUNT, *control.subscription_ids]
    standing = [limit for scope in scopes if (limit := control.limit(scope, now))]
    barred = [(scope, [each for each in Category if control.is_barred(scope, each, now)]) for scope in scopes]
    return SpendingRulesView(
        currency=control.currency,
        limits=[
            LimitView(
                subscription_id=scoped(each.scope), limit=money(each.limit_minor, control.currency), set_at=each.at
            )
            for each in standing
            if each.limit_minor is not None
        ],
        consents=[consent_view(each, control.currency) for each in reversed(control.consents)],
        bars=[BarView(subscription_id=scoped(scope), categories=found) for scope, found in barred if found],
    )
