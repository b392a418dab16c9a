"""A bill out of the ordinary is told before it is issued, once; a dearer plan is not out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.accounts.store import summary_key
from chalicelib.billing.model import LineKind
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.payments.news import Topic
from chalicelib.policy.model import Ruling, initial
from chalicelib.usage.bill_store import UsageBillStore
from chalicelib.usage.bill_warnings import BillWarnings
from chalicelib.usage.policy import WARNINGS, WarningRules
from chalicelib.usage.unusual import Sum, unusual
from tests.billing.builders import a_line, an_invoice, open_account
from tests.payments.money_desk import Listener
from tests.usage.builders import GB, NOW, a_record, a_sim
from tests.usage.test_bills import JUST_AFTER, OCTOBER, Both, a_bill

RULES = WarningRules()


@dataclass
class Watch:
    """A desk that bills use and warns of what it comes to."""

    both: Both = field(default_factory=Both)
    listener: Listener = field(default_factory=Listener)

    @property
    def warnings(self) -> BillWarnings:
        desk = self.both.desk
        return BillWarnings(
            UsageBillStore(desk.table), BillingStore(desk.table), desk.shop, desk.post, self.listener,
            lambda _: Ruling(RULES, "w@1", initial(WARNINGS).effective_from), desk.clock, NOW.date, desk.count,
        )  # fmt: skip

    def drafted(self, bill: dict[str, Any]) -> None:
        """As Stripe tells it: when it is made, and again when charges are put on it."""
        self.both.till.bills.setdefault(bill["id"], bill)
        for _ in range(2):
            now = self.both.till.read("invoice", bill["id"])
            assert now
            self.both.drafted(now)
            self.warnings.drafted("acc_1", now)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def with_extra(minor: int, **changes: Any) -> dict[str, Any]:
    """A draft with one more line that bills no plan."""
    bill = a_bill(**changes)
    bill["lines"]["data"][0]["parent"] = {"subscription_item_details": {"proration": False}}
    if minor:
        bill["lines"]["data"].append({"amount": minor, "description": "Engineer visit", "taxes": [], "metadata": {}})
    return {**bill, "total": 1200 + minor}


@pytest.mark.parametrize(
    ("rest", "expected"), [(500, False), (501, True), (3000, True), (0, False)]
)  # fmt: skip
def test_both_limits_of_the_policy_must_be_passed(rest: int, expected: bool) -> None:
    assert bool(unusual(Sum(1200 + rest, 1200), [Sum(1200, 1200)] * 3, RULES)) is expected
    assert unusual(Sum(10_000 + rest, 10_000), [Sum(12_100, 12_100)], RULES) is None


def test_a_dearer_plan_and_a_first_bill_are_not_out_of_the_ordinary() -> None:
    assert unusual(Sum(5000, 5000), [Sum(1200, 1200)], RULES) is None
    assert unusual(Sum(50_000, 0), [], RULES) is None


def test_what_is_usual_is_the_middle_of_the_last_bills() -> None:
    found = unusual(Sum(4000, 1200), [Sum(1200, 1200), Sum(9000, 1200), Sum(1300, 1200)], RULES)
    assert found
    assert (found.usual_minor, found.more_minor) == (1300, 2700)


def test_charges_for_use_are_warned_of_once_with_what_they_are(watch: Watch) -> None:
    watch.drafted(with_extra(0, bill_id="in_sep", created=datetime(2026, 10, 1, 9, tzinfo=UTC)))
    watch.both.desk.take(a_record("r1", 12 * GB, happened_at=OCTOBER))
    watch.drafted(with_extra(0))
    watch.drafted(with_extra(0))
    (letter,) = watch.both.desk.post.only("unusual_bill")
    assert letter.facts == {"total_minor": 2880, "usual_minor": 1200, "more_minor": 1680}
    assert [row["amount_minor"] for row in letter.rows] == [1400]
    glance = watch.both.desk.table.get(*summary_key("acc_1", "USAGE"))
    assert glance
    assert glance["unusual_bill"]["total_minor"] == 2880
    assert watch.listener.topics == []


def test_much_more_than_usual_opens_a_case(watch: Watch) -> None:
    watch.drafted(with_extra(0, bill_id="in_sep", created=datetime(2026, 10, 1, 9, tzinfo=UTC)))
    watch.drafted(with_extra(5000))
    (news,) = watch.listener.told.values()
    assert (news.topic, news.object_id, news.amount_minor) == (Topic.UNUSUAL_BILL, "inv_in_oct", 6200)


def test_bills_of_another_plan_are_not_compared(watch: Watch) -> None:
    other = {"parent": {"subscription_details": {"subscription": "plan_fibre"}}}
    watch.drafted(with_extra(0, bill_id="in_sep", created=datetime(2026, 10, 1, 9, tzinfo=UTC), **other))
    watch.drafted(with_extra(5000))
    assert watch.both.desk.post.names == []


def test_before_any_draft_was_looked_at_the_accounts_only_plan_is_known_by_its_bills(watch: Watch) -> None:
    desk = watch.both.desk
    open_account(desk.table, "acc_1")
    store = BillingStore(desk.table)
    Invoices(store, desk.clock, NOW.date).issue(an_invoice("inv_1", a_line(net_minor=1000), a_line("line_2", 0)))
    watch.drafted(with_extra(3000))
    assert desk.post.only("unusual_bill")[0].facts["usual_minor"] == 1200


def test_an_account_with_several_plans_says_nothing_of_what_one_of_them_costs(watch: Watch) -> None:
    desk = watch.both.desk
    open_account(desk.table, "acc_1")
    desk.shop.taken.append(a_sim("sub_2"))
    one_off = a_line("line_2", kind=LineKind.ONE_OFF)
    Invoices(BillingStore(desk.table), desk.clock, NOW.date).issue(an_invoice("inv_1", one_off))
    watch.drafted(with_extra(3000))
    assert desk.post.names == []


def test_a_draft_that_still_waits_for_its_charges_is_looked_at_later(watch: Watch) -> None:
    watch.both.desk.take(a_record("r1", 12 * GB, happened_at=OCTOBER))
    bill = with_extra(0)
    watch.both.till.bills[bill["id"]] = bill
    watch.both.drafted(a_bill())
    watch.warnings.drafted("acc_1", with_extra(0))
    assert [each.total_minor for each in UsageBillStore(watch.both.desk.table).newest("acc_1")] == [None]


def test_other_bills_are_left_alone(watch: Watch) -> None:
    watch.warnings.drafted("acc_1", a_bill(billing_reason="manual", created=JUST_AFTER["nov"]))
    assert UsageBillStore(watch.both.desk.table).newest("acc_1") == []
