"""The recorded mails: byte-exact, readable without our parser, from the people they claim, varied."""

from __future__ import annotations

import email
import re
from email.header import decode_header, make_header
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined

from tests.house.recorded import ACCOUNTS, ROWS, mail_of, raw, rows_of, text_of


@pytest.mark.parametrize("row", rows_of("mail"))
def test_mail_is_crlf_and_readable_by_the_standard_library(row: dict[str, Any]) -> None:
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw(row))
    if row.get("template"):
        return
    message = mail_of(row)
    text = text_of(message)
    assert row.get("text_includes", "") in " ".join(text.split())
    assert set(row.get("attachments", [])) <= {part.get_filename() for part in message.walk()}
    for hidden in row.get("must_not_store", []):
        assert hidden in text or hidden in text.replace(" ", "")
    if row["expect"] == "case" and row["subject"]:
        assert str(make_header(decode_header(message["subject"]))) == row["subject"]


@pytest.mark.parametrize("row", rows_of("mail"))
def test_mail_of_a_customer_comes_from_an_address_of_the_account(row: dict[str, Any]) -> None:
    emails = {account["account_id"]: account["emails"] for account in ACCOUNTS}
    if row.get("account_id"):
        assert row["mail_from"] in emails[row["account_id"]]
    for candidate in row.get("candidates", []):
        assert row["mail_from"] in emails[candidate]


def test_mails_vary_in_charset_and_client() -> None:
    mails = [raw(row).lower() for row in ROWS if row["door"] == "mail"]
    charsets = {b"iso-8859-1", b"iso-8859-2", b"iso-2022-jp", b"gb18030", b"windows-1252", b"us-ascii", b"utf-8"}
    clients = {b"outlook", b"apple mail", b"iphone mail", b"thunderbird", b"foxmail", b"website form", b"gmail_quote"}
    for wanted in charsets | clients:
        assert any(wanted in mail for mail in mails), wanted


def test_reply_template_renders_a_mail_in_the_thread() -> None:
    (row,) = [row for row in ROWS if row.get("template")]
    jinja = Environment(
        undefined=StrictUndefined, newline_sequence="\r\n", keep_trailing_newline=True, autoescape=False
    )
    template = jinja.from_string(raw(row).decode())
    sent = {"message_id": "<case.1@northwind.example>", "subject": "Your bill", "quoted": "Hello,\n\nwe look."}
    message = email.message_from_string(template.render(sent | {"from": "Amelia <amelia.hartley@example.com>"}))
    assert message["in-reply-to"] == message["references"] == "<case.1@northwind.example>"
    assert message["message-id"] not in {None, "<case.1@northwind.example>"}
    assert message["from"] == "Amelia <amelia.hartley@example.com>"
    assert row["text_includes"] in text_of(message)
    assert "> Hello,\r\n> \r\n> we look.\r\n" in text_of(message)
