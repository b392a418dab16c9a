"""Twenty mails as twenty programs write them, in the languages that the desk reads; all words are our own."""

from __future__ import annotations

import base64
import quopri
from dataclasses import dataclass
from email.header import Header

from chalicelib.cases.model import Queue
from chalicelib.cases.reading import Intent
from chalicelib.cases.routing import MAIL_ROUTING

_OLD = "Your bill of November is ready."
_ON = "On Fri, 20 Nov 2026 at 10:00, Desk <billing@desk.example> wrote:"


@dataclass(frozen=True)
class ClientMail:
    """What a program makes of `words`: `body` has them as {words}, with what else the program writes.

    `intent` is what the words ask for, `sure` whether they say it clearly enough to choose a team by; `answers` names
    the mail whose case this one continues.
    """

    client: str
    words: str
    intent: str
    body: str = "{words}\n"
    kind: str = "plain"
    charset: str = "utf-8"
    encoding: str = "8bit"
    answers: str | None = None
    sure: bool = True

    @property
    def category(self) -> str | None:
        """Of the case that it opens."""
        return self.intent if self.sure else None

    @property
    def queue(self) -> str:
        """Where its case goes by what the routing policy ships with."""
        return MAIL_ROUTING.initial.queues[Intent(self.intent)] if self.sure else Queue.TRIAGE

    def raw(self, message_id: str, sender: str, name: str, parent: str | None) -> bytes:
        """The mail as its program hands it over."""
        subject = Header(f"{'Re: ' if parent else ''}{self.words.split('.')[0][:60]}", "utf-8").encode()
        fields = [
            f"From: {Header(name, 'utf-8').encode()} <{sender}>", "To: billing@desk.example", f"Subject: {subject}",
            f"Message-ID: <{message_id}>", *([f"In-Reply-To: <{parent}>", f"References: <{parent}>"] if parent else []),
            "MIME-Version: 1.0", f"Content-Type: text/{self.kind}; charset={self.charset}",
            f"Content-Transfer-Encoding: {self.encoding}",
        ]  # fmt: skip
        text = self.body.replace("{words}", self.words).replace("{old}", _OLD).replace("{on}", _ON)
        content = text.replace("\n", "\r\n").encode(self.charset)
        coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(self.encoding)
        return "\r\n".join([*fields, "", ""]).encode() + (coded(content) if coded else content)


_FIELDS = (
    "<b>{0}</b> Desk &lt;billing@desk.example&gt;<br><b>{1}</b> 20.11.2026 10:00<br><b>{2}</b> Ada<br><b>{3}</b> Bill"
)
_OUTLOOK = '<div>{{words}}</div><hr><div id="divRplyFwdMsg">{fields}</div><div>{{old}}</div>'
_WORD = (
    '<div class=WordSection1><p class=MsoNormal>{{words}}<o:p></o:p></p><div style="border:none;border-top:'
    'solid #E1E1E1 1.0pt"><p class=MsoNormal>{fields}</p></div><p class=MsoNormal>{{old}}</p></div>'
)
_ENGLISH = _FIELDS.format("From:", "Sent:", "To:", "Subject:")
_GERMAN = _FIELDS.format("Von:", "Gesendet:", "An:", "Betreff:")

MAILS = (
    ClientMail("gmail-en", "Why is my bill so high this month?", "bill_question", "{words}\n\n{on}\n\n> {old}\n"),
    ClientMail(
        "gmail-html-en", "I want to cancel my contract at the end of the month.", "cancellation",
        '<div dir="ltr">{words}</div><div class="gmail_quote"><div class="gmail_attr">{on}</div>'
        '<blockquote class="gmail_quote">{old}</blockquote></div>', "html", encoding="quoted-printable",
    ),
    ClientMail(
        "iphone-en", "I have moved. Please change my address.", "details_change",
        "{words}\n\nSent from my iPhone\n\n> {on}\n> \n> {old}\n",
    ),
    ClientMail(
        "outlook-web-en", "I would like to make a complaint about your service.", "complaint",
        _OUTLOOK.format(fields=_ENGLISH), "html",
    ),
    ClientMail(
        "outlook-desktop-de", "Ich möchte meinen Vertrag kündigen.", "cancellation", _WORD.format(fields=_GERMAN),
        "html", "cp1252", "quoted-printable",
    ),
    ClientMail(
        "outlook-mobile-de", "Warum ist meine Rechnung so hoch?", "bill_question",
        "{words}\n\nOutlook für iOS beziehen<https://aka.ms/o0ukef>\n________________________________\n"
        "Von: Desk <billing@desk.example>\nGesendet: 20. November 2026 10:00\nAn: Ada\nBetreff: Bill\n\n{old}\n",
    ),
    ClientMail(
        "thunderbird-de", "Ich bin umgezogen. Bitte ändern Sie meine Adresse.", "details_change",
        "{words}\n\nAm 20.11.2026 um 10:00 schrieb Desk:\n> {old}\n\n-- \nAda Lovelace\n", charset="iso-8859-15",
    ),
    ClientMail(
        "gmx-de", "Ich komme nicht in mein Konto. Das Passwort geht nicht.", "access",
        '<div>{words}</div><div name="quote"><div><b>Gesendet:</b> Freitag, 20. November 2026<br><b>Von:</b> Desk'
        "<br><b>An:</b> Ada</div><div>{old}</div></div>", "html",
    ),
    ClientMail(
        "applemail-cy", "Pam mae fy mil mor uchel?", "bill_question",
        "{words}\n\nAr 20 Tach 2026, am 10:00, ysgrifennodd Desk <billing@desk.example>:\n\n{old}\n",
    ),
    ClientMail(
        "proton-en", "Thank you for your help. Great service.", "praise",
        "{words}\n\nSent with Proton Mail secure email.\n\nOn Friday, November 20th, 2026 at 10:00, Desk "
        "<billing@desk.example> wrote:\n\n> {old}\n", encoding="base64",
    ),
    ClientMail(
        "samsung-en", "I forgot my password and cannot log in.", "access",
        "{words}\n\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Desk <billing@desk.example>\n"
        "Date: 20/11/2026 10:00 (GMT+00:00)\nTo: Ada\nSubject: Bill\n\n{old}\n",
    ),
    ClientMail(
        "yahoo-en", "I paid twice. When do I get my payment back?", "payment",
        '<div>{words}</div><div class="yahoo_quoted"><div>{on}</div>{old}</div>', "html",
    ),
    ClientMail(
        "zoho-en", "I dispute this charge. I did not order it.", "dispute",
        "{words}\n\n---- On Fri, 20 Nov 2026 10:00:00 +0000 Desk <billing@desk.example> wrote ----\n\n{old}\n",
    ),
    ClientMail(
        "hey-en", "I want to upgrade my plan to faster broadband.", "plan_change",
        "<div>{words}<br><br>On November 20, 2026, Desk wrote:<br><blockquote>{old}</blockquote></div>", "html",
    ),
    ClientMail("front-en", "Can I pay by direct debit?", "payment", "{words}\n\n{on}\n\n{old}\n", answers="gmail-en"),
    ClientMail(
        "gmail-de", "Vielen Dank für die schnelle Hilfe, super Service!", "praise",
        "{words}\n\nAm Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Desk <billing@desk.example>:\n\n> {old}\n",
        answers="outlook-mobile-de",
    ),
    ClientMail(
        "gmail-fr", "Pourquoi ma facture est-elle si élevée ?", "bill_question",
        "{words}\n\nLe ven. 20 nov. 2026 à 10:00, Desk <billing@desk.example> a écrit :\n\n> {old}\n", charset="cp1252",
    ),
    ClientMail(
        "mail-ru", "Почему мой счёт такой большой?", "other",
        "{words}\n\nПятница, 20 ноября 2026, 10:00 +03:00 от Desk <billing@desk.example>:\n>{old}\n", charset="koi8-r",
        sure=False,
    ),
    ClientMail(
        "qq-zh", "为什么我的账单这么高？", "other",
        "{words}\n\n------------------ 原始邮件 ------------------\n发件人: Desk;\n发送时间: 2026年11月20日\n\n{old}\n",
        charset="gb18030", encoding="base64", sure=False,
    ),
    ClientMail(
        "gmail-pl", "Dlaczego mój rachunek jest tak wysoki?", "bill_question",
        "{words}\n\npt., 20 lis 2026 o 10:00 Desk <billing@desk.example> napisał(a):\n\n> {old}\n",
        charset="iso-8859-2",
    ),
)  # fmt: skip
