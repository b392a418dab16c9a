"""Words and files in odd places: in a text, in pieces, elsewhere, in two forks; and card numbers in none of it."""

from __future__ import annotations

import pytest

from chalicelib.intake.cards import cleaned, holds_cards
from chalicelib.intake.mail.files import File
from chalicelib.intake.parse import parse_mail
from tests.intake.fakes import Door
from tests.intake.mails import multipart, raw
from tests.intake.wrapped import (
    CMS,
    INNER,
    TEXT,
    TNEF,
    WORDS,
    attached,
    named,
    signed,
    streamed,
    uuencoded,
    whole,
    winmail,
)

CARD = "4242424242424242"


def test_a_file_in_the_text_is_a_file_and_the_words_around_it_stay() -> None:
    mail = raw(f"See:\n\n{uuencoded(b'1;2' * 40)}\nThanks\n")
    assert parse_mail(mail).text.split() == ["See:", "Thanks"]
    assert named(mail) == [("calls.csv", "text/csv", b"1;2" * 40)]


@pytest.mark.parametrize("text", ["begin 644 now\nand tell me", "begin 644 x\nend", "We begin 644 x\n#86)C\n`\nend"])
def test_words_that_look_like_the_start_of_a_file_stay(text: str) -> None:
    mail = parse_mail(raw(text))
    assert (mail.text, mail.attachments) == (text, ())


def test_flowed_text_is_put_together() -> None:
    text = "Why is my bill \nso high?\n\n> Dear Ada, \n> thank you.\n>> older\nRegards,\n-- \nAda \nLovelace"
    mail = parse_mail(raw(text, content_type="text/plain; charset=utf-8; format=Flowed"))
    assert mail.body_text.split("\n") == [
        "Why is my bill so high?", "", "> Dear Ada, thank you.", ">> older", "Regards,", "-- ", "Ada Lovelace",
    ]  # fmt: skip
    assert (
        parse_mail(raw("請求 \n書", content_type="text/plain; charset=utf-8; format=flowed; delsp=yes")).text
        == "請求書"
    )


def test_a_headline_that_was_wrapped_is_found_in_flowed_text() -> None:
    text = (
        "Please call me.\n\nOn Fri, 20 Nov 2026 at 10:00, Northwind \nBilling <b@desk.example> \nwrote:\n> Dear Ada\n"
    )
    assert parse_mail(raw(text, content_type="text/plain; format=flowed")).text == "Please call me."


def test_a_text_with_a_name_is_the_words_only_where_there_are_no_others() -> None:
    note = 'Content-Type: text/plain; name="note.txt"\r\nContent-Disposition: inline; filename="note.txt"\r\n\r\nA note'
    assert parse_mail(multipart(note)).text == "A note"
    assert parse_mail(multipart(WORDS, note)).text == "Hello desk"
    assert [file.name for file in parse_mail(multipart(WORDS, note)).attachments] == ["note.txt"]
    assert parse_mail(multipart(note.replace("inline", "attachment"))).text == ""


def test_words_in_a_multipart_that_is_called_an_attachment_are_read() -> None:
    inner = f"--in\r\n{WORDS}\r\n--in--"
    part = f"Content-Type: multipart/mixed; boundary=in\r\nContent-Disposition: attachment\r\n\r\n{inner}"
    assert parse_mail(multipart(part)).text == "Hello desk"


def test_of_a_mail_in_pieces_each_piece_is_read() -> None:
    first = raw(f"Subject: inner\r\n{WORDS}", content_type="message/partial; id=a; number=1; total=2")
    assert parse_mail(first).text == "Hello desk"
    assert parse_mail(raw("Re: is no field here", content_type="message/partial; id=a; number=2")).text != ""


def test_what_lies_elsewhere_is_named_and_not_fetched() -> None:
    part = (
        "Content-Type: message/external-body; access-type=URL; URL=https://files.example/a.pdf; name=a.pdf\r\n\r\n"
        "Content-Type: application/pdf\r\n\r\n"
    )
    mail = parse_mail(multipart(WORDS, part))
    assert mail.text == "Hello desk\n[The mail refers to a file that it does not hold: a.pdf]"
    assert mail.attachments == ()


def test_of_a_file_in_two_forks_the_one_that_others_can_use_is_kept() -> None:
    forks = (
        attached(b"\x00\x05\x16\x07", "application/applefile", "a.pdf"),
        attached(b"%PDF", "application/pdf", "a.pdf"),
    )
    inner = "".join(f"--in\r\n{fork}\r\n" for fork in forks)
    part = f"Content-Type: multipart/appledouble; boundary=in\r\n\r\n{inner}--in--"
    assert named(multipart(WORDS, part)) == [("a.pdf", "application/pdf", b"%PDF")]


def test_a_file_in_one_piece_is_taken_out_of_its_box() -> None:
    places = [(3, 50, 5), (1, 55, 4)]
    box = b"\x00\x05\x16\x00\x00\x02\x00\x00" + b"\0" * 16 + (2).to_bytes(2, "big")
    box += b"".join(number.to_bytes(4, "big") for place in places for number in place) + b"a.pdf%PDF"
    assert named(multipart(WORDS, attached(box, "application/applefile"))) == [("a.pdf", "application/pdf", b"%PDF")]


@pytest.mark.parametrize(
    "content",
    [
        whole(winmail(body=f"My card is {CARD}"), TNEF),
        multipart(WORDS, attached(winmail(body=f"My card is {CARD}"), TNEF, "winmail.dat")),
        multipart(WORDS, attached(winmail(files=[("a.csv", f"a;{CARD}".encode())]), TNEF, "winmail.dat")),
        multipart(WORDS, attached(winmail(inside=[("a", winmail(body=CARD))]), TNEF, "winmail.dat")),
        whole(winmail((0x102, 0x1009, b"\0" * 8 + b"MELA\0\0\0\0" + rb"{\rtf1 4242{\b 4242}\b0 4242 4242}")), TNEF),
        whole(signed(INNER.format(CARD).encode()), CMS),
        whole(streamed(f"{TEXT}{CARD}".encode()), CMS),
        raw(f"See:\n{uuencoded(f'a;{CARD}'.encode())}"),
        raw("4242 4242 \n4242 4242", content_type="text/plain; format=flowed"),
        multipart(WORDS, attached(whole(signed(f"{TEXT}{CARD}".encode()), CMS), "message/rfc822", "a.eml")),
    ],
)  # fmt: skip
def test_card_numbers_hide_in_none_of_it(door: Door, content: bytes) -> None:
    assert holds_cards(content)
    assert door.deliver(content).restricted
    kept = [(file.name, file.content) for file in door.bucket.kept.values()]
    assert CARD not in repr((door.cases.received, kept)).replace(" ", "")


def test_what_wraps_a_large_file_is_no_text_to_be_searched() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(400_000)
    assert not holds_cards(multipart(WORDS, attached(winmail(files=[("a.png", picture)]), TNEF, "winmail.dat")))
    assert not holds_cards(whole(signed(attached(picture, "image/png", "a.png").encode()), CMS))


def test_of_a_mail_inside_that_hides_a_number_only_the_words_are_kept() -> None:
    kept = cleaned(File("a.eml", "message/rfc822", whole(signed(f"{TEXT}My card is {CARD}".encode()), CMS)))
    assert kept.content.decode() == "My bill\n\nMy card is [card ending 4242]"
