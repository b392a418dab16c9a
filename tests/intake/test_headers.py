"""Header text: encoded words, raw bytes, parameters, ids, dates; never a line break in what comes out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.intake.mail.headers import Headers, decode_words


def headers(**fields: bytes) -> Headers:
    return Headers(tuple((name.replace("_", "-"), value) for name, value in fields.items()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
        ("=?ISO-8859-1?B?R3L8337l?=", "Grüß~å"),
        ("Re: =?utf-8?q?a?= =?utf-8?q?b?= c", "Re: ab c"),
        ("=?utf-8?B?5pel?=\t=?utf-8?B?5pys?=", "日本"),
        ("=?utf-8?Q?=E6=97?= =?utf-8?Q?=A5?=", "日"),  # one character split over two words
        ("=?utf-8*de?Q?Hallo?=", "Hallo"),
        ("=?utf-8?Q?why? because?=", "why? because"),
        ("=?nonsense?Q?caf=E9?=", "café"),
        ("=?utf-8?B?SGFsbG8?=", "Hallo"),  # without its padding
        ("=?utf-8?B?SGFs!bG8=?=", "Hallo"),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"),
    ],
)
def test_encoded_words(written: str, meant: str) -> None:
    assert decode_words(written) == meant


@pytest.mark.parametrize(
    "hidden", ["=?utf-8?Q?a=0D=0ABcc:_x@y?=", "=?utf-8?B?YQ0KQmNjOiB4QHk=?=", "=?utf-8?Q?a=C2=85Bcc:_x@y?="]
)
def test_a_line_break_inside_an_encoded_word_becomes_a_space(hidden: str) -> None:
    assert headers(subject=hidden.encode()).text("subject") == "a Bcc: x@y"


def test_raw_bytes_are_read_in_the_charset_of_the_mail() -> None:
    assert Headers((("subject", "账单".encode("gb18030")),), "gb2312").text("subject") == "账单"
    assert headers(subject="Grüße".encode()).text("subject") == "Grüße"
    assert headers(subject="Grüße".encode("cp1252")).text("subject") == "Grüße"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b"attachment; filename=plain.pdf", "plain.pdf"),
        (b"attachment; filename*=UTF-8''R%C3%A1iteas.pdf", "Ráiteas.pdf"),
        (b"attachment; filename=old.pdf; filename*=utf-8''new.pdf", "new.pdf"),
        (b"attachment; filename*1=\"b.pdf\"; filename*0=\"a-\"", "a-b.pdf"),
        (b"attachment; filename*0*=iso-8859-1'de'Gr%FC; filename*1*=%DFe.pdf", "Grüße.pdf"),
        (b'attachment; filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?="', "Grüße.pdf"),
        (b'attachment; filename="say \\"hi\\".pdf"', 'say "hi".pdf'),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
    ],
)  # fmt: skip
def test_parameters(written: bytes, name: str) -> None:
    kind, parameters = headers(content_disposition=written).parametered("content-disposition")
    assert (kind, parameters["filename"]) == ("attachment", name)


def test_ids_lose_brackets_and_junk() -> None:
    found = headers(references=b"<a@x> junk <b@x>\t<a@x> <> < c@x>", in_reply_to=b"bare@x", message_id=b"no id at all")
    assert found.ids("references") == ("a@x", "b@x")
    assert found.id("in-reply-to") == "bare@x"
    assert found.id("message-id") is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Fri, 20 Nov 2026 10:00:00 +0100", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        (b"Fri, 20 Nov 2026 10:00:00 -0000", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (b"20 Nov 2026 10:00 GMT (comment)", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (b"yesterday", None),
        (b"Fri, 32 Nov 2026 99:00:00 +9999", None),
        (b"", None),
    ],
)
def test_dates(written: bytes, meant: datetime | None) -> None:
    assert headers(date=written).date() == meant
