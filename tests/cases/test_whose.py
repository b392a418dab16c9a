"""Whose the numbers are that mails name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.cases.messages import Direction, Message
from chalicelib.cases.model import Case
from chalicelib.cases.reading import Intent, Place, Reading, Reference, ReferenceKind, Sign
from chalicelib.cases.views import entry_view
from chalicelib.cases.whose import Named, Whose
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Put
from tests.cases.builders import NOON, Desk, a_case
from tests.harness import Meter

CASE = a_case(account_id="acc_ada")
ITEMS: tuple[Item, ...] = (
    {"pk": "N#4820193370", "sk": "#", "account_id": "acc_ada", "status": "active"},
    {"pk": "N#1000000009", "sk": "#", "account_id": "acc_old", "status": "merged"},
    {"pk": "A#acc_old", "sk": "L$HEAD", "account_id": "acc_old", "merged_into": "acc_ada"},
    {"pk": "N#9999999999", "sk": "#", "account_id": "acc_bob", "status": "active"},
    {"pk": "V#NWT-001002327", "sk": "#", "invoice_id": "inv_1"},
    {"pk": "I#inv_1", "sk": "#", "account_id": "acc_ada", "period": "2026-10"},
    {"pk": "V#NWT-001002335", "sk": "#", "invoice_id": "inv_2"},
    {"pk": "I#inv_2", "sk": "#", "account_id": "acc_bob", "period": "2026-10"},
    {"pk": "P#pay_A", "sk": "#", "account_id": "acc_ada", "row": "P#1"},
)
OWN: tuple[Named, ...] = (
    (ReferenceKind.ACCOUNT, "4820193370"), (ReferenceKind.ACCOUNT, "1000000009"),
    (ReferenceKind.INVOICE, "NWT-001002327"), (ReferenceKind.PAYMENT, "pay_A"), (ReferenceKind.CASE, CASE.reference),
)  # fmt: skip
FOREIGN: tuple[Named, ...] = (
    (ReferenceKind.ACCOUNT, "9999999999"), (ReferenceKind.ACCOUNT, "0000000000"), (ReferenceKind.PAYMENT, "pay_B"),
    (ReferenceKind.INVOICE, "NWT-001002335"), (ReferenceKind.INVOICE, "COVID-2019"),
    (ReferenceKind.CASE, "C1234567897"),
)  # fmt: skip


def naming(*named: Named) -> Message:
    found = tuple(Reference(kind=kind, value=value, places=(Place.TEXT,)) for kind, value in named)
    return Message(
        message_id="msg_1", case_id=CASE.case_id, direction=Direction.IN, author="ada@example.com", at=NOON,
        reading=Reading(intent=Intent.PAYMENT, confidence_percent=70, words=("paid",), signs={Sign.LEGAL: ("court",)}),
        references_found=found,
    )  # fmt: skip


@pytest.fixture
def whose(case_desk: Desk) -> Whose:
    for item in ITEMS:
        case_desk.table.write(Put(item))
    return Whose(case_desk.store)


def test_numbers_of_the_account_are_told_from_those_of_others_and_of_nobody(whose: Whose) -> None:
    assert whose.of_account(CASE, [naming(*OWN), naming(*FOREIGN)]) == frozenset(OWN)


def test_a_case_without_an_account_proves_no_number(whose: Whose) -> None:
    assert whose.of_account(a_case(), [naming(*OWN)]) == frozenset()


def test_an_older_case_of_the_same_account_is_its_own(whose: Whose, case_desk: Desk) -> None:
    def stand(case_id: str, account_id: str) -> Case:
        case = a_case(case_id=case_id, account_id=account_id, created_at=NOON - timedelta(days=9))
        case_desk.table.write(Put(case_desk.store.head_item(case)))
        return case

    ours, theirs = stand("case_000002", "acc_ada"), stand("case_000003", "acc_bob")
    asked = [(ReferenceKind.CASE, ours.reference), (ReferenceKind.CASE, theirs.reference)]
    assert whose.of_account(CASE, [naming(*asked)]) == {asked[0]}


def test_what_looking_up_costs(whose: Whose, meter: Meter) -> None:
    meter.calls.clear()
    whose.of_account(CASE, [naming()])
    assert meter.calls == []
    whose.of_account(CASE, [naming(*OWN)])
    assert meter.calls == ["BatchGetItem", "BatchGetItem"]


def test_staff_see_what_was_read_and_whose_the_numbers_are_and_customers_do_not() -> None:
    shown = entry_view(naming(OWN[0], FOREIGN[0]), True, frozenset(OWN))
    assert shown.reading is not None
    assert (shown.reading.intent, shown.reading.signs) == (Intent.PAYMENT, {Sign.LEGAL: ["court"]})
    assert [(each.value, each.verified) for each in shown.references_found] == [
        (OWN[0][1], True),
        (FOREIGN[0][1], False),
    ]
    hidden = entry_view(naming(*OWN), False, frozenset(OWN))
    assert (hidden.reading, hidden.references_found) == (None, [])
