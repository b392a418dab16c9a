"""Which parts of a mail are shown as HTML, and that no card number is."""

from __future__ import annotations

import base64
import re
import time

import pytest

from chalicelib.intake.cards import holds_cards
from chalicelib.intake.display import display, sanitised
from chalicelib.intake.mail import mime
from chalicelib.intake.mail.shown import displayable
from tests.intake.mails import multipart, raw
from tests.intake.wrapped import attached, winmail

HTML = "Content-Type: text/html\r\n\r\n{}"
TEXT = "Content-Type: text/plain\r\n\r\n{}"


def shown_of(content: bytes) -> str | None:
    return display(displayable(mime.read(content)), {})


def test_html_is_taken_rather_than_the_text_beside_it_and_parts_follow_each_other() -> None:
    both = multipart(TEXT.format("plain"), HTML.format("<b>rich</b>"), kind="alternative")
    assert shown_of(both) == "<b>rich</b>"
    mixed = multipart(HTML.format("<p>one</p>"), TEXT.format("a < b\r\nlist footer"), HTML.format("<p>two</p>"))
    assert shown_of(mixed) == "<p>one</p><div>a &lt; b<br>list footer</div><p>two</p>"


def test_what_one_part_leaves_open_ends_with_it_and_many_parts_are_bound_as_one() -> None:
    parts = multipart(HTML.format("<div><b>one<!-- open"), HTML.format("two"))
    assert shown_of(parts) == "<div><b>one</b></div>two"
    began = time.process_time()
    shown = shown_of(multipart(*[HTML.format("<i>x</i>" + "<!-- -->" * 40_000)] * 60, HTML.format("last")))
    assert time.process_time() - began < 3
    assert shown is not None
    assert shown.endswith('<hr data-cut="">')


def test_a_page_that_states_its_own_letters_is_read_and_searched_in_them() -> None:
    page = "<meta charset={}><p>{}</p>"
    body = page.format("windows-1251", "\u0421\u0447\u0451\u0442 \u0437\u0430").encode("cp1251")
    assert shown_of(b"Content-Type: text/html\r\n\r\n" + body) == "<p>\u0421\u0447\u0451\u0442 \u0437\u0430</p>"
    coded = "+" + base64.b64encode("4242424242424242".encode("utf-16-be")).decode().rstrip("=") + "-"
    hidden = b"Content-Type: text/html\r\n\r\n" + page.format("utf-7", coded).encode()
    assert holds_cards(hidden)
    assert shown_of(hidden) == "<p>[card ending 4242]</p>"


def test_html_in_a_winmail_is_shown_where_there_is_none_beside_it() -> None:
    tnef = attached(winmail((0x102, 0x1013, b"<p><i>wrapped</i></p>")), "application/ms-tnef", "winmail.dat")
    assert shown_of(multipart(TEXT.format("plain"), tnef)) == "<p><i>wrapped</i></p>"
    assert shown_of(multipart(HTML.format("<b>beside</b>"), tnef)) == "<b>beside</b>"


def test_a_mail_without_html_or_with_nothing_to_see_has_none() -> None:
    assert shown_of(raw("plain")) is None
    assert shown_of(raw("<script>x</script> &nbsp;", content_type="text/html")) is None
    assert shown_of(multipart(TEXT.format("x"), 'Content-Type: text/html; name="a.html"\r\n\r\n<b>file</b>')) is None


CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>My card is {CARD}.</p>",
        "<p>My card is <b>4111</b><i>1111</i><u>1111</u><b>1111</b>.</p>",
        "<p>My card is &#52;&#49;&#49;&#49;&nbsp;1111&shy;1111<wbr>1111.</p>",
        f'<p style="display:none">{CARD}</p>.',
        f'<p title="{CARD}">.</p>',
        '<p>.<a href="https://shop.example/?card=4111111111111111">shop</a></p>',
        "<table><tr><td>4111<td>1111<td>1111<td>1111</table>.",
        "<p>4<!-- x -->111<script>y</script>1111<object>1111</object>1111.</p>",
    ],
)
def test_card_numbers_are_hidden_wherever_they_stand(markup: str) -> None:
    shown = shown_of(raw(markup, content_type="text/html"))
    assert shown is not None
    assert "." in shown
    assert re.sub(r"<[^>]*>|\D", "", shown) in {"1111", ""}
    assert "41111111" not in re.sub(r"\D", "", shown)
    assert sanitised(shown, {}) == shown


def test_a_number_that_cannot_be_hidden_leaves_no_html() -> None:
    far = ("<b><i>" * 7 + "</i></b>" * 7).join(CARD)
    coded = '<a href="https://shop.example/?card=%34%31%31%31111111111111">shop</a>'
    for page in (f"<p>{far}</p>", coded):
        assert shown_of(raw(page, content_type="text/html")) is None
