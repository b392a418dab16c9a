"""What goes out as MIME: threads, encodings, languages, and nothing that a stranger can inject."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases.letters import REPLIED, Letterhead, answer_words, compose, sendable, subject_line, thread_of
from chalicelib.cases.messages import Direction, Message
from chalicelib.cases.model import Case
from tests.cases.builders import NOON, a_case

HEAD = Letterhead("Billing <billing@desk.example>", "billing+x.y@desk.example", "<case_1.msg_1.sig@desk.example>")


def a_message(**given: Any) -> Message:
    base: dict[str, Any] = {
        "message_id": "msg_1", "case_id": "case_000001", "direction": Direction.OUT, "author": "advisor.one",
        "at": NOON, "text": "Here is why.",
    }  # fmt: skip
    return Message.model_validate(base | given)


def heard(**given: Any) -> Message:
    return a_message(direction=Direction.IN, author="ada@example.com", **given)


def as_mail(message: Message, case: Case, to: str, language: str, earlier: tuple[Message, ...] = ()) -> bytes:
    automatic = REPLIED if message.automatic else None
    return compose(answer_words(message, case, language), message.at, to, HEAD, earlier, automatic)


def composed(
    message: Message,
    *,
    earlier: tuple[Message, ...] = (),
    language: str = "en-GB",
    to: str = "ada@example.com",
    **case: Any,
) -> EmailMessage:
    raw = as_mail(message, a_case(**case), to, language, earlier)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return email.message_from_bytes(raw, policy=policy.default)


def parts(mail: EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text, markup = (part.get_content().replace("\r\n", "\n") for part in (plain, html))
    return text, markup


def test_an_answer_is_threaded_under_the_customers_newest_mail() -> None:
    first = heard(rfc_message_id="<one@mail.example>", references=("<zero@mail.example>",))
    ours = a_message(rfc_message_id="<ours@desk.example>")
    mail = composed(a_message(), earlier=(ours, first))
    assert mail["In-Reply-To"] == "<one@mail.example>"
    assert mail["References"].split() == ["<zero@mail.example>", "<one@mail.example>", HEAD.message_id]
    assert (mail["Message-ID"], mail["Reply-To"]) == (HEAD.message_id, HEAD.reply_to)
    assert mail["Subject"] == f"Re: My bill [{a_case().reference}]"
    assert mail["Date"] == "Mon, 02 Nov 2026 12:00:00 +0000"
    assert "Auto-Submitted" not in mail


def test_a_first_mail_of_ours_starts_its_own_thread() -> None:
    mail = composed(a_message(), earlier=(heard(),))
    assert "In-Reply-To" not in mail
    assert mail["References"] == HEAD.message_id


def test_an_acknowledgement_says_that_it_is_automatic() -> None:
    mail = composed(a_message(automatic=True, text=""), earlier=(heard(rfc_message_id="<one@mail.example>"),))
    assert (mail["Auto-Submitted"], mail["Precedence"], mail["X-Auto-Response-Suppress"]) == (
        "auto-replied", "bulk", "All",
    )  # fmt: skip
    assert mail["In-Reply-To"] == "<one@mail.example>"
    assert a_case().reference in parts(mail)[0]


@pytest.mark.parametrize("verified", [True, False])
def test_an_acknowledgement_tells_an_unproven_sender_the_reference_alone(verified: bool) -> None:
    case = a_case(verified=verified, subject="Ada Lovelace, 1 High Street", requester_name="Ada Lovelace")
    mail = as_mail(a_message(automatic=True), case, "ada@example.com", "en")
    assert (b"Lovelace" in mail) is verified
    assert case.reference.encode() in mail


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", "Thank you"),
        ("de", "vielen Dank für"),
        ("cy-GB", "Diolch am eich neges"),
        ("fr-FR", "Thank you"),
        ("", "Thank you"),
    ],
)
def test_the_acknowledgement_speaks_the_customers_language(language: str, words: str) -> None:
    text, html = parts(composed(a_message(automatic=True), language=language))
    assert words in text
    assert words in html
    assert f'lang="{language[:2] if language[:2] in ("de", "cy") else "en"}"' in html


def test_text_arrives_as_written_in_both_parts() -> None:
    words = "Liebe Frau Müller,\n\n帳單 is €5 & <b>not</b> €6.\nZeile zwei " + "x" * 2000
    text, html = parts(composed(a_message(text=words), language="de-DE"))
    assert text.startswith(words)
    assert "帳單 is €5 &amp; &lt;b&gt;not&lt;/b&gt; €6.<br>Zeile zwei" in html


INJECTIONS = [
    "My bill\r\nBcc: eve@evil.example",
    "x\nBcc: eve@evil.example",
    "x\r\n\r\n<script>",
    "x\u2028Bcc: e",
    "x\x00y",
    "x\x0bBcc: e",
    "=?utf-8?q?x=0D=0ABcc:_eve=40evil.example?=",
    "x =?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
]


@pytest.mark.parametrize("subject", ["=?utf-8?q?=C3=A9?=", "é =?x?", "=?utf-8?q?open", "Bücher " * 20, "x" * 190])
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    assert composed(a_message(), subject=subject)["Subject"] == subject_line(a_case(subject=subject))


@pytest.mark.parametrize("subject", INJECTIONS)
def test_a_subject_cannot_add_headers(subject: str) -> None:
    mail = composed(a_message(), subject=subject)
    assert "Bcc" not in mail
    assert sorted(mail.keys()) == sorted(set(mail.keys()))
    assert parts(mail)[0].startswith("Here is why.")


@pytest.mark.parametrize(
    "forged",
    [
        "<a@b>\r\nBcc: eve@evil.example", "no brackets\r\nBcc: e@x", "<a b@c>", "<" + "x" * 900 + "@y>", "", ">",
        "<é@x>", "<=?utf-8?q?a=0D=0ABcc:_e?=@x>", "<=?utf-8?q?=C3=A9?=@x>",
    ],
)  # fmt: skip
def test_a_forged_message_id_cannot_add_headers_or_break_the_mail(forged: str) -> None:
    mail = composed(a_message(), earlier=(heard(rfc_message_id=forged, references=(forged, "<fine@x.example>")),))
    assert "Bcc" not in mail
    assert mail["References"].split()[-1] == HEAD.message_id


@pytest.mark.parametrize("local", ["=?utf-8?q?a=0d=0abcc=3a_e?=", "=?utf-8?q?=c3=a9?="])
def test_an_address_that_looks_encoded_is_written_as_it_is(local: str) -> None:
    to = sendable(f"{local}@mail.example")
    raw = as_mail(a_message(), a_case(), to, "en")
    assert f"\r\nTo: {local}@mail.example\r\n".encode() in raw
    assert b"\nbcc" not in raw.lower()


@pytest.mark.parametrize(
    "address", ["", "ada", "@x.example", "a\r\nBcc: e@evil.example", "a@b\r\nBcc: e@x", "a,b@x.example, c@y"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        sendable(address)


def test_a_domain_beyond_ascii_is_written_as_the_mail_system_knows_it() -> None:
    assert sendable("Ada@Bücher.example") == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "subject",
    ["My bill", "Re: My bill", "RE: AW: Re[2]: My bill", "re:re:My bill", f"Re: My bill [{a_case().reference}]"],
)
def test_a_subject_keeps_one_re_and_one_reference(subject: str) -> None:
    assert subject_line(a_case(subject=subject)) == f"Re: My bill [{a_case().reference}]"


def test_an_empty_subject_still_says_what_it_is_about() -> None:
    reference = a_case().reference
    assert subject_line(a_case(subject="")) == f"Re: {reference} [{reference}]"


@given(st.text(max_size=300), st.text(max_size=3000), st.lists(st.text(max_size=60), max_size=6))
def test_any_subject_text_and_ids_make_a_mail_that_reads_back(subject: str, text: str, ids: list[str]) -> None:
    earlier = heard(rfc_message_id=(ids or [""])[0], references=tuple(ids))
    mail = composed(a_message(text=text), earlier=(earlier,), subject=subject)
    assert mail["Subject"].endswith(f"[{a_case().reference}]")
    assert {name.lower() for name in mail} <= {
        "from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
        "mime-version", "content-type",
    }  # fmt: skip


def test_a_long_chain_keeps_its_first_and_its_newest_ids() -> None:
    chain = tuple(f"<{n}@mail.example>" for n in range(60))
    parent, thread = thread_of([heard(rfc_message_id="<last@mail.example>", references=chain)])
    assert (parent, len(thread)) == ("<last@mail.example>", 20)
    assert (thread[0], thread[-2:]) == (chain[0], (chain[-1], "<last@mail.example>"))


def test_long_ids_are_folded_one_a_line_and_never_encoded() -> None:
    long = "<" + "a" * 120 + "@mail.example>"
    earlier = heard(rfc_message_id=long, references=(long[:-1] + "2>",))
    raw = as_mail(a_message(), a_case(), "ada@example.com", "en", (earlier,))
    assert b"=?" not in raw
    assert re.search(rb"References: <a{120}@mail.example2>\r\n <a{120}@mail.example>\r\n <case_1", raw)
