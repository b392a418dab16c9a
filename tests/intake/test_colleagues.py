"""Customer mail that colleagues pass on opens the customer's case, and proves nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from chalicelib.cases.mail_policy import MailRules
from chalicelib.cases.messages import Forwarding, Message
from chalicelib.cases.model import Queue, State
from chalicelib.cases.views import entry_view
from chalicelib.policy.model import Ruling
from tests.intake.desk_door import DeskDoor
from tests.intake.mails import multipart, raw
from tests.intake.test_forwards import ALL, APPLE, GMAIL, OUTLOOK

BOB = "Bob <Bob@Firm.example>"


@pytest.fixture
def door() -> DeskDoor:
    return DeskDoor()


def first(door: DeskDoor, case_id: str | None) -> Message:
    assert case_id is not None
    entries, _ = door.desk.cases.timeline(case_id, 1, None)
    assert isinstance(entries[0], Message)
    return entries[0]


def inside(inner: bytes, body: str = "Can you help her?\r\n", **headers: str | None) -> bytes:
    """A mail with another one attached."""
    edge = f"edge-{len(inner)}"
    parts = (
        f"Content-Type: text/plain\r\n\r\n{body}",
        f"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n{inner.decode()}",
    )
    content = "".join(f"--{edge}\r\n{part}\r\n" for part in parts) + f"--{edge}--\r\n"
    given = {"from_": BOB, "subject": "FW: x", "message_id": "<fw@firm.example>"} | headers
    return raw(content, **(given | {"content_type": f"multipart/mixed; boundary={edge}"}))


def test_the_case_is_the_customers_and_unproven(door: DeskDoor) -> None:
    case = door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill"})
    head = door.head(case)
    assert (head.requester, head.requester_name, head.subject) == ("ada@example.com", "Ada Lovelace", "My bill")
    # Ada is a customer, but Bob cannot prove that it was she who wrote.
    assert (head.account_id, head.verified, head.queue) == (None, False, Queue.TRIAGE)
    said = first(door, case)
    assert (said.author, said.text, said.verified) == ("ada@example.com", "Why is it so high?", False)
    assert said.forwarded == Forwarding(
        by="bob@firm.example", dated="Friday, November 20, 2026 10:00 AM", said="See below."
    )  # fmt: skip


@pytest.mark.parametrize("headline", ["On Fri, Nov 20, 2026 at 11:00 AM, Bob wrote:", "-----Original Message-----"])
def test_a_colleagues_answer_over_what_was_passed_on_is_the_colleagues_own(door: DeskDoor, headline: str) -> None:
    passed_on = door.send(GMAIL, {"from_": BOB, "subject": "Fwd: My bill", "message_id": "<fw@firm.example>"})
    history = "".join(f"> {line}\n" for line in GMAIL.splitlines())
    answer = {"from_": BOB, "subject": "Re: Fwd: My bill", "in_reply_to": "<fw@firm.example>"}
    asked = door.send(f"Any news? She rang again.\n\n{headline}\n\n{history}", answer)
    assert door.said(asked) == [("bob@firm.example", "Any news? She rang again.", False)]
    assert (first(door, asked).forwarded, len(door.said(passed_on))) == (None, 1)


def test_nobody_is_answered_by_the_desk_itself(door: DeskDoor) -> None:
    door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill"})
    assert (door.queued(), door.limiter.asked) == ([], [])


def test_staff_see_who_passed_it_on_and_customers_do_not(door: DeskDoor) -> None:
    said = first(door, door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill"}))
    shown = entry_view(said, for_staff=True).forwarded
    assert shown is not None
    assert (shown.by, shown.said) == ("bob@firm.example", "See below.")
    assert entry_view(said, for_staff=False).forwarded is None


@pytest.mark.parametrize(("body", "subject"), ALL)
def test_every_client_and_language(door: DeskDoor, body: str, subject: str) -> None:
    case = door.send(body, {"from_": BOB, "subject": subject})
    assert door.said(case) == [("ada@example.com", "Why is it so high?", False)]
    assert door.head(case).requester_name == "Ada Lovelace"


@pytest.mark.parametrize(("body", "subject"), ALL)
@pytest.mark.parametrize(
    ("from_", "dmarc"),
    [
        ("Ben <ben@example.com>", "PASS"),
        (BOB, "FAIL"),
        (BOB, "GRAY"),
        ("Bob <bob@sub.firm.example>", "PASS"),
        ("Bob <bob@firm.example.evil.example>", "PASS"),
        ("Bob <bob@firm.example>, eve@evil.example", "PASS"),
    ],
)
def test_what_anybody_else_passes_on_stays_theirs(
    door: DeskDoor, body: str, subject: str, from_: str, dmarc: str
) -> None:
    case = door.send(body, {"from_": from_, "subject": subject}, dmarc=dmarc)
    assert door.head(case).requester == from_.partition("<")[2].partition(">")[0].lower()
    assert "Why is it so high?" in first(door, case).text
    assert first(door, case).forwarded is None


def test_without_staff_domains_nobody_is_a_colleague(door: DeskDoor) -> None:
    door.staff_domains = ()
    assert door.head(door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill"})).requester == "bob@firm.example"


def test_a_colleagues_own_mail_stays_a_colleagues(door: DeskDoor) -> None:
    case = door.post("My own bill is wrong.\n", from_=BOB)
    assert (door.head(case).requester, first(door, case).forwarded) == ("bob@firm.example", None)


def test_a_mail_that_is_attached(door: DeskDoor) -> None:
    bill = "Content-Type: application/pdf; name=bill.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK"
    inner = multipart("Content-Type: text/plain\r\n\r\nWhy is it so high?\r\n\r\n-- \r\nAda", bill, subject="My bill")
    case = door.deliver(inside(inner)).case_id
    head, said = door.head(case), first(door, case)
    assert (head.requester, head.subject, head.verified) == ("ada@example.com", "My bill", False)
    assert (said.text, [file.name for file in said.attachments]) == ("Why is it so high?", ["bill.pdf"])
    assert said.forwarded == Forwarding(by="bob@firm.example", dated="2026-11-20 10:00 UTC", said="Can you help her?")


def test_through_the_hands_of_several_colleagues(door: DeskDoor) -> None:
    nested = (
        "Over to you.\n\n---------- Forwarded message ---------\nFrom: Carol <carol@firm.example>\n"
        f"Date: Fri, 20 Nov 2026\nSubject: Fwd: My bill\nTo: Bob <bob@firm.example>\n\n{GMAIL}"
    )
    case = door.send(nested, {"from_": BOB, "subject": "Fwd: Fwd: My bill"})
    assert door.said(case) == [("ada@example.com", "Why is it so high?", False)]
    forwarded = first(door, case).forwarded
    assert forwarded is not None
    assert (forwarded.by, forwarded.said) == ("bob@firm.example", "Over to you.\nSee below.")
    attached = door.deliver(inside(inside(raw(), "See the mail.\r\n", from_="Carol <carol@firm.example>"))).case_id
    assert door.head(attached).requester == "ada@example.com"


@pytest.mark.parametrize("author", ["help@firm.example", "x@desk.example", "carol@firm.example", "nobody", "a@b@c"])
def test_what_no_customer_wrote_stays_the_colleagues(door: DeskDoor, author: str) -> None:
    body = OUTLOOK.replace("ada@example.com", author)
    case = door.send(body, {"from_": BOB, "subject": "FW: My bill"})
    assert door.head(case).requester == "bob@firm.example"


def test_a_newsletter_or_an_absence_that_is_attached_is_no_customers(door: DeskDoor) -> None:
    case = door.deliver(inside(raw(auto_submitted="auto-replied"))).case_id
    assert door.head(case).requester == "bob@firm.example"


def test_what_is_passed_on_joins_a_case_by_our_signature_alone(door: DeskDoor) -> None:
    assert door.case
    copied = door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill", "references": "<1@mail.example>"})
    named = f"FW: My bill [{door.head().reference}]"
    assert copied != door.case
    assert door.send(OUTLOOK, {"from_": BOB, "subject": named}) != door.case
    assert door.send(OUTLOOK, {"from_": BOB, "subject": "FW: My bill", "references": door.signed_id}) == door.case
    assert door.said()[-1] == ("ada@example.com", "Why is it so high?", False)
    assert door.deliver(inside(raw(in_reply_to=door.signed_id, message_id="<9@mail.example>"))).case_id == door.case


def test_what_is_passed_on_reopens_nothing(door: DeskDoor) -> None:
    assert door.case
    door.resolve()
    case = door.send(APPLE, {"from_": BOB, "subject": "Fwd: My bill", "references": door.signed_id})
    assert case != door.case
    assert (door.head().state, door.head(case).previous_case_id) == (State.RESOLVED, door.case)


def test_a_repeat_is_one_even_when_who_is_staff_was_changed_in_between(door: DeskDoor) -> None:
    content = raw(OUTLOOK, from_=BOB, subject="FW: My bill")
    one = door.deliver(content)
    door.staff_domains = ()
    again = door.deliver(content)
    assert (one.case_id, again.what) == (again.case_id, "repeated")


def test_card_numbers_are_hidden_wherever_they_stand(door: DeskDoor) -> None:
    card = "4242 4242 4242 4242"
    body = OUTLOOK.replace("See below.", card).replace("Why", card).replace("November", card)
    case = door.send(body, {"from_": BOB, "subject": f"FW: {card}"})
    other = door.deliver(inside(raw(f"My card is {card}\r\n", subject=card), card)).case_id
    assert case != other
    assert "4242 4242" not in repr(door.items())
    assert "4242424242424242" not in repr(door.items())


def test_what_a_colleague_says_at_length_is_shortened(door: DeskDoor) -> None:
    body = OUTLOOK.replace("See below.", "Long story. " * 500 + "\n" + "And more.\n" * 300)
    said = first(door, door.send(body, {"from_": BOB, "subject": "FW: My bill"})).forwarded
    assert said is not None
    assert len(said.said.encode()) < 1600
    assert said.said.endswith("…")


def test_what_was_passed_on_is_counted(door: DeskDoor) -> None:
    assert door.deliver(raw(OUTLOOK, from_=BOB, subject="FW: My bill")).forwarded
    assert not door.deliver(raw(message_id="<2@mail.example>")).forwarded


@pytest.mark.parametrize("domain", ["Firm.example", "firm", "@firm.example", "bob@firm.example", "*.firm.example", ""])
def test_a_staff_domain_is_a_domain(domain: str) -> None:
    with pytest.raises(ValidationError):
        MailRules(staff_domains=(domain,))


def test_the_policy_is_read_only_for_what_is_passed_on(door: DeskDoor) -> None:
    asked: list[date] = []

    def rules(at: date) -> Ruling[MailRules]:
        asked.append(at)
        return door.mail_rules(at)

    door.intake = replace(door.intake, mail_rules=rules)
    door.send(OUTLOOK, {"subject": "Re: My bill"})
    door.send("Why?\n", {"from_": BOB, "subject": "FW: My bill"})
    assert asked == []
    door.send(OUTLOOK, {"subject": "FW: My bill"})
    assert len(asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        "From: " + "<mailto:" * 180_000 + "\nDate: 2026\n\nx",
        "From: a@b.example\nDate: 2026\n" * 50_000,
        "Begin forwarded message:\n" * 55_000,
        "> " * 700_000 + "\nFrom: a@b.example\nDate: 2026\n\nx",
        ("-" * 80 + "Forwarded message" + "-" * 79 + "\n") * 8_000,
        "From: a@b.example\nDate: 2026\n\n" + "On 3 May 2026 Ada wrote:\n> x\n" * 45_000,
    ],
)
def test_no_crafted_mail_takes_long(door: DeskDoor, body: str) -> None:
    begun = time.process_time()
    door.send(body, {"from_": BOB, "subject": "FW: My bill"})
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_mails_within_mails_end_somewhere(door: DeskDoor, depth: int) -> None:
    content = raw()
    for number in range(depth):
        content = inside(content, from_=f"Colleague {number} <c{number}@firm.example>")
    case = door.deliver(content).case_id
    assert door.head(case).requester in {"ada@example.com", f"c{depth - 1}@firm.example"}
