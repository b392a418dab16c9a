"""Images between the words of HTML: told in the text in their place, ornaments not."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.pictures import SEEN_BYTES
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart

PNG = "Content-Type: image/png; name={}\r\nContent-ID: <{}>\r\nContent-Disposition: inline\r\n\r\n{}"
PHOTO = PNG.format("photo.png", "photo@X", "P" * SEEN_BYTES)
LOGO = PNG.format("logo.png", "logo@x", "L" * (SEEN_BYTES - 1))


def text_of(html: str, *parts: str) -> str:
    return parse_mail(multipart(f"Content-Type: text/html\r\n\r\n{html}", *parts, kind="related")).text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p>My meter:</p><img src="cid:photo@x"><p>Why?</p>', "My meter:\n\n[image: photo.png]\n\nWhy?"),
        ("<p>See <img alt=x src=CID:PHOTO@X width=600 height='400'> there</p>", "See [image: photo.png] there"),
        ('<p>One</p><p><img src="cid:logo@x"></p><p>Two</p>', "One\n\nTwo"),
        ('<p>One</p><p><img src="cid:gone@x"></p><p>Two</p>', "One\n\nTwo"),
        ('<p>One</p><img src="cid:photo@x" width="80"><p>Two</p>', "One\n\nTwo"),
        ('<p>One</p><img src="cid:photo@x" style="height: 1px"><p>Two</p>', "One\n\nTwo"),
        ('<p>One</p><img src="cid:photo@x" style="width:50%"><p>Two</p>', "One\n\n[image: photo.png]\nTwo"),
        ('<div hidden><img src="cid:photo@x"></div><p>Two</p>', "Two"),
        ('<p>One</p><img src="https://x.example/photo@x"><p>Two</p>', "One\n\nTwo"),
        ('<img src="cid:photo@x">', "[image: photo.png]"),
        ("<p>a \ue000photo@x\ue000 b \ue000 c</p>", "a [image: photo.png] b  c"),
    ],
)
def test_an_image_is_told_where_it_stands(html: str, text: str) -> None:
    read = text_of(html, PHOTO, LOGO)
    assert [line for line in read.split("\n") if line] == [line for line in text.split("\n") if line]
    assert "\n\n\n" not in read


def test_what_is_quoted_and_what_is_a_signature_stays_out_of_the_customers_words() -> None:
    quoted = 'Hello<blockquote>Old words <img src="cid:photo@x"></blockquote>'
    assert text_of(quoted, PHOTO) == "Hello"
    assert text_of('Hello<br>-- <br>Ada<br><img src="cid:photo@x">', PHOTO) == "Hello"


def test_ids_in_millions_are_read_in_linear_time() -> None:
    assert text_of('<img src="cid:photo@x">' * 15_000, PHOTO).count("[image: photo.png]") > 1_000
