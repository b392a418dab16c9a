"""Mailboxes as strangers write them."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.addresses import mailboxes


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("ada@example.com", "", "ada@example.com"),
        ("<ada@example.com>", "", "ada@example.com"),
        ("Ada Lovelace <ada@example.com>", "Ada Lovelace", "ada@example.com"),
        ('"Lovelace, Ada" <ada@example.com>', "Lovelace, Ada", "ada@example.com"),
        ("Lovelace, Ada <ada@example.com>", "Lovelace, Ada", "ada@example.com"),
        ("ada@example.com (Ada Lovelace)", "Ada Lovelace", "ada@example.com"),
        ("ada@work.example <ada@home.example>", "ada@work.example", "ada@home.example"),
        ("=?utf-8?Q?Ada=2C_=3Cevil=40x=2Eexample=3E?= <ada@example.com>", "Ada, <evil@x.example>", "ada@example.com"),
        ("Ada <mailto:ada@example.com>", "Ada", "ada@example.com"),
        ('"a \\"b\\" c" <ada@example.com>', 'a "b" c', "ada@example.com"),
        ("Ada < ada@example.com >", "Ada", "ada@example.com"),
        ("Ada <<ada@example.com>>", "Ada", "ada@example.com"),
        ("Ada Lovelace <ada@example.com", "Ada Lovelace", "ada@example.com"),
        ("Ada Lovelace ada@example.com", "Ada Lovelace", "ada@example.com"),
        ("Ada (of (some) firm) <ada@example.com>", "Ada", "ada@example.com"),
        ('"ada l"@example.com', "", '"ada l"@example.com'),
        ('Ada <"ada l"@example.com>', "Ada", '"ada l"@example.com'),
        ("Ada <ada@[192.0.2.1]>", "Ada", "ada@[192.0.2.1]"),
    ],
)  # fmt: skip
def test_one_mailbox(written: str, name: str, address: str) -> None:
    (found,) = mailboxes(written)
    assert (found.name.strip("< "), found.address) == (name, address)


def test_several_and_groups() -> None:
    several = mailboxes("Ada <ada@example.com>, bob@example.com; Friends: carol@example.com, <dan@example.com>;")
    assert [mailbox.address for mailbox in several] == [
        "ada@example.com", "bob@example.com", "carol@example.com", "dan@example.com",
    ]  # fmt: skip


@pytest.mark.parametrize("nothing", ["", "undisclosed-recipients:;", "Ada Lovelace", "<>", ",,,", '"unclosed'])
def test_no_mailbox(nothing: str) -> None:
    assert mailboxes(nothing) == []
