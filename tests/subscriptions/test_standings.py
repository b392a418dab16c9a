"""What forbids a change, and what parts a plan has."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.subscriptions.parts import monthly
from chalicelib.subscriptions.wish import Kind
from tests.infra.stripe.desk import Desk
from tests.subscriptions.selling import SUBSCRIPTION, Selling, second


def reason(selling: Selling, kind: Kind = Kind.CANCEL, **wish: Any) -> Any:
    with pytest.raises(Conflict) as caught:
        selling.asked(kind, **wish)
    return caught.value.extra["reason"]


def taking(stripe_desk: Desk, **price: Any) -> Selling:
    """A customer of a price that is not in the price list, beside broadband."""
    selling = Selling.open(stripe_desk)
    given: Any = {"currency": "gbp", "product_data": {"name": "Odd"}, "lookup_key": "ODD", **price}
    stripe_desk.v1.prices.create(given)
    selling.take("ODD")
    selling.until("2027-02-11T10:00:00")
    return selling


def test_an_unknown_subscription_is_not_found(selling: Selling) -> None:
    with pytest.raises(NotFound):
        selling.standings.of("sub_none")


def test_what_stripe_does_not_have_has_ended(selling: Selling) -> None:
    lost = selling.subscription().model_copy(update={"provider_id": "sub_none"})
    selling.billing.add_subscription(lost)
    assert reason(selling) == "subscription_ended"


def test_a_part_that_is_gone_has_ended(selling: Selling) -> None:
    former = selling.subscription().model_copy(update={"subscription_id": "sub_former"})
    selling.billing.add_subscription(former)
    with pytest.raises(Conflict) as caught:
        selling.asked(Kind.CANCEL, "sub_former")
    assert caught.value.extra["reason"] == "subscription_ended"


def test_what_has_ended_cannot_be_changed(selling: Selling) -> None:
    selling.desk.v1.subscriptions.cancel(selling.subscription().provider_id or "")
    assert reason(selling, Kind.CHANGE_PLAN, offer="FIBRE-500") == "status_canceled"


def test_what_is_going_to_end_cannot_be_changed(selling: Selling) -> None:
    selling.agreed(selling.asked(Kind.CANCEL))
    assert reason(selling, Kind.CHANGE_PLAN, offer="FIBRE-500") == "end_planned"


def test_only_what_is_paused_is_resumed(selling: Selling) -> None:
    assert reason(selling, Kind.RESUME) == "not_paused"


def test_what_is_billed_by_the_year_is_not_quoted(stripe_desk: Desk) -> None:
    selling = taking(stripe_desk, unit_amount=9900, recurring={"interval": "year"})
    assert reason(selling) == "other_interval"


def test_a_price_in_steps_is_not_prorated(stripe_desk: Desk) -> None:
    tiers = [{"up_to": 10, "unit_amount": 100}, {"up_to": "inf", "unit_amount": 50}]
    steps = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    selling = taking(stripe_desk, recurring={"interval": "month"}, **steps)
    assert reason(selling, when="now") == "not_quotable"
    assert selling.asked(Kind.CANCEL).lines == ()


def test_a_bill_that_holds_more_is_not_lost_in_a_pause(selling: Selling) -> None:
    selling.agreed(selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500"))
    assert reason(selling, Kind.PAUSE, until_on=date(2027, 3, 20)) == "bill_holds_more"


def test_while_a_period_turns_nothing_is_quoted(selling: Selling) -> None:
    standing = selling.standings.of(SUBSCRIPTION)
    with pytest.raises(Conflict):
        type(standing)(**{**vars(standing), "now": second("2027-03-01T10:00:00")}).must_allow(Kind.CANCEL)


def test_a_month_is_shown_with_tax(stripe_desk: Desk) -> None:
    selling = Selling.open(stripe_desk)
    selling.take("FIBRE-100", "ROUTER")
    standing = selling.standings.of(SUBSCRIPTION)
    assert [part.name for part in standing.parts] == ["Fibre 100 broadband", "Better router"]
    assert monthly(standing.parts) == (3250, 3300 + 600)


def test_tax_within_the_price_comes_on_top_of_nothing(stripe_desk: Desk) -> None:
    selling = Selling.open(stripe_desk)
    rate: Any = {"display_name": "VAT", "percentage": 20, "inclusive": True}
    selling.take("FIBRE-100", default_tax_rates=[stripe_desk.v1.tax_rates.create(rate).id])
    selling.until("2027-02-11T10:00:00")
    quote = selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500")
    assert monthly(quote.before) == (2750, 2750)
    charge = [line for line in quote.lines if line.is_change][-1]
    assert charge.net_minor + charge.tax_minor == round(3500 * 18 / 28)
    selling.agreed(quote)
    selling.until("2027-03-01T12:00:00")
    assert selling.compared(quote).is_kept


def test_a_31st_is_met_again(stripe_desk: Desk) -> None:
    selling = Selling.open(stripe_desk, "2027-01-31T10:00:00")
    selling.take("FIBRE-100")
    standing = selling.standings.of(SUBSCRIPTION)
    ends = [standing.period_end(second(f"2027-{day}T10:00:01")) for day in ("02-01", "02-28", "03-31")]
    assert ends == [second(f"2027-{day}T10:00:00") for day in ("02-28", "03-31", "04-30")]


def test_a_planned_change_of_one_part_is_told_of_that_part_alone(stripe_desk: Desk) -> None:
    selling = Selling.open(stripe_desk)
    selling.take("FIBRE-100", "ROUTER")
    selling.until("2027-02-11T10:00:00")
    selling.agreed(selling.asked(Kind.CHANGE_PLAN, offer="FIBRE-500", when="period_end"))
    planned = selling.subscription().planned
    assert planned is not None
    assert (planned.plan_code, planned.price_minor) == ("FIBRE-500", 3500)
    assert selling.subscription("sub_router").planned is None
