"""HTML of a mail as it may be shown, read again as a browser would."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.intake.display import MAX_SHOWN, sanitised
from chalicelib.intake.mail.allowed import ELEMENTS
from tests.intake.hostile_html import SNIPPETS

FILES = {"logo@mail.example": 1, "scan@mail.example": 2}
ATTRIBUTES = frozenset(
    {
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "data-cut", "data-file",
        "data-goes-to", "data-host", "dir", "face", "height", "href", "lang", "rel", "rowspan", "size", "start",
        "style", "target", "title", "type", "valign", "value", "width",
    }
)  # fmt: skip


class Reader(HTMLParser):
    """Holds every tag against what may be there."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.wrong += [] if tag in ELEMENTS else [tag]
        for name, value in attrs:
            allowed = name in ATTRIBUTES
            if name == "href":
                allowed = re.match("(?:https?://[a-z0-9]|mailto:|tel:)", value or "", re.IGNORECASE) is not None
            if name == "style":
                forbidden = r"url|expression|import|position|\\|@|:\s*-|attr|var\(|image|/\*"
                allowed = not re.search(forbidden, value or "", re.IGNORECASE)
            self.wrong += [] if allowed else [f"{tag} {name}={value}"]

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(data)


def wrong_in(shown: str) -> list[str]:
    reader = Reader()
    reader.feed(shown)
    reader.close()
    return reader.wrong


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_nothing_that_attacks_is_left(snippet: str) -> None:
    for markup in (snippet, f"<div>before{snippet}after</div>", f"<table><tr><td>{snippet}</table>"):
        shown = sanitised(markup, FILES)
        assert wrong_in(shown) == []
        assert sanitised(shown, FILES) == shown


PIECES = st.one_of(
    st.sampled_from(sorted(ELEMENTS | {"svg", "math", "style", "script", "form", "caption", "col", "select"})).flatmap(
        lambda name: st.sampled_from([f"<{name}>", f"</{name}>", f"<{name} ", f"<{name} style='color:red' title="])
    ),
    st.sampled_from(SNIPPETS),
    st.sampled_from(["<!--", "-->", '"', "'", ">", "<", "&#x3c;", "&amp;", "\x00", "\xa0", "\r\n", "<pre>\n", "]]>"]),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_what_is_shown_is_harmless_and_stays_as_it_is(markup: str) -> None:
    shown = sanitised(markup, FILES)
    assert wrong_in(shown) == []
    assert sanitised(shown, FILES) == shown


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 300_000, "<b>" * 500_000, "<table><tr><td>" * 100_000, "<p>" * 500_000,
        "<a href=http://x.y>" * 80_000,
        "".join(f"<b id={n}>" for n in range(30_000)) + "<p>x</p>" * 50_000, "<blockquote>x" * 100_000,
        "<p><b><i><u><s><tt><em><big>" + "<div>x</div>" * 100_000, '<a href="' * 150_000, "<!--" * 300_000,
        "<p style='" + "a:b;" * 300_000, "<p " + "a=b " * 300_000, "&" * 1_000_000, "&#" + "1" * 1_000_000,
        "<p style='" + "color:aa bb cc 11 " * 25 + "!;" + "color:aa bb!;" * 30_000 + "'>",
        "<ul><li>" * 150_000, "<table>" * 150_000, "\xa0" * 1_000_000,
    ],
    ids=lambda markup: markup[:12],
)  # fmt: skip
def test_time_and_size_are_bound_for_what_is_crafted(markup: str) -> None:
    began = time.process_time()
    shown = sanitised(markup, FILES)
    assert time.process_time() - began < 3
    assert len(shown) <= MAX_SHOWN
    assert sanitised(shown, FILES) == shown


def test_ordinary_markup_is_kept() -> None:
    markup = (
        '<table width="100%" bgcolor="#eeeeee"><tbody><tr><td align="right" style="padding:4px;color:rgb(1, 2, 3)">'
        "<p><b>Hello</b> <font color=\"red\" size=\"2\">there</font> &lt;ok&gt;</p><ul><li>one</li><li>two</li></ul>"
        "</td></tr></tbody></table>"
    )  # fmt: skip
    assert sanitised(markup, {}) == markup


def test_links_and_fonts_are_kept_as_they_were_meant() -> None:
    shown = sanitised(
        '<a href="https://a.example/?x=1&copy=2&amp;reg=3&#x26;y">x</a><p style="font:12px/1.5 Arial">', {}
    )
    assert 'href="https://a.example/?x=1&amp;copy=2&amp;reg=3&amp;y"' in shown
    assert '<p style="font:12px / 1.5 Arial"></p>' in shown


def test_images_are_told_by_their_file_or_their_host_and_pixels_are_left_out() -> None:
    markup = (
        '<img src="cid:SCAN@mail.example" alt="The bill"><img src="http://Pics.Example:80/a.png" width="600">'
        '<img src="cid:gone@mail.example" alt="gone"><img src="//t.example/p" height="1">'
        '<img src="https://t.example/p" style="display: none"><td background="http://back.example/x">'
    )  # fmt: skip
    assert sanitised(markup, FILES) == (
        '<img alt="The bill" data-file="2"><img width="600" data-host="pics.example"><img alt="gone">'
    )
    backed = '<table background="http://back.example/x"><td style="background:url(\'https://style.example/y\')">x'
    assert re.findall('data-host="([^"]+)"', sanitised(backed, {})) == ["back.example", "style.example"]


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ('<a href="https://evil.example/x">https://bank.example/login</a>', "evil.example"),
        ('<a href="https://evil.example/x"><b>www.</b>bank.example</a>', "evil.example"),
        ('<a href="https://bank.example@evil.example/">Pay</a>', "evil.example"),
        ('<a href="https://b\u0430nk.example/">Pay</a>', "xn--bnk-6cd.example"),
        ('<a href="https://b\u00fccher.example/">b\u00fccher.example</a>', "xn--bcher-kva.example"),
        ('<a href="https://evil.example/x"> (bank.example).</a>', "evil.example"),
        ('<a href="https://evil.example/x">bank.&#8203;ex&shy;ample</a>', "evil.example"),
        ('<a href="https://evil.example/x">Log in: https://bank.example/login now</a>', "evil.example"),
        ('<a href="https://evil.example/x">See www.bank.example for it</a>', "evil.example"),
        ('<a href="https://evil.example/x">You know. That was it</a>', None),
        ('<a href="https://login.bank.example/">bank.example</a>', None),
        ('<a href="https://www.bank.example/a">bank.example</a>', None),
        ('<a href="https://evil.example/">Pay now</a>', None),
        ('<a href="mailto:ada@example.com">bank.example</a>', None),
    ],
)
def test_a_link_that_names_another_host_says_where_it_goes(link: str, host: str | None) -> None:
    shown = sanitised(link, {})
    assert re.findall('data-goes-to="([^"]+)"', shown) == ([host] if host else [])
    assert 'rel="noopener noreferrer nofollow"' in shown
    assert 'target="_blank"' in shown


@pytest.mark.parametrize("host", ["fa\u00df.example", "FA\u1e9e.example", "\u03c2.example", "ba\u200dnk.example"])
def test_no_link_leads_where_browsers_and_we_could_read_two_hosts(host: str) -> None:
    assert "href" not in sanitised(f'<a href="https://{host}/">fass.example</a>', {})


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("mailto:ada@example.com", "mailto:ada@example.com"),
        ("MAILTO:ada@example.com?Subject=Hi&bcc=eve@evil.example&body=a", "MAILTO:ada@example.com?Subject=Hi&body=a"),
        ("mailto:ada@example.com?b%63c=eve@evil.example", "mailto:ada@example.com"),
        ("mailto:?attach=/etc/passwd", "mailto:"),
        ("mailto:a@x.example?subject=a%0D%0ABcc:eve", "mailto:a@x.example?subject=a%20%20Bcc:eve"),
    ],
)
def test_a_link_to_write_a_mail_hides_nobody_who_gets_it(link: str, kept: str) -> None:
    assert re.findall('href="([^"]*)"', unescape(sanitised(f'<a href="{link}">x</a>', {}))) == [kept]


def test_what_is_too_long_is_cut_and_says_so() -> None:
    shown = sanitised("<p>words</p>" * 60_000, {})
    assert shown.endswith('</p><hr data-cut="">')
    assert "data-cut" not in sanitised("<p>words</p>", {})
