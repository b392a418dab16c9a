"""MIME trees, well-formed and not: the customer's text survives, files are files, names are safe."""

from __future__ import annotations

import base64
from dataclasses import asdict, replace

import pytest

from chalicelib.intake.mail.files import MAX_NAME, File, safe_name
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart, raw

TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nHello desk"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <b>desk</b></p>"
PDF = (
    'Content-Type: application/pdf; name="bill.pdf"\r\nContent-Disposition: attachment; filename="bill.pdf"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"%PDF-1.4 tiny").decode()
)


def test_text_and_file() -> None:
    mail = parse_mail(multipart(TEXT, PDF))
    assert mail.text == "Hello desk"
    assert [(f.name, f.content_type, f.size, f.content) for f in mail.attachments] == [
        ("bill.pdf", "application/pdf", 13, b"%PDF-1.4 tiny")
    ]


def test_a_file_is_decoded_when_it_is_read_and_is_a_value_like_any_other() -> None:
    file, again = (parse_mail(multipart(TEXT, PDF)).attachments[0] for _ in range(2))
    assert file.content is file.content
    value = {"name": "bill.pdf", "content_type": "application/pdf", "content": b"%PDF-1.4 tiny"}
    assert asdict(file) == value | {"charset": "", "content_id": ""}
    assert file == again
    assert replace(file, name="b.pdf") == File("b.pdf", "application/pdf", b"%PDF-1.4 tiny")


def test_of_alternatives_the_plain_one_is_read_and_html_when_it_is_alone() -> None:
    assert parse_mail(multipart(TEXT, HTML, kind="alternative")).body_text == "Hello desk"
    assert (
        parse_mail(multipart("Content-Type: text/plain\r\n\r\n ", HTML, kind="alternative")).body_text == "Hello desk"
    )
    assert parse_mail(multipart(HTML)).body_text == "Hello desk"
    assert parse_mail(multipart(HTML, TEXT.replace("desk", "you"), kind="alternative")).body_text == "Hello you"


def test_two_texts_around_a_file_are_one_text() -> None:
    assert parse_mail(multipart(TEXT, PDF, TEXT.replace("Hello", "Dear"))).text == "Hello desk\nDear desk"


def test_a_text_that_comes_twice_is_said_once() -> None:
    assert parse_mail(multipart(TEXT, HTML)).text == "Hello desk"
    assert parse_mail(multipart(TEXT, PDF, TEXT.replace("Hello", "Dear"), TEXT)).text == "Hello desk\nDear desk"


def test_the_header_is_read_whatever_the_charset_of_the_body() -> None:
    body = base64.encodebytes("Hello €".encode("utf-16")).decode()
    mail = parse_mail(raw(body, content_type="text/plain; charset=utf-16", content_transfer_encoding="base64"))
    assert (mail.from_addr, mail.subject, mail.text) == ("ada@example.com", "My bill", "Hello €")


def test_words_in_deep_nesting_are_read() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(50))
    assert parse_mail(f"Subject: deep\r\n{deep}{TEXT}".encode()).text == "Hello desk"


def test_a_mail_inside_the_mail_is_a_file() -> None:
    inner = "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nnot the customer's words"
    mail = parse_mail(multipart(TEXT, inner))
    assert mail.text == "Hello desk"
    assert [f.name for f in mail.attachments] == ["attachment-1.eml"]


@pytest.mark.parametrize(
    "broken",
    [
        raw("--is\r\nContent-Type: text/plain\r\n\r\nHello desk\r\n--is--", content_type="multipart/x; boundary=said"),
        raw("Hello desk", content_type="multipart/mixed; boundary=said"),
        raw("Hello desk", content_type="multipart/mixed"),
        raw("--b\r\n\r\nHello desk", content_type="multipart/mixed; boundary=b"),
        b"\r\n\r\n" + raw("Hello desk"),
        b"\xef\xbb\xbf" + raw("Hello desk"),
        b"From ada@example.com Fri Nov 20 10:00:00 2026\r\n" + raw("Hello desk"),
        raw("Hello desk").replace(b"To:", b"this line is no field\r\nTo:"),
        raw("Hello desk").replace(b"\r\n", b"\n"),
        raw("Hello desk", content_type="nonsense"),
        raw("Hello desk", content_type="text/plain; charset=no-such-thing"),
        raw("Hello desk", content_transfer_encoding="no-such-thing"),
        raw("SGVsbG8gZGVzaw", content_transfer_encoding="base64"),  # without its padding
        raw("SGVs!!bG8g\r\nZGV zaw==", content_transfer_encoding="BASE64"),
        raw("begin 644 x\r\n*2&5L;&\\@9&5S:P\r\n`\r\nend\r\n", content_transfer_encoding="x-uuencode"),
        b"Hello desk",
    ],
)  # fmt: skip
def test_broken_mime_keeps_the_text(broken: bytes) -> None:
    assert parse_mail(broken).text == "Hello desk"


def test_nesting_beyond_reason_ends() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000))
    assert parse_mail(b"Subject: deep\r\n" + deep).subject == "deep"


def test_many_parts_end() -> None:
    mail = parse_mail(multipart(*["Content-Type: image/png\r\n\r\nx"] * 3_000))
    assert len(mail.attachments) == 500


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("bill.pdf", "bill.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\bill.pdf", "bill.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("..", "attachment-3.pdf"),
        ("", "attachment-3.pdf"),
        ("a  b?.pdf", "a b_.pdf"),
        ("Ráiteas Samhain.pdf", "Ráiteas Samhain.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("nul .txt", "_nul.txt"),
        ("Lpt9.tar.gz", "_Lpt9.tar.gz"),
        ("COM\u00b9.pdf", "_COM\u00b9.pdf"),
        ("conin$", "_conin$"),
        ("contract.pdf", "contract.pdf"),
        ("com.pdf", "com.pdf"),
        ("prn\u200b.txt", "_prn.txt"),
    ],
)
def test_names_are_safe(given: str, safe: str) -> None:
    assert safe_name(given, 3, "application/pdf") == safe


def test_long_names_keep_their_ending() -> None:
    name = safe_name("ü" * 5_000 + ".pdf", 1, "application/pdf")
    assert name.endswith("ü.pdf")
    assert len(name.encode()) <= MAX_NAME


def test_a_line_break_hidden_in_a_file_name_is_gone() -> None:
    part = (
        "Content-Type: image/png\r\nContent-Disposition: attachment; filename*=utf-8''a%0D%0AX-Evil%3A%201.png\r\n\r\nx"
    )
    assert [f.name for f in parse_mail(multipart(part)).attachments] == ["a X-Evil_ 1.png"]


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("quoted-printable", "Please call =  \r\nme."),
        ("base64", "UGxlYXNlIGNhbGw=\r\nIG1lLg=="),
    ],
)
def test_encodings_that_relays_and_programs_damage_in_known_ways(encoding: str, content: str) -> None:
    assert parse_mail(raw(content, content_transfer_encoding=encoding)).text == "Please call me."


def test_a_delimiter_ends_the_header_that_no_blank_line_ended() -> None:
    head = b'From: ada@example.com\r\nContent-Type: multipart/mixed; boundary="frontier"\r\n'
    part = b"--frontier\r\nContent-Type: text/plain\r\n\r\nPlease call me.\r\n--frontier--\r\n"
    assert parse_mail(head + part).text == "Please call me."


def test_a_page_states_its_own_charset() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body>ľščť</body></html>'.encode("iso-8859-2")
    assert parse_mail(raw(page, content_type="text/html")).text == "ľščť"


def test_a_mail_that_is_one_nameless_attachment_is_read() -> None:
    assert parse_mail(raw("Please call me.", content_disposition="attachment")).text == "Please call me."


@pytest.mark.parametrize(
    "said", ['filename="a b.pdf"', 'attachment filename="a b.pdf"', "attachment; filename='a b.pdf'"]
)
def test_names_of_files_in_damaged_fields(said: str) -> None:
    part = f"Content-Type: application/pdf\r\nContent-Disposition: {said}\r\n\r\n%PDF-"
    (file,) = parse_mail(multipart("Content-Type: text/plain\r\n\r\nHello.", part)).attachments
    assert file.name == "a b.pdf"
