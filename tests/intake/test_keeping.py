"""The HTML and the inline images of a mail through the door: stored once, before the case, images in their place."""

from __future__ import annotations

import pytest

from tests.intake.fakes import Door
from tests.intake.mails import multipart, raw

PNG = "\x89PNG\r\n\x1a\nscan"
WORDS = "Content-Type: text/plain\r\n\r\nSee the meter"
HTML = 'Content-Type: text/html\r\n\r\n<p>See <img src="cid:Meter@x" alt="meter"> and <img src="cid:logo@x">.</p>'
METER = f"Content-Type: image/png; name=meter.png\r\nContent-ID: <meter@X>\r\n\r\n{PNG}"
PAGE = "Content-Type: image/png; name=page.png\r\nContent-ID: <logo@x>\r\n\r\n<script>steal()</script>"


@pytest.fixture
def door() -> Door:
    return Door()


def rich(*parts: str) -> bytes:
    return multipart(WORDS, HTML, *parts, kind="related").replace(b"\xc2\x89PNG", b"\x89PNG")


def html_of(door: Door) -> str:
    [key] = [key for key in door.bucket.kept if key.startswith("messages/")]
    assert door.cases.received[-1].html_key == key
    return door.bucket.kept[key].content.decode()


def test_images_of_the_mail_keep_their_place_and_what_only_calls_itself_one_does_not(door: Door) -> None:
    door.deliver(rich("Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.7", METER, PAGE))
    assert '<p>See <img alt="meter" data-file="2"> and <img>.</p>' in html_of(door)
    [mail] = door.cases.received
    assert [(file.name, file.inline) for file in mail.attachments] == [
        ("a.pdf", False), ("meter.png", True), ("page.png", False),
    ]  # fmt: skip


def test_html_stands_in_the_bucket_as_a_file_to_save_under_the_message(door: Door) -> None:
    door.deliver(rich(METER))
    [mail] = door.cases.received
    assert mail.html_key == f"messages/{mail.case_id}/{mail.message_id}.html"
    assert door.bucket.kept[mail.html_key].content_type == "text/html; charset=utf-8"


def test_a_repeat_writes_the_same(door: Door) -> None:
    door.deliver(rich(METER))
    first = dict(door.bucket.kept)
    door.deliver(rich(METER))
    assert door.bucket.kept.keys() == first.keys()
    assert all(door.bucket.kept[key].content == file.content for key, file in first.items())


def test_a_mail_that_is_only_text_has_no_html(door: Door) -> None:
    door.deliver(raw())
    assert door.cases.received[0].html_key is None
    assert not door.bucket.kept


def test_automatic_mail_of_no_case_and_bounces_leave_no_html(door: Door) -> None:
    page = {"content_type": "text/html", "auto_submitted": "auto-replied"}
    door.deliver(raw("<p>I am away</p>", **page))
    assert not door.bucket.kept


def test_card_numbers_are_not_in_the_html(door: Door) -> None:
    door.deliver(raw("<p>Take <b>4111 1111</b> 1111 1111 please</p>", content_type="text/html"))
    kept = html_of(door)
    assert "please" in kept
    assert "4111" not in kept
