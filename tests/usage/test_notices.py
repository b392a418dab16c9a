"""Contract ends, price rises and better plans are told on their day, once, also when days were missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.billing.mirror_bill import StripeBill
from chalicelib.billing.model import InvoiceStatus, StandingInvoice, SubscriptionStatus
from chalicelib.platform.days import CATCH_UP, PAGE
from chalicelib.platform.errors import NotFound, Unavailable
from chalicelib.policy.model import Ruling, initial
from chalicelib.subscriptions.offer import Allowance, PriceRise
from chalicelib.subscriptions.terms import Terms
from chalicelib.usage.advising import PlanAdvising
from chalicelib.usage.bill_store import UsageBillStore
from chalicelib.usage.bills import UsageBills
from chalicelib.usage.left_over import LeftOver
from chalicelib.usage.notice_store import Notice, NoticeKind, NoticeStore
from chalicelib.usage.notices import Notices
from chalicelib.usage.policy import WARNINGS, WarningRules
from chalicelib.usage.reminders import Reminders
from tests.billing.builders import an_invoice
from tests.payments.money_desk import Listener
from tests.usage.builders import GB, LONDON, UsageDesk, a_record, a_sim, an_addon, an_offer
from tests.usage.test_bills import Till, a_bill

TODAY = date(2026, 11, 20)
ENDS = date(2026, 12, 15)


@dataclass
class Agreed:
    """What was agreed."""

    by_id: dict[str, Terms] = field(default_factory=dict)

    def terms(self, account_id: str, subscription_ids: Sequence[str]) -> dict[str, Terms]:
        return {each: self.by_id[each] for each in subscription_ids if each in self.by_id}


def some_terms(ends_on: date | None = ENDS, *rises: PriceRise) -> Terms:
    return Terms(
        subscription_id="sub_1", account_id="acc_1", offer_code="MOB-5GB", offer_version=1, currency="GBP",
        agreed_on=date(2025, 12, 16), minimum_ends_on=ends_on, price_rises=rises,
    )  # fmt: skip


@dataclass
class Office:
    """The desk, day by day."""

    desk: UsageDesk = field(default_factory=UsageDesk)
    agreed: Agreed = field(default_factory=lambda: Agreed({"sub_1": some_terms()}))
    listener: Listener = field(default_factory=Listener)
    till: Till = field(default_factory=Till)

    def today(self) -> date:
        return self.desk.clock().astimezone(LONDON).date()

    def rules(self, _: date) -> Ruling[WarningRules]:
        return initial(WARNINGS)

    @property
    def advising(self) -> PlanAdvising:
        return PlanAdvising(self.desk.store, self.desk.rulebook, self.agreed, self.rules, self.today, LONDON)

    @property
    def bills(self) -> UsageBills:
        desk = self.desk
        return UsageBills(desk.store, UsageBillStore(desk.table), desk.rulebook, self.till, LONDON, desk.count)

    @property
    def left_over(self) -> LeftOver:
        return LeftOver(self.desk.store, self.desk.shop, self.listener, self.desk.clock, self.today, LONDON)

    @property
    def notices(self) -> Notices:
        desk = self.desk
        return Notices(
            NoticeStore(desk.table), desk.shop, desk.shop, self.agreed, self.advising, self.left_over, desk.post,
            self.rules, desk.clock, self.today, desk.count,
        )  # fmt: skip

    def billed(self, **changes: Any) -> None:
        Reminders(NoticeStore(self.desk.table), self.desk.shop, self.agreed, self.rules, self.today).drafted(
            "acc_1", a_bill(**changes)
        )

    def on(self, day: date) -> int:
        self.desk.clock.at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return self.notices.run()

    def only(self, name: str) -> list[Any]:
        return self.desk.post.only(name)


@pytest.fixture
def office() -> Office:
    office = Office()
    office.on(TODAY)
    return office


def test_the_end_of_a_contract_is_told_between_thirty_and_ten_days_before_and_once(office: Office) -> None:
    office.billed()
    sent = [office.on(TODAY + timedelta(days=n)) for n in range(20)]
    assert sum(sent) == 1
    (letter,) = office.only("contract_ends")
    assert letter.facts == {
        "plan": "Mobile 5 GB", "ends_on": "2026-12-15", "notice_days": 0, "service": "mobile", "price_minor": 1200,
        "cheapest": "Mobile 5 GB", "cheapest_price_minor": 1200,
    }  # fmt: skip


def test_a_contract_that_ends_later_is_told_when_its_days_have_come(office: Office) -> None:
    office.agreed.by_id["sub_1"] = some_terms(date(2026, 12, 31))
    office.billed()
    assert [office.on(date(2026, 11, 30)), office.on(date(2026, 12, 1))] == [0, 1]


@pytest.mark.parametrize("ends_on", [None, ENDS + timedelta(days=365), TODAY + timedelta(days=5)])
def test_a_contract_that_was_made_longer_or_is_as_good_as_over_is_not_told(
    office: Office, ends_on: date | None
) -> None:
    office.billed()
    office.agreed.by_id["sub_1"] = some_terms(ends_on)
    assert office.on(TODAY + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    "changes", [{"status": SubscriptionStatus.CANCELLED}, {"ends_at": datetime(2026, 12, 1, tzinfo=UTC)}]
)
def test_who_is_leaving_anyway_is_told_nothing(office: Office, changes: dict[str, Any]) -> None:
    office.billed()
    office.desk.shop.taken = [a_sim(**changes)]
    assert office.on(TODAY + timedelta(days=1)) == 0


def test_a_price_rise_is_told_in_pounds_and_pence(office: Office) -> None:
    rise = PriceRise(from_on=date(2026, 12, 28), by_minor=150)
    office.agreed.by_id["sub_1"] = some_terms(None, rise)
    office.billed()
    assert office.on(date(2026, 11, 26)) == 0
    assert office.on(date(2026, 11, 27)) == 1
    (letter,) = office.only("price_rises")
    assert {name: letter.facts[name] for name in ("from_on", "rise_minor", "price_minor", "new_price_minor")} == {
        "from_on": "2026-12-28", "rise_minor": 180, "price_minor": 1200, "new_price_minor": 1380,
    }  # fmt: skip
    office.billed()
    assert office.on(date(2026, 11, 28)) == 0


def test_days_that_were_missed_are_caught_up_but_not_for_ever(office: Office) -> None:
    store = NoticeStore(office.desk.table)
    office.agreed.by_id["sub_1"] = some_terms(date(2027, 6, 1), PriceRise(from_on=date(2027, 6, 1), by_minor=100))
    notice = Notice(
        account_id="acc_1", subscription_id="sub_1", kind=NoticeKind.PRICE_RISE, about=date(2027, 6, 1)
    )  # fmt: skip
    store.put(notice, TODAY + timedelta(days=3))
    assert office.on(TODAY + timedelta(days=80)) == 1
    store.put(notice.model_copy(update={"about": date(2027, 6, 2)}), TODAY + timedelta(days=81))
    office.on(TODAY + timedelta(days=81) + CATCH_UP + timedelta(days=1))
    assert len(office.only("price_rises")) == 1


def test_a_run_that_is_cut_off_goes_on_and_sends_nothing_twice(office: Office) -> None:
    store, day = NoticeStore(office.desk.table), TODAY + timedelta(days=1)
    rises = [PriceRise(from_on=date(2027, 1, 1) + timedelta(days=n), by_minor=10) for n in range(PAGE + 5)]
    office.agreed.by_id["sub_1"] = some_terms(None, *rises)
    for rise in rises:
        store.put(
            Notice(account_id="acc_1", subscription_id="sub_1", kind=NoticeKind.PRICE_RISE, about=rise.from_on), day
        )

    class Tired:
        left = PAGE + 2

        def send(self, letter: Any) -> bool:
            if not self.left:
                raise Unavailable("busy")
            self.left -= 1
            return office.desk.post.send(letter)

    office.desk.clock.at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    whole = office.notices
    tired = Notices(**{**vars(whole), "post": Tired()})
    with pytest.raises(Unavailable):
        tired.run()
    assert whole.run() == 3
    assert len(office.only("price_rises")) == PAGE + 5
    assert whole.run() == 0


def used_in(office: Office, gigabytes: int, *months: int) -> None:
    for month in months:
        happened_at = datetime(2026, month, 10, 12, tzinfo=UTC)
        assert office.desk.take(a_record(f"r{month}", gigabytes * GB, happened_at=happened_at)) == ["counted"]


def with_large(office: Office, monthly_minor: int = 1500) -> None:
    office.desk.shop.offers["MOB-20GB"] = an_offer(
        "MOB-20GB", name="Mobile 20 GB", monthly_minor=monthly_minor,
        allowances=(Allowance(measure="data_mb", amount=20 * 1024), Allowance(measure="texts")),
    )  # fmt: skip


def test_the_plan_that_would_have_cost_less_is_advised_with_every_sum(office: Office) -> None:
    with_large(office)
    used_in(office, 10, 9, 10)
    (advice,) = office.advising.advise("acc_1")
    assert [(cost.starts_on.month, cost.price_minor, cost.use_minor) for cost in advice.costs] == [
        (10, 1200, 1200), (9, 1200, 1200), (8, 1200, 0),
    ]  # fmt: skip
    assert advice.best
    assert advice.best.offer.code == "MOB-20GB"
    assert [cost.total_minor for cost in advice.best.costs] == [1800] * 3
    assert (advice.total_minor, advice.saves_minor(advice.best)) == (6000, 600)
    assert (advice.bound_until, advice.policy_version) == (ENDS, "bill_warnings@initial")


def test_a_plan_that_saves_too_little_is_shown_and_not_advised(office: Office) -> None:
    with_large(office, monthly_minor=1501)
    used_in(office, 10, 9, 10)
    (advice,) = office.advising.advise("acc_1", "sub_1")
    assert advice.best is None
    assert [advice.saves_minor(each) for each in advice.candidates] == [597]


def test_there_is_no_advice_before_enough_periods_are_finished(office: Office) -> None:
    with_large(office)
    office.desk.shop.taken = [a_sim(started_on=date(2026, 8, 2))]
    used_in(office, 10, 9, 10)
    assert office.advising.advise("acc_1") == []
    with pytest.raises(NotFound):
        office.advising.advise("acc_1", "sub_9")


def test_add_ons_are_part_of_what_the_present_plan_costs(office: Office) -> None:
    with_large(office)
    office.desk.shop.taken = [
        a_sim(),
        a_sim("sub_add", plan_code="DATA-2GB", price_minor=300, provider_id="plan_sub_1"),
    ]
    office.desk.shop.offers["DATA-2GB"] = an_addon()
    used_in(office, 7, 9, 10)
    (advice,) = office.advising.advise("acc_1", "sub_1")
    assert [cost.total_minor for cost in advice.costs] == [1560] * 3


def test_advice_is_sent_the_day_after_a_bill_and_once_a_quarter(office: Office) -> None:
    office.agreed.by_id.clear()
    with_large(office)
    used_in(office, 10, 9, 10)
    office.billed()
    office.billed()
    assert office.on(TODAY + timedelta(days=1)) == 1
    (letter,) = office.only("better_plan")
    assert letter.facts["saved_minor"] == 600
    assert [row["then_minor"] for row in letter.rows] == [1800] * 3
    office.billed()
    assert office.on(TODAY + timedelta(days=2)) == 0


def test_bills_of_other_kinds_note_nothing(office: Office) -> None:
    office.billed(billing_reason="manual")
    assert office.on(TODAY + timedelta(days=1)) == 0


def test_the_last_use_of_a_subscription_that_ended_is_told_to_finance_when_no_bill_takes_it(office: Office) -> None:
    used_in(office, 7, 11)
    office.desk.shop.taken = [a_sim(status=SubscriptionStatus.CANCELLED)]
    for day in (date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)):
        office.on(day)
        assert bool(office.listener.told) is (day >= date(2026, 12, 4))
    (news,) = office.listener.told.values()
    assert (news.object_id, news.amount_minor) == ("sub_1", 480)
    assert office.desk.take(a_record("late", GB, happened_at=datetime(2026, 11, 29, tzinfo=UTC))) == ["counted"]
    office.left_over.look("acc_1", "sub_1")
    assert [each.amount_minor for each in office.listener.told.values()] == [480, 720]


def test_what_the_last_bill_was_issued_without_is_left_over(office: Office) -> None:
    """Stripe was down while the draft stood; no bill follows it, for the plan has ended."""
    used_in(office, 7, 11)
    office.desk.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    office.till.down_after = 0
    with pytest.raises(Unavailable):
        office.bills.drafted("acc_1", office.till.draft(bill_id="in_last", created=office.desk.clock.at))
    standing = StandingInvoice(**an_invoice().model_dump(), due_minor=0, status=InvoiceStatus.PAID, version=1)
    issued = {**office.till.draft(bill_id="in_last", created=office.desk.clock.at), "status": "open"}
    for _ in range(2):
        office.bills.issued(standing, StripeBill.model_validate(issued))
    office.desk.shop.taken = [a_sim(status=SubscriptionStatus.CANCELLED)]
    office.on(date(2026, 12, 4))
    assert [each.amount_minor for each in office.listener.told.values()] == [480]


@pytest.mark.parametrize("others", [[a_sim()], [a_sim(status=SubscriptionStatus.CANCELLED), a_sim("sub_2")]])
def test_nothing_is_left_over_while_a_bill_will_come(office: Office, others: list[Any]) -> None:
    used_in(office, 7, 11)
    office.desk.shop.taken = others
    office.on(date(2026, 12, 4))
    assert office.listener.told == {}
