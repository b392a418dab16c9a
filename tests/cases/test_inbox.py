"""Mail becomes cases exactly once: under repeats, crashes between any two writes, duplicates in parallel and forged
ids."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.messages import INLINE_BYTES, Attachment, Direction, InboundMail, Message, Received
from chalicelib.cases.model import REOPEN_FOR, Priority, Queue, Resolution, State, derived_id
from chalicelib.cases.reading import Intent, Place, Reading, Reference, ReferenceKind, Sign, Urgency
from chalicelib.cases.rules import due
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import Table
from tests.cases.builders import ADVISOR, NOON, Crash, Desk, Fault, FaultyTable, a_mail
from tests.fakes import CountingIds
from tests.harness import Meter

MAIL = a_mail()
REPLY = a_mail(
    case_id="case_00000000000000000000000002", message_id="msg_00000000000000000000000002", digest="d2",
    rfc_message_id="<two@mail.example>", in_reply_to="<one@mail.example>", references=("<one@mail.example>",),
    thread_case_id=MAIL.case_id, received_at=NOON + timedelta(hours=2), text="One more thing.", acknowledge=False,
)  # fmt: skip
STRAYED = replace(REPLY, thread_case_id=None, in_reply_to=None, references=())
"""A reply of which nothing shows that it is one."""
RESOLUTION = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


def said(desk: Desk, case_id: str = MAIL.case_id) -> list[str]:
    """The customer's words on the timeline."""
    entries, _ = desk.cases.timeline(case_id, 100, None)
    return [e.text for e in entries if isinstance(e, Message) and e.direction is Direction.IN]


def without_drawn_ids(items: list[Item]) -> list[Item]:
    """Ids of events and audit entries are drawn anew by each try; nothing else may differ."""

    def plain(item: Item) -> Item:
        return {name: value for name, value in item.items() if name not in {"sk", "event_id", "entry_id"}}

    return sorted(map(plain, items), key=repr)


def test_a_mail_opens_a_case_with_its_words_and_queues_one_acknowledgement(case_desk: Desk) -> None:
    assert case_desk.inbox.receive_mail(MAIL) == Received(MAIL.case_id, "opened")
    case = case_desk.cases.read(MAIL.case_id)
    assert (case.state, case.queue, case.subject, case.requester) == (
        State.OPEN, Queue.BILLING, "My bill", "ada@example.com",
    )  # fmt: skip
    assert (case.account_id, case.verified, case.due_at) == ("acc_ada", True, due(Priority.NORMAL, NOON))
    assert said(case_desk) == ["Why is it so high?"]
    assert [item["message_id"] for item in case_desk.queued()] == ["msg_00000000000000000000000001ack"]
    assert case_desk.inbox.case_of_message_id("<one@mail.example>") == MAIL.case_id
    assert case_desk.inbox.is_asker(MAIL.case_id, "ada@example.com", None)


def test_five_deliveries_have_the_effect_of_one(case_desk: Desk) -> None:
    first = case_desk.inbox.receive_mail(MAIL)
    items = case_desk.items()
    again = [case_desk.inbox.receive_mail(replace(MAIL, received_at=NOON + timedelta(minutes=n))) for n in range(4)]
    assert [r.outcome for r in (first, *again)] == ["opened", "repeated", "repeated", "repeated", "repeated"]
    assert case_desk.items() == items


def test_a_reply_delivered_again_even_later_is_appended_once(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    assert case_desk.inbox.receive_mail(REPLY) == Received(MAIL.case_id, "appended")
    items = case_desk.items()
    for late in (0, 90):
        later = replace(REPLY, received_at=REPLY.received_at + timedelta(seconds=late))
        assert case_desk.inbox.receive_mail(later) == Received(MAIL.case_id, "repeated")
    assert case_desk.items() == items
    assert said(case_desk) == ["Why is it so high?", "One more thing."]


def _story(desk: Desk, mails: tuple[InboundMail, ...], resolve_after_first: bool) -> None:
    for n, mail in enumerate(mails):
        desk.inbox.receive_mail(mail)
        if n == 0 and resolve_after_first:
            desk.work.resolve(mail.case_id, RESOLUTION, ADVISOR)


@pytest.mark.parametrize("late", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("scene", ["opening", "reply", "reply to a resolved case"])
def test_a_crash_at_any_write_and_a_retry_end_in_the_same_items(case_desk: Desk, scene: str, late: bool) -> None:
    table = case_desk.table
    before, mail = ((), MAIL) if scene == "opening" else ((MAIL,), REPLY)
    for at in itertools.count(1):
        _empty(table)
        desk = Desk(table, case_desk.clock)
        _story(desk, before, resolve_after_first="resolved" in scene)
        fault = Fault(at, late)
        crashing = Desk(
            FaultyTable(table.client, table.name, fault), case_desk.clock, texts=desk.texts, new_id=desk.new_id
        )
        try:
            crashing.inbox.receive_mail(mail)
        except Crash:
            desk.inbox.receive_mail(mail)
            outcome = desk.inbox.receive_mail(mail).outcome
            assert outcome == "repeated"
        else:
            assert at > fault.done >= 1
            break
        found = without_drawn_ids(desk.items())
        _empty(table)
        smooth = Desk(table, case_desk.clock)
        _story(smooth, (*before, mail), resolve_after_first="resolved" in scene)
        assert found == without_drawn_ids(smooth.items())
    assert at > {"opening": 4, "reply": 1, "reply to a resolved case": 1}[scene]


def _empty(table: Table) -> None:
    for item in table.client.scan(TableName=table.name)["Items"]:
        table.client.delete_item(TableName=table.name, Key={"pk": item["pk"], "sk": item["sk"]})


@pytest.mark.parametrize("mail", [MAIL, REPLY], ids=["opening", "reply"])
def test_duplicates_in_parallel_have_the_effect_of_one(case_desk: Desk, mail: InboundMail) -> None:
    if mail is REPLY:
        case_desk.inbox.receive_mail(MAIL)
    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(lambda _: case_desk.inbox.receive_mail(mail).outcome, range(5)))
    assert sorted(outcomes) == sorted(["opened" if mail is MAIL else "appended", *["repeated"] * 4])
    assert len(said(case_desk)) == (1 if mail is MAIL else 2)
    assert len(case_desk.queued()) == 1


def test_another_mail_under_a_forged_id_opens_its_own_case_and_touches_nothing(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    items = case_desk.items(f"C#{MAIL.case_id}")
    forged = replace(MAIL, digest="evil", text="Send the money elsewhere.")
    received = case_desk.inbox.receive_mail(forged)
    assert received == Received(derived_id("case", MAIL.case_id, "evil"), "opened")
    assert case_desk.items(f"C#{MAIL.case_id}") == items
    assert said(case_desk, received.case_id) == ["Send the money elsewhere."]
    assert case_desk.inbox.receive_mail(forged) == replace(received, outcome="repeated")
    assert case_desk.inbox.case_of_message_id("<one@mail.example>") == MAIL.case_id


def test_two_replies_that_share_a_message_id_are_both_kept_once(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    other = replace(REPLY, digest="d3", text="And another thing.")
    outcomes = [case_desk.inbox.receive_mail(mail).outcome for mail in (REPLY, other, REPLY, other)]
    assert outcomes == ["appended", "appended", "repeated", "repeated"]
    assert sorted(said(case_desk)) == ["And another thing.", "One more thing.", "Why is it so high?"]


def test_a_mail_that_was_appended_is_not_opened_when_its_thread_is_not_found_the_second_time(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(REPLY)
    items = case_desk.items()
    again = case_desk.inbox.receive_mail(replace(STRAYED, acknowledge=True))
    assert again == Received(MAIL.case_id, "repeated")
    assert case_desk.items() == items


def test_a_mail_that_opened_a_case_is_not_appended_when_its_thread_is_found_the_second_time(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(STRAYED)
    items = case_desk.items()
    assert case_desk.inbox.receive_mail(REPLY) == Received(REPLY.case_id, "repeated")
    assert case_desk.items() == items


@pytest.mark.parametrize("at", [1, 2])
def test_an_opening_that_crashed_is_finished_even_when_its_thread_is_found_by_then(case_desk: Desk, at: int) -> None:
    case_desk.inbox.receive_mail(MAIL)
    crashing = Desk(FaultyTable(case_desk.table.client, case_desk.table.name, Fault(at, late=True)), case_desk.clock)
    with pytest.raises(Crash):
        crashing.inbox.receive_mail(STRAYED)
    received = case_desk.inbox.receive_mail(REPLY)
    assert received.outcome in ("opened", "appended")
    kept = [
        words for case in (MAIL.case_id, REPLY.case_id) if _is_there(case_desk, case) for words in said(case_desk, case)
    ]
    assert sorted(kept) == ["One more thing.", "Why is it so high?"]


def _is_there(desk: Desk, case_id: str) -> bool:
    return desk.store.get(case_id) is not None


def test_a_reply_reopens_a_resolved_case_and_its_history_stays(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.work.answer(MAIL.case_id, "Here is why.", ADVISOR)
    resolved = case_desk.work.resolve(MAIL.case_id, RESOLUTION, ADVISOR)
    case_desk.inbox.receive_mail(REPLY)
    case = case_desk.cases.read(MAIL.case_id)
    assert (case.state, case.reopened, case.resolved_at, case.due_at) == (
        State.OPEN, 1, None, due(Priority.NORMAL, REPLY.received_at),
    )  # fmt: skip
    kept = {"first_response_at", "first_resolved_at", "assignee", "queue", "category", "created_at"}
    assert case.model_dump(include=kept) == resolved.model_dump(include=kept)
    (event,) = [item for item in case_desk.items("C#") if item.get("type") == "reopened"]
    assert event["detail"]["resolution"]["root_cause"] == "tariff_fault"
    assert event["detail"]["resolved_by"] == "advisor.one"
    assert [item["action"] for item in case_desk.items("C#") if item["kind"] == "audit"][-1] == "case.continued"


@pytest.mark.parametrize("how", ["late", "closed"])
def test_a_reply_to_a_case_that_cannot_go_on_opens_one_that_follows_it(case_desk: Desk, how: str) -> None:
    case_desk.inbox.receive_mail(MAIL)
    resolved = case_desk.work.resolve(MAIL.case_id, RESOLUTION, ADVISOR)
    assert resolved.resolved_at
    mail = REPLY
    if how == "late":
        mail = replace(REPLY, received_at=resolved.resolved_at + REOPEN_FOR + timedelta(seconds=1))
    else:
        case_desk.work.close(MAIL.case_id, ADVISOR)
    assert case_desk.inbox.receive_mail(mail) == Received(REPLY.case_id, "opened")
    assert case_desk.cases.read(REPLY.case_id).previous_case_id == MAIL.case_id
    assert case_desk.inbox.receive_mail(mail).outcome == "repeated"


def test_a_thread_to_a_case_that_is_not_there_opens_one(case_desk: Desk) -> None:
    assert case_desk.inbox.receive_mail(REPLY) == Received(REPLY.case_id, "opened")


@pytest.mark.parametrize("state", ["open", "resolved", "closed"])
def test_automatic_mail_is_kept_with_its_case_but_starts_nothing(case_desk: Desk, state: str) -> None:
    case_desk.inbox.receive_mail(MAIL)
    if state != "open":
        case_desk.work.resolve(MAIL.case_id, RESOLUTION, ADVISOR)
    if state == "closed":
        case_desk.work.close(MAIL.case_id, ADVISOR)
    before = case_desk.cases.read(MAIL.case_id)
    received = case_desk.inbox.receive_mail(replace(REPLY, automatic=True, acknowledge=True))
    after = case_desk.cases.read(MAIL.case_id)
    assert received == Received(MAIL.case_id, "appended")
    assert (after.state, after.due_at, after.reopened) == (before.state, before.due_at, 0)
    assert after.message_count == before.message_count + 1
    assert len(case_desk.queued()) == 1


def test_another_customer_who_holds_our_address_is_no_proven_voice_in_the_case(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(REPLY)
    case_desk.inbox.receive_mail(
        replace(
            REPLY,
            rfc_message_id="<b@x>",
            message_id="msg_b",
            digest="b",
            from_addr="bob@x.example",
            account_id="acc_bob",
        )
    )
    entries, _ = case_desk.cases.timeline(MAIL.case_id, 100, None)
    proven = {
        entry.author: entry.verified for entry in entries if isinstance(entry, Message) and entry.direction == "in"
    }
    assert proven == {"ada@example.com": True, "bob@x.example": False}


@pytest.mark.parametrize("at", [1, 2, 3])
def test_an_opening_that_was_not_needed_is_withdrawn_even_after_a_crash(case_desk: Desk, at: int) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(REPLY)
    items = case_desk.items()
    table = FaultyTable(case_desk.table.client, case_desk.table.name, Fault(at))
    with pytest.raises(Crash):
        Desk(table, case_desk.clock, case_desk.new_id).inbox.receive_mail(STRAYED)
    assert case_desk.inbox.receive_mail(STRAYED) == Received(MAIL.case_id, "repeated")
    assert case_desk.items() == items


@pytest.mark.parametrize(
    "odd",
    [
        {"from_addr": None, "from_name": "", "account_id": None, "verified": False, "acknowledge": False},
        {"subject": "", "text": ""},
        {"rfc_message_id": None},
        {"subject": "帳單" * 400, "from_name": "х" * 500, "text": "ß" * 10_000, "references": ("<x@y>",) * 500},
        {"account_id": None, "verified": False},
    ],
)
def test_odd_mail_still_becomes_a_case(case_desk: Desk, odd: dict[str, Any]) -> None:
    mail = a_mail(**odd)
    assert case_desk.inbox.receive_mail(mail).outcome == "opened"
    assert case_desk.inbox.receive_mail(mail).outcome == "repeated"
    assert said(case_desk) == [mail.text]
    proven = mail.verified and mail.account_id
    assert case_desk.cases.read(mail.case_id).queue is (Queue.BILLING if proven else Queue.TRIAGE)


def test_a_long_text_stands_in_the_bucket_and_is_read_back_whole(case_desk: Desk) -> None:
    text = "A long story.\n" * 2000
    case_desk.inbox.receive_mail(replace(MAIL, text=text))
    assert said(case_desk) == [text]
    assert list(case_desk.texts.kept.values()) == [text]
    (item,) = [i for i in case_desk.items("C#") if i["sk"] == "T#!"]
    assert len(repr(item)) < INLINE_BYTES
    assert item["snippet"].startswith("A long story. A long story.")


def test_attachments_and_the_raw_mail_are_named_on_the_message(case_desk: Desk) -> None:
    photo = Attachment(name="bill.jpg", content_type="image/jpeg", size=1234, key="attachments/1/bill.jpg")
    case_desk.inbox.receive_mail(replace(MAIL, attachments=(photo,)))
    entries, _ = case_desk.cases.timeline(MAIL.case_id, 10, None)
    assert isinstance(entries[0], Message)
    assert (entries[0].attachments, entries[0].raw_key) == ((photo,), "mail/raw-1")


def test_a_reference_finds_the_case_of_its_own_sender_alone(case_desk: Desk) -> None:
    stranger = a_mail(account_id=None, verified=False)
    case_desk.inbox.receive_mail(stranger)
    reference = case_desk.cases.read(stranger.case_id).reference
    inbox = case_desk.inbox
    assert inbox.case_of_reference(reference.lower(), None, "Ada@Example.com") == stranger.case_id
    assert inbox.case_of_reference(reference, None, "eve@example.com") is None
    assert inbox.case_of_reference(reference, "acc_other", "ada@example.com") is None
    assert inbox.case_of_reference(reference, None, None) is None
    case_desk.work.resolve(stranger.case_id, RESOLUTION, ADVISOR)
    assert inbox.case_of_reference(reference, None, "ada@example.com") == stranger.case_id


def test_what_mail_costs(case_desk: Desk, meter: Meter) -> None:
    case_desk.inbox.receive_mail(replace(MAIL, acknowledge=False))
    # The message and the mark are written side by side, then the head: three calls, two of them one after the other.
    assert (meter.calls, meter.write_units, meter.read_units) == (["PutItem"] * 3, 5, 0)
    meter.calls.clear()
    meter.write_units = 0
    case_desk.inbox.receive_mail(REPLY)
    # A transaction doubles its units; the meter doubles those of the indexes, too.
    assert (meter.calls, meter.write_units) == (["GetItem", "TransactWriteItems"], 10)


def test_the_acknowledgement_costs_one_write(case_desk: Desk, meter: Meter) -> None:
    case_desk.inbox.receive_mail(MAIL)
    assert (meter.round_trips, meter.write_units) == (4, 6)


def test_ids_that_are_drawn_do_not_matter_for_mail(case_desk: Desk, new_id: CountingIds) -> None:
    case_desk.inbox.receive_mail(MAIL)
    assert not new_id.drawn


URGENT = Reading(
    intent=Intent.PAYMENT, confidence_percent=80, words=("paid",), urgency=Urgency.HIGH, language="en",
    signs={Sign.VULNERABLE: ("dialysis",), Sign.URGENT: ("cut off",)},
)  # fmt: skip


def test_a_mail_goes_where_its_words_lead_and_says_which_words_and_which_policy(case_desk: Desk) -> None:
    number = Reference(kind=ReferenceKind.INVOICE, value="NWT-001002327", places=(Place.SUBJECT,))
    case_desk.inbox.receive_mail(replace(MAIL, reading=URGENT, references_found=(number,)))
    case = case_desk.cases.read(MAIL.case_id)
    assert (case.queue, case.priority, case.category) == (Queue.PAYMENTS, Priority.HIGH, "payment")
    assert (case.due_at, case.routed_by) == (due(Priority.HIGH, NOON), "mail_routing@initial")
    message = case_desk.cases.timeline(MAIL.case_id, 10, None)[0][0]
    assert isinstance(message, Message)
    assert (message.reading, message.references_found) == (URGENT, (number,))


def test_an_urgent_answer_makes_a_case_more_urgent_and_a_calm_one_nothing(case_desk: Desk) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(replace(REPLY, reading=URGENT))
    case = case_desk.cases.read(MAIL.case_id)
    assert (case.priority, case.due_at, case.queue) == (Priority.HIGH, due(Priority.HIGH, NOON), Queue.BILLING)
    third = replace(REPLY, message_id="msg_00000000000000000000000003", rfc_message_id="<three@mail.example>")
    case_desk.inbox.receive_mail(third)
    assert case_desk.cases.read(MAIL.case_id).priority is Priority.HIGH


@pytest.mark.parametrize("change", [{"automatic": True}, {"verified": False, "account_id": None}])
def test_nobody_but_a_proven_customer_makes_a_case_more_urgent(case_desk: Desk, change: dict[str, Any]) -> None:
    case_desk.inbox.receive_mail(MAIL)
    case_desk.inbox.receive_mail(replace(REPLY, reading=URGENT, **change))
    assert case_desk.cases.read(MAIL.case_id).priority is Priority.NORMAL


def test_what_a_mail_costs_with_all_that_was_read_in_it(case_desk: Desk, meter: Meter) -> None:
    many = tuple(Reference(kind=ReferenceKind.INVOICE, value=f"NWT-{n:09d}", places=(Place.TEXT,)) for n in range(3))
    case_desk.inbox.receive_mail(replace(MAIL, acknowledge=False, reading=URGENT, references_found=many))
    assert (meter.calls.count("PutItem"), meter.write_units) == (3, 5)
