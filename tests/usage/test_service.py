"""Records come once, twice, late, corrected, at the same time: the counters are those of one delivery in order."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.platform.errors import NotFound, Unavailable
from chalicelib.platform.money import Money
from chalicelib.usage.categories import MEGABYTE, Category, Unit
from chalicelib.usage.control import ACCOUNT
from chalicelib.usage.model import NewUsage
from chalicelib.usage.rating import LineKey, Rated, billed_minor, rate
from tests.harness import Meter
from tests.memory_table import MemoryTable
from tests.tables import Crash
from tests.usage.builders import ADVISOR, GB, NOW, ByText, UsageDesk, a_record, a_sim, an_addon, an_offer

BEFORE = datetime(2026, 10, 28, 12, tzinfo=UTC)


@pytest.fixture
def desk() -> UsageDesk:
    return UsageDesk()


def line(desk: UsageDesk, category: Category = Category.DATA, month: str | None = None) -> Rated:
    (found,) = desk.usage.of_account("acc_1", "sub_1", month)
    return dict(found.lines)[category]


def pounds(minor: int) -> Money:
    return Money(amount_minor=minor, currency="GBP")


def state(desk: UsageDesk) -> dict[str, Any]:
    """The counters and all that is reckoned from them."""
    control = desk.store.control("acc_1")
    assert control
    months = desk.store.newest_months("acc_1")
    return {month.month: (month.used, rate(month, control)) for month in months}


def test_a_record_is_counted_once_however_often_it_comes(desk: UsageDesk) -> None:
    assert desk.take(a_record(), a_record()) == ["counted", "repeated"]
    assert desk.take(a_record()) == ["repeated"]
    assert line(desk).used == GB


def test_a_higher_version_replaces_a_record_and_an_older_one_comes_too_late(desk: UsageDesk) -> None:
    assert desk.take(a_record()) == ["counted"]
    assert desk.take(a_record(quantity=3 * GB, version=3)) == ["corrected"]
    assert desk.take(a_record(quantity=2 * GB, version=2)) == ["older"]
    assert line(desk).used == 3 * GB


def test_a_record_may_correct_another_by_name_and_come_before_it(desk: UsageDesk) -> None:
    correction = a_record("r2", quantity=5 * MEGABYTE, corrects="r1", version=2)
    assert desk.take(correction) == ["counted"]
    assert desk.take(a_record("r1")) == ["older"]
    assert line(desk).used == 5 * MEGABYTE


def test_a_correction_can_move_use_to_another_period_and_category(desk: UsageDesk) -> None:
    desk.take(a_record())
    moved = a_record(quantity=90, category=Category.VOICE, happened_at=BEFORE, version=2)
    assert desk.take(moved) == ["corrected"]
    assert line(desk).used == 0
    assert line(desk, Category.VOICE, "2026-10").used == 90


def test_what_cannot_be_counted_is_refused_alone_and_says_why(desk: UsageDesk) -> None:
    desk.take(a_record("taken"))
    desk.shop.taken.append(a_sim("sub_2"))
    assert desk.take(
        a_record("good"),
        a_record("stranger", subscription_id="sub_9"),
        a_record("unit", unit=Unit.SECONDS),
        a_record("future", happened_at=NOW + timedelta(seconds=301)),
        a_record("old", happened_at=NOW - timedelta(days=91)),
        a_record("taken", quantity=7),
        a_record("taken", subscription_id="sub_2", version=2),
    ) == [
        "counted", "unknown_subscription", "wrong_unit", "in_future", "too_old", "other_record", "other_subscription",
    ]  # fmt: skip
    assert desk.counted["UsageRefused"] == 6


def test_a_repeat_of_what_has_become_too_old_is_still_a_repeat(desk: UsageDesk) -> None:
    desk.take(a_record())
    desk.clock.tick(91 * 86_400)
    assert desk.take(a_record()) == ["repeated"]


def test_records_add_up_to_the_charges_and_the_one_at_the_limit_is_split(desk: UsageDesk) -> None:
    desk.spending.set_limit("acc_1", ACCOUNT, pounds(600), ADVISOR)
    desk.clock.tick(3600)
    later = NOW + timedelta(minutes=30)
    answers = desk.usage.record(
        [a_record("r1", 6 * GB, happened_at=later), a_record("r2", 3 * GB, happened_at=later)]
    )  # fmt: skip
    assert [(a.record.charge_minor, a.record.billed_minor) for a in answers if a.record] == [(200, 200), (600, 300)]
    found = line(desk)
    assert (found.charge_minor, found.billed_minor, found.over_limit_minor) == (800, 500, 300)
    assert found.billed_with_tax_minor == 600


def test_after_an_express_consent_further_use_is_billed_and_past_use_is_not(desk: UsageDesk) -> None:
    desk.spending.set_limit("acc_1", "sub_1", pounds(240), ADVISOR)
    desk.clock.tick(60)
    desk.take(a_record("r1", 8 * GB, happened_at=desk.clock()))
    desk.clock.tick(60)
    desk.spending.consent("acc_1", "sub_1", pounds(240), "phone", ADVISOR)
    desk.clock.tick(60)
    desk.take(a_record("r2", 2 * GB, happened_at=desk.clock()))
    found = line(desk)
    assert (found.charge_minor, found.billed_minor, found.over_limit_minor) == (1000, 400, 600)


def test_a_category_that_is_barred_is_counted_and_not_billed(desk: UsageDesk) -> None:
    roaming = Category.ROAMING_DATA
    desk.take(a_record("r1", MEGABYTE, category=roaming))
    desk.spending.set_bars("acc_1", "sub_1", [roaming], ADVISOR)
    desk.clock.tick(60)
    desk.take(a_record("r2", 3 * MEGABYTE, category=roaming, happened_at=desk.clock()))
    found = line(desk, roaming)
    assert (found.used, found.billed_minor, found.barred_minor) == (4 * MEGABYTE, 5, 15)


def test_late_use_belongs_to_its_own_period(desk: UsageDesk) -> None:
    (answer,) = desk.usage.record([a_record("r1", 6 * GB, happened_at=BEFORE)])
    assert answer.record
    assert answer.record.is_late
    assert line(desk).used == 0
    assert line(desk, month="2026-10").charge_minor == 200


def test_an_add_on_counts_from_when_it_was_taken(desk: UsageDesk) -> None:
    desk.take(a_record("r1", 6 * GB))
    taken_at = NOW - timedelta(days=2)
    desk.shop.taken.append(
        a_sim("sub_add", plan_code="DATA-2GB", provider_id="plan_sub_1", as_of=int(taken_at.timestamp()))
    )
    desk.take(a_record("r2", GB, happened_at=NOW - timedelta(days=1)))
    found = line(desk)
    assert (found.used, found.charge_minor) == (7 * GB, 200)
    assert found.tariff.allowance(Category.DATA) == 7 * GB


def test_a_new_version_of_an_offer_never_rates_past_use_anew(desk: UsageDesk) -> None:
    desk.take(a_record("r1", 6 * GB))
    desk.shop.offers["MOB-5GB"] = an_offer(version=2, out_of_bundle=())
    desk.take(a_record("r2", GB, happened_at=NOW + timedelta(seconds=1)))
    assert line(desk).charge_minor == 200


def test_alerts_are_sent_once_a_period_and_only_the_highest_that_was_reached(desk: UsageDesk) -> None:
    desk.take(a_record("r1", 2 * GB))
    assert desk.post.names == []
    desk.take(a_record("r2", 3 * GB // 4))
    assert [letter.facts["percent"] for letter in desk.post.only("allowance_used")] == [50]
    desk.take(a_record("r3", 4 * GB), a_record("r4", GB))
    assert [letter.facts["percent"] for letter in desk.post.only("allowance_used")] == [50, 100]
    desk.take(a_record("r5", 4 * GB), a_record("r4", 0, version=2))
    assert len(desk.post.sent) == 2


def test_a_correction_never_takes_an_alert_back_nor_sends_it_again(desk: UsageDesk) -> None:
    desk.take(a_record("r1", 3 * GB))
    desk.take(a_record("r1", 0, version=2))
    desk.take(a_record("r1", 3 * GB, version=3))
    assert desk.post.names == ["allowance_used"]


def test_the_limit_has_alerts_of_its_own_and_a_new_limit_too(desk: UsageDesk) -> None:
    desk.spending.set_limit("acc_1", ACCOUNT, pounds(480), ADVISOR)
    desk.take(a_record("r1", 6 * GB))
    assert [letter.facts["percent"] for letter in desk.post.only("limit_near")] == [50]
    desk.clock.tick(60)
    desk.take(a_record("r2", GB, happened_at=desk.clock()))
    (reached,) = desk.post.only("limit_reached")
    assert (reached.facts["limit_minor"], reached.facts["charged_minor"]) == (480, 480)
    desk.spending.set_limit("acc_1", ACCOUNT, pounds(960), ADVISOR)
    desk.clock.tick(60)
    desk.take(a_record("r3", 1, happened_at=desk.clock()))
    assert [letter.facts["limit_minor"] for letter in desk.post.only("limit_near")] == [480, 960]


def test_use_of_a_period_that_is_over_alerts_nobody(desk: UsageDesk) -> None:
    desk.take(a_record("r1", 6 * GB, happened_at=BEFORE))
    assert desk.post.names == []


def test_who_prefers_texts_gets_a_text(desk: UsageDesk) -> None:
    desk.reach = ByText()
    desk.take(a_record("r1", 5 * GB))
    assert desk.post.names == ["allowance_used_text"]


def test_an_alert_that_could_not_be_sent_goes_out_with_the_repeat(desk: UsageDesk) -> None:
    desk.post.broken = Unavailable("no post")
    with pytest.raises(Unavailable):
        desk.take(a_record("r1", 5 * GB))
    desk.post.broken = None
    assert desk.take(a_record("r1", 5 * GB)) == ["repeated"]
    assert desk.post.names == ["allowance_used"]
    assert [month.untold for month in desk.store.newest_months("acc_1")] == [()]


def test_what_is_not_counted_of_anybody_is_not_found(desk: UsageDesk) -> None:
    with pytest.raises(NotFound):
        desk.usage.of_account("acc_1", "sub_9", None)
    with pytest.raises(NotFound):
        desk.usage.records("acc_1", "sub_9", NOW.date(), 10, None)


def test_the_records_behind_a_figure_come_newest_first(desk: UsageDesk) -> None:
    desk.take(a_record("r1"), a_record("r2", happened_at=NOW), a_record("r3", happened_at=BEFORE))
    found, _ = desk.usage.records("acc_1", "sub_1", NOW.date(), 10, None)
    assert [record.record_id for record in found] == ["r2", "r1"]


@dataclass(frozen=True)
class Told:
    """A version of a record, as a network could tell it."""

    record_id: int
    version: int
    category: Category
    units: int
    hours_ago: int

    def new(self) -> NewUsage:
        happened_at = NOW - timedelta(hours=self.hours_ago)
        quantity = self.units * (100 * MEGABYTE if self.category is Category.DATA else 60)
        return a_record(f"r{self.record_id}", quantity, version=self.version, category=self.category,
                        happened_at=happened_at)  # fmt: skip


def charges(desk: UsageDesk) -> dict[str, dict[LineKey, Rated]]:
    """The lines of each month in which something was used."""
    return {
        month: used
        for month, (_, lines) in state(desk).items()
        if (used := {key: line for key, line in lines.items() if line.used})
    }


told = st.lists(
    st.builds(
        Told, st.integers(1, 6), st.integers(1, 3), st.sampled_from((Category.DATA, Category.VOICE)),
        st.integers(0, 90), st.integers(0, 900),
    ),
    max_size=14, unique_by=lambda each: (each.record_id, each.version),
)  # fmt: skip


def ruled() -> UsageDesk:
    """A desk where a limit and a consent count from some hours ago on, known before the first record."""
    desk = UsageDesk()
    desk.clock.at = NOW - timedelta(hours=400)
    desk.spending.set_limit("acc_1", "sub_1", pounds(500), ADVISOR)
    desk.clock.at = NOW - timedelta(hours=200)
    desk.spending.consent("acc_1", "sub_1", pounds(400), "app", ADVISOR)
    desk.clock.at = NOW
    return desk


@settings(max_examples=120, deadline=None)
@given(told, st.integers(0, 2**32), st.integers(1, 5))
def test_any_order_and_repetition_is_one_delivery_in_order(records: list[Told], seed: int, together: int) -> None:
    chance, ordered, jumbled = Random(seed), ruled(), ruled()
    for record in sorted(records, key=lambda each: (each.version, each.hours_ago)):
        ordered.take(record.new())
    deliveries = [*records, *chance.sample(records, len(records) // 2)]
    chance.shuffle(deliveries)
    for first in range(0, len(deliveries), together):
        jumbled.take(*(each.new() for each in deliveries[first : first + together]))
    assert charges(ordered) == charges(jumbled)


def test_records_that_come_at_the_same_time_are_all_counted_and_never_bill_beyond_the_limit() -> None:
    desk = ruled()
    failed: list[BaseException] = []

    def feed(own: UsageDesk, worker: int) -> None:
        try:
            for n in range(6):
                while True:
                    try:
                        own.take(a_record(f"w{worker}-{n}", GB, happened_at=NOW - timedelta(minutes=1)))
                        break
                    except Unavailable:
                        continue
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)

    assert isinstance(desk.table, MemoryTable)
    workers = [threading.Thread(target=feed, args=(desk.on(desk.table.seen(lambda _: None)), n)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    found, control = line(desk), desk.store.control("acc_1")
    assert control
    assert (found.used, found.charge_minor) == (24 * GB, 19 * 200)
    assert billed_minor(rate(desk.store.newest_months("acc_1")[0], control)) == 900


def test_a_process_that_ends_anywhere_loses_and_doubles_nothing() -> None:
    def play(crash_at: int | None) -> tuple[dict[str, Any], list[str], bool]:
        desk, calls, crashed = ruled(), [0], False

        def step(_: str) -> None:
            calls[0] += 1
            if calls[0] == crash_at:
                raise Crash

        assert isinstance(desk.table, MemoryTable)
        for records in ([a_record("r1", 6 * GB)], [a_record("r2", GB), a_record("r1", 7 * GB, version=2)]):
            try:
                desk.on(desk.table.seen(step)).take(*records)
            except Crash:
                crashed = True
                desk.take(*records)
        return state(desk), sorted(desk.post.sent), crashed

    undisturbed, letters, _ = play(None)
    crash_at, crashed = 0, True
    while crashed:
        crash_at += 1
        found, sent, crashed = play(crash_at)
        assert found == undisturbed, crash_at
        assert sent == letters, crash_at
    assert crash_at > 20


def test_a_plan_that_includes_more_or_nothing_is_shown_as_it_is(desk: UsageDesk) -> None:
    desk.shop.offers["FIBRE"] = an_addon("FIBRE", service="broadband", allowances=())
    desk.shop.taken.append(a_sim("sub_2", plan_code="FIBRE", service="broadband"))
    found = desk.usage.of_account("acc_1", None, None)
    assert [each.subscription_id for each in found] == ["sub_1"]
    assert {category.value for category, _ in found[0].lines} == {
        "data", "voice", "text", "roaming_data", "premium_voice",
    }  # fmt: skip


def test_what_records_cost_is_what_the_store_says(cloud: None, meter: Meter) -> None:
    desk = UsageDesk(wiring.table())
    meter.calls.clear()
    desk.take(*(a_record(f"r{n}", 1) for n in range(10)))
    reads, writes = (Counter(meter.calls), meter.write_units)
    assert reads == {"BatchGetItem": 1, "GetItem": 2, "TransactWriteItems": 1}
    assert writes == 10 * 4 + 2 + 2 + 2


def test_a_word_that_is_repeated_after_a_failure_is_given_once(desk: UsageDesk) -> None:
    """The first try was kept and could not be confirmed by letter, so the caller was told to try again."""

    def said() -> str:
        return desk.spending.consent("acc_1", ACCOUNT, pounds(500), "app", ADVISOR, "key-1").consent_id

    desk.take(a_record())
    desk.spending.set_limit("acc_1", ACCOUNT, pounds(1000), ADVISOR)
    desk.clock.tick(1)
    desk.post.broken = Unavailable("no post")
    with pytest.raises(Unavailable):
        said()
    desk.post.broken = None
    assert said() == said()
    control = desk.spending.read("acc_1")
    assert control.ceiling_minor(ACCOUNT, "2026-11", desk.clock()) == 1500
    assert len(desk.post.only("consent_given")) == 1
