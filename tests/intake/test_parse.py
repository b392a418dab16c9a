"""A whole mail: the fields, the rows of bad input, and bytes of any kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw


def test_the_fields_of_a_plain_answer() -> None:
    mail = parse_mail(
        raw(
            "Yes, please.\n\nOn 2 Nov 2026 Northwind wrote:\n> Shall we?\n",
            in_reply_to="<two@desk.example>", references="<one@desk.example> <two@desk.example>",
            reply_to="Ada <ada@home.example>", cc="Bob <bob@example.com>",
        )
    )  # fmt: skip
    assert (mail.subject, mail.from_name, mail.from_addr, mail.senders) == (
        "My bill", "Ada Lovelace", "ada@example.com", 1,
    )  # fmt: skip
    assert (mail.to, mail.reply_to) == (("billing@desk.example", "bob@example.com"), "ada@home.example")
    assert mail.date == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (mail.message_id, mail.in_reply_to) == ("one@mail.example", "two@desk.example")
    assert mail.references == ("one@desk.example", "two@desk.example")
    assert mail.text == "Yes, please."
    assert mail.body_text.endswith("> Shall we?")
    assert (mail.is_auto, mail.is_bounce, mail.attachments) == (False, False, ())


def test_without_sender() -> None:
    mail = parse_mail(raw(from_=None))
    assert (mail.from_addr, mail.from_name, mail.senders, mail.text) == (None, "", 0, "Why is it so high?")


def test_two_senders_are_counted() -> None:
    mail = parse_mail(raw(from_="ada@example.com, bob@example.com"))
    assert (mail.from_addr, mail.senders) == ("ada@example.com", 2)


def test_without_date_or_with_a_wrong_one() -> None:
    assert parse_mail(raw(date=None)).date is None
    assert parse_mail(raw(date="some day")).date is None


def test_without_body() -> None:
    assert (parse_mail(raw("")).text, parse_mail(raw("")).subject) == ("", "My bill")


def test_empty() -> None:
    mail = parse_mail(b"")
    assert (mail.subject, mail.text, mail.from_addr, mail.message_id, mail.attachments) == ("", "", None, None, ())


def test_no_header_brings_a_line_break() -> None:
    mail = parse_mail(
        raw(
            subject="=?utf-8?Q?a=0D=0ABcc:_x@y?=", from_="=?utf-8?Q?Ada=0D=0ABcc:_x@y?= <ada@example.com>",
            message_id="<a\x0bb@x>",
        )
    )  # fmt: skip
    assert (mail.subject, mail.from_name, mail.message_id) == ("a Bcc: x@y", "Ada Bcc: x@y", None)


def test_the_digest_is_of_what_relays_do_not_change() -> None:
    assert parse_mail(raw(received="by a")).digest == parse_mail(raw(received="by b")).digest
    assert parse_mail(raw()).digest != parse_mail(raw("Other words\n")).digest


_PIECES = st.sampled_from(
    [
        b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: text/html\r\n", b"Content-Type: text/plain; charset=utf-7\r\n",
        b"Content-Type: message/delivery-status\r\n", b"--b\r\n", b"--b--",
        b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"\r\n\r\n", b"\n", b"=?utf-8?q?=0d=0a?=", b"=?gb2312?b?/", b"<", b">", b'"', b"@", b"&#x110000;",
        b"&#99999999999999999999;", b"<div style=", b"> ", b"On 2 Nov 2026 x wrote:\n", b"filename*0*=utf-8'",
        b"\xff\xfe", b"\x1b$B", b"=", b"\x00", b"-- \n",
    ]
)  # fmt: skip


@given(st.lists(_PIECES | st.binary(max_size=20), max_size=40).map(b"".join))
def test_any_bytes_are_read(data: bytes) -> None:
    mail = parse_mail(data)
    lines = (mail.subject, mail.from_name, mail.from_addr or "", mail.message_id or "", *mail.references, *mail.to)
    assert not any(char in line for line in lines for char in "\r\n\x00")
    assert mail.text.encode().decode() == mail.text
    assert all(0 < len(file.name.encode()) <= 255 for file in mail.attachments)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("plain", "> "), ("plain", "On 3 May 2026 a@b wrote\n"), ("plain", "From: a\n"), ("plain", " "),
        ("plain", ":\n"),
        ("plain", "disclaimer\n"), ("plain", "<"), ("html", "<div>"), ("html", "<blockquote>"), ("html", "<!--"),
        ("html", "<a ='"), ("html", "&#9"), ("html", "<b><p>"),
    ],
)  # fmt: skip
def test_crafted_bodies_end(kind: str, unit: str) -> None:
    mail = parse_mail(raw(unit * (1_500_000 // len(unit)), content_type=f"text/{kind}"))
    assert mail.subject == "My bill"


def test_a_writer_without_an_address_has_a_name() -> None:
    mail = parse_mail(raw(from_="MAILER-DAEMON (Mail System)"))
    assert (mail.from_name, mail.from_addr, mail.senders) == ("MAILER-DAEMON (Mail System)", None, 0)


def test_references_without_brackets_are_told_apart() -> None:
    assert parse_mail(raw(references="one@mail.example two@mail.example")).references == (
        "one@mail.example", "two@mail.example",
    )  # fmt: skip
