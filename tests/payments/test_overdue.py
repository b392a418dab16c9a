"""Unpaid bills are told once, the day after they were due, also when days were missed or a run was cut off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from chalicelib import wiring
from chalicelib.audit.model import Actor
from chalicelib.billing.service import Invoices
from chalicelib.payments.due_store import DueStore
from chalicelib.payments.jobs import notice_overdue
from chalicelib.payments.news import Fact, News, Topic
from chalicelib.payments.overdue import CATCH_UP, PAGE, Overdue
from chalicelib.platform.dynamo import Put, Table
from chalicelib.platform.errors import Unavailable
from tests.billing.builders import an_invoice, open_account
from tests.fakes import FixedClock
from tests.harness import Meter

DUE = date(2026, 11, 1)
NEXT_DAY = DUE + timedelta(days=1)
ACTOR = Actor("sub-advisor", "advisor.one")


@dataclass
class Newspaper:
    """Prints what it is told; `after` that many news it does not answer any more."""

    told: list[News] = field(default_factory=list)
    after: int | None = None

    def tell(self, news: News) -> None:
        if self.after is not None and len(self.told) >= self.after:
            raise Unavailable("busy")
        self.told.append(news)

    @property
    def objects(self) -> list[str]:
        return [news.object_id for news in self.told]


@pytest.fixture
def table(cloud: None) -> Table:
    open_account(wiring.table())
    return wiring.table()


@pytest.fixture
def invoices(table: Table) -> Invoices:
    return wiring.invoices()


@pytest.fixture
def newspaper() -> Newspaper:
    return Newspaper()


def an_overdue(table: Table, newspaper: Newspaper, today: date, counted: Counter[str] | None = None) -> Overdue:
    counts = counted if counted is not None else Counter[str]()
    return Overdue(
        DueStore(table), wiring.billing_store(), newspaper, FixedClock(), lambda: today,
        lambda name: counts.update([name]),
    )  # fmt: skip


def test_an_open_bill_is_told_the_day_after_it_was_due_and_once(
    table: Table, invoices: Invoices, newspaper: Newspaper
) -> None:
    invoices.issue(an_invoice(due_on=DUE))
    assert an_overdue(table, newspaper, DUE).run() == 0
    assert [an_overdue(table, newspaper, NEXT_DAY).run() for _ in range(2)] == [1, 0]
    (news,) = newspaper.told
    assert (news.topic, news.object_id, news.account_id) == (Topic.INVOICE_OVERDUE, "inv_1", "acc_1")
    assert (news.amount_minor, news.currency, news.fact(Fact.DUE_ON)) == (3300, "GBP", "2026-11-01")


def test_a_bill_of_which_nothing_is_due_any_more_is_not_told(
    table: Table, invoices: Invoices, newspaper: Newspaper
) -> None:
    invoices.issue(an_invoice(due_on=DUE))
    wiring.corrections().void("inv_1", FixedClock()(), ACTOR, "req-1")
    assert an_overdue(table, newspaper, NEXT_DAY).run() == 0


def test_missed_days_are_caught_up_in_their_order(table: Table, invoices: Invoices, newspaper: Newspaper) -> None:
    an_overdue(table, newspaper, DUE).run()
    for n in range(3):
        invoices.issue(an_invoice(f"inv_{n}", due_on=DUE + timedelta(days=n)))
    assert an_overdue(table, newspaper, DUE + timedelta(days=3)).run() == 3
    assert newspaper.objects == ["inv_0", "inv_1", "inv_2"]


def test_it_looks_no_further_back_than_markers_are_kept(table: Table, newspaper: Newspaper, meter: Meter) -> None:
    an_overdue(table, newspaper, DUE).run()
    meter.calls.clear()
    an_overdue(table, newspaper, DUE + timedelta(days=1000)).run()
    assert meter.calls.count("Query") == CATCH_UP.days


def test_a_run_that_is_cut_off_goes_on_from_its_last_page(
    table: Table, invoices: Invoices, newspaper: Newspaper
) -> None:
    for n in range(PAGE + 5):
        invoices.issue(an_invoice(f"inv_{n:03}", due_on=DUE))
    newspaper.after = PAGE + 2
    with pytest.raises(Unavailable):
        an_overdue(table, newspaper, NEXT_DAY).run()
    newspaper.after = None
    assert an_overdue(table, newspaper, NEXT_DAY).run() == 5
    assert len(set(newspaper.objects)) == PAGE + 5
    assert an_overdue(table, newspaper, NEXT_DAY).run() == 0


def test_a_day_of_exactly_one_page_ends(table: Table, invoices: Invoices, newspaper: Newspaper) -> None:
    for n in range(PAGE):
        invoices.issue(an_invoice(f"inv_{n:03}", due_on=DUE))
    assert an_overdue(table, newspaper, NEXT_DAY).run() == PAGE


def test_a_bill_of_an_account_that_is_gone_stops_nobody_elses(
    table: Table, invoices: Invoices, newspaper: Newspaper
) -> None:
    key = {"pk": f"DUE#{DUE}", "sk": "acc_0#inv_0", "kind": "due"}
    table.write(Put({**key, "account_id": "acc_0", "invoice_id": "inv_0"}))
    invoices.issue(an_invoice(due_on=DUE))
    counted: Counter[str] = Counter()
    assert an_overdue(table, newspaper, NEXT_DAY, counted).run() == 1
    assert counted == {"OverdueWithoutAccount": 1}


def test_the_job_queues_one_reminder(invoices: Invoices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "today", lambda: NEXT_DAY)
    wiring.overdue.cache_clear()
    invoices.issue(an_invoice(due_on=DUE))
    assert [notice_overdue({}, None) for _ in range(2)] == [{"invoices": 1}, {"invoices": 0}]
    mails = wiring.table().client.scan(TableName=wiring.table().name)["Items"]
    assert [item["delivery"] for item in mails if item["kind"] == {"S": "message"}] == [{"S": "queued"}]
