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


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    mail = parse_mail(report(action))
    assert not mail.is_bounce
    assert mail.is_auto


def test_a_report_of_delay_names_the_mail_and_nobody_who_failed() -> None:
    mail = parse_mail(report("delayed"))
    assert (mail.is_bounce, mail.is_delay, mail.bounced_recipients) == (True, True, ())
    assert mail.bounced_message_id == "ours@desk.example"
    assert not parse_mail(report("failed")).is_delay


def test_a_daemon_that_goes_on_trying_names_nobody_who_failed() -> None:
    words = "Delivery to ada@example.com has been delayed. We go on trying."
    mail = parse_mail(raw(words, from_="mailer-daemon@web.example", subject="Delivery Status Notification (Delay)"))
    assert (mail.is_bounce, mail.is_delay, mail.bounced_recipients) == (True, True, ())


def test_of_several_recipients_those_failed_whom_the_report_says_failed() -> None:
    groups = [("Ada@Example.com", "failed"), ("bob@example.com", "delayed"), ("cy@example.com", "delivered")]
    status = "".join(f"\r\nFinal-Recipient: rfc822; {who}\r\nAction: {what}\r\n" for who, what in groups)
    part = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n{status}"
    mail = parse_mail(multipart(WORDS, part, kind="report", from_="MAILER-DAEMON@mx.example", subject="Undelivered"))
    assert (mail.is_bounce, mail.is_delay, mail.bounced_recipients) == (True, False, ("ada@example.com",))


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
