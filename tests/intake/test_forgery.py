"""Every way into somebody else's case that we could think of, through the door of the desk."""

from __future__ import annotations

import pytest

from chalicelib.cases.model import Channel, Priority, State, reference_of
from chalicelib.cases.successors import Successors
from chalicelib.platform.check_digit import check_digit
from tests.cases.builders import NOON, a_case
from tests.intake.desk_door import DeskDoor

EVE = "Eve <eve@evil.example>"
URGENT = "This is urgent, an emergency! My lawyer will sue you. I am suicidal.\n"


@pytest.fixture
def door() -> DeskDoor:
    door = DeskDoor()
    assert door.case
    return door


def post(
    door: DeskDoor, body: str = "Yes.\n", *, envelope: str = "billing@desk.example", dmarc: str = "PASS",
    **headers: str | None,
) -> str | None:  # fmt: skip
    """The case of a mail to one address of the desk, which the header need not name."""
    return door.send(body, headers, dmarc=dmarc, recipients=(envelope,))


def untouched(door: DeskDoor) -> None:
    """Ada's case holds Ada's mail alone."""
    assert door.said() == [("ada@example.com", "Why is my bill so high?", True)]
    assert (door.head().state, door.head().message_count) == (State.OPEN, 1)


@pytest.mark.parametrize("dmarc", ["PASS", "FAIL", "GRAY"])
def test_the_reference_in_a_strangers_subject(door: DeskDoor, dmarc: str) -> None:
    reference = reference_of(door.case)
    for subject in (f"Re: [{reference}]", reference.lower(), f"AW: {reference} {reference}"):
        assert post(door, from_=EVE, subject=subject, dmarc=dmarc) != door.case
    untouched(door)


def test_many_guessed_references_are_no_reads_without_end(door: DeskDoor) -> None:
    guessed = " ".join(f"C{n:09d}{check_digit(f'{n:09d}')}" for n in range(40))
    assert post(door, subject=f"{guessed} {reference_of(door.case)}") != door.case
    untouched(door)


@pytest.mark.parametrize(("from_", "dmarc"), [(EVE, "PASS"), (EVE, "GRAY"), ("Ada <ada@example.com>", "FAIL")])
@pytest.mark.parametrize("field", ["in_reply_to", "references"])
def test_the_message_id_of_anothers_mail(door: DeskDoor, from_: str, dmarc: str, field: str) -> None:
    assert door.send("Yes.\n", {"from_": from_, field: "<1@mail.example>"}, dmarc=dmarc) != door.case
    untouched(door)


def test_anothers_mail_sent_again_under_its_own_message_id(door: DeskDoor) -> None:
    forged = post(door, "Send the money elsewhere.\n", message_id="<1@mail.example>", dmarc="FAIL")
    assert forged != door.case
    untouched(door)
    assert not door.head(forged).verified


@pytest.mark.parametrize("dmarc", ["FAIL", "GRAY"])
def test_a_copy_that_is_quicker_than_the_customers_mail(door: DeskDoor, dmarc: str) -> None:
    mail = {"message_id": "<quick@mail.example>"}
    forged = door.send("A new matter.\n", mail | {"subject": "[Accounts] My bill"}, dmarc=dmarc)
    hers = door.send("A new matter.\n", mail)
    assert (door.head(hers).account_id, door.head(forged).account_id) == ("acc_ada", None)
    assert door.said(hers) == [("ada@example.com", "A new matter.", True)]
    assert [door.send("A new matter.\n", mail | {"subject": str(n)}) for n in range(3)] == [hers] * 3
    assert door.send("A new matter.\n", mail, dmarc=dmarc) == forged
    assert {head.message_count for head in door.heads()} == {1}
    untouched(door)


@pytest.mark.parametrize(
    "change",
    [
        lambda local, domain: f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",  # another signature
        lambda local, domain: f"{local}@evil.example",
        lambda local, domain: f"{local}@{domain}.evil.example",
        lambda local, domain: f"{local}@sub.{domain}",
        lambda local, domain: f"{local}+more@{domain}",
        lambda local, domain: f"more+{local}@{domain}",
        lambda local, domain: f"{local.replace('.', '')}@{domain}",
        lambda local, domain: f"{local}\uff0e@{domain}",
        lambda local, domain: f"{local.replace('0', 'o')}@{domain}",
        lambda local, domain: f'"{local}"@{domain}',
        lambda local, domain: f"{local}@{domain.replace('e', 'е')}",
    ],
)
def test_a_signed_address_that_was_changed(door: DeskDoor, change: object) -> None:
    assert callable(change)
    changed = change(*door.signed_address.split("@"))
    assert post(door, from_=EVE, to=changed, envelope=changed) != door.case
    untouched(door)


def test_the_signature_of_one_case_is_none_for_another(door: DeskDoor) -> None:
    other = post(door, from_="Ben <ben@example.com>", message_id="<ben@mail.example>")
    assert other is not None
    assert other != door.case
    local, domain = door.signed_address.split("@")
    moved = f"billing+{other.removeprefix('case_').lower()}.{local.rpartition('.')[2]}@{domain}"
    assert post(door, from_=EVE, to=moved) not in {other, door.case}
    id_signature = door.signed_id.rpartition("@")[0].rpartition(".")[2]
    mixed = f"{local.rpartition('.')[0]}.{id_signature}@{domain}"
    assert post(door, from_=EVE, to=mixed) not in {other, door.case}
    untouched(door)


@pytest.mark.parametrize("written", ["{} <eve@evil.example>", '"{}" <eve@evil.example>', "Eve ({}) <eve@evil.example>"])
def test_a_signed_address_as_the_name_of_another_is_no_address(door: DeskDoor, written: str) -> None:
    assert post(door, from_=EVE, to=written.format(door.signed_address)) != door.case
    untouched(door)


@pytest.mark.parametrize("upper", [False, True])
def test_who_holds_the_signed_address_adds_unproven_words_and_nothing_else(door: DeskDoor, upper: bool) -> None:
    address = door.signed_address.upper() if upper else door.signed_address
    before = door.head()
    queued = len(door.queued())
    assert post(door, URGENT, from_=EVE, envelope=address) == door.case
    assert door.said()[1][0::2] == ("eve@evil.example", False)
    after = door.head()
    kept = {"queue", "priority", "requester", "account_id", "verified", "assignee", "category", "due_at", "reopened"}
    assert after.model_dump(include=kept) == before.model_dump(include=kept)
    assert after.priority is Priority.NORMAL
    assert len(door.queued()) == queued  # nothing is told to who wrote


@pytest.mark.parametrize("close", [False, True], ids=["resolved", "closed"])
@pytest.mark.parametrize(
    ("from_", "dmarc"), [(EVE, "PASS"), ("Ben <ben@example.com>", "PASS"), ("Ada <ada@example.com>", "FAIL")]
)
def test_nobody_but_its_customer_reopens_or_takes_along_a_case(
    door: DeskDoor, from_: str, dmarc: str, close: bool
) -> None:
    door.resolve(close=close)
    before = door.head()
    opened = post(door, URGENT, from_=from_, dmarc=dmarc, envelope=door.signed_address)
    assert opened != door.case
    assert door.head() == before
    assert door.head(opened).previous_case_id == door.case  # staff see where it comes from
    # The thread stays the customer's: Ada's answer does not go to the stranger's case.
    mine = post(door, "And now?\n", envelope=door.signed_address)
    assert mine != opened
    assert (mine == door.case) is not close


def test_a_known_customer_with_anothers_signed_address_is_unproven_there(door: DeskDoor) -> None:
    assert post(door, from_="Ben <ben@example.com>", envelope=door.signed_address) == door.case
    assert door.said()[1] == ("ben@example.com", "Yes.", False)
    assert door.head().account_id == "acc_ada"


@pytest.mark.parametrize(
    "from_",
    [
        "Ada <аda@example.com>",  # a Cyrillic a
        "Ada <ada@ехample.com>",
        "Ada <ada@sub.example.com>",
        "Ada <ada@example.com.evil.example>",
        "Ada <ada+eve@example.com>",
        "Ada <a.da@example.com>",
        'Ada <"ada"@example.com>',
        'Ada <"ada@example.com"@evil.example>',
        '"ada@example.com" <eve@evil.example>',
        "=?utf-8?q?Ada_=3Cada=40example=2Ecom=3E?= <eve@evil.example>",
        "=?utf-8?q?ada=40example=2Ecom?=",
        "ada@example.com <eve@evil.example>",
        "Eve <eve@evil.example>, Ada <ada@example.com>",
        "Ada <ada@example.com>, Eve <eve@evil.example>",
        "Ada <ada@example.com>\r\nFrom: Eve <eve@evil.example>",
        "ada@example.com\x00.evil.example",
        "Ada <ada@example.com\u200b.evil.example>",
        "<ada@example.com>@evil.example",
        "Ada <@evil.example:eve@evil.example>",
        "undisclosed: ada@example.com, eve@evil.example;",
    ],
)
@pytest.mark.parametrize("dmarc", ["PASS", "GRAY"])
def test_who_only_looks_like_the_customer(door: DeskDoor, from_: str, dmarc: str) -> None:
    reference = reference_of(door.case)
    opened = post(door, from_=from_, subject=f"Re: [{reference}]", in_reply_to="<1@mail.example>", dmarc=dmarc)
    assert opened != door.case
    assert (door.head(opened).account_id, door.head(opened).verified) == (None, False)
    untouched(door)


@pytest.mark.parametrize("field", ["sender", "reply_to", "return_path", "resent_from", "x_original_from", "x_sender"])
def test_no_other_field_than_from_says_who_wrote(door: DeskDoor, field: str) -> None:
    for from_ in (EVE, None):
        headers = {"from_": from_, field: "Ada <ada@example.com>", "in_reply_to": "<1@mail.example>"}
        opened = door.send("Yes.\n", headers)
        assert opened != door.case
        assert (door.head(opened).account_id, door.head(opened).verified) == (None, False)
    untouched(door)


def test_an_unproven_sender_of_the_same_address_only_adds_unproven_words(door: DeskDoor) -> None:
    """Where a domain has no DMARC policy nothing proves or refutes its mail."""
    assert post(door, URGENT, dmarc="GRAY", in_reply_to="<1@mail.example>") == door.case
    assert (door.said()[1][2], door.head().priority) == (False, Priority.NORMAL)


def test_a_strangers_mail_to_what_was_merged_is_not_acknowledged_to_the_customer(door: DeskDoor) -> None:
    by_phone = a_case(account_id="acc_ada", channel=Channel.PHONE)
    door.desk.store.change(None, by_phone, [], None)
    Successors(door.desk.store, door.desk.new_id).link(door.case, by_phone.case_id, NOON)
    before = door.queued()
    assert post(door, from_=EVE, envelope=door.signed_address) == by_phone.case_id
    assert door.queued() == before


@pytest.mark.parametrize("dmarc", ["GRAY", "FAIL"])
def test_the_customers_answer_to_what_was_forged_in_her_name_does_not_confirm_it(door: DeskDoor, dmarc: str) -> None:
    """Who forges the mail can copy it to her, and she answers to all."""
    forged = post(door, "Send the money elsewhere.\n", message_id="<evil@evil.example>", dmarc=dmarc)
    answer = post(door, "Yes, that is me.\n", in_reply_to="<evil@evil.example>")
    assert answer not in {forged, door.case}
    assert (door.head(answer).account_id, door.head(forged).account_id) == ("acc_ada", None)
    assert door.said(forged) == [("ada@example.com", "Send the money elsewhere.", False)]
    assert post(door, in_reply_to="<2@mail.example>", references="<evil@evil.example> <3@mail.example>") == answer
    untouched(door)


def test_a_bounce_that_names_anothers_message_id_marks_nothing(door: DeskDoor) -> None:
    words = "I could not deliver to:\n<ada@example.com>\n\n--- Below is a copy\n\nMessage-ID: <1@mail.example>\n"
    assert post(door, words, from_="MAILER-DAEMON@evil.example", subject="failure notice") is None
    untouched(door)


def test_a_machine_with_the_signed_address_moves_nothing(door: DeskDoor) -> None:
    door.resolve()
    before = door.head()
    post(door, "Away.\n", from_=EVE, envelope=door.signed_address, auto_submitted="auto-replied")
    after = door.head()
    assert (after.state, after.reopened, after.due_at) == (State.RESOLVED, before.reopened, before.due_at)
