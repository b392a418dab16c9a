"""Who wrote: claimed, proven, refuted."""

from __future__ import annotations

import pytest

from chalicelib.intake.model import Verdict
from chalicelib.intake.parse import parse_mail
from chalicelib.intake.senders import Sender, identify
from tests.intake.fakes import CustomersInMemory
from tests.intake.mails import raw

CUSTOMERS = {"ada@example.com": ["acc_ada"], "home@example.com": ["acc_ada", "acc_bob"]}


def sender_of(from_: str | None, dmarc: str = "PASS") -> tuple[Sender, CustomersInMemory]:
    customers = CustomersInMemory(CUSTOMERS)
    return identify(
        parse_mail(raw(from_=from_)), Verdict(status=dmarc), customers, "desk.example", "help@firm.example"
    ), customers


@pytest.mark.parametrize("written", ["ada@example.com", "Ada <ADA@Example.COM>"])
def test_a_proven_customer(written: str) -> None:
    sender, _ = sender_of(written)
    assert (sender.address, sender.account_id, sender.verified, sender.answerable) == (
        "ada@example.com", "acc_ada", True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "dmarc"),
    [
        ("home@example.com", "PASS"),  # a household: which of them?
        ("stranger@example.com", "PASS"),
        ("ada@example.com", "FAIL"),
        ("ada@example.com", "GRAY"),
        ("ada@example.com", "something new"),
        ("ada@example.com, eve@example.com", "PASS"),
        (None, "PASS"),
        ("ada@nowhere", "PASS"),
    ],
)
def test_nobody_is_proven(written: str | None, dmarc: str) -> None:
    sender, _ = sender_of(written, dmarc)
    assert (sender.account_id, sender.verified) == (None, False)


@pytest.mark.parametrize(
    "written",
    [
        "eve@evil.example (x <ada@example.com>)",
        "Ada <eve@evil.example> (<ada@example.com>)",
        "<eve@evil.example> <ada@example.com>",
        "<ada@example.com> <eve@evil.example>",
        "ada@example.com: eve@evil.example;",
        '"x" eve@evil.example "<ada@example.com>"',
        '"Ada <ada@example.com> eve@evil.example',
        "ada@example.com\r\nFrom: eve@evil.example",
        "eve@evil.example\r\nFrom: ada@example.com",
        "Eve\r\nSender: ada@example.com",
    ],
)
def test_a_from_that_two_readers_may_read_differently_proves_nobody(written: str) -> None:
    """DMARC may have passed for the address that we do not read."""
    sender, customers = sender_of(written)
    assert (sender.verified, customers.asked) == (False, [])


@pytest.mark.parametrize(
    "written",
    [
        "Lovelace, Ada <ada@example.com>",
        '"ada@work.example" <ada@example.com>',
        "ada@example.com <ada@example.com>",
        "=?utf-8?q?ada@work.example?= <ada@example.com>",
        "Ada (at home, ada@work.example) <ada@example.com>",
        "Ada O'Neil <ADA@example.com>",
        'Ada "\\"" <ada@example.com>',
    ],
)
def test_an_odd_name_beside_one_address_leaves_no_doubt(written: str) -> None:
    assert sender_of(written)[0].account_id == "acc_ada"


def test_nobody_is_looked_up_without_proof() -> None:
    assert sender_of("ada@example.com", "FAIL")[1].asked == []


@pytest.mark.parametrize(
    ("written", "dmarc", "answerable"),
    [
        ("stranger@example.com", "GRAY", True),
        ("ada@example.com", "FAIL", False),
        ("billing@desk.example", "PASS", False),
        ("x@mail.desk.example", "PASS", False),
        ("help@firm.example", "PASS", False),
        ("ada@firm.example", "PASS", True),
        ("x@otherdesk.example", "PASS", True),
        ("no-reply@shop.example", "PASS", False),
        ("noreply+17@shop.example", "PASS", False),
        ("MAILER-DAEMON@shop.example", "PASS", False),
        ("norepla@shop.example", "PASS", True),
        ("ada@nowhere", "PASS", False),
        (None, "PASS", False),
    ],
)
def test_who_may_be_answered(written: str | None, dmarc: str, answerable: bool) -> None:
    assert sender_of(written, dmarc)[0].answerable is answerable


@pytest.mark.parametrize(
    ("written", "dmarc", "known"),
    [
        ("ada@example.com", "GRAY", True),
        ("ada@example.com", "FAIL", False),
        ("ada@example.com, eve@example.com", "PASS", False),
        ("\r\nSender: ada@example.com", "PASS", False),  # no From at all
        (None, "PASS", False),
    ],
)
def test_whose_address_may_be_compared_with_who_asked(written: str | None, dmarc: str, known: bool) -> None:
    assert sender_of(written, dmarc)[0].may_be_known is known
