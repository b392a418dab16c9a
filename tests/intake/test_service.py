"""What becomes of a mail."""

from __future__ import annotations

import json

import pytest

from chalicelib.cases import addressing
from chalicelib.intake.mail.files import File
from chalicelib.intake.service import MAX_FILES, Intake, Outcome
from tests.intake.fakes import KEY, Door
from tests.intake.mails import announced, multipart, notification, raw
from tests.intake.test_automatic import report

CASE = "case_01M6GG8HXXY3CSJ72Y8ZGD4THN"


def test_a_customers_mail_opens_a_case(door: Door) -> None:
    outcome = door.deliver(raw())
    (mail,) = door.cases.received
    assert outcome == Outcome("opened", mail.case_id)
    assert (mail.account_id, mail.verified, mail.from_addr, mail.from_name) == (
        "acc_ada", True, "ada@example.com", "Ada Lovelace",
    )  # fmt: skip
    assert (mail.subject, mail.text, mail.rfc_message_id) == ("My bill", "Why is it so high?", "one@mail.example")
    assert (mail.raw_key, mail.automatic, mail.acknowledge) == ("mail/ses-1", False, True)
    assert mail.received_at.isoformat() == "2026-11-20T10:00:03+00:00"
    assert len(mail.case_id) == len(CASE)


def test_raw_delivery_without_the_envelope_of_sns(door: Door) -> None:
    door.bucket.mails["mail/ses-1"] = raw()
    assert door.intake.receive(json.dumps(notification())).what == "opened"


def test_a_repeat_brings_the_same_ids(door: Door) -> None:
    door.deliver(raw())
    assert door.deliver(raw()).what == "repeated"
    assert door.deliver(raw(received="by another relay"), key="mail/ses-2", message_id="ses-2").what == "repeated"
    assert len({(mail.case_id, mail.message_id, mail.digest) for mail in door.cases.received}) == 1


def test_a_reused_message_id_is_another_message(door: Door) -> None:
    door.deliver(raw())
    door.deliver(raw("Other words\n"), key="mail/ses-2", message_id="ses-2")
    first, second = door.cases.received
    assert first.case_id == second.case_id
    assert (first.message_id, first.digest) != (second.message_id, second.digest)


def test_ids_depend_on_the_sender_and_the_key(door: Door) -> None:
    door.deliver(raw())
    door.deliver(raw(from_="eve@example.com"))
    other = Intake(
        door.bucket,
        door.cases,
        door.customers,
        door.limiter,
        "desk.example",
        "help@firm.example",
        b"other",
        door.letters,
        door.mail_rules,
    )
    other.receive(announced(notification()))
    assert len({mail.case_id for mail in door.cases.received}) == 3


def test_mails_without_message_id_are_known_by_their_delivery(door: Door) -> None:
    door.deliver(raw(message_id=None))
    door.deliver(raw(message_id=None))
    door.deliver(raw(message_id=None), key="mail/ses-2", message_id="ses-2")
    one, again, other = door.cases.received
    assert one.case_id == again.case_id != other.case_id


def test_a_forged_sender_opens_an_unverified_case_without_an_answer(door: Door) -> None:
    door.deliver(raw(), verdicts={"dmarc": "FAIL"})
    (mail,) = door.cases.received
    assert (mail.account_id, mail.verified, mail.acknowledge) == (None, False, False)
    assert door.limiter.asked == []


@pytest.mark.parametrize("verdict", ["spam", "virus"])
def test_spam_and_viruses_are_kept_and_nothing_else(door: Door, verdict: str) -> None:
    assert door.deliver(raw(), verdicts={verdict: "FAIL"}) == Outcome("quarantined")
    assert door.cases.received == []


def test_automatic_mail_opens_nothing(door: Door) -> None:
    assert door.deliver(raw(auto_submitted="auto-replied")) == Outcome("automatic")
    assert door.cases.received == []


def test_what_the_machine_of_a_proven_customer_says_is_kept_with_the_account_once(door: Door) -> None:
    away = raw("Away until Monday.", subject="Out of office", auto_submitted="auto-replied")
    assert [door.deliver(away) for _ in range(3)] == [Outcome("automatic")] * 3
    (kept,) = door.letters.kept.values()
    assert (kept.account_id, kept.state, kept.direction, kept.title) == ("acc_ada", "received", "in", "Out of office")
    assert (kept.text, kept.raw_key, door.cases.received) == ("Away until Monday.", "mail/ses-1", [])


@pytest.mark.parametrize(
    ("from_", "dmarc"),
    [("stranger@example.com", "PASS"), ("ada@example.com", "FAIL"), ("ada@example.com", "GRAY")],
)
def test_the_machine_of_a_stranger_is_counted_alone(door: Door, from_: str, dmarc: str) -> None:
    away = raw("Away.", subject="Out of office", from_=from_)
    assert door.deliver(away, verdicts={"dmarc": dmarc}) == Outcome("automatic")
    assert door.letters.kept == {}


def test_mail_to_a_case_that_cannot_go_on_is_acknowledged_once(door: Door) -> None:
    door.cases.final[CASE] = "case_NEW"
    address = addressing.reply_address(CASE, "billing", "desk.example", KEY)
    outcomes = [door.deliver(raw(), recipients=[address]).what for _ in range(3)]
    assert (outcomes, door.cases.acknowledged) == (["opened", "repeated", "repeated"], ["case_NEW"])


def test_a_machine_that_answers_a_closed_case_hears_nothing(door: Door) -> None:
    door.cases.final[CASE] = "case_NEW"
    address = addressing.reply_address(CASE, "billing", "desk.example", KEY)
    door.deliver(raw(auto_submitted="auto-replied"), recipients=[address])
    assert (door.cases.acknowledged, door.limiter.asked) == ([], [])


def test_automatic_mail_is_added_to_the_case_it_answers(door: Door) -> None:
    signed = addressing.message_id(CASE, "msg_1", "desk.example", KEY)
    assert door.deliver(raw(auto_submitted="auto-replied", in_reply_to=signed)) == Outcome("appended", CASE)
    (mail,) = door.cases.received
    assert (mail.thread_case_id, mail.automatic, mail.acknowledge) == (CASE, True, False)


def test_an_answer_continues_its_case_without_another_acknowledgement(door: Door) -> None:
    address = addressing.reply_address(CASE, "billing", "desk.example", KEY)
    assert door.deliver(raw(), recipients=[address]) == Outcome("appended", CASE)
    assert door.cases.received[0].acknowledge is False
    assert door.limiter.asked == []


def test_a_bounce_of_ours_is_told_to_its_case_with_whom_it_did_not_reach(door: Door) -> None:
    door.cases.sent["ours@desk.example"] = CASE
    assert door.deliver(report(), source="<>") == Outcome("bounced", CASE)
    (mail,) = door.cases.received
    assert (mail.undelivered_to, mail.text) == (("ada@example.com",), "It could not be delivered.")
    assert (mail.automatic, mail.attachments, door.bucket.kept) == (True, (), {})


def test_a_delay_is_told_to_its_case_and_takes_it_back_from_nobody(door: Door) -> None:
    door.cases.sent["ours@desk.example"] = CASE
    assert door.deliver(report("delayed"), source="<>") == Outcome("appended", CASE)
    (mail,) = door.cases.received
    assert (mail.undelivered_to, mail.automatic, mail.text) == (None, True, "It could not be delivered.")


def test_a_delay_of_something_else_is_counted(door: Door) -> None:
    assert door.deliver(report("delayed"), source="<>") == Outcome("automatic")
    assert door.cases.received == []


def test_a_bounce_of_a_customers_own_mail_moves_no_case(door: Door) -> None:
    door.cases.by_message_id["ours@desk.example"] = CASE
    assert door.deliver(report(), source="<>") == Outcome("bounced")
    assert door.cases.received == []


def test_automatic_mail_to_a_case_that_is_gone_is_counted(door: Door) -> None:
    door.cases.gone.add(CASE)
    signed = addressing.message_id(CASE, "msg_1", "desk.example", KEY)
    assert door.deliver(raw(auto_submitted="auto-replied", in_reply_to=signed)) == Outcome("automatic")


def test_a_bounce_of_something_else_is_counted(door: Door) -> None:
    assert door.deliver(report(), source="") == Outcome("bounced")
    assert door.cases.received == []


def test_acknowledgements_are_limited_and_never_go_to_the_null_path(door: Door) -> None:
    door.limiter.left = 1
    door.deliver(raw())
    door.deliver(raw(message_id="<two@mail.example>"), key="mail/ses-2", message_id="ses-2")
    door.deliver(raw(message_id="<three@mail.example>"), key="mail/ses-3", message_id="ses-3", source="<>")
    assert [mail.acknowledge for mail in door.cases.received] == [True, False, False]
    assert len(door.limiter.asked) == 2


def test_card_numbers_never_reach_a_case(door: Door) -> None:
    card = "4242424242424242"
    part = f'Content-Type: image/png\r\nContent-Disposition: attachment; filename="{card}.png"\r\n\r\nPNG'
    words = "Content-Type: text/plain\r\n\r\nIt is 4242 4242 4242 4242."
    door.deliver(multipart(words, part, subject=f"card {card}", from_=f"{card} <ada@example.com>"))
    (mail,) = door.cases.received
    assert (mail.subject, mail.text) == ("card [card ending 4242]", "It is [card ending 4242].")
    assert (mail.from_name, mail.attachments[0].name) == ("[card ending 4242]", "[card ending 4242].png")
    assert card not in repr((mail, door.bucket.kept.keys()))


def test_attachments_are_stored_under_the_case(door: Door) -> None:
    part = 'Content-Type: image/png\r\nContent-Disposition: attachment; filename="../a b.png"\r\n\r\nGIF89a'
    door.deliver(multipart("Content-Type: text/plain\r\n\r\nSee photo", part))
    (mail,) = door.cases.received
    (attached,) = mail.attachments
    assert attached.key == f"attachments/{mail.case_id}/{mail.message_id}/1/a b.png"
    assert (attached.name, attached.size, attached.content_type) == ("a b.png", 6, "image/gif")
    assert door.bucket.kept == {attached.key: File("a b.png", "image/gif", b"GIF89a")}


def test_attachments_beyond_the_limit_are_named(door: Door) -> None:
    parts = [f"Content-Type: image/png; name=p{n}.png\r\n\r\nPNG" for n in range(MAX_FILES + 2)]
    door.deliver(multipart("Content-Type: text/plain\r\n\r\nSee photos", *parts))
    (mail,) = door.cases.received
    assert len(mail.attachments) == MAX_FILES
    assert mail.text == (
        "See photos\n\n[2 more attachments are in the raw mail only: p20.png (3 bytes), p21.png (3 bytes)]"
    )


def test_very_long_texts_are_cut_with_a_note(door: Door) -> None:
    door.deliver(raw("x" * 150_000))
    assert door.cases.received[0].text.endswith("x\n[The rest of this text is in the raw mail.]")
