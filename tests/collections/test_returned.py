"""A reminder that came back is no step of the ladder: it waits, visibly, until mail can arrive again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.accounts.letters import LetterChannel
from chalicelib.cases.recipients import Stop, StopReason
from chalicelib.collections.model import Reason
from chalicelib.collections.policy import CollectionRules, LadderStep
from chalicelib.platform.dynamo import Contended
from chalicelib.platform.errors import Refused, Unavailable
from tests.collections.late_desk import ACTOR, LateDesk
from tests.tables import Crash


@pytest.fixture
def late() -> LateDesk:
    """A desk whose first reminder has left."""
    desk = LateDesk()
    desk.account()
    desk.bill()
    desk.collections.run()
    desk.deliver()
    return desk


def bounce(late: LateDesk, mail: int = 1) -> None:
    """What the mail service says of the n-th mail: the address is stopped, then the letter is marked."""
    address, _ = late.mails.sent[mail - 1]
    stop = Stop(address=address, reason=StopReason.BOUNCED, at=late.clock(), event_id=f"event-{mail}")
    late.recipients.stop(stop)
    late.sent_letters.returned(f"<ses-{mail}@amazonses.com>", ("550 no such user",), is_proven=True)


def steps(late: LateDesk) -> list[tuple[str, str]]:
    return [(row["letter"]["name"].partition("/")[2], row["delivery"]) for row in late.letters()]


def test_the_ladder_waits_at_the_step_that_came_back_and_says_why(late: LateDesk) -> None:
    bounce(late)
    assert late.desk.position("acc_1").invoices[0].place.taken == 0
    late.clock.tick(86_400)
    assert late.day(60) == 0
    assert steps(late) == [("reminder", "bounced")]
    assert len(late.mails.sent) == 1
    (invoice,) = late.desk.position("acc_1").invoices
    assert (invoice.next_step, invoice.verdict and Reason.ADDRESS_STOPPED in invoice.verdict.reasons) == (
        "reminder", True,
    )  # fmt: skip
    assert {judged.reasons for judged in late.held()} >= {(Reason.ADDRESS_STOPPED,)}
    assert late.counted["CollectionStepsTakenBack"] == 1
    assert late.counted["CollectionHeldAddressStopped"] > 0


def test_it_goes_on_with_that_step_when_mail_may_go_there_again(late: LateDesk) -> None:
    bounce(late)
    late.clock.tick(86_400)
    late.day(8)
    late.recipients.lift("acc_1", late.mails.sent[0][0], "The mailbox works.", ACTOR, late.clock())
    late.day(12)
    assert steps(late) == [("reminder", "bounced"), ("reminder", "sent"), ("second_reminder", "sent")]


def test_what_was_queued_when_the_address_was_stopped_is_held_and_not_failed() -> None:
    late = LateDesk()
    late.account()
    late.bill()
    late.collections.run()
    to = late.desk.position("acc_1").standing.reach(LetterChannel.MAIL, None).address
    assert to
    late.recipients.stop(Stop(address=to, reason=StopReason.COMPLAINED, at=late.clock(), event_id="event-9"))
    late.deliver()
    (letter,) = late.letters()
    assert (letter["delivery"], letter["failure"]) == ("held", "address_stopped")
    assert late.desk.position("acc_1").invoices[0].place.taken == 0


def test_a_reminder_that_could_not_leave_is_written_again_the_next_day() -> None:
    late = LateDesk()
    late.account()
    late.bill()
    late.mails.answer = Refused("no", reason="rejected")
    late.day()
    assert steps(late) == [("reminder", "failed")]
    assert late.desk.position("acc_1").invoices[0].place.taken == 0
    late.mails.answer = None
    late.day(12)
    assert steps(late) == [("reminder", "failed"), ("reminder", "sent"), ("second_reminder", "sent")]
    assert [judged.what for judged in late.sent()] == ["collections/reminder", "collections/second_reminder"]


def test_an_address_that_mail_can_never_go_to_holds_the_step_and_writes_nothing() -> None:
    late = LateDesk()
    late.account(emails=["zoë@example.com"])
    late.bill()
    late.day(4)
    assert late.letters() == []
    (invoice,) = late.desk.position("acc_1").invoices
    assert (invoice.place.taken, invoice.verdict and invoice.verdict.reasons) == (0, (Reason.NO_ADDRESS,))


def test_a_step_that_was_left_out_since_stands_in_nobodys_way() -> None:
    steps = [
        LadderStep(name=name, after_days=days, least_minor=least)
        for name, days, least in (("first", 1, 0), ("second", 2, 9000), ("third", 20, 0))
    ]
    late = LateDesk(rules=CollectionRules(steps=tuple(steps)))
    late.account()
    late.bill()
    late.day(3)
    assert late.desk.position("acc_1").invoices[0].place.taken == 2
    bounce(late)
    place = late.desk.position("acc_1").invoices[0].place
    assert (place.taken, place.taken_on, place.step) == (0, None, None)
    late.recipients.lift("acc_1", late.mails.sent[0][0], "The mailbox works.", ACTOR, late.clock())
    late.day(2)
    assert [row["letter"]["occasion"].partition("@")[0] for row in late.letters()] == ["first", "first"]


def test_news_that_comes_after_the_next_step_takes_nothing_back(late: LateDesk) -> None:
    late.clock.tick(86_400)
    late.day(12)
    taken = late.desk.position("acc_1").invoices[0].place.taken
    assert taken == 2
    late.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    assert late.desk.position("acc_1").invoices[0].place.taken == taken
    assert late.counted["CollectionStepsTakenBack"] == 0


def test_a_forged_report_moves_no_step(late: LateDesk) -> None:
    late.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=False)
    assert late.desk.position("acc_1").invoices[0].place.taken == 1


def test_a_repeat_and_a_crash_between_take_one_step_back(late: LateDesk) -> None:
    for moment in ("before write", "after write", "before transact", "after transact"):
        broken = LateDesk(table=late.table.seen(_end_at(moment)), clock=late.clock)
        with pytest.raises(Crash):
            broken.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    for _ in range(2):
        late.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    assert late.desk.position("acc_1").invoices[0].place.taken == 0
    assert late.desk.on_ladder(late.today() + timedelta(days=1), 10, None)[0]


def _end_at(moment: str) -> Callable[[str], None]:
    def step(now: str) -> None:
        if now == moment:
            raise Crash

    return step


def test_a_ladder_that_others_keep_changing_is_said(late: LateDesk) -> None:
    def busy(now: str) -> None:
        if now == "before transact":
            raise Contended("someone else is changing it")

    broken = LateDesk(table=late.table.seen(busy), clock=late.clock)
    with pytest.raises(Unavailable):
        broken.sent_letters.returned("<ses-1@amazonses.com>", (), is_proven=True)
    assert late.letters()[0]["delivery"] == "sent"
