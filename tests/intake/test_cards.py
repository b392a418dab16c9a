"""Card numbers that customers send: nowhere but in a restricted copy of the raw mail."""

from __future__ import annotations

import base64
import hashlib
import json
from random import Random
from typing import Any

import boto3
import pytest

from chalicelib.intake.cards import cleaned, holds_cards
from chalicelib.intake.mail.files import File
from chalicelib.intake.service import Outcome
from tests.harness import ENVIRONMENT, HttpDesk
from tests.intake.fakes import Door
from tests.intake.mails import multipart, notification, raw
from tests.intake.test_jobs import deliver, put
from tests.platform.planted import GLUES, TAGS, card, disguised, plain_digits

CARD = "4242424242424242"
BUCKET = ENVIRONMENT["MAIL_BUCKET"]


def attached(content: str | bytes, kind: str = "text/plain", name: str = "file.txt") -> str:
    encoded = base64.encodebytes(content.encode() if isinstance(content, str) else content).decode()
    head = f'Content-Type: {kind}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
    return f'{head}Content-Disposition: attachment; filename="{name}"\r\n\r\n{encoded}'


WORDS = "Content-Type: text/plain\r\n\r\nSee the file"


@pytest.mark.parametrize(
    "content",
    [
        raw(f"My card is {CARD}"),
        raw(subject=f"card {CARD}"),
        raw(from_=f'"{CARD}" <ada@example.com>'),
        raw(base64.encodebytes(CARD.encode()).decode(), content_transfer_encoding="base64"),
        raw("4242=\r\n 4242 42=\r\n42 4242", content_transfer_encoding="quoted-printable"),
        multipart(WORDS, f"Content-Type: text/html\r\n\r\n<p>{CARD}", kind="alternative"),
        multipart("Content-Type: text/html\r\n\r\n4242<b>4242</b><i></i>4242<!-- x -->4242"),
        multipart("Content-Type: text/html\r\n\r\n4242<span style='display:none'>a<b>7</b></span>424242424242"),
        multipart(WORDS, attached(f"name;{CARD};12/29", "application/vnd.ms-excel", "cards.csv")),
        multipart(WORDS, attached(CARD.encode("utf-16"), "text/plain")),
        multipart(WORDS, attached(raw(f"It is {CARD}"), "message/rfc822", "a.eml")),
        multipart(WORDS, attached(b"x", "image/png", f"{CARD}.png")),
    ],
)  # fmt: skip
def test_a_mail_with_a_card_number_leaves_only_a_restricted_copy(door: Door, content: bytes) -> None:
    assert door.deliver(content).restricted
    assert door.bucket.mails == {}
    assert door.bucket.restricted == {"mail/ses-1": content}
    (mail,) = door.cases.received
    assert mail.raw_key == "restricted/mail/ses-1"
    kept = [(key, file.name, file.content) for key, file in door.bucket.kept.items()]
    assert CARD not in plain_digits(repr((mail, kept)))
    assert not any(holds_cards(raw(file.content)) for file in door.bucket.kept.values())


def test_other_mail_stays_where_it_is(door: Door) -> None:
    content = multipart(WORDS, attached("account 1234567897, IBAN GB33 BUKB 2020 1555 5555 55"))
    assert not door.deliver(content).restricted
    assert (door.bucket.mails, door.bucket.restricted) == ({"mail/ses-1": content}, {})


def test_no_digest_that_is_kept_tells_the_hidden_digits(door: Door) -> None:
    content = raw(f"My card is {CARD}")
    door.deliver(content)
    (mail,) = door.cases.received
    assert hashlib.sha256(content.partition(b"\r\n\r\n")[2]).hexdigest() not in repr(mail)


@pytest.mark.parametrize("name", ["Received", "DKIM-Signature", "X-Spam-Summary", "Authentication-Results"])
def test_the_numbers_of_machines_are_no_cards(door: Door, name: str) -> None:
    assert not door.deliver(f"{name}: a=1;\r\n\tb={CARD}; c\r\n".encode() + raw()).restricted


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["x-spam-" + " " * 200_000, "received" * 20_000, "received: \n " * 20_000, "x-spam-a" * 20_000]
)
def test_long_headers_take_linear_time(line: str) -> None:
    assert isinstance(holds_cards(f"{line}\r\n".encode() + raw()), bool)


def test_a_repeat_finds_the_restricted_copy(door: Door) -> None:
    first = door.deliver(raw(f"My card is {CARD}"))
    again = door.intake.receive(json.dumps(notification()))
    assert (first.what, again.what, first.case_id) == ("opened", "repeated", again.case_id)


@pytest.mark.parametrize("verdict", ["spam", "virus"])
def test_card_numbers_in_quarantine_are_restricted_too(door: Door, verdict: str) -> None:
    assert door.deliver(raw(CARD), verdicts={verdict: "FAIL"}) == Outcome("quarantined", restricted=True)
    assert (door.bucket.mails, door.cases.received) == ({}, [])


def test_a_mail_inside_is_kept_as_its_words() -> None:
    kept = cleaned(File("old.eml", "message/rfc822", raw(f"I paid with {CARD} in May")))
    assert (kept.name, kept.content_type) == ("old.eml.txt", "text/plain")
    assert kept.content.decode() == "My bill\n\nI paid with [card ending 4242] in May"


def test_what_cannot_be_read_stays_as_it_is() -> None:
    pdf = File("bill.pdf", "application/pdf", b"%PDF-1.7 \x00 4242424242424242")
    assert cleaned(pdf) == pdf


@pytest.mark.slow
def test_a_thousand_cards_in_subject_text_html_and_files_are_hidden(door: Door) -> None:
    random, planted = Random(7), set()
    for n in range(250):
        four = [card(random) for _ in range(4)]
        planted.update(four)
        subject, plain, rich, file = (disguised(random, number, GLUES + TAGS) for number in four)
        words = f"Content-Type: text/plain; charset=utf-8\r\n\r\nTake {plain} for it."
        page = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Take {rich} for it.</p>"
        about = f"=?utf-8?b?{base64.b64encode(subject.encode()).decode()}?="
        content = multipart(
            words, page, attached(f"card;{file};name"), message_id=f"<m{n}@mail.example>", subject=about
        )
        assert door.deliver(content, key=f"mail/{n}", message_id=f"ses-{n}").restricted
    kept = [file.content.decode() for file in door.bucket.kept.values()]
    spoken = plain_digits(repr([(mail.subject, mail.text) for mail in door.cases.received]) + repr(kept))
    assert [number for number in planted if number in spoken] == []
    assert door.bucket.mails == {}


def _stored() -> tuple[str, str]:
    """All that the table and the bucket hold outside the restricted prefix, older versions too; and inside it."""
    table = json.dumps(boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"])
    s3 = boto3.client("s3")
    objects: dict[bool, list[str]] = {True: [table], False: []}
    for version in s3.list_object_versions(Bucket=BUCKET).get("Versions", []):
        body = s3.get_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
        objects[not version["Key"].startswith("restricted/")] += [version["Key"], body.decode("utf-8", "replace")]
    return "\n".join(objects[True]), "\n".join(objects[False])


def test_planted_cards_are_nowhere_outside_the_restricted_prefix(desk: HttpDesk, capsys: Any) -> None:
    random = Random(5)
    s3 = boto3.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    planted = []
    for n in range(12):
        number = card(random)
        planted.append(number)
        words = disguised(random, number, GLUES + TAGS)
        part = (
            f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>Pay {words} now</p>"
        )
        content = multipart(part, attached(f"card;{disguised(random, number)}"), message_id=f"<m{n}@mail.example>")
        assert deliver(put(content, f"mail/ses-{n}", message_id=f"ses-{n}")) == []
    outside, inside = _stored()
    logged = capsys.readouterr()
    spoken = plain_digits(outside) + plain_digits(logged.out + logged.err)
    assert [number for number in planted if number in spoken] == []
    assert "[card ending " in outside
    assert inside.count("restricted/") == len(planted)
