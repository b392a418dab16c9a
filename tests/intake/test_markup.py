"""HTML as a reader sees it."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.markup import to_text
from chalicelib.intake.mail.quotes import own_words
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Hello</p><p>desk</p>", "Hello\n\ndesk"),
        ("Hello<br>desk<br/>!", "Hello\ndesk\n!"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a &amp; b &lt;c&gt; &euro;5 &#8364; &#x20AC; &nope;", "a & b <c> €5 € € &nope;"),
        ("<title>t</title><style>s</style><script>if (a<b) x()</script>b", "b"),
        ("a<!-- hidden -->b<!--[if mso]>c<![endif]-->d", "abd"),
        ("<![if !mso]>a<![endif]>", "a"),
        ('<div style="display:none">preheader</div>a', "a"),
        ('<div style="DISPLAY : NONE">preheader <b>x</div>a', "a"),
        ('<span style="mso-hide:all">x</span><p hidden>y</p><p title="the hidden one">a</p>', "a"),
        ('<p style="display:none">x<p>a', "a"),
        ("<blockquote>old</blockquote>new", "> old\n\nnew"),
        ('<div class="gmail_quote">On Monday<blockquote>old</blockquote></div>', "> On Monday\n> \n> > old"),
        ('<div class="gmail_quote">--- Forwarded message ---<br>a</div>', "--- Forwarded message ---\na"),
        ('<a href="x>y">link</a>', "link"),
        ("<a href='unclosed>text</a>", "text"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>unclosed <b>all", "unclosed all"),
        ("</div></p>a", "a"),
        ("a<", "a<"),
        ("a<b", "a"),
        ("", ""),
    ],
)  # fmt: skip
def test_visible_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    ("sheet", "element"),
    [
        (".pre { display:none !important; color:#fff }", '<div class="x Pre">p</div>'),
        ("<!-- #top{visibility:hidden} -->", '<div id="top">p</div>'),
        ("a{color:red} /* } */ td.pre,span.pre{max-height:0px;overflow:hidden}", '<span class="pre">p</span>'),
        (".pre{mso-hide:all}", '<div class="pre">p<b>q</b></div>'),
        ("@import url(x); .pre{opacity:0}", '<div class="pre">p</div>'),
        (".pre{font-size:0}", '<div class="pre">p</div>'),
        ("@media print{.a{color:red}} .pre{display:none}", '<div class="pre">p</div>'),
        ("@media  screen {.pre{display:none}}", '<div class="pre">p</div>'),
        ("body .a, html > body *.pre {display:none}", '<div class="pre">p</div>'),
        (".pre{display:block} .pre{display:none}", '<div class="pre">p</div>'),
        (".pre{display:none!important}", '<div class="pre" style="display:block">p</div>'),
        ("", '<div style="font-size:0px;color:#fff">p</div>'),
        ("", '<div style="font:0/0 a">p<b>q</b></div>'),
        ("", '<div style="max-height:0 !important">p</div>'),
        ("", '<div HIDDEN class="a">p</div>'),
        ("", '<div hidden="" class="a">p</div>'),
        ("", '<div style="height:0;width:0;overflow:hidden">p</div>'),
        (".pre{max-width:0px;overflow:hidden}", '<div class="pre">p</div>'),
        ("", '<div style="font-size:1px;line-height:1px;color:#ffffff">p</div>'),
    ],
)  # fmt: skip
def test_what_a_page_hides_is_not_read(sheet: str, element: str) -> None:
    assert to_text(f"<head><style>{sheet}</style></head>{element}<p>a</p>") == "a"


@pytest.mark.parametrize(
    ("sheet", "element"),
    [
        ("@media (max-width:600px){.wide{display:none}}", '<div class="wide">p</div>'),
        (".pre{display:none}", '<div class="pre" style="display:block">p</div>'),
        (".pre{display:none} div.pre{display:block}", '<div class="pre">p</div>'),
        (".pre .in{display:none}", '<div class="in">p</div>'),
        (".pre{display:none", '<div class="pre">p</div>'),
        ("", '<div style="font-size:0"><span style="font-size:14px">p</span></div>'),
        ("", '<div style="max-height:0.5em;font-size:0.9em;opacity:0.4">p</div>'),
        ("", '<p style="font-size:0">q</p><div>p</div>'),
        ("", '<div style="height:0">p</div>'),
        ("", '<div style="overflow:hidden;width:100%;font-size:11px">p</div>'),
    ],
)  # fmt: skip
def test_what_a_page_shows_is_read(sheet: str, element: str) -> None:
    assert to_text(f"<style>{sheet}</style>{element}") == "p"


def test_an_answer_over_outlooks_history() -> None:
    page = (
        '<div>Please call me.</div><div id="divRplyFwdMsg"><b>From:</b> Northwind &lt;billing@desk.example&gt;<br>'
        "<b>Sent:</b> 02 November 2026<br><b>To:</b> Ada<br><b>Subject:</b> Bill</div><div>Dear Ada</div>"
    )
    assert parse_mail(raw(page, content_type="text/html")).text == "Please call me."


def test_an_answer_between_the_quotations_of_a_page() -> None:
    page = "<blockquote>Is it the router?</blockquote><p>Yes.</p><blockquote>Since when?</blockquote><p>October.</p>"
    assert parse_mail(raw(page, content_type="text/html")).text.split() == ["Yes.", "October."]


def test_answers_that_stand_in_the_element_of_the_history_stay() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On 2 Nov 2026 at 10:15, Desk wrote:<br></div>'
        '<blockquote class="gmail_quote">Which bill?</blockquote><div>The last one.</div>'
        '<blockquote class="gmail_quote">Which line?</blockquote><div>Both.</div></div>'
    )
    said = own_words(to_text(html), from_markup=True)
    assert [line for line in said.split("\n") if line] == ["The last one.", "Both."]


def test_history_that_holds_a_quotation_of_its_own_stays_history() -> None:
    html = (
        '<p>Please call.</p><div class="yahoo_quoted"><div>On 2 Nov 2026 at 10:15, Desk wrote:</div>'
        "<div>We asked:</div><div>you said no</div><blockquote>No.</blockquote><div>Regards, Desk</div></div>"
    )
    assert own_words(to_text(html), from_markup=True) == "Please call."
