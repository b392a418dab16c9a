"""Machines against people, and mail that came back."""

from __future__ import annotations

import pytest

from chalicelib.intake.parse import parse_mail
from tests.intake.mails import multipart, raw

WORDS = "Content-Type: text/plain\r\n\r\nIt could not be delivered."


def report(action: str = "failed") -> bytes:
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; Ada@Example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
    )
    returned = "Content-Type: message/rfc822\r\n\r\nMessage-ID: <ours@desk.example>\r\nSubject: Re: bill\r\n\r\ntext"
    return multipart(WORDS, status, returned, kind="report", from_="MAILER-DAEMON@mx.example", subject="Undelivered")


@pytest.mark.parametrize(
    "sign",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated; owner=x"},
        {"precedence": "bulk"},
        {"list_id": "<news.example>"},
        {"list_unsubscribe": "<mailto:x@y>"},
        {"x_autoreply": "yes"},
        {"x_auto_response_suppress": "All"},
        {"return_path": "<>"},
        {"x_failed_recipients": "ada@example.com"},
        {"subject": "Out of Office: Re: bill"},
        {"subject": "Automatic reply: bill"},
        {"subject": "Automatische Antwort: Rechnung"},
        {"subject": "Réponse automatique : facture"},
        {"subject": "=?utf-8?Q?Automatyczna_odpowied=C5=BA?="},
        {"subject": "自動返信"},
        {"subject": "Ateb awtomatig: bil"},
    ],
)
def test_a_machine_wrote_it(sign: dict[str, str]) -> None:
    assert parse_mail(raw(**sign)).is_auto


@pytest.mark.parametrize(
    "sign",
    [
        {},
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "DR, OOF"},
        {"x_auto_response_suppress": "All", "thread_index": "AdH1"},
        {"return_path": "<ada@example.com>"},
        {"subject": "Your automatic reply did not help"},
        {"subject": "Charged while I was out of office"},
        {"precedence": "normal"},
    ],
)
def test_a_person_wrote_it(sign: dict[str, str]) -> None:
    assert not parse_mail(raw(**sign)).is_auto


def test_a_delivery_report_names_who_and_what() -> None:
    mail = parse_mail(report())
    assert mail.is_bounce
    assert mail.is_auto
    assert mail.bounced_recipients == ("ada@example.com",)
    assert mail.bounced_message_id == "ours@desk.example"
    assert mail.attachments[0].content_type == "message/rfc822"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_delay_or_success_is_no_bounce(action: str) -> None:
    mail = parse_mail(report(action))
    assert not mail.is_bounce
    assert mail.is_auto


def test_a_bounce_in_plain_words() -> None:
    words = (
        "Sorry, I could not deliver to:\n<ada@example.com>\n\n--- Below is a copy\n\nMessage-ID: <ours@desk.example>\n"
    )
    mail = parse_mail(raw(words, from_="MAILER-DAEMON@mx.example (Mail System)", subject="failure notice"))
    assert (mail.is_bounce, mail.bounced_recipients, mail.bounced_message_id) == (
        True, ("ada@example.com",), "ours@desk.example",
    )  # fmt: skip


def test_a_person_who_writes_about_a_failure_is_no_bounce() -> None:
    assert not parse_mail(raw(subject="Delivery failed for my router")).is_bounce
