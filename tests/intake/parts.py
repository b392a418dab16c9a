"""Pieces of mails, written in the ways that people and mail programs write them."""

from __future__ import annotations

import base64
import quopri
from random import Random

from tests.intake.mails import multipart, raw

FILLER = "Why is my bill so high this month, and what is the charge of 12.50 for?\n"
WORDS = "Content-Type: text/plain; charset=utf-8\r\n\r\nPlease see below, thank you.\r\n"
MIXED = 'multipart/mixed; boundary="frontier"'
INVISIBLE = "\u200b\u00ad\u2060\u200e\ufe0f"


def grouped(number: str, glue: str = " ") -> str:
    """As it stands on the card."""
    cuts = (0, 4, 10, 15) if len(number) == 15 else range(0, len(number) + 4, 4)
    return glue.join(number[a:b] for a, b in zip(cuts, [*cuts][1:], strict=False) if number[a:b])


def part(text: str, kind: str = "text/plain", charset: str = "utf-8", *, codec: str = "", name: str = "") -> str:
    """A part in base64, attached when it has a name. `codec` is what the bytes really are."""
    encoded = base64.encodebytes(text.encode(codec or charset or "utf-8", "replace")).decode().replace("\n", "\r\n")
    head = f"Content-Type: {kind}" + (f"; charset={charset}" if charset else "") + "\r\n"
    head += f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{encoded}"


def attached(text: str, kind: str, name: str, **how: str) -> bytes:
    return multipart(WORDS, part(text, kind, **how, name=name))


def page(markup: str) -> bytes:
    return multipart(part(f"<html><body><p>Dear desk,</p>{markup}<p>Ada</p></body></html>", "text/html"))


def word(text: str, how: str = "b") -> str:
    data = text.encode()
    said = base64.b64encode(data).decode() if how == "b" else "".join(f"={byte:02X}" for byte in data)
    return f"=?utf-8?{how}?{said}?="


def entities(number: str, form: str = "&#{};") -> str:
    return "".join(form.format(ord(digit)) for digit in number)


def quoted_printable(text: str) -> bytes:
    lines = quopri.encodestring(text.encode()).decode()
    broken = "=\r\n".join(lines[at : at + 7] for at in range(0, len(lines), 7))
    return raw(broken, content_transfer_encoding="quoted-printable")


def spread(random: Random, number: str, piece: str) -> str:
    cut = random.randrange(2, len(number) - 2)
    return f"{number[:cut]}{piece}{number[cut:]}"


def report(number: str) -> bytes:
    status = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    status += "Final-Recipient: rfc822; bob@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    returned = (
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <back@desk.example>\r\nSubject: x\r\n\r\nI pay {number}\r\n"
    )
    words = f"Content-Type: text/plain\r\n\r\nYour mail did not arrive: I pay by {grouped(number)}\r\n"
    return raw(
        "".join(f"--f\r\n{one}\r\n" for one in (words, status, returned)) + "--f--\r\n",
        from_="MAILER-DAEMON@mx.example", subject="Undelivered Mail Returned to Sender",
        content_type='multipart/report; report-type=delivery-status; boundary="f"',
    )  # fmt: skip


def invite(number: str, where: str) -> str:
    lines = ["BEGIN:VCALENDAR", "METHOD:REQUEST", "BEGIN:VEVENT", "DTSTART:20261201T100000Z", f"{where}:Pay {number}"]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


def folded_invite(number: str) -> str:
    return invite(f"{number[:6]}\r\n {number[6:]}", "SUMMARY")


def escaped(number: str) -> str:
    """As JSON may write it."""
    return "".join(f"\\u{ord(digit):04x}" for digit in number)


def inside(mail: bytes) -> str:
    """A mail as a part of another."""
    return f"Content-Type: message/rfc822\r\n\r\n{mail.decode()}"
