"""Why a customer is likely to be in touch: each reason with its fact, in their order, and none without one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.letters import Letter
from chalicelib.cases.letters import templates
from chalicelib.workspace.reasons import likely
from chalicelib.workspace.told import LETTERS, ToldStore
from tests.memory_table import MemoryTable
from tests.workspace.desk import (
    NOW,
    USAGE_ITEM,
    ago,
    bill,
    case,
    due,
    glance,
    head,
    hold,
    holds,
    ledger,
    on,
    plan,
    reasons,
)


def test_an_account_of_which_nothing_is_known_has_no_reason() -> None:
    assert reasons() == []


@pytest.mark.parametrize(
    ("total", "before", "issued", "reason"),
    [
        (5760, 4000, -8, "bill_went_up"), (5760, 5259, -8, "bill_went_up"), (5760, 5260, -8, None),
        (1101, 1000, -8, "bill_went_up"), (1100, 1000, -8, None), (899, 1000, -30, "bill_went_down"),
        (5760, 4000, -31, None), (5760, None, -30, "first_bill"), (5760, None, -31, None), (100, 0, 0, "bill_went_up"),
    ],
)  # fmt: skip
def test_a_bill_is_a_reason_when_it_is_the_first_or_differs(
    total: int, before: int | None, issued: int, reason: str | None
) -> None:
    found = reasons(ledger=ledger(last=bill(total, before, issued)))
    assert found == ([(reason, "inv_3")] if reason else [])


def test_the_fact_is_told_in_pounds_and_pence() -> None:
    (found,) = likely(glance(ledger=ledger(last=bill(5760, 4779))))
    assert found.fact == "Bill NWT-3 of 14 November 2026 is £9.81 more than the last one."


def test_what_is_late_counts_from_the_oldest_bill_less_credit() -> None:
    late = ledger(due("inv_1", 3000, -40), due("inv_2", 4000, -9), due("inv_3", 500, 20), credit_minor=1000)
    (found,) = likely(glance(ledger=late))
    assert (found.reason, found.object_id) == ("overdue", "inv_1")
    assert found.fact == "£60.00 should have been paid since 13 October 2026."


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "instalment_late"), (0, "instalment_due"), (7, "instalment_due"), (8, None)]
)
def test_an_instalment_that_is_near_or_late(days: int, reason: str | None) -> None:
    assert reasons(PLAN=plan(days)) == ([(reason, "plan_1")] if reason else [])


def test_cases_by_what_they_are_about() -> None:
    found = reasons(
        case(1, category="failed_payment"), case(2, category="mandate_withdrawn"), case(3, category="chargeback"),
        case(4, category="billing_error", due_at=ago(2)), case(5, due_at=None), case(6),
    )  # fmt: skip
    assert found == [("payment_failed", "case_1"), ("chargeback", "case_3"), ("open_case", "case_4")]


def test_the_open_case_says_how_many_more_there_are() -> None:
    (found,) = likely(glance(case(1), case(2)))
    assert found.fact == "A case is open, and 1 more: C000000001, open, since 21 November 2026."


def test_use_and_a_bill_that_will_be_unusual() -> None:
    found = likely(glance(USAGE=USAGE_ITEM))
    assert [(each.reason, each.fact) for each in found] == [
        ("unusual_bill", "The next bill will be unusual: £90.00 instead of £50.00."),
        ("usage_alert", "80% of the spending limit was reached on 20 November 2026."),
    ]
    old = {
        **USAGE_ITEM,
        "alerts": [{"name": "x", "at": ago(31)}],
        "unusual_bill": {**USAGE_ITEM["unusual_bill"], "at": ago(15)},
    }
    assert reasons(USAGE=old) == []


def test_what_changed_and_what_we_wrote_lately() -> None:
    rungs = [
        {"invoice_id": "inv_1", "step": "reminder", "taken_on": on(-3).isoformat(), "taken": 1},
        {"invoice_id": "inv_2", "step": "second", "taken_on": on(-15).isoformat(), "taken": 2},
    ]
    found = reasons(VERIFIED={"contact_changed_at": ago(2)}, COLLECTION={"places": rungs, "version": 4})
    assert found == [("contact_changed", "acc_1"), ("reminded", "inv_1")]


def test_what_we_wrote_of_lately() -> None:
    table = MemoryTable()
    written = [
        ("usage/contract_ends", 20), ("usage/contract_ends", 25), ("usage/price_rises", 31), ("usage/usual", 1),
        ("subscriptions/change_confirmed", 2), ("subscriptions/end_confirmed", 15),
    ]  # fmt: skip
    for name, days in written:
        letter = Letter(name=name, object_id=f"of_{days}", account_id="acc_1", at=NOW - timedelta(days=days))
        for _ in range(2):
            ToldStore(table).queued(letter)
    told = table.get("A#acc_1", "L$TOLD")
    assert told
    found = likely(glance(TOLD=told))
    assert [(each.reason, each.object_id) for each in found] == [("contract_end", "of_20"), ("plan_change", "of_2")]
    assert found[0].fact == "We wrote on 2 November 2026 that a contract ends."


def test_every_letter_that_is_remembered_is_one_that_somebody_writes() -> None:
    assert {f"letters/{name}.en.txt.j2" for name in LETTERS} <= set(templates().list_templates())


def test_a_dispute_and_credit() -> None:
    disputed = holds(hold("dispute", invoice_id="inv_3", amount_minor=1200))
    assert reasons(HOLDS=disputed, ledger=ledger(due())) == [("disputed_bill", "inv_3")]
    assert reasons(ledger=ledger(credit_minor=250)) == [("credit", "acc_1")]


def test_the_likeliest_comes_first() -> None:
    found = reasons(
        case(1, category="chargeback"), case(2), case(3, category="failed_payment"), USAGE=USAGE_ITEM, PLAN=plan(-2),
        ledger=ledger(due("inv_1", 3000, -40), last=bill(5760, 4000)), VERIFIED={"contact_changed_at": ago(2)},
    )  # fmt: skip
    assert [reason for reason, _ in found] == [
        "payment_failed", "chargeback", "instalment_late", "bill_went_up", "unusual_bill", "overdue", "open_case",
        "usage_alert", "contact_changed",
    ]  # fmt: skip


def test_a_newer_version_may_say_more_than_this_one_reads() -> None:
    more = {"something": {"new": [1, 2]}, "version": 9}
    summary = {"PLAN": plan(30) | more, "USAGE": more, "COLLECTION": more, "PREFS": more, "GUIDES": more}
    assert reasons(HEAD=head() | more, ANOTHER=more, **summary) == []
