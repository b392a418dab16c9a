"""HTTP of the billing cycle: when an account is billed, and what the next bill will say."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.billing.model import LineKind
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import NO_STORE, Empty, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.subscriptions.calendar import Move, Period
from chalicelib.subscriptions.cycles import Cycle
from chalicelib.subscriptions.forecast import Forecast, ForecastLine, Total
from chalicelib.wiring import billing_cycles, desk_api

api = desk_api(__name__, "billing")


class BillingPeriodView(View):
    """A billing period. It is billed on its first day."""

    starts_on: date
    ends_on: date = Field(description="Its last day, YYYY-MM-DD.")


class ForecastLineView(View):
    """A charge that the next bill will have; credits are below zero."""

    kind: LineKind
    code: str = Field(description="What is charged, in the price list.")
    description: str
    why: str = Field(description="Why it will be on the bill, in plain words.")
    net: Money = Field(description="Before tax.")
    tax: Money
    total: Money = Field(description="With tax.")


class ForecastView(View):
    """The next bill from what is known now: plans, changes, noted charges and use so far. More use adds to it."""

    lines: list[ForecastLineView]
    net: Money = Field(description="Before tax.")
    tax: Money
    total: Money = Field(description="With tax, before the customer's credit.")


class AskedDay(Input):
    """Another billing day to be shown with what it would bring."""

    billing_day: int | None = Field(
        default=None, ge=1, le=31, description="Also show what this billing day would bring. It changes nothing."
    )


class MoveView(View):
    """What another billing day brings: the running period ends early on it, and its rest is given back. Amounts are
    before tax, from present prices; a change quote says them line by line."""

    on: date = Field(description="The first bill on the new day, YYYY-MM-DD.")
    bills_before: list[date] = Field(description="Bills on the old day until then, YYYY-MM-DD.")
    unused_days: int = Field(description="Days that are billed twice by it, and given back.")
    period_days: int = Field(description="Of so many days of the period that ends early.")
    credit: Money = Field(description="What is given back, before tax.")
    first_bill: Money = Field(description="The first bill on the new day: a period less what is given back.")


class CycleView(View):
    """Subscriptions that come on one bill."""

    anchor_day: int = Field(description="Billing day, 1 to 31; a shorter month bills on its last day.")
    subscription_ids: list[str] = Field(description="What comes on this bill.")
    current: BillingPeriodView = Field(description="The present period.")
    next_bill_on: date | None = Field(description="Day of the next bill, YYYY-MM-DD; null when none will come.")
    due_on: date | None = Field(description="Until when that bill is to be paid, YYYY-MM-DD; null when not known yet.")
    periods: list[BillingPeriodView] = Field(description="The periods that follow, six at most.")
    forecast: ForecastView | None
    forecast_missing: str | None = Field(description="Why there is no forecast, in plain words.")
    move: MoveView | None = Field(description="Null unless `billing_day` was asked about.")


class ForecastTotalView(View):
    """What the next bills of a currency come to."""

    total: Money = Field(description="With tax.")
    credit: Money = Field(description="Standing credit of the customer that will pay of it.")
    to_pay: Money = Field(description="What will be left to pay.")


class BillingCycleView(View):
    """When an account is billed, and what its next bills come to."""

    account_id: str
    cycles: list[CycleView] = Field(description="One for each bill that the account gets.")
    totals: list[ForecastTotalView] = Field(description="One for each currency of the forecasts.")


@api.operation(
    "GET", "/v1/accounts/{account_id}/billing-cycle", summary="When an account is billed, and its next bill",
    permission=Permission.INVOICE_READ, query=AskedDay, returns=BillingCycleView, errors=(NotFound,),
)  # fmt: skip
def read_billing_cycle(request: Request[Empty, AskedDay]) -> Reply[BillingCycleView]:
    """The calendar of the billing days, and each next bill line by line as it would be issued.

    While Stripe does not answer, the days stand and `forecast_missing` says why there is no forecast.
    """
    found = billing_cycles().of_account(request.path["account_id"], request.query.billing_day)
    view = BillingCycleView(
        account_id=found.account_id,
        cycles=[_cycle(cycle) for cycle in found.cycles],
        totals=[_total(each) for each in found.totals],
    )
    return Reply(view, headers=NO_STORE)


def _cycle(cycle: Cycle) -> CycleView:
    return CycleView(
        anchor_day=cycle.anchor_day,
        subscription_ids=[each.subscription_id for each in cycle.subscriptions],
        current=_period(cycle.periods[0]),
        next_bill_on=cycle.next_bill_on,
        due_on=cycle.forecast.due_on if cycle.forecast else None,
        periods=[_period(period) for period in cycle.periods[1:]],
        forecast=_forecast(cycle.forecast) if cycle.forecast else None,
        forecast_missing=cycle.missing,
        move=_move(cycle.move, cycle) if cycle.move else None,
    )


def _move(move: Move, cycle: Cycle) -> MoveView:
    price = cycle.price_minor
    amounts = {"credit": move.credit_minor(price), "first_bill": move.bill_minor(price)}
    return MoveView(
        on=move.on,
        bills_before=list(move.bills_before),
        unused_days=move.unused_days,
        period_days=move.cut.days,
        **_money(amounts, cycle.subscriptions[0].currency),
    )


def _period(period: Period) -> BillingPeriodView:
    return BillingPeriodView(starts_on=period.starts_on, ends_on=period.ends_on)


def _forecast(forecast: Forecast) -> ForecastView:
    amounts = {"net": forecast.net_minor, "tax": forecast.tax_minor, "total": forecast.total_minor}
    lines = [_line(line, forecast.currency) for line in forecast.lines]
    return ForecastView(lines=lines, **_money(amounts, forecast.currency))


def _line(line: ForecastLine, currency: str) -> ForecastLineView:
    plain = line.model_dump(include={"kind", "code", "description", "why"})
    amounts = {"net": line.net_minor, "tax": line.tax_minor, "total": line.total_minor}
    return ForecastLineView(**plain, **_money(amounts, currency))


def _total(total: Total) -> ForecastTotalView:
    amounts = {"total": total.total_minor, "credit": total.credit_minor, "to_pay": total.to_pay_minor}
    return ForecastTotalView(**_money(amounts, total.currency))


def _money(amounts: dict[str, int], currency: str) -> dict[str, Money]:
    return {name: Money(amount_minor=minor, currency=currency) for name, minor in amounts.items()}
