"""What still comes to a case that was merged: mail after its account was parted, an answer that was under way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.cases.messages import Delivery, InboundMail
from chalicelib.cases.model import Case, State
from chalicelib.cases.moving import CaseMoves
from chalicelib.platform.dynamo import Put
from chalicelib.platform.errors import Refused
from tests.cases.builders import ADVISOR, CUSTOMER, NOON, Desk, a_case, a_draft, a_mail
from tests.cases.test_merging import merges

GONE, HEIR, NEXT = "case_000001", "case_000002", "case_00000000000000000000000009"
BOBS = a_mail(thread_case_id=GONE, case_id=NEXT, account_id="acc_bob", from_addr="bob@example.com")


def stored(desk: Desk, *cases: Case) -> None:
    desk.table.transact([Put(desk.store.head_item(case)) for case in cases])


@pytest.fixture
def parted(case_desk: Desk) -> Desk:
    """Bob's account was taken for Ada's, their cases were merged, and then the accounts were parted."""
    bobs = a_case(account_id="acc_ada", requester="bob@example.com")
    stored(case_desk, bobs, a_case(case_id=HEIR, account_id="acc_ada"))
    merges(case_desk).merge(GONE, HEIR, ADVISOR)
    moved = CaseMoves(case_desk.store, case_desk.new_id).moving([GONE], "acc_bob", "acc_ada", ADVISOR, NOON)
    case_desk.table.transact(moved.writes)
    return case_desk


@pytest.mark.parametrize(
    "mail",
    [BOBS, replace(BOBS, account_id=None, verified=False), replace(BOBS, from_addr="x@example.com", account_id=None)],
)
def test_mail_of_a_parted_customer_never_goes_into_the_case_of_the_other(parted: Desk, mail: InboundMail) -> None:
    before = parted.items(f"C#{HEIR}")
    received = [parted.inbox.receive_mail(mail) for _ in range(2)]
    assert [(each.case_id, each.outcome) for each in received] == [(NEXT, "opened"), (NEXT, "repeated")]
    assert parted.items(f"C#{HEIR}") == before
    assert parted.cases.read(NEXT).previous_case_id == GONE


def test_what_others_write_to_an_unproven_case_stays_out_of_the_account_that_it_went_into(case_desk: Desk) -> None:
    stored(case_desk, a_case(), a_case(case_id=HEIR, account_id="acc_ada"))
    merges(case_desk).merge(GONE, HEIR, ADVISOR)
    assert case_desk.inbox.receive_mail(replace(BOBS, account_id=None)).case_id == NEXT
    adas = a_mail(thread_case_id=GONE, message_id="msg_2", digest="d2", rfc_message_id="<2@mail.example>")
    assert case_desk.inbox.receive_mail(adas).case_id == HEIR


def test_that_an_answer_cannot_be_sent_is_said_where_its_case_goes_on(case_desk: Desk) -> None:
    older, newer = (case_desk.cases.open(a_draft(), CUSTOMER) for _ in range(2))
    case_desk.work.answer(older.case_id, "Here is why.", ADVISOR)
    case_desk.work.answer(newer.case_id, "Here is why.", ADVISOR)
    (under_way,) = [item for item in case_desk.queued() if item["case_id"] == older.case_id]
    merges(case_desk).merge(older.case_id, newer.case_id, ADVISOR)
    assert case_desk.cases.read(newer.case_id).state is State.PENDING
    case_desk.post.answer = Refused("no", reason="rejected")
    assert case_desk.outbox.deliver(under_way) is Delivery.FAILED
    heir = case_desk.cases.read(newer.case_id)
    assert (heir.state, heir.due_at) == (State.OPEN, case_desk.clock())
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "delivery_failed"]
    assert (event["case_id"], event["detail"]["message_id"]) == (newer.case_id, under_way["message_id"])
    assert case_desk.cases.read(older.case_id).state is State.CLOSED
    assert case_desk.outbox.deliver(under_way) is None
