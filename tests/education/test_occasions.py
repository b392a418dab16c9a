"""Guides that nobody asked for: what brings one, how often, and what keeps us silent; each of them once."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.cases.letters import templates
from chalicelib.education import signs
from chalicelib.education.model import is_held_out
from chalicelib.education.policy import EducationRules
from chalicelib.payments.news import Topic
from chalicelib.platform.dynamo import Delete
from tests.billing.builders import a_line
from tests.education.school import EVERYBODY, NOON, School
from tests.memory_table import MemoryTable
from tests.tables import Crash

OCTOBER, NOVEMBER = date(2026, 10, 20), date(2026, 11, 20)
DEARER = a_line(net_minor=3250)


@pytest.fixture
def school() -> School:
    return School()


def test_the_first_bill_brings_its_tour(school: School) -> None:
    school.bill("inv_1", NOVEMBER)
    (letter,) = school.post.letters.values()
    assert (letter.name, letter.purpose, letter.currency) == ("education/first_bill", "education", "GBP")
    assert letter.facts == {"number": "N-inv_1", "total_minor": 3300, "due_on": "2026-12-21"}
    assert letter.rows == ({"what": "Fibre 100 broadband", "amount_minor": 3300},)


@pytest.mark.parametrize(
    ("net_minor", "is_explained"),
    [(2750, False), (3025, False), (3026, True), (3167, True), (2475, False), (2474, True), (1, True)],
)
def test_a_bill_that_differs_by_more_than_the_rules_say_is_explained(
    school: School, net_minor: int, is_explained: bool
) -> None:
    """33.00 before: more than 10 %, up or down."""
    school.bill("inv_1", OCTOBER)
    school.bill("inv_2", NOVEMBER, a_line(net_minor=net_minor))
    assert school.sent() == ["education/changed_bill"] * is_explained


def test_five_pounds_are_explained_on_a_large_bill(school: School) -> None:
    school.bill("inv_1", OCTOBER, a_line(net_minor=100_000, tax_rate_bp=0))
    school.bill("inv_2", date(2026, 11, 15), a_line(net_minor=100_500, tax_rate_bp=0))
    assert school.sent() == []
    school.bill("inv_3", NOVEMBER, a_line(net_minor=101_001, tax_rate_bp=0))
    assert school.sent() == ["education/changed_bill"]


def test_each_bill_is_told_once_however_often_it_is_heard_of(school: School) -> None:
    school.bill("inv_1", OCTOBER)
    bill = school.bill("inv_2", NOVEMBER, DEARER)
    for _ in range(3):
        school.tell_bill(bill)
    assert school.sent() == ["education/changed_bill"]
    assert school.outcomes() == [("changed_bill", "sent")]
    assert school.counted == {"GuidesSent": 1}


def test_an_old_bill_brings_nothing(school: School) -> None:
    school.bill("inv_1", date(2026, 11, 11))
    assert (school.sent(), school.outcomes()) == ([], [])


@pytest.mark.parametrize("calls", range(1, 18))
def test_a_crash_at_any_call_loses_no_letter_and_doubles_none(calls: int) -> None:
    school = School()
    assert isinstance(school.table, MemoryTable)
    school.bill("inv_1", OCTOBER)
    left = calls

    def step(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash

    broken = school.table.seen(step)
    bill_before = school.post.calls
    school.table = broken
    with suppress(Crash):
        school.bill("inv_2", NOVEMBER, DEARER)
    school.table = broken.seen(lambda _: None)
    school.bill("inv_2", NOVEMBER, DEARER)
    assert school.sent() == ["education/changed_bill"]
    assert school.outcomes() == [("changed_bill", "sent")]
    assert school.post.calls > bill_before


@pytest.mark.parametrize("kind", ["breathing_space", "mental_health_crisis", "bereavement", "insolvency"])
def test_a_hold_keeps_us_silent_while_it_stands(school: School, kind: str) -> None:
    hold = {
        "hold_id": "hold_1", "kind": kind, "from_on": "2026-11-01", "until_on": "2026-11-22", "policy": "holds@initial",
        "placed_at": "2026-11-01T09:00:00.000Z", "placed_by_name": "advisor.one",
    }  # fmt: skip
    school.summary("HOLDS", holds=[hold], version=1)
    school.hear(Topic.PAYMENT_FAILED, "pay_1")
    (record,) = school.records()
    assert (school.sent(), record.outcome, record.because, record.policy) == ([], "on_hold", (kind,), "education@test")
    school.clock.tick(24 * 3600)
    school.hear(Topic.PAYMENT_FAILED, "pay_2")
    assert school.sent() == ["education/change_card"]


def test_who_declined_such_mail_gets_none(school: School) -> None:
    said = {"purpose": "education", "channel": "mail", "is_allowed": False, "source": "customer"}
    school.summary("PREFS", consents=[{**said, "at": "2026-11-01T09:00:00.000Z"}])
    school.bill("inv_1", NOVEMBER)
    assert (school.sent(), school.outcomes()) == ([], [("first_bill", "no_consent")])


@pytest.mark.parametrize("status", ["closed", "merged"])
def test_an_account_that_is_over_gets_none(school: School, status: str) -> None:
    school.open("acc_1", status=status)
    school.bill("inv_1", NOVEMBER)
    assert (school.sent(), school.outcomes()) == ([], [("first_bill", "on_hold")])


def test_not_too_many_in_a_month_and_not_the_same_tip_again_in_a_season(school: School) -> None:
    school.rules = EVERYBODY.model_copy(update={"most": 2})
    for n in range(3):
        school.hear(Topic.PAYMENT_FAILED, f"pay_{n}")
        school.clock.tick(3600)
    assert [outcome for _, outcome in school.outcomes()] == ["too_many", "too_many", "sent"]
    for n in range(2):
        school.hear(Topic.INVOICE_OVERDUE, f"inv_{n}")
    school.bill("inv_9", school.today())
    assert school.sent() == ["education/change_card", "education/due_day"]
    school.clock.tick(timedelta(days=91).total_seconds())
    school.hear(Topic.PAYMENT_FAILED, "pay_9")
    assert school.sent()[2:] == ["education/change_card"]


def test_who_pays_late_again_is_offered_another_day(school: School) -> None:
    school.hear(Topic.INVOICE_OVERDUE, "inv_1", NOON)
    school.hear(Topic.INVOICE_OVERDUE, "inv_1", NOON + timedelta(hours=1))
    assert school.sent() == []
    school.clock.tick(timedelta(days=181).total_seconds())
    school.hear(Topic.INVOICE_OVERDUE, "inv_2")
    assert school.sent() == []
    school.clock.tick(timedelta(days=30).total_seconds())
    school.hear(Topic.INVOICE_OVERDUE, "inv_3")
    assert school.sent() == ["education/due_day"]


@pytest.mark.parametrize("name", ["usage/allowance_used", "usage/limit_near_text", "usage/limit_reached"])
def test_a_warning_about_use_brings_the_tip_about_it(school: School, name: str) -> None:
    for _ in range(2):
        school.queue(name, "sub_1")
    assert school.sent() == [name, "education/usage"]


@pytest.mark.parametrize(
    ("kind", "brings"), [("add_addon", True), ("change_plan", True), ("remove_addon", False), ("pause", False)]
)
def test_a_new_service_brings_what_its_first_bill_will_look_like(school: School, kind: str, brings: bool) -> None:
    school.queue("subscriptions/change_confirmed", "quote_1", kind=kind)
    assert school.sent() == ["subscriptions/change_confirmed", *["education/new_service"] * brings]


def test_reminders_of_two_bills_are_paying_late_again(school: School) -> None:
    school.queue("collections/reminder", "inv_1")
    school.queue("collections/second_reminder", "inv_1")
    assert school.outcomes() == []
    school.queue("collections/reminder", "inv_2")
    assert school.outcomes() == [("due_day", "sent")]


def test_every_letter_that_is_listened_for_is_one_that_somebody_writes() -> None:
    names = {f"letters/{name}.en.txt.j2" for name in signs.LETTERS}
    assert names <= set(templates().list_templates())


def test_who_pays_by_link_three_times_is_shown_how_to_save_a_method(school: School) -> None:
    for n in range(3):
        school.hear(Topic.PAY_LINK, f"pay_{n}")
        school.hear(Topic.PAYMENT_SUCCEEDED, f"card_{n}")
    for n in range(2):
        school.hear(Topic.PAYMENT_SUCCEEDED, f"pay_{n}")
        school.hear(Topic.PAYMENT_SUCCEEDED, f"pay_{n}")
        school.hear(Topic.PAY_LINK, f"pay_{n}")
    assert school.sent() == []
    school.hear(Topic.PAYMENT_SUCCEEDED, "pay_2")
    assert school.sent() == ["education/save_method"]


def test_who_saw_a_payment_fail_on_the_screen_gets_no_mail_about_it(school: School) -> None:
    school.hear(Topic.PAYMENT_FAILED, "pay_1", started_by="customer")
    school.hear(Topic.DISPUTE_OPENED, "dp_1")
    assert (school.sent(), school.outcomes()) == ([], [])
    school.hear(Topic.PAYMENT_FAILED, "pay_2", started_by="desk")
    assert school.sent() == ["education/change_card"]


def test_some_are_held_out_to_be_compared_with_and_that_is_kept(school: School) -> None:
    school.rules = EducationRules(held_out_bp=5000)
    names = [f"acc_{n}" for n in range(2, 42)]
    for name in names:
        school.open(name)
        school.bill(f"inv_{name}", NOVEMBER, account_id=name)
    outcomes: dict[str, Any] = {name: [record.outcome for record in school.records(name)] for name in names}
    expected = {name: ["held_out" if is_held_out(name, "first_bill", 5000) else "sent"] for name in names}
    assert outcomes == expected
    assert {outcome for (outcome,) in outcomes.values()} == {"held_out", "sent"}


def test_news_of_nobody_and_of_an_unknown_account_is_nothing(school: School) -> None:
    school.table.write(Delete("A#acc_1", "L$HEAD"))
    school.hear(Topic.PAYMENT_FAILED, "pay_1")
    assert (school.sent(), school.outcomes()) == ([], [])


def test_every_hold_named_by_the_rules_is_one_that_there_is() -> None:
    assert set(EducationRules().silent_holds) <= set(HoldKind)
