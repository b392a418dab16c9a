"""Which case a mail continues, and which it only pretends to."""

from __future__ import annotations

import pytest

from chalicelib.cases import addressing
from chalicelib.cases.model import reference_of
from chalicelib.intake.model import Verdict
from chalicelib.intake.parse import parse_mail
from chalicelib.intake.senders import identify
from chalicelib.intake.threads import Threads
from tests.intake.fakes import CasesInMemory, CustomersInMemory
from tests.intake.mails import raw

KEY = b"key-of-the-tests"
CASE = "case_01M6GG8HXXY3CSJ72Y8ZGD4THN"
REFERENCE = reference_of(CASE)
SIGNED = addressing.message_id(CASE, "msg_1", "desk.example", KEY)
REPLY_TO = addressing.reply_address(CASE, "billing", "desk.example", KEY)


@pytest.fixture
def cases() -> CasesInMemory:
    return CasesInMemory(
        by_message_id={"hers@mail.example": CASE},
        by_reference={(REFERENCE, None, "ada@example.com"): CASE, (REFERENCE, "acc_ada", None): CASE},
        requesters={CASE: "ada@example.com"},
    )


def found(
    cases: CasesInMemory,
    *,
    recipients: tuple[str, ...] = (),
    dmarc: str = "PASS",
    accounts: dict[str, list[str]] | None = None,
    **headers: str | None,
) -> str | None:
    mail = parse_mail(raw("Yes.\n", **headers))
    sender = identify(
        mail, Verdict(status=dmarc), CustomersInMemory(accounts or {}), "desk.example", "help@firm.example"
    )
    return Threads(cases, "desk.example", KEY).find(mail, recipients, sender)


def test_the_signed_reply_address_of_the_envelope_or_the_header(cases: CasesInMemory) -> None:
    assert found(cases, recipients=("billing@desk.example", REPLY_TO.upper()), from_="eve@example.com") == CASE
    assert found(cases, to=f"Northwind <{REPLY_TO}>", from_="eve@example.com") == CASE


@pytest.mark.parametrize(
    "forged",
    [REPLY_TO.replace("@desk", "@other"), REPLY_TO.replace("+01m6", "+01m7"), "billing+01m6.aaaa@desk.example"],
)
def test_a_forged_reply_address_is_none(cases: CasesInMemory, forged: str) -> None:
    assert found(cases, recipients=(forged,)) is None


def test_our_signed_message_id_whoever_answers(cases: CasesInMemory) -> None:
    assert found(cases, from_="eve@example.com", dmarc="FAIL", in_reply_to=SIGNED) == CASE
    assert found(cases, from_="eve@example.com", references=f"<x@y> {SIGNED} <z@y>") == CASE


def test_a_tampered_message_id_is_foreign(cases: CasesInMemory) -> None:
    assert found(cases, in_reply_to=SIGNED.replace("msg_1", "msg_2")) is None


def test_a_known_foreign_id_from_the_requester(cases: CasesInMemory) -> None:
    assert found(cases, in_reply_to="<hers@mail.example>") == CASE
    assert found(cases, in_reply_to="<hers@mail.example>", dmarc="GRAY") == CASE


def test_a_known_foreign_id_from_anyone_else(cases: CasesInMemory) -> None:
    assert found(cases, in_reply_to="<hers@mail.example>", from_="eve@example.com") is None
    assert found(cases, in_reply_to="<hers@mail.example>", dmarc="FAIL") is None
    assert found(cases, in_reply_to="<hers@mail.example>", from_=None) is None


def test_the_reference_in_the_subject_from_the_requester(cases: CasesInMemory) -> None:
    assert found(cases, subject=f"Re: My bill [{REFERENCE}]") == CASE
    assert found(cases, subject=f"about {REFERENCE.lower()}", accounts={"ada@example.com": ["acc_ada"]}) == CASE


def test_the_reference_in_the_subject_from_anyone_else(cases: CasesInMemory) -> None:
    assert found(cases, subject=f"Re: [{REFERENCE}]", from_="eve@example.com") is None
    assert found(cases, subject=f"Re: [{REFERENCE}]", dmarc="FAIL") is None
    wrong = REFERENCE[:-1] + str((int(REFERENCE[-1]) + 1) % 10)
    assert found(cases, subject=f"Re: [{wrong}]") is None


def test_a_returned_mail_is_known_by_our_signature_or_by_the_id_of_ses(cases: CasesInMemory) -> None:
    threads = Threads(cases, "desk.example", KEY)
    assert threads.of_returned(SIGNED.strip("<>")) == CASE
    cases.sent["ses-1@amazonses.com"] = CASE
    assert threads.of_returned("ses-1@amazonses.com") == CASE
    assert threads.of_returned("hers@mail.example") is None
    assert threads.of_returned("other@mail.example") is None
    assert threads.of_returned(None) is None
