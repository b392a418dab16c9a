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


UNLABELLED = [
    ("cp1251", "Почему с меня взяли плату за звонки в отпуске?"),
    ("koi8-r", "Почему с меня взяли плату за звонки в отпуске?"),
    ("cp1253", "Γιατί ο λογαριασμός μου είναι τόσο υψηλός;"),
    ("cp1255", "מדוע החשבון שלי כל כך גבוה החודש? אנא השיבו."),
    ("cp1256", "لماذا فاتورتي مرتفعة جدا هذا الشهر؟"),
    ("cp874", "ทำไมบิลของฉันเดือนนี้ถึงแพงมาก"),
    ("shift_jis", "今月の請求書はなぜこんなに高いのですか。"),
    ("euc_jp", "今月の請求書はなぜこんなに高いのですか。"),
    ("euc_kr", "이번 달 요금이 왜 이렇게 높은지 설명해 주세요."),
    ("gb18030", "您好，我想问一下这个月的账单为什么这么高？"),
    ("big5", "您好，我想問一下這個月的帳單為什麼這麼高？"),
    ("cp1252", "Où est le cœur de l’été ? 2ª via nº 5, 20 °C, ¿no?"),
    ("cp1252", "Varför är räkningen för el så hög? Hälsningar, Åsa"),
    ("cp1250", "Dlaczego zapłaciłem wyższy rachunek? Proszę o zwrot, bo zapłaciłem."),
]


@pytest.mark.parametrize("label", [None, "us-ascii", "unknown-8bit"])
@pytest.mark.parametrize(("codec", "text"), UNLABELLED)
def test_text_without_a_label_is_read_by_its_letters(codec: str, text: str, label: str | None) -> None:
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(("codec", "text"), UNLABELLED[:11])
def test_another_script_is_not_what_the_label_of_the_west_says(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "iso-8859-1") == text
