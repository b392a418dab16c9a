"""Which rules held when, and which period a day lies in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Bar, Consent, Control, Limit
from tests.usage.builders import LONDON, a_control, a_plan

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_limit(minor: int | None = 1000, at: datetime = NOON, scope: str = ACCOUNT) -> Limit:
    return Limit(scope=scope, at=at, limit_minor=minor, set_by="sub-1")


def a_consent(minor: int | None = 500, at: datetime = NOON + HOUR, scope: str = ACCOUNT) -> Consent:
    return Consent(
        consent_id="consent_1", scope=scope, at=at, amount_minor=minor, months=("2026-11",), source="app", given_to="x"
    )


def ceiling(control: Control, at: datetime, month: str = "2026-11") -> int | None:
    return control.ceiling_minor(ACCOUNT, month, at)


def test_a_limit_holds_from_its_instant_until_another_is_set() -> None:
    control = a_control(limits=(a_limit(1000), a_limit(300, NOON + HOUR), a_limit(None, NOON + 2 * HOUR)))
    assert ceiling(control, NOON - HOUR) is None
    assert ceiling(control, NOON) == 1000
    assert ceiling(control, NOON + HOUR) == 300
    assert ceiling(control, NOON + 2 * HOUR) is None


def test_a_consent_adds_to_the_limit_from_then_on_for_the_months_that_ran() -> None:
    control = a_control(limits=(a_limit(),), consents=(a_consent(), a_consent(200, NOON + 2 * HOUR)))
    assert ceiling(control, NOON) == 1000
    assert ceiling(control, NOON + HOUR) == 1500
    assert ceiling(control, NOON + 3 * HOUR) == 1700
    assert ceiling(control, NOON + 3 * HOUR, "2026-12") == 1000


def test_a_consent_without_an_amount_lifts_the_limit_and_a_later_limit_takes_it_back() -> None:
    control = a_control(limits=(a_limit(), a_limit(800, NOON + 2 * HOUR)), consents=(a_consent(None),))
    assert ceiling(control, NOON + HOUR) is None
    assert ceiling(control, NOON + 2 * HOUR) == 800


def test_a_bar_of_the_account_or_of_the_subscription_bars() -> None:
    def bar(scope: str, at: datetime, *, is_barred: bool) -> Bar:
        return Bar(scope=scope, at=at, category=Category.ROAMING_DATA, is_barred=is_barred, set_by="x")

    control = a_control(bars=(bar(ACCOUNT, NOON, is_barred=True), bar(ACCOUNT, NOON + HOUR, is_barred=False)))
    barred = [control.is_barred("sub_1", Category.ROAMING_DATA, NOON + n * HOUR) for n in (-1, 0, 1)]
    assert barred == [False, True, False]
    assert not control.is_barred("sub_1", Category.DATA, NOON)
    own = a_control(bars=(bar("sub_1", NOON, is_barred=True),))
    assert own.is_barred("sub_1", Category.ROAMING_DATA, NOON)
    assert not own.is_barred("sub_2", Category.ROAMING_DATA, NOON)


def test_an_era_begins_with_each_change_that_counts_for_the_subscription() -> None:
    control = a_control(limits=(a_limit(), a_limit(1, NOON + HOUR, "sub_2")), consents=(a_consent(at=NOON + 2 * HOUR),))
    assert control.era("sub_1", NOON - HOUR) == "2000-01-01T00:00:00.000Z"
    assert control.era("sub_1", NOON + HOUR) == "2026-11-10T12:00:00.000Z"
    assert control.era("sub_2", NOON + HOUR) == "2026-11-10T13:00:00.000Z"
    assert control.era("sub_1", NOON + 9 * HOUR) == "2026-11-10T14:00:00.000Z"


def test_the_plan_of_an_instant_and_of_before_all_plans() -> None:
    control = a_control(a_plan(plan_code="A", at=NOON), a_plan(plan_code="B", at=NOON + HOUR))
    codes = [plan.plan_code for n in (-5, 0, 1) if (plan := control.plan("sub_1", NOON + n * HOUR))]
    assert codes == ["A", "A", "B"]
    assert control.plan("sub_9", NOON) is None


def test_a_new_billing_day_ends_the_running_period_and_begins_one() -> None:
    control = a_control(a_plan(anchor_day=1), a_plan(anchor_day=20, at=datetime(2026, 11, 15, 12, tzinfo=UTC)))
    spans = [control.period("sub_1", date(2026, 11, day), LONDON) for day in (14, 15, 19, 20)]
    assert [(span.starts_on.day, span.ends_on.day) for span in spans] == [(1, 14), (15, 19), (15, 19), (20, 19)]


def test_a_subscription_without_a_plan_has_no_period() -> None:
    with pytest.raises(KeyError):
        a_control().period("sub_9", date(2026, 11, 1), LONDON)


@given(
    st.lists(st.tuples(st.integers(1, 31), st.integers(1, 400)), min_size=1, max_size=4),
    st.integers(0, 1200),
)
def test_periods_follow_each_other_without_a_gap_whatever_billing_days_were_moved(
    moves: list[tuple[int, int]], ahead: int
) -> None:
    at, plans = datetime(2026, 1, 1, tzinfo=UTC), []
    for anchor_day, days in moves:
        plans.append(a_plan(anchor_day=anchor_day, at=at))
        at += timedelta(days=days)
    control, day = a_control(*plans), date(2026, 1, 1) + timedelta(days=ahead)
    span = control.period("sub_1", day, LONDON)
    assert day in span
    assert control.period("sub_1", span.ends_on, LONDON) == span
    assert control.period("sub_1", span.starts_on, LONDON) == span
    assert control.period("sub_1", span.next_on, LONDON).starts_on == span.next_on
