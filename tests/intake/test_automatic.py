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
        {"subject": "Automatski odgovor: račun"},
        {"subject": "Răspuns automat: factura"},
        {"subject": "OOO: bill", "x_mailer": "Outlook"},
        {"x_precedence": "auto_reply"},
        {"x_fc_machinegenerated": "true"},
        {"subject": "Ateb awtomatig: bil"},
    ],
)
def test_a_machine_wrote_it(sign: dict[str, str]) -> None:
    assert parse_mail(raw("I am away until Monday.\n", **sign)).is_auto


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
        {"precedence": "bulk"},
        {"precedence": "junk", "x_mailer": "Forte Agent 8"},
        {"precedence": "list", "user_agent": "Mozilla Thunderbird"},
        {"precedence": "bulk", "rt_originator": "dana@campus.example"},
        {"x_auto_response_suppress": "All"},
        {"subject": "Out of office, out of pocket"},
        {"subject": "Re: Out of Office: my bill"},
        {"subject": "Automatic reply to what?"},
        {"feedback_id": "51389264:user:proton"},
        {"feedback_id": "i1a2b3c4d:Fastmail"},
    ],
)
def test_a_person_wrote_it(sign: dict[str, str]) -> None:
    assert not parse_mail(raw(**sign)).is_auto


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Re: Your bill", "I will be out of the office until 21 May and will respond when I return."),
        ("Re: Ihre Rechnung", "Ich bin im Urlaub. In dringenden Fällen wenden Sie sich bitte an meine Vertretung."),
        ("Votre facture", "Votre demande a bien été enregistrée. Merci de ne pas répondre à ce message automatique."),
        ("[4412] Your bill", "Your request has been received. Your ticket number is 4412."),
        ("Mailbox", "Anna has left the company. Please write to office@firm.example instead."),
        ("Please confirm", "Prove that you are a human: click this link and your message will be delivered."),
        ("Read: Your bill", "Your message was read on 3 May 2026 10:11."),
        ("Zusage: Technikertermin", ""),
        ("Re: 請求書", "ただいま不在にしております。お急ぎの場合はお電話ください。"),
        ("Offers", "View this email in your browser. Tools at half price. Unsubscribe here."),
    ],
)
def test_the_words_are_a_programs_where_no_header_says_so(subject: str, words: str) -> None:
    assert parse_mail(raw(words, subject=subject)).is_auto


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("On leave", "I am on maternity leave from Friday. Please send the bills to my colleague Tom."),
        ("Away", "We are on holiday until the 20th. Take the money on the 21st, there is none before."),
        ("Urlop", "Jestem na urlopie do 18 września, czy mogę zapłacić fakturę po powrocie?"),
        ("Your mail", 'It says "this is an automated message, do not reply". To whom do I write?'),
        ("No answer", "All I ever get from you is an automatic reply, and I still wait."),
        ("Ticket", "I was given ticket number 4412 and nothing has happened since."),
        ("Read: my letter", "You have not answered. I want my refund."),
        ("Code", "I never got the code. I click this link and nothing happens."),
        ("Roaming", "Im Urlaub habe ich 40 Euro verbraucht, obwohl es gesperrt sein sollte."),
        # Somebody who is away with a matter of their own; one phrase of absence is none of a program.
        ("My line", "I am on holiday in France. The roaming is not working."),
        ("My line", "I am away and the line is dead."),
        ("Leitung", "Ihre Hotline ist seit Tagen nicht erreichbar."),
        ("Frist", "Den Vertrag habe ich nie geschlossen. Stoppen Sie das Inkasso bis morgen 12 Uhr."),
        ("New address", "We're moving on 3 July. Please send all letters to 14 Quarry Rise from then on."),
        ("Réseau", "Je suis en vacances et le téléphone ne marche pas."),
        ("Router", "The shop is currently closed and the router can be collected on Monday."),
        ("Encore rien", "On m'avait promis une réponse sous huit jours. Nous sommes le 20."),
    ],
)
def test_what_people_say_of_themselves_and_of_machines_is_theirs(subject: str, words: str) -> None:
    assert not parse_mail(raw(words, subject=subject)).is_auto


def test_an_invitation_answered_by_a_click_is_a_machines_and_words_beside_it_are_a_persons() -> None:
    calendar = "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR"
    for words, is_auto in (("Ada has accepted this invitation.", True), ("Could you come an hour later?", False)):
        mail = multipart(f"Content-Type: text/plain\r\n\r\n{words}", calendar, kind="alternative", subject="Visit")
        assert parse_mail(mail).is_auto is is_auto


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


def test_the_fields_of_a_report_may_be_folded() -> None:
    group = "\r\nFinal-Recipient: rfc822;\r\n ada@example.com\r\nAction:\r\n failed\r\n"
    part = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n{group}"
    mail = parse_mail(multipart(WORDS, part, kind="report", from_="MAILER-DAEMON@mx.example", subject="Undelivered"))
    assert mail.bounced_recipients == ("ada@example.com",)


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


def test_a_report_names_the_address_that_we_wrote_to_not_where_its_mail_goes_on_to() -> None:
    groups = "\r\nFinal-Recipient: rfc822; eve@isp.example\r\nOriginal-Recipient: rfc822;club@example.com\r\n"
    part = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n{groups}Action: failed\r\n"
    mail = parse_mail(multipart(WORDS, part, kind="report", from_="MAILER-DAEMON@mx.example", subject="Undelivered"))
    assert mail.bounced_recipients == ("club@example.com",)


def test_of_the_addresses_in_plain_words_those_failed_whom_the_mail_was_for() -> None:
    words = (
        "Your message from billing@desk.example, received from root@localhost, was refused.\n<ada@example.com>\n"
        "550 5.1.1 unknown. Ask help@isp.example.\n\n--- Original\nTo: ada@example.com\nSubject: Bill\n"
    )
    mail = parse_mail(raw(words, from_="MAILER-DAEMON@isp.example", subject="Correo devuelto"))
    assert (mail.is_bounce, mail.bounced_recipients) == (True, ("ada@example.com",))


def test_an_address_ends_where_the_signs_of_other_scripts_begin() -> None:
    words = "很抱歉，您的邮件被退回。\n收件人：ada@example.cn，地址不存在。"
    mail = parse_mail(raw(words, from_="postmaster@mail.example", subject="系统退信", return_path="<>"))
    assert mail.bounced_recipients == ("ada@example.cn",)


def test_a_mail_system_may_call_a_failure_as_it_likes() -> None:
    mail = parse_mail(raw("<ada@example.com>\n550 5.1.1 no", from_="x@isp.example", return_path="<>", subject="Aviso"))
    assert mail.bounced_recipients == ("ada@example.com",)


def test_a_failure_that_a_person_passes_on_is_no_bounce() -> None:
    status = "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\nAction: failed"
    mail = parse_mail(multipart("Content-Type: text/plain\r\n\r\nWhy did I get this?", status, subject="Fwd: Failed"))
    assert (mail.is_bounce, mail.is_auto) == (False, False)


def test_a_person_who_writes_about_a_failure_is_no_bounce() -> None:
    assert not parse_mail(raw(subject="Delivery failed for my router")).is_bounce
