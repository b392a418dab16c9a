"""The interlock at the moment of sending: what became true since a letter was queued holds it, with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import HoldKind
from chalicelib.accounts.letters import Letter, LetterChannel, Purpose
from chalicelib.accounts.preferences_model import QuietHours
from chalicelib.billing.service import Invoices
from chalicelib.billing.store import BillingStore
from chalicelib.cases.messages import Delivery
from chalicelib.cases.notices import NoticeStore, notice_of
from chalicelib.collections.model import Form, Reason
from chalicelib.payments.news import Topic
from chalicelib.platform import aws
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ConditionFailed, Put
from chalicelib.platform.errors import Unavailable
from chalicelib.platform.money import Money
from tests.billing.builders import a_line, an_invoice
from tests.cases.builders import Desk, IsolatedTable
from tests.cases.newsmakers import an_account, news
from tests.collections.late_desk import ACTOR, LateDesk
from tests.fakes import CountingIds, FixedClock
from tests.harness import TABLE

K = HoldKind
R = Reason


@pytest.fixture
def late() -> LateDesk:
    desk = LateDesk()
    desk.account()
    desk.bill()
    return desk


@pytest.mark.parametrize("kind", sorted(set(HoldKind) - {K.DISPUTE, K.PAYMENT_PROMISE}))
def test_a_hold_that_is_placed_after_a_letter_was_queued_holds_it(late: LateDesk, kind: HoldKind) -> None:
    late.collections.run()
    late.hold(kind)
    assert sorted(map(str, late.deliver())) == ["held", "sent"]  # sent: the letter that confirms the hold
    (letter,) = late.letters()
    (judged,) = late.held()
    assert (letter["delivery"], letter["failure"]) == ("held", kind.value)
    assert (judged.reasons, judged.message_id, judged.policy) == (
        (Reason(kind.value),), letter["message_id"], "collection@test",
    )  # fmt: skip
    assert late.sent() == []


def test_the_step_whose_letter_was_held_is_taken_again_when_the_hold_ends(late: LateDesk) -> None:
    late.collections.run()
    late.hold(K.DEBT_ADVICE, until_on=late.today() + timedelta(days=4))
    late.deliver()
    late.clock.tick(86_400)
    late.day(30)
    assert [(row["letter"]["name"], row["delivery"], row["at"][:10]) for row in late.letters()] == [
        ("collections/reminder", "held", "2026-11-03"),
        ("collections/reminder", "sent", "2026-11-09"),
        ("collections/second_reminder", "sent", "2026-11-18"),
        ("collections/before_action", "sent", "2026-12-02"),
    ]


def test_what_is_paid_before_the_letter_leaves_is_not_asked_for(late: LateDesk) -> None:
    late.collections.run()
    late.void("inv_1")
    assert late.deliver() == [Delivery.HELD]
    assert [judged.reasons for judged in late.held()] == [(R.PAID,)]
    assert late.day(40) == 0


def test_what_is_disputed_before_the_letter_leaves_is_left_out_of_it(late: LateDesk) -> None:
    late.collections.run()
    late.hold(K.DISPUTE, invoice_id="inv_1", amount=Money(amount_minor=1200, currency="GBP"))
    late.deliver()
    (letter,) = late.letters()
    assert (letter["delivery"], "£48.00 of your bill" in letter["text"], "£12.00" in letter["text"]) == (
        "sent", True, True,
    )  # fmt: skip
    assert [(judged.asked_minor, judged.is_reduced) for judged in late.sent()] == [(4800, True)]


def test_a_letter_that_leaves_too_late_in_the_day_is_tried_again(late: LateDesk) -> None:
    late.collections.run()
    late.clock.tick(12 * 3600)
    assert late.deliver() == [Delivery.HELD]
    late.clock.tick(12 * 3600)
    late.collections.run()
    assert late.deliver() == [Delivery.SENT]
    (letter,) = late.letters()
    assert (letter["delivery"], "failure" in letter) == ("sent", False)
    assert [judged.reasons for judged in late.held()] == [(R.QUIET_HOURS,)]


def test_a_letter_that_is_held_for_good_is_not_tried_again_beside_the_one_in_its_place(late: LateDesk) -> None:
    late.collections.run()
    late.clock.tick(12 * 3600)
    late.deliver()  # held for the hour
    hold_id = late.hold(K.VULNERABILITY)
    late.clock.tick(12 * 3600)
    late.collections.run()
    late.deliver()  # tried again, and held for good
    late.holds.release("acc_1", hold_id, "settled", ACTOR)
    late.clock.tick(2 * 3600)
    late.day(4)
    assert [(row["delivery"], row["at"][:10]) for row in late.letters()] == [
        ("held", "2026-11-03"),
        ("sent", "2026-11-05"),
    ]


def test_what_may_be_asked_for_again_is_asked_for_in_full(late: LateDesk) -> None:
    late.shields.covered = {"inv_1": 2000}
    late.collections.run()
    late.shields.covered = {}
    late.deliver()
    (letter,) = late.letters()
    assert (letter["letter"]["facts"]["due_minor"], "£60.00 of your bill" in letter["text"]) == (4000, True)


def another(late: LateDesk, n: int, **changes: object) -> Letter:
    said = {"name": "plans/instalment_missed", "object_id": f"plan_{n}", "account_id": "acc_1", "at": late.clock()}
    return Letter.model_validate({**said, "purpose": Purpose.COLLECTION, **changes})


def test_letters_of_others_that_ask_pass_the_same_gate(late: LateDesk) -> None:
    judged = late.gate.letter(another(late, 1), "msg_1", "MAIL#msg_1")
    assert judged.held is None
    late.hold(K.BREATHING_SPACE)
    assert late.gate.letter(another(late, 1), "msg_1", "MAIL#msg_1").held == "breathing_space"
    late.shields.covered = {"inv_1": 6000}
    assert late.gate.letter(another(late, 1, object_id="inv_1"), "msg_1", "MAIL#msg_1").held == (
        "breathing_space plan_kept"
    )


class Plans:
    """All is paid of every plan."""

    def as_of_now(self, letter: Letter) -> Letter | None:
        return None


def test_a_letter_of_a_plan_that_asks_for_nothing_any_more_is_held(late: LateDesk) -> None:
    gate = replace(late.gate, plans=Plans())
    passage = gate.letter(another(late, 1), "msg_1", "MAIL#msg_1")
    assert (passage.held, passage.is_again) == ("paid", False)


def test_nobody_gets_two_letters_a_day_or_more_than_three_a_week(late: LateDesk) -> None:
    outcomes = []
    for n in range(6):
        passage = late.gate.letter(another(late, n), f"msg_{n}", f"MAIL#msg_{n}")
        late.table.transact(passage.writes)
        outcomes.append(passage.held)
        late.clock.tick(3600 if n == 0 else 86_400)
    assert outcomes == [None, "too_often", None, None, "too_often", "too_often"]


def test_what_does_not_ask_is_not_judged(late: LateDesk) -> None:
    late.hold(K.BEREAVEMENT)
    passage = late.gate.letter(another(late, 1, purpose=Purpose.SERVICE), "msg_1", "MAIL#msg_1")
    assert (passage.held, passage.writes) == (None, ())


def test_a_state_that_moves_while_a_letter_is_held_is_read_again(late: LateDesk) -> None:
    late.collections.run()
    late.hold(K.VULNERABILITY)
    (letter,) = late.letters()
    queued = dict(letter)
    gate = late.gate
    passage = gate.letter(Letter.model_validate(queued["letter"]), queued["message_id"], queued["sk"])
    late.table.items["A#acc_1"]["L$COLLECTION"]["version"] += 1
    with pytest.raises(ConditionFailed):
        late.table.transact(passage.writes)
    late.table.items["A#acc_1"]["L$COLLECTION"]["version"] -= 1

    def rival(step: str) -> None:
        if step == "before transact":
            late.table.items["A#acc_1"]["L$COLLECTION"]["version"] += 1

    whole, late.table = late.table, late.table.seen(rival)
    with pytest.raises(Unavailable):
        late.outbox.deliver(queued)
    late.table = whole
    assert late.outbox.deliver(queued) is Delivery.HELD


def test_the_customers_own_hours_are_kept_where_the_customer_is(late: LateDesk) -> None:
    late.prefer(quiet_hours=QuietHours(begins="17:00", ends="20:00", time_zone="Asia/Tokyo"))
    assert late.gate.letter(another(late, 1), "msg_1", "MAIL#msg_1").held == "quiet_hours"  # 18:05 there
    late.clock.tick(5 * 3600)
    assert late.gate.letter(another(late, 1), "msg_1", "MAIL#msg_1").held == "quiet_hours"  # 23:05 there


@pytest.fixture
def case_desk(cloud: None, clock: FixedClock, new_id: CountingIds) -> Desk:
    return Desk(IsolatedTable(aws.dynamodb(), TABLE), clock, new_id)


def failed_debit(case_desk: Desk, account: str) -> Item:
    """The mail in the case that a failed debit of Stripe's opens, with nothing paid."""
    case_desk.incidents.tell(news(Topic.INVOICE_PAYMENT_FAILED, account, object_id="inv_1"))
    (queued,) = case_desk.queued()
    return queued


def owing(case_desk: Desk, account: str, minor: int) -> None:
    bill = an_invoice("inv_1", a_line(net_minor=minor, tax_rate_bp=0), account_id=account)
    Invoices(BillingStore(case_desk.table), case_desk.clock, lambda: date(2026, 11, 2)).issue(bill)


def held(case_desk: Desk, account: str, kind: HoldKind) -> None:
    hold = {
        "hold_id": "hold_1", "kind": kind, "from_on": "2026-11-01", "policy": "holds@initial",
        "placed_at": "2026-11-01T09:00:00.000Z", "placed_by_name": "advisor.one",
    }  # fmt: skip
    case_desk.table.write(Put({"pk": f"A#{account}", "sk": "L$HOLDS", "account_id": account, "holds": [hold]}))


@pytest.mark.parametrize(
    ("kind", "outcome", "asks"),
    [
        (None, Delivery.SENT, True),
        (K.VULNERABILITY, Delivery.SENT, False),
        (K.BREATHING_SPACE, Delivery.HELD, False),
        (K.BEREAVEMENT, Delivery.HELD, False),
    ],
)
def test_a_failed_debit_is_told_without_asking_or_not_at_all(
    case_desk: Desk, kind: HoldKind | None, outcome: Delivery, asks: bool
) -> None:
    account = an_account(case_desk, "ada@example.com")
    owing(case_desk, account, 6000)
    if kind:
        held(case_desk, account, kind)
    assert case_desk.outbox.deliver(failed_debit(case_desk, account)) is outcome
    assert len(case_desk.post.sent) == (outcome is Delivery.SENT)
    (message,) = [row for row in case_desk.items("C#") if row.get("direction") == "out"]
    assert ("pay the invoice there" in message.get("text", "")) is asks
    assert message["delivery"] == outcome.value
    records = [row["reasons"] for row in case_desk.items("A#") if row["sk"].startswith("H#")]
    assert records == ([[kind.value]] if kind else [])


@pytest.mark.parametrize("topic", [Topic.PAYMENT_FAILED, Topic.ACTION_REQUIRED])
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(None, Delivery.SENT), (K.VULNERABILITY, Delivery.SENT), (K.BREATHING_SPACE, Delivery.HELD)],
)
def test_a_mail_that_asks_to_try_a_payment_again_is_held_in_silence(
    late: LateDesk, topic: Topic, kind: HoldKind | None, outcome: Delivery
) -> None:
    if kind:
        late.hold(kind)
    late.deliver()
    told = news(topic, "acc_1", facts={"started_by": "plan"})
    NoticeStore(late.table).put(notice_of(told, "acc_1", late.clock(), "test"))
    assert late.deliver() == [outcome]


@pytest.mark.parametrize(("zone", "hour", "from_days"), [("Australia/Sydney", 22, -3), ("America/Los_Angeles", 1, 0)])
def test_a_hold_stands_by_the_desks_calendar_too(late: LateDesk, zone: str, hour: int, from_days: int) -> None:
    """On its last day it is tomorrow in Sydney already, and on its first one still yesterday in Los Angeles."""
    late.prefer(quiet_hours={"begins": "03:00", "ends": "03:30", "time_zone": zone})
    late.hold(K.DEBT_ADVICE, from_on=late.today() + timedelta(days=from_days), until_on=late.today())
    late.clock.at = late.clock.at.replace(hour=hour)
    judged = late.desk.check("acc_1", Form.FEE, "late_fee", LetterChannel.MAIL, "inv_1")
    assert judged.reasons == (Reason.DEBT_ADVICE,)
