"""Bytes with right, wrong, unknown and missing labels."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.charsets import decode


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("“quoted” – €5".encode("cp1252"), "iso-8859-1", "“quoted” – €5"),
        ("Grüße".encode("latin-1"), "us-ascii", "Grüße"),
        ("Grüße und Küsse".encode(), "us-ascii", "Grüße und Küsse"),
        ("Grüße und Küsse".encode(), "iso-8859-1", "Grüße und Küsse"),
        ("账单重复收取安装费㐂".encode("gb18030"), "gb2312", "账单重复收取安装费㐂"),
        ("①②㈱".encode("cp932"), "shift_jis", "①②㈱"),
        ("똠방각하".encode("cp949"), "euc-kr", "똠방각하"),
        ("請求書について".encode("iso2022_jp"), "iso-2022-jp", "請求書について"),
        ("請求書について".encode("iso2022_jp"), None, "請求書について"),
        ("帳單重複".encode(), "big5", "帳單重複"),
        ("ราคา".encode("cp874"), "windows-874", "ราคา"),
        ("ś".encode("iso-8859-2"), "ISO-8859-2", "ś"),
        ("Grüße".encode("utf-8-sig"), "ascii", "Grüße"),
        ("Grüße".encode("utf-16"), None, "Grüße"),
        (b"plain", "no-such-charset", "plain"),
        (b"caf\xe9", "no-such-charset", "café"),
        (b"caf\xe9", None, "café"),
        (b"cnvz", "rot13", "cnvz"),
        (b"x\\u0041", "unicode_escape", "x\\u0041"),
        (b"a\x00b", "utf-8", "ab"),
        (b"+2AA-x", "utf-7", "x"),  # a lone surrogate cannot be stored
        (b"\x81\x8d", "windows-1252", "\ufffd\ufffd"),
        (b"~{<:Ky2;NpJ)~}", "hz-gb-2312", "己所不勿施"),
        (b"Hi +AOk-", "UTF7", "Hi é"),
        ("안녕".encode("iso2022_kr"), "csISO2022KR", "안녕"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp-ms", "日本"),
        ("日本".encode("euc_jp"), "x-euc-jp", "日本"),
        ("да".encode("cp1251"), "win-1251", "да"),
        ("né".encode("cp850"), "cp-850", "né"),
        ("안녕".encode("cp949"), "x-windows-949", "안녕"),
        ("שלום".encode("iso8859_8"), "ISO-8859-8-E", "שלום"),
        ("€5".encode("iso8859_15"), "latin-9", "€5"),
        ("Почему мне начислили плату за звонки?".encode("cp1251"), None, "Почему мне начислили плату за звонки?"),
        ("Почему мне начислили плату?".encode("koi8-r"), "unknown-8bit", "Почему мне начислили плату?"),
        ("Häufige Störungen, größere Kosten".encode("cp1252"), None, "Häufige Störungen, größere Kosten"),
        ("Öl für Öfen ".encode() + b"\xff", "utf-8", "Öl für Öfen \ufffd"),
        (b"\xc4\xe9\xea", "utf-8", "Äéê"),
    ],
)
def test_labels(data: bytes, label: str | None, text: str) -> None:
    assert decode(data, label) == text
