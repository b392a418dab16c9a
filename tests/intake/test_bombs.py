"""Mails made to cost time or memory out of all proportion to their size."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from chalicelib.intake.display import sanitised
from chalicelib.intake.mail.smime import opened
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart, raw
from tests.intake.wrapped import COMPRESSED_OID, SIGNED_OID, attached, attribute, der, signed, winmail

SECONDS = 2.0


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("host", ["\ufdfa" * 600, "\u00e9." * 126, "\u00e9" * 250])
def test_hosts_in_other_letters(host: str) -> None:
    link = f'<a href="http://{host}x/">x</a>'
    assert seconds(lambda: sanitised(link * (400_000 // len(link)), {})) < SECONDS


@pytest.mark.parametrize("around", ["x " * 25_000, " " * 50_000, "@media " + "x " * 25_000])
def test_rules_within_a_long_condition(around: str) -> None:
    page = "<style>" + around + "{" + "a{}" * 16_000 + "}</style>hello"
    assert seconds(lambda: parse_mail(raw(page, content_type="text/html"))) < SECONDS


def peak(mail: bytes) -> int:
    """Bytes that reading a mail takes beyond the mail itself."""
    tracemalloc.start()
    try:
        parse_mail(mail)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_pieces_of_messages_within_each_other_are_not_copied_each_time() -> None:
    mail = b"Content-Type: message/partial\n\n" * 60 + b"x y\n" * 2_000_000
    assert peak(mail) < 10 * len(mail)


@pytest.mark.parametrize(
    "kind", ["Content-Type: application/pkcs7-mime\n\nMI\n", "Content-Transfer-Encoding: uuencode\n\nbegin 644 a\n"]
)
def test_millions_of_short_lines(kind: str) -> None:
    mail = kind.encode() + b"ab\n" * 40_000
    assert peak(mail) < 8 * len(mail)


@pytest.mark.parametrize(
    ("encoding", "unit"),
    [("base64", "QQ==\n"), ("base64", "QUJDREVGRw=="), ("base64", "="), ("quoted-printable", "= \n")],
)
def test_damage_in_millions_of_places(encoding: str, unit: str) -> None:
    mail = f"Content-Transfer-Encoding: {encoding}\n\nQUJD{unit * (9_000_000 // len(unit))}QQ==".encode()
    assert seconds(lambda: parse_mail(mail)) < SECONDS


def test_what_was_compressed_grows_to_no_multiple_that_mail_has_not() -> None:
    inner = b"Content-Type: application/zip; name=a.zip\n\n" + bytes(19_000_000)
    envelope = signed(zlib.compress(inner, 9), COMPRESSED_OID)
    assert opened(envelope, iter(range(99))) is None


@pytest.mark.parametrize("rich", ["{}" * 190_000, "\\'e9" * 95_000], ids=["groups", "escapes"])
def test_rich_text_in_many_parts(rich: str) -> None:
    compressed = b"\0" * 8 + b"MELA" + b"\0" * 4 + b"{\\rtf1 " + rich.encode()
    mail = multipart(*[attached(winmail((0x102, 0x1009, compressed)), "application/ms-tnef")] * 12)
    assert seconds(lambda: parse_mail(mail)) < SECONDS


@pytest.mark.parametrize("kind", ["mixed", "alternative"])
@pytest.mark.parametrize("declared", ["text/html", "text/html; name=a.html", "text/rtf"])
def test_many_long_texts(kind: str, declared: str) -> None:
    long = "{\\rtf1 " + "{}" * 190_000 if declared == "text/rtf" else "<p>a <b>c</b></p>" * 24_000
    mail = multipart(*[f"Content-Type: {declared}\r\n\r\n{long}"] * 14, kind=kind)
    assert seconds(lambda: parse_mail(mail)) < SECONDS


@pytest.mark.parametrize("structure", ["elements", "pieces", "properties", "attributes"])
def test_binary_structures_of_nothing_but_beginnings_in_many_parts(structure: str) -> None:
    cms = "application/pkcs7-mime"
    octets = der(0x30, b"\6\0" + der(0xA0, b"\x24\x80" + b"\4\1a" * 60_000))
    start, counted = winmail(), b"\xff\xff\xff\x7f\x1e\x10\0\x10" + b"\xff" * 4
    part = {
        "elements": attached(der(0x30, SIGNED_OID, der(0xA0, der(0x30, b"\2\1\1", b"\x30\x80" * 9_000))), cms),
        "pieces": attached(der(0x30, SIGNED_OID, der(0xA0, der(0x30, b"\2\1\1", b"1\0", octets))), cms),
        "properties": attached(start + attribute(1, 0x00069003, counted) * 2_000, "application/ms-tnef"),
        "attributes": attached(start + attribute(2, 0x00069002, b"") * 9_000, "application/ms-tnef"),
    }[structure]
    mail = multipart(*[part] * min(450, 9_000_000 // len(part)))
    assert seconds(lambda: parse_mail(mail)) < SECONDS
