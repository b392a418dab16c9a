"""The winmail.dat of Outlook: its files are files of the mail, its words are read where there are no others."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart
from tests.intake.mutations import MUTATORS
from tests.intake.test_hostile import assert_fit
from tests.intake.wrapped import (
    CMS,
    HELLO_RTF,
    INNER,
    TEXT,
    TNEF,
    WORDS,
    attached,
    attribute,
    named,
    properties,
    signed,
    streamed,
    whole,
    winmail,
)


def test_the_files_of_a_winmail_are_files_of_the_mail() -> None:
    content = winmail(body="Hello desk", files=[("Rächnung November.pdf", b"%PDF-1.4"), ("a.txt", b"words")])
    mail = multipart(WORDS, attached(content, TNEF, "winmail.dat"))
    assert parse_mail(mail).text == "Hello desk"
    assert named(mail) == [
        ("Rächnung November.pdf", "application/pdf", b"%PDF-1.4"), ("a.txt", "text/plain", b"words"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (winmail(body="Déjà payé"), "Déjà payé"),
        (winmail((0x1F, 0x1000, "Zażółć\0".encode("utf-16-le"))), "Zażółć"),
        (winmail((0x1E, 0x1000, b"caf\xe9\0")), "café"),
        (winmail((0x102, 0x1013, b"<p>caf\xe9</p>"), (3, 0x3FDE, (28591).to_bytes(4, "little"))), "café"),
        (winmail((0x102, 0x1009, HELLO_RTF)), "hello world"),
        (winmail((0x102, 0x1009, b"\0" * 8 + b"MELA" + b"\0" * 4 + rb"{\rtf1\ansi Cze\'9c\par\u-10179?\u-8704?}")),
         "Czeœ\n😀"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [TNEF, "application/vnd.ms-tnef", "application/octet-stream"])
def test_the_words_of_a_winmail_are_read_when_the_mail_has_no_others(content: bytes, words: str, kind: str) -> None:
    assert parse_mail(whole(content, kind)).text == words
    assert parse_mail(multipart(f"{TEXT} \r\n", attached(content, kind, "winmail.dat"))).text == words
    assert parse_mail(multipart(WORDS, attached(content, kind, "winmail.dat"))).text == "Hello desk"


def test_a_message_inside_a_winmail_is_its_words_and_its_files() -> None:
    inner = winmail(body="What I wrote in May", files=[("may.txt", b"May")])
    content = winmail(body="See below", inside=[("Fw: May", inner)])
    assert parse_mail(whole(content, TNEF)).text == "See below"
    assert named(whole(content, TNEF)) == [
        ("Fw_ May.txt", "text/plain", b"Fw: May\n\nWhat I wrote in May"), ("may.txt", "text/plain", b"May"),
    ]  # fmt: skip


def test_the_images_of_a_page_in_a_winmail_have_their_ids() -> None:
    page = b'<p>Look: <img src="cid:scan@mail"></p>'
    image = properties((0x1E, 0x3707, b"scan.png\0"), (0x1E, 0x3712, b"scan@mail\0"), (0x102, 0x3701, b"\x89PNG"))
    content = winmail((0x102, 0x1013, page)) + attribute(2, 0x00069002, b"\1\0") + attribute(2, 0x00069005, image)
    mail = parse_mail(whole(content, TNEF))
    assert [part.content for part in mail.rich] == [page]
    assert [(file.name, file.content_id) for file in mail.attachments] == [("scan.png", "scan@mail")]


def _damaged(content: bytes, count: int) -> Iterator[bytes]:
    draw = Random(len(content))
    for _ in range(count):
        yield content[:4] + draw.choice(MUTATORS[:4])(draw, content[4:])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (winmail((0x102, 0x1009, HELLO_RTF), body="a", files=[("b.txt", b"b" * 90)], inside=[("c", winmail(body="d"))]),
         TNEF),
        (signed(INNER.encode()), CMS), (streamed(INNER.encode()), CMS),
    ],
)  # fmt: skip
def test_damage_inside_a_wrap_costs_no_mail(content: bytes, kind: str) -> None:
    for damaged in _damaged(content, 300):
        assert_fit(parse_mail(whole(damaged, kind)))


def test_messages_inside_messages_end() -> None:
    content = winmail(body="innermost")
    for _ in range(40):
        content = winmail(inside=[("next", content)])
    assert len(parse_mail(whole(content, TNEF)).attachments) <= 3


@pytest.mark.parametrize("damage", [b"", b"\x78\x9f\x3e\x22", b"garbage" * 9, winmail()])
def test_a_winmail_that_cannot_be_opened_stays_a_file(damage: bytes) -> None:
    mail = multipart(WORDS, attached(damage, TNEF, "winmail.dat"))
    assert named(mail) == [("winmail.dat", TNEF, damage)]
