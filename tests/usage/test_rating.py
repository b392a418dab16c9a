"""What use costs under plans, limits, consents and bars, against a walk record by record in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.usage.categories import Category
from chalicelib.usage.control import ACCOUNT, Bar, Consent, Control, Limit
from chalicelib.usage.counters import Cell, Month, Move, Stretch
from chalicelib.usage.rating import LineKey, billed_minor, charged_minor, rate
from chalicelib.usage.tariff import Rate, Tariff
from tests.usage.builders import a_control, a_plan

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
STRETCH = Stretch("sub_1", START.date())
SMALL = Tariff(
    source="small", tax_rate_bp=2000, allowances={Category.DATA: 20},
    rates={Category.DATA: Rate(per=3, price_minor=50), Category.PREMIUM_VOICE: Rate(per=1, price_minor=7)},
)  # fmt: skip
LARGE = SMALL.model_copy(update={"source": "large", "allowances": {Category.DATA: 60}})


@dataclass(frozen=True)
class Use:
    hour: int
    category: Category
    quantity: int
    subscription_id: str = "sub_1"

    @property
    def at(self) -> datetime:
        return START + timedelta(hours=self.hour)


def counted(control: Control, uses: Sequence[Use]) -> Month:
    moves = [
        Move(
            Cell(Stretch(use.subscription_id, START.date()), control.era(use.subscription_id, use.at), use.category),
            use.quantity, use.at.date(),
        )
        for use in uses
    ]  # fmt: skip
    return Month(account_id="acc_1", month="2026-11").moved(moves)


def walked(control: Control, uses: Sequence[Use]) -> int:
    """What is billed with tax, taking every record when it happened: one category, one subscription."""
    used = billed = 0
    for use in sorted(uses, key=lambda each: each.hour):
        plan = control.plan("sub_1", use.at)
        assert plan
        charge = plan.tariff.charge_minor(use.category, used + use.quantity)
        charge -= plan.tariff.charge_minor(use.category, used)
        used += use.quantity
        if control.is_barred("sub_1", use.category, use.at):
            continue
        ceiling = control.ceiling_minor("sub_1", "2026-11", use.at)
        for _ in range(charge):
            if ceiling is None or plan.tariff.with_tax(billed + 1) <= ceiling:
                billed += 1
    return SMALL.with_tax(billed)


hours = st.integers(0, 300)
minors = st.none() | st.integers(0, 600)


@st.composite
def controls(draw: st.DrawFn) -> Control:
    """Any rules of one subscription, each of another hour."""

    def at(hour: int) -> datetime:
        return START + timedelta(hours=hour)

    plans = [a_plan(tariff=SMALL)]
    plans += [
        a_plan(tariff=draw(st.sampled_from((SMALL, LARGE))), at=at(h)) for h in sorted(draw(st.sets(hours, max_size=2)))
    ]
    limits = [
        Limit(scope="sub_1", at=at(h), limit_minor=draw(minors), set_by="x")
        for h in sorted(draw(st.sets(hours, max_size=3)))
    ]
    consents = [
        Consent(
            consent_id=f"c{h}", scope="sub_1", at=at(h), months=("2026-11",), source="app", given_to="x",
            amount_minor=draw(st.none() | st.integers(1, 300)),
        )
        for h in sorted(draw(st.sets(hours, max_size=3)))
    ]  # fmt: skip
    bars = [
        Bar(scope="sub_1", at=at(h), category=Category.DATA, is_barred=draw(st.booleans()), set_by="x")
        for h in sorted(draw(st.sets(hours, max_size=2)))
    ]
    return a_control(*plans, limits=tuple(limits), consents=tuple(consents), bars=tuple(bars))


uses_of_data = st.lists(st.builds(Use, hours, st.just(Category.DATA), st.integers(0, 40)), max_size=12)


@settings(max_examples=300)
@given(controls(), uses_of_data, st.randoms(use_true_random=False))
def test_counters_bill_what_a_walk_through_the_records_bills(control: Control, uses: list[Use], chance: object) -> None:
    shuffled = list(uses)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    lines = rate(counted(control, shuffled), control)
    assert billed_minor(lines) == walked(control, uses)
    for line in lines.values():
        assert line.charge_minor == line.billed_minor + line.over_limit_minor + line.barred_minor
        assert min(line.billed_minor, line.over_limit_minor, line.barred_minor) >= 0


both = st.sampled_from((Category.DATA, Category.PREMIUM_VOICE))


@given(
    st.lists(st.builds(Use, hours, both, st.integers(0, 60), st.sampled_from(("sub_1", "sub_2"))), max_size=12),
    st.integers(0, 800), st.integers(0, 800),
)  # fmt: skip
def test_all_lines_together_never_exceed_the_limit_and_use_it_up(uses: list[Use], own: int, whole: int) -> None:
    limits = (
        Limit(scope="sub_1", at=START - timedelta(days=1), limit_minor=own, set_by="x"),
        Limit(scope=ACCOUNT, at=START - timedelta(days=1), limit_minor=whole, set_by="x"),
    )
    control = a_control(a_plan(tariff=SMALL), a_plan("sub_2", tariff=SMALL), limits=limits)
    lines = rate(counted(control, uses), control)
    assert billed_minor(lines, "sub_1") <= own
    assert billed_minor(lines) <= whole
    if any(line.over_limit_minor for line in lines.values()):
        assert billed_minor(lines, "sub_1") > own - 3 or billed_minor(lines) > whole - 3


def test_a_record_is_split_exactly_at_the_limit() -> None:
    control = a_control(a_plan(tariff=SMALL), limits=(Limit(scope="sub_1", at=START, limit_minor=600, set_by="x"),))
    line = rate(counted(control, [Use(1, Category.DATA, 20 + 3 * 30)]), control)[LineKey(STRETCH, Category.DATA)]
    assert (line.charge_minor, line.billed_minor, line.over_limit_minor) == (1500, 500, 1000)
    assert line.billed_with_tax_minor == 600


def test_a_consent_bills_what_comes_after_it_and_not_what_was_refused() -> None:
    consent = Consent(
        consent_id="c1", scope="sub_1", at=START + timedelta(hours=5), months=("2026-11",), source="app", given_to="x"
    )
    limits = (Limit(scope="sub_1", at=START, limit_minor=600, set_by="x"),)
    control = a_control(a_plan(tariff=SMALL), limits=limits, consents=(consent,))
    lines = rate(counted(control, [Use(1, Category.DATA, 110), Use(6, Category.DATA, 30)]), control)
    line = lines[LineKey(STRETCH, Category.DATA)]
    assert (line.billed_minor, line.over_limit_minor) == (500 + 500, 1000)
    assert charged_minor(lines) == SMALL.with_tax(2000)


def test_a_larger_plan_gives_its_allowance_at_once_and_nothing_back() -> None:
    control = a_control(a_plan(tariff=SMALL), a_plan(tariff=LARGE, at=START + timedelta(hours=5)))
    before, after = Use(1, Category.DATA, 32), Use(6, Category.DATA, 28)
    line = rate(counted(control, [before, after]), control)[LineKey(STRETCH, Category.DATA)]
    assert (line.used, line.charge_minor) == (60, 200)
