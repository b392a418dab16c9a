"""Types and encodings that are named wrongly: the words come out all the same."""

from __future__ import annotations

import base64

import pytest

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart, raw
from tests.intake.test_structure import HTML, PDF, TEXT


@pytest.mark.parametrize(
    "kind",
    [
        '"text/plain"; charset=utf-8', "text/plain charset=utf-8", "text / plain", "text/plain,charset=utf-8", "text/",
        "plain/text", "/plain", "text/plain: charset=utf-8", "text/plain (comment); charset=utf-8", "Type: text/plain",
        "text/markdown", "text/x-unknown; charset=utf-8", "text/html charset=utf-8", "application/text",
        "application/octet-stream", "=?utf-8?q?text/plain?=", "'text/plain'", "html", "text/plain; name=", "no type",
    ],
)  # fmt: skip
def test_a_damaged_type_loses_no_words(kind: str) -> None:
    assert parse_mail(raw("Hellö desk", content_type=kind)).text == "Hellö desk"
    assert parse_mail(multipart(f"Content-Type: {kind}\r\n\r\nHellö desk", PDF)).text == "Hellö desk"


BASE64 = base64.encodebytes("Why is it so high, Åsa?".encode()).decode()


@pytest.mark.parametrize(
    ("body", "encoding", "text"),
    [
        (f"{BASE64}\r\n______________\r\nBilling list\r\n", "base64", "Why is it so high, Åsa?"),
        (f"\r\n{BASE64}\n-- \nScanned, all clear", "base64", "Why is it so high, Åsa?"),
        ("Hello desk, why is it so high?", "base64", "Hello desk, why is it so high?"),
        ("Hello desk", "base64", "Hello desk"),
        ("Hello,\n\nwhy?", "base64", "Hello,\n\nwhy?"),
        ("Dear\n\nWhy is it?", "base64", "Dear\n\nWhy is it?"),
        ("请问我的账单为什么这么高", "base64", "请问我的账单为什么这么高"),
        (BASE64, '"base64"', "Why is it so high, Åsa?"),
        (BASE64, "Base 64 (MIME)", "Why is it so high, Åsa?"),
        ("Gr=C3=BC=C3=9Fe", "quoted/printable", "Grüße"),
        ("Gr=C3=BC=C3=9Fe", "Quoted_Printable", "Grüße"),
    ],
)
def test_damaged_encodings_lose_no_words(body: str, encoding: str, text: str) -> None:
    assert parse_mail(raw(body, content_transfer_encoding=encoding)).text == text


def test_a_multipart_that_is_encoded_as_a_whole_is_read() -> None:
    inner = base64.encodebytes(multipart(TEXT, PDF).partition(b"\r\n\r\n")[2])
    kind = "multipart/mixed; boundary=frontier"
    mail = parse_mail(raw(inner, content_type=kind, content_transfer_encoding="base64"))
    assert (mail.text, [file.name for file in mail.attachments]) == ("Hello desk", ["bill.pdf"])


def test_words_beside_the_parts_are_read_when_no_part_has_any() -> None:
    kind = "multipart/mixed; boundary=frontier"
    part = f"--frontier\r\n{PDF}\r\n--frontier--\r\n"
    assert parse_mail(raw(f"Hello desk\r\n{part}", content_type=kind)).text == "Hello desk"
    assert parse_mail(raw(f"{part}Hello desk\r\n", content_type=kind)).text == "Hello desk"
    notice = "This is a multi-part message in MIME format.\r\n"
    assert parse_mail(raw(f"{notice}{part}", content_type=kind)).text == ""


def test_lines_that_end_as_on_an_old_macintosh_are_lines() -> None:
    mail = parse_mail(raw("Hello\r\ndesk").replace(b"\r\n", b"\r"))
    assert (mail.subject, mail.text) == ("My bill", "Hello\ndesk")


def test_advice_to_look_at_the_html_is_not_what_the_customer_said() -> None:
    stub = "Content-Type: text/plain\r\n\r\nYour mail program does not support HTML messages"
    assert parse_mail(multipart(stub, HTML, kind="alternative")).text == "Hello desk"
    assert parse_mail(multipart(stub, kind="alternative")).text == "Your mail program does not support HTML messages"


def test_rich_text_is_read_where_there_is_no_other() -> None:
    rich = "Content-Type: application/rtf\r\n\r\n{\\rtf1\\ansi Hello {\\b desk}\\par}"
    assert parse_mail(multipart("Content-Type: text/plain\r\n\r\n ", rich, kind="alternative")).text == "Hello desk"
    assert parse_mail(multipart(TEXT.replace("desk", "you"), rich)).text == "Hello you"


def test_html_that_is_called_plain_is_read_as_html() -> None:
    page = "<!DOCTYPE html>\n<html><head><style>p{}</style></head><body><p>Hello <b>desk</b></p></body></html>"
    assert parse_mail(raw(page)).text == "Hello desk"
    assert parse_mail(raw(f"\r\n {page[15:]}", content_type=None)).text == "Hello desk"
    assert parse_mail(raw("<html> is what my bill says")).text == "<html> is what my bill says"


def test_what_only_programs_read_in_an_alternative_is_no_file() -> None:
    amp = "Content-Type: text/x-amp-html\r\n\r\n<!doctype html><html amp4email>Not for us</html>"
    mail = parse_mail(multipart(TEXT, amp, HTML, kind="alternative"))
    assert (mail.text, mail.attachments) == ("Hello desk", ())
