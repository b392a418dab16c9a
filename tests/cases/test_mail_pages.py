"""A mail shown as HTML: over HTTP, and the page that is made of what was stored."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.cases import addressing
from chalicelib.cases.mail_page import MAX_IMAGES, Picture, page, pictured
from chalicelib.cases.messages import Message
from chalicelib.cases.sight import has_page
from chalicelib.wiring import case_inbox, mail_key
from tests.harness import HttpDesk
from tests.intake.mails import multipart, raw
from tests.intake.test_jobs import ADA, deliver, put

PNG = b"\x89PNG\r\n\x1a\n"
HTML = (
    "Content-Type: text/html; charset=utf-8\r\n\r\n<p onclick=steal()>Meter: <img src=cid:meter@x alt=reading></p>"
    '<img src="https://pics.example/banner.png"><script>steal()</script><a href="https://evil.example">bank.example</a>'
)
METER = 'Content-Type: image/png; name="m&m.png"\r\nContent-ID: <meter@x>\r\n\r\n@PNG@'


@pytest.fixture
def account_id(desk: HttpDesk) -> str:
    return str(desk.call("POST", "/v1/accounts", ADA, role="admin").json["account_id"])


def mailed(desk: HttpDesk, content: bytes = b"", **verdicts: str) -> str:
    content = content or multipart(HTML, METER, kind="related").replace(b"@PNG@", PNG)
    assert deliver(put(content, verdicts=verdicts)) == []
    case_id = case_inbox().case_of_message_id("one@mail.example")
    [line] = desk.call("GET", f"/v1/cases/{case_id}/timeline").json["items"][:1]
    return f"/v1/cases/{case_id}/messages/{line['entry_id']}/html"


def image_of(html: str) -> str:
    [url] = re.findall(r'<img src="([^"]+)"', html)
    return str(url).replace("&amp;", "&")


def test_staff_and_the_customer_see_the_mail_with_its_own_images(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk)
    for role, account in (("advisor", None), ("customer", account_id)):
        shown = desk.call("GET", url, role=role, account_id=account)
        assert shown.status == 200, shown.text
        assert (shown.json["images"], shown.json["blocked_hosts"], shown.json["cut"]) == ([1], ["pics.example"], False)
        assert "[image: pics.example, not loaded]" in shown.json["html"]
        assert '">[evil.example]</b> <a ' in shown.json["html"]
        assert not re.search("steal|script|onclick", shown.json["html"])
        image = urlsplit(image_of(shown.json["html"]))
        asked = parse_qs(image.query)
        assert (asked["X-Amz-Expires"], asked["response-content-type"]) == (["120"], ["image/png"])
        assert f"img-src {image.scheme}://{image.netloc};" in shown.json["content_security_policy"]
        assert shown.json["content_security_policy"].endswith("; sandbox allow-popups allow-popups-to-escape-sandbox")


def test_the_timeline_says_which_mail_has_html_and_which_files_stand_in_it(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk)
    [line] = desk.call("GET", f"{url.split('/messages/')[0]}/timeline").json["items"][:1]
    assert line["has_html"] is True
    assert [file["inline"] for file in line["attachments"]] == [True]


def test_each_opening_is_in_the_audit_of_the_case(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk)
    assert desk.call("GET", url).status == 200
    trail = desk.call("GET", f"{url.split('/messages/')[0]}/audit", role="supervisor").json["items"]
    message_id = url.split("/")[-2]
    assert [(entry["action"], entry["after"]) for entry in trail] == [
        ("message.page_opened", {"file": f"{message_id}.html"})
    ]


def test_nobody_sees_mail_of_others_or_html_that_is_not_there(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk)
    assert desk.call("GET", url, role="customer", account_id="acc_other").status == 404
    assert desk.call("GET", url.replace("/messages/msg_", "/messages/msg_0")).status == 404
    assert desk.call("GET", url.replace("/cases/case_", "/cases/case_0")).status == 404
    trail = desk.call("GET", f"{url.split('/messages/')[0]}/audit", role="supervisor").json["items"]
    assert trail == []


def test_a_mail_of_words_alone_has_no_page(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk, raw())
    assert desk.call("GET", url).status == 404


def test_customers_get_no_page_of_what_others_wrote_into_their_case(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk)
    case_id = url.split("/")[3]
    ours = addressing.message_id(case_id, "msg_1", "desk.example", mail_key())
    page_of_bob = raw("<p>See below</p><blockquote>among us</blockquote>", content_type="text/html", in_reply_to=ours,
                      from_="Bob <bob@other.example>", message_id="<two@mail.example>")  # fmt: skip
    assert deliver(put(page_of_bob, "mail/ses-2", message_id="ses-2")) == []
    timeline = f"/v1/cases/{case_id}/timeline"
    seen = [line for line in desk.call("GET", timeline).json["items"] if line["direction"] == "in"]
    assert [line["has_html"] for line in seen] == [True, True]
    theirs = desk.call("GET", timeline, role="customer", account_id=account_id).json["items"]
    assert [line["has_html"] for line in theirs if line["direction"] == "in"] == [True, False]
    other = url.replace(url.split("/")[5], seen[1]["entry_id"])
    assert desk.call("GET", other).status == 200
    assert desk.call("GET", other, role="customer", account_id=account_id).status == 404
    passed_on = Message.model_validate(
        {"message_id": "msg_1", "case_id": case_id, "direction": "in", "author": "a", "at": "2026-11-20T10:00:00Z",
         "html_key": "k", "verified": True, "forwarded": {"by": "bob@firm.example", "dated": "", "said": "ours"}}
    )  # fmt: skip
    assert (has_page(passed_on, for_staff=True), has_page(passed_on, for_staff=False)) == (True, False)


def test_an_image_that_may_carry_a_virus_is_named_until_it_is_released(desk: HttpDesk, account_id: str) -> None:
    url = mailed(desk, virus="GRAY")
    held = desk.call("GET", url).json
    assert (held["images"], "[image: m&amp;m.png, reading]" in held["html"], "<img" in held["html"]) == (
        [],
        True,
        False,
    )
    assert "img-src 'none'" in held["content_security_policy"]
    released = desk.call("POST", f"{url.removesuffix('/html')}/attachments/1/releases", role="supervisor")
    assert released.status == 200
    assert desk.call("GET", url).json["images"] == [1]


def test_a_page_says_what_is_not_in_it() -> None:
    stored = (
        '<table data-host="back.example"><tbody><tr><td>x</td></tr></tbody></table>'
        '<img alt="a &lt;b&gt;" data-file="2">'
        '<img data-host="pics.example" alt="logo"><img><img alt="gone" width="5"><hr data-cut="">'
    )
    made = page(stored, {2: Picture("r&d.tiff")})
    assert "[image: r&amp;d.tiff, a &lt;b&gt;]" in made.html
    assert "[image: pics.example, not loaded, logo]" in made.html
    assert "[image: gone]" in made.html
    assert (made.hosts, made.cut, "data-cut" in made.html) == (("back.example", "pics.example"), True, False)


def test_words_that_look_like_our_marks_are_words() -> None:
    stored = '<p>&lt;img data-file="1" data-host="x.example"&gt;</p>'
    assert pictured(stored) == frozenset()
    assert page(stored, {}).hosts == ()


def test_words_instead_of_an_image_are_words_however_an_attribute_was_written() -> None:
    made = page('<img alt="<script>steal()</script> &lt;b&gt; &amp;lt;i&gt;" data-host="x.example">', {})
    assert "x.example, not loaded, &lt;script&gt;steal()&lt;/script&gt; &lt;b&gt; &amp;lt;i&gt;]" in made.html


def test_one_image_in_thousands_of_places_does_not_make_the_page_long() -> None:
    stored = '<img data-file="1">' * 12_000
    made = page(stored, {1: Picture("a.png", f"https://s3.example/{'x' * 2000}?a=1&b=2")})
    assert made.html.count("<img ") == MAX_IMAGES
    assert len(made.html) < 1_000_000
    assert pictured(stored) == {1}
    assert "img-src https://s3.example;" in made.policy
