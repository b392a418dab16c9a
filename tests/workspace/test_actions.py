"""What to do next: operations that there are, with bodies that they take, and nothing that a hold forbids."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.accounts.holds import SILENT, HoldKind
from chalicelib.platform.codec import Item
from chalicelib.platform.operation import Operation
from chalicelib.wiring import apis
from chalicelib.workspace.actions import ActionName, NextAction, next_best
from chalicelib.workspace.reasons import likely
from tests.workspace.desk import (
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
    proof,
)

MONEY = {ActionName.SEND_PAY_LINK, ActionName.SAVE_METHOD}
LATE = ledger(due("inv_1", 3000, -40), last=bill(5760, 4000))
NEED: Item = {"support_needs": [
    {"kind": "financial", "source": "customer", "since_on": on(-9).isoformat(), "consent_to_record": True,
     "recorded_at": ago(9)},
]}  # fmt: skip


def actions(*cases: Item, **summary: Item) -> list[NextAction]:
    found = glance(*cases, **summary)
    return next_best(found, likely(found))


def names(*cases: Item, **summary: Item) -> list[str]:
    return [action.name.value for action in actions(*cases, **summary)]


def everything() -> list[NextAction]:
    """Each action, from two accounts."""
    cases = [case(1), case(2, category="failed_payment", channel="desk")]
    one = actions(
        *cases, HEAD=head(data_quality_score=40), ledger=LATE, USAGE={"alerts": USAGE_ITEM["alerts"]}, PREFS=NEED
    )
    told = {"price_rise_at": ago(3), "price_rise_id": "sub_1"}
    two = actions(PLAN=plan(-1), TOLD=told, ledger=ledger(last=bill(100, None)))
    return [*one, *two]


def test_each_action_has_its_day() -> None:
    assert {action.name for action in everything()} == set(ActionName)


def operation_of(action: NextAction) -> Operation | None:
    import app  # noqa: F401 - registers all operations

    found = [operation for api in apis() for operation in api.operations if operation.method == action.method]
    return next((each for each in found if re.fullmatch(re.sub(r"{\w+}", "[^/]+", each.path), action.path)), None)


@pytest.mark.parametrize("action", everything(), ids=lambda action: action.name)
def test_each_action_is_an_operation_of_the_desk_that_takes_its_body(action: NextAction) -> None:
    operation = operation_of(action)
    assert operation, f"{action.method} {action.path} is not there"
    if action.body:
        assert operation.body.model_validate(action.body)
    assert action.why.endswith((".", "?")) or action.name is ActionName.ANSWER_CASE


def test_the_most_useful_comes_first() -> None:
    cases = [case(1), case(2, category="failed_payment", channel="desk")]
    assert names(*cases, HEAD=head(data_quality_score=40), ledger=LATE, USAGE=USAGE_ITEM, PREFS=NEED) == [
        "verify_customer", "answer_case", "save_payment_method", "explain_bill", "offer_payment_plan", "send_pay_link",
        "see_usage", "give_advice", "complete_profile",
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["channel", "knowledge", "strong"])
def test_who_is_verified_to_me_is_not_verified_again(level: str) -> None:
    assert names(VERIFIED=proof(level)) == []
    assert names(VERIFIED=proof(level, by="sub-other")) == ["verify_customer"]
    assert names(VERIFIED=proof(level, minutes=-1)) == ["verify_customer"]


def test_nobody_can_be_verified_without_an_address() -> None:
    assert names(HEAD=head(emails=[], phones=[])) == []
    (action,) = actions(HEAD=head(emails=[]))
    assert action.body == {"method": "one_time_code", "channel": "sms"}


def test_a_bill_that_was_explained_is_not_explained_again() -> None:
    sent = {"guide_id": "guide_1", "slug": "changed_bill", "at": ago(7)}
    shown = {"ledger": ledger(last=bill(5760, 4000, -8)), "VERIFIED": proof("strong")}
    assert names(**shown) == ["explain_bill"]
    assert names(**shown, GUIDES={"recent": [sent], "version": 3}) == []
    assert names(**shown, GUIDES={"recent": [{**sent, "at": ago(38)}], "version": 3}) == ["explain_bill"]


def test_only_what_may_be_asked_for_is_asked_for() -> None:
    """100.00 late, of which 12.00 is disputed and 30.00 on a plan; 8.00 of credit."""
    late = ledger(due("inv_1", 3000, -40), due("inv_2", 7000, -9), due("inv_3", 999, 9), credit_minor=800)
    disputed = holds(hold("dispute", invoice_id="inv_2", amount_minor=1200))
    covered = plan(30, covered=[{"invoice_id": "inv_1", "due_minor": 3000}])
    (link,) = actions(VERIFIED=proof("strong"), ledger=late, HOLDS=disputed, PLAN=covered)
    assert link.body["amount"] == {"amount_minor": 5000, "currency": "GBP"}
    whole = holds(hold("dispute", invoice_id="inv_2"))
    assert names(VERIFIED=proof("strong"), ledger=late, HOLDS=whole, PLAN=covered) == []


@pytest.mark.parametrize("kind", [kind for kind in HoldKind if kind is not HoldKind.DISPUTE])
def test_a_hold_forbids_to_ask_for_money(kind: HoldKind) -> None:
    failed = case(1, category="failed_payment", channel="desk")
    held = holds(hold(kind.value))
    found = names(failed, VERIFIED=proof("strong"), ledger=ledger(due("inv_1", 3000, -40)), HOLDS=held)
    may_offer = kind not in SILENT | {HoldKind.PAYMENT_PROMISE, HoldKind.DEBT_ADVICE}
    assert found == (["offer_payment_plan"] if may_offer else [])


def test_a_hold_that_is_over_forbids_nothing() -> None:
    over = holds(hold("breathing_space", until_on=on(-1).isoformat()))
    assert "send_pay_link" in names(ledger=ledger(due("inv_1", 3000, -40)), HOLDS=over)


def test_a_merged_account_goes_on_in_the_other_one() -> None:
    assert names(case(1), HEAD=head(status="merged", merged_into="acc_2"), ledger=LATE) == []


@given(st.data())
def test_no_mixture_asks_for_money_in_a_hold_or_for_more_than_is_late(data: st.DataObject) -> None:
    invoices = [
        due(f"inv_{n}", data.draw(st.integers(1, 9000)), data.draw(st.integers(-60, 30)))
        for n in range(data.draw(st.integers(0, 4)))
    ]
    kinds = data.draw(st.lists(st.sampled_from(HoldKind), max_size=3, unique=True))
    rows = [hold(kind.value, **({"invoice_id": "inv_0"} if kind is HoldKind.DISPUTE else {})) for kind in kinds]
    summary: dict[str, Any] = {"ledger": ledger(*invoices, credit_minor=data.draw(st.integers(0, 5000)))}
    if data.draw(st.booleans()):
        summary["PLAN"] = plan(covered=[{"invoice_id": "inv_1", "due_minor": data.draw(st.integers(1, 9000))}])
    found = {
        action.name: action for action in actions(case(1, category="failed_payment"), HOLDS=holds(*rows), **summary)
    }
    silent = set(kinds) & (SILENT | {HoldKind.DEBT_ADVICE, HoldKind.VULNERABILITY, HoldKind.PAYMENT_PROMISE})
    assert not (silent and MONEY & found.keys())
    if link := found.get(ActionName.SEND_PAY_LINK):
        late = sum(each.due_minor for each in invoices if each.due_on < on(0))
        disputed = sum(each.due_minor for each in invoices[:1] if each.due_on < on(0))
        assert 0 < link.body["amount"]["amount_minor"] <= late - (disputed if HoldKind.DISPUTE in kinds else 0)
