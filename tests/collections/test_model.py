"""The verdict: each reason on its own, the edges of amounts and hours, and what a fee and a hand-over are spared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from chalicelib.accounts.holds import Hold, HoldKind
from chalicelib.accounts.preferences_model import QuietHours
from chalicelib.collections.model import Facts, Form, Owing, Reach, Reason, Verdict, judge
from chalicelib.collections.policy import CollectionRules, LadderStep

NOW = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
"""A Tuesday."""
RULES = CollectionRules()
LONDON = ZoneInfo("Europe/London")
R = Reason


def a_hold(kind: HoldKind, **changes: Any) -> Hold:
    fields: dict[str, Any] = {
        "hold_id": "hold_1", "kind": kind, "from_on": date(2026, 11, 1), "until_on": date(2026, 11, 30),
        "policy": "holds@initial", "placed_at": NOW, "placed_by_name": "advisor.one",
        "invoice_id": "inv_1" if kind is HoldKind.DISPUTE else None,
    }  # fmt: skip
    return Hold(**{**fields, **changes})


def facts(**changes: Any) -> Facts:
    known = Facts(
        now=NOW, today=NOW.date(), is_open=True, holds=(), owing=Owing(6000),
        reach=Reach("ada@example.com", True, True), asked_at=(), quiet=None, zone=LONDON, country="GB",
    )  # fmt: skip
    return replace(known, **changes)


def test_what_nothing_speaks_against_passes_in_full() -> None:
    assert judge(Form.LETTER, facts(), RULES) == Verdict((), 6000)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        *(({"holds": (a_hold(kind),)}, R(kind.value)) for kind in HoldKind if kind is not HoldKind.DISPUTE),
        ({"owing": Owing(0)}, R.PAID),
        ({"owing": Owing(6000, disputed_minor=6000)}, R.DISPUTED),
        ({"owing": Owing(6000, covered_minor=6000)}, R.PLAN_KEPT),
        ({"owing": Owing(499)}, R.BELOW_FLOOR),
        ({"owing": Owing(6000, disputed_minor=5501)}, R.BELOW_FLOOR),
        ({"is_open": False}, R.ACCOUNT_CLOSED),
        ({"reach": Reach(None, False, True)}, R.NO_ADDRESS),
        ({"reach": Reach("ada@example.com", True, False)}, R.NO_CONSENT),
        ({"asked_at": (NOW - timedelta(hours=1),)}, R.TOO_OFTEN),
        ({"asked_at": tuple(NOW - timedelta(days=n, hours=1) for n in (1, 3, 6))}, R.TOO_OFTEN),
        ({"now": NOW.replace(hour=20)}, R.QUIET_HOURS),
        ({"now": NOW.replace(hour=7, minute=59)}, R.QUIET_HOURS),
        ({"quiet": QuietHours(begins="09:00", ends="09:06")}, R.QUIET_HOURS),
        ({"now": NOW.replace(day=8)}, R.DAY_OFF),
        ({"now": datetime(2026, 12, 25, 9, 5, tzinfo=UTC)}, R.DAY_OFF),
        ({"now": datetime(2026, 12, 26, 9, 5, tzinfo=UTC)}, R.DAY_OFF),
    ],
)
def test_each_reason_holds_by_itself(changes: dict[str, Any], reason: Reason) -> None:
    assert judge(Form.LETTER, facts(**changes), RULES).reasons == (reason,)


@pytest.mark.parametrize(
    "changes",
    [
        {"owing": Owing(500)},
        {"now": NOW.replace(hour=19, minute=59)},
        {"now": NOW.replace(hour=8, minute=0)},
        {"asked_at": tuple(NOW - timedelta(days=n) for n in (1, 3, 7))},
        {"holds": (a_hold(HoldKind.INSOLVENCY, until_on=date(2026, 11, 2)),)},
        {"holds": (a_hold(HoldKind.INSOLVENCY, from_on=date(2026, 11, 4)),)},
        {"now": datetime(2026, 12, 25, 9, 5, tzinfo=UTC), "country": "JP"},
        {"quiet": QuietHours(begins="12:00", ends="14:00")},
    ],
)
def test_up_to_the_edge_it_passes(changes: dict[str, Any]) -> None:
    assert judge(Form.LETTER, facts(**changes), RULES).passes


def test_what_is_disputed_or_on_a_plan_is_not_asked_for_and_the_rest_is() -> None:
    verdict = judge(Form.LETTER, facts(owing=Owing(6000, disputed_minor=1200, covered_minor=800)), RULES)
    assert verdict == Verdict((), 4000, is_reduced=True)


def test_hours_are_those_where_the_customer_is() -> None:
    assert judge(Form.LETTER, facts(zone=ZoneInfo("America/New_York")), RULES).reasons == (R.QUIET_HOURS,)
    eve = facts(now=datetime(2026, 11, 7, 15, 30, tzinfo=UTC), zone=ZoneInfo("Asia/Tokyo"))
    assert judge(Form.LETTER, eve, RULES).reasons == (R.DAY_OFF, R.QUIET_HOURS)


def test_a_fee_is_refused_as_soon_as_a_part_is_disputed_or_on_a_plan_but_at_any_hour() -> None:
    night = facts(now=NOW.replace(hour=3), reach=Reach(None, False, False))
    assert judge(Form.FEE, night, RULES).passes
    assert judge(Form.FEE, facts(owing=Owing(6000, disputed_minor=1)), RULES).reasons == (R.DISPUTED,)
    assert judge(Form.FEE, facts(owing=Owing(6000, covered_minor=1)), RULES).reasons == (R.PLAN_KEPT,)
    held = facts(holds=(a_hold(HoldKind.BREATHING_SPACE),), is_open=False)
    assert judge(Form.FEE, held, RULES).reasons == (R.ACCOUNT_CLOSED, R.BREATHING_SPACE)


def test_a_person_can_take_over_the_debt_of_a_closed_account_but_not_of_a_held_one() -> None:
    assert judge(Form.HAND_OVER, facts(is_open=False), RULES).passes
    assert not judge(Form.HAND_OVER, facts(holds=(a_hold(HoldKind.VULNERABILITY),)), RULES).passes


def test_an_unproven_address_holds_where_policy_asks_for_proof() -> None:
    strict = CollectionRules(needs_verified_address=True)
    unproven = facts(reach=Reach("ada@example.com", False, True))
    assert judge(Form.LETTER, unproven, strict).reasons == (R.ADDRESS_UNVERIFIED,)
    assert judge(Form.LETTER, unproven, RULES).passes


def test_beside_a_reason_that_lasts_the_hour_says_nothing_new() -> None:
    assert Verdict((R.DAY_OFF, R.INSOLVENCY), 1).is_like((R.INSOLVENCY,))
    assert not Verdict((R.DAY_OFF,), 1).is_like((R.INSOLVENCY,))
    assert not Verdict((R.DAY_OFF,), 1).is_like(())
    assert [Verdict(reasons, 1).is_passing for reasons in ((R.DAY_OFF,), (R.DAY_OFF, R.PAID), ())] == [
        True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"steps": [LadderStep(name="a", after_days=5), LadderStep(name="b", after_days=5)]},
        {"steps": [LadderStep(name="a", after_days=1), LadderStep(name="a", after_days=5)]},
        {"steps": []},
        {"holidays_of": {"GB": "XX"}},
        {"zones": {"GB": "Europe/Nowhere"}},
        {"zones": {"GB": "../etc/passwd"}},
        {"quiet_weekdays": [8]},
    ],
)
def test_a_policy_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CollectionRules.model_validate(values)
