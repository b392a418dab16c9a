"""What is signed is read, what is encrypted says so, what cannot be opened stays a file."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest

from chalicelib.intake.mail.unpacking import ENCRYPTED
from chalicelib.intake.parse import parse_mail
from tests.intake.fakes import Door
from tests.intake.mails import multipart, raw
from tests.intake.wrapped import (
    CMS,
    COMPRESSED_OID,
    ENVELOPED_OID,
    INNER,
    TEXT,
    WORDS,
    attached,
    named,
    signed,
    streamed,
    whole,
)

HIGH = "Why is it so high?"


@pytest.mark.parametrize(
    "wrap", [signed, streamed, lambda inner: streamed(inner, 1), lambda inner: base64.encodebytes(signed(inner))]
)
@pytest.mark.parametrize("kind", [CMS, "application/x-pkcs7-mime; smime-type=signed-data"])
def test_a_signed_mail_is_read_as_if_it_were_not_signed(wrap: Any, kind: str) -> None:
    mail = whole(wrap(INNER.format("a;b").encode()), kind)
    assert parse_mail(mail).text == HIGH
    assert named(mail) == [("calls.csv", "text/csv", b"a;b")]


def test_a_compressed_mail_is_read() -> None:
    assert parse_mail(whole(signed(zlib.compress(f"{TEXT}{HIGH}".encode()), COMPRESSED_OID), CMS)).text == HIGH


def test_what_was_signed_twice_is_opened_twice_and_not_forever() -> None:
    entity = f"{TEXT}{HIGH}".encode()
    for _ in range(2):
        entity = whole(signed(entity), CMS)
    assert parse_mail(entity).text == HIGH
    for _ in range(80):
        entity = raw(signed(entity), content_type=CMS)
    assert len(parse_mail(entity).attachments) == 1


def test_what_grows_without_end_when_it_is_inflated_stays_a_file() -> None:
    entity = f"{TEXT}{HIGH}".encode()
    for _ in range(5):
        padded = b"Content-Type: application/pkcs7-mime\r\n\r\n" + entity + bytes(15_000_000)
        entity = signed(zlib.compress(padded, 1), COMPRESSED_OID)
    mail = parse_mail(raw(entity, content_type=CMS))
    assert (mail.text, [file.content_type for file in mail.attachments]) == ("", ["application/pkcs7-mime"])


def test_a_signed_document_is_a_file() -> None:
    mail = multipart(WORDS, attached(signed(b"%PDF-1.4 signed"), "application/octet-stream", "contratto.pdf.p7m"))
    assert (parse_mail(mail).text, named(mail)) == (
        "Hello desk", [("contratto.pdf", "application/pdf", b"%PDF-1.4 signed")],
    )  # fmt: skip


def test_what_is_encrypted_says_so_and_opens_a_case(door: Door) -> None:
    content = signed(b"", ENVELOPED_OID)
    assert door.deliver(whole(content, CMS)).what == "opened"
    assert door.cases.received[0].text == ENCRYPTED
    assert named(whole(content, CMS)) == [("smime.p7m", "application/pkcs7-mime", content)]


def test_what_is_encrypted_within_the_text_says_so_and_the_words_around_it_stay() -> None:
    armour = "-----BEGIN PGP MESSAGE-----\n\nabcd\n=abc\n-----END PGP MESSAGE-----"
    assert parse_mail(raw(f"Hi\n{armour}\nBye")).text == f"Hi\n{ENCRYPTED}\nBye"
    assert parse_mail(raw("-----BEGIN PGP MESSAGE-----\nwords")).text == "-----BEGIN PGP MESSAGE-----\nwords"


def test_openpgp_that_is_encrypted_says_so() -> None:
    parts = ("Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", attached(b"...", "application/octet-stream"))
    assert parse_mail(multipart(*parts, kind="encrypted")).text == ENCRYPTED


@pytest.mark.parametrize("damage", [signed(None), b"", b"0\x80", b"0\x84\xff\xff\xff\xff", signed(b"x")[:20], b"MIAG"])
def test_an_envelope_that_cannot_be_opened_stays_a_file(damage: bytes) -> None:
    assert named(multipart(WORDS, attached(damage, "application/pkcs7-mime", "smime.p7m"))) == [
        ("smime.p7m", "application/pkcs7-mime", damage)
    ]


def test_signatures_and_keys_of_encryption_are_not_kept_as_files(door: Door) -> None:
    pgp = "Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----"
    parts = (WORDS, attached(signed(None), "application/pkcs7-signature", "smime.p7s"), pgp)
    door.deliver(multipart(*parts, attached(b"x", "application/pdf", "bill.pdf"), kind="signed"))
    assert [file.name for file in door.bucket.kept.values()] == ["bill.pdf"]
    assert door.cases.received[0].text == "Hello desk"
