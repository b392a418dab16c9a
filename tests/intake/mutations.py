"""Mails that went wrong on their way: drawn by a seed from good ones, so that each can be made again."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from functools import cache

from tests.harness import ROOT
from tests.intake import wrapped
from tests.intake.mails import multipart, raw

Mutator = Callable[[random.Random, bytes], bytes]

_TEXT = (
    "Content-Type: text/plain; charset=utf-8\r\n\r\nCześć, why?\r\n\r\nOn Fri, 20 Nov 2026 Desk wrote:\r\n> your bill"
)
_HTML = (
    'Content-Type: text/html; charset=utf-8\r\n\r\n<p>Ça va &amp; <b>bien</b><blockquote class="cite">old</blockquote>'
)
_FILE = (
    "Content-Type: application/pdf; name*0*=utf-8''b%C3%A9; name*1=ll.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
)
_CHARSETS = (b"utf-8", b"utf-16", b"big5", b"gb2312", b"iso-2022-jp", b"utf-7", b"hz", b"zip", b"rot13", b"idna", b"?")
_FIELDS = (b"From", b"Content-Type", b"Content-Transfer-Encoding", b"Subject", b"Message-ID", b"Date", b"References")
_VALUES = (
    b'multipart/mixed; boundary="x', b"message/rfc822", b"text/html; charset=\xff", b"base64", b"quoted-printable",
    b"uuencode", b"=?utf-8?b?=?=?= =?x?q?=GG?=", b"<<<@@>>>,;:()\"", b"Thu, 99 Foo 99999 99:99:99 +9999999",
    b"multipart/report; report-type=delivery-status", b"application/ms-tnef", b"",
)  # fmt: skip


@cache
def originals() -> tuple[bytes, ...]:
    """The recorded mails and some that are built of several parts."""
    recorded = [path.read_bytes() for path in sorted((ROOT / "events" / "mail").glob("*.eml"))]
    file = _FILE + base64.encodebytes(bytes(range(256)) * 4).decode()
    built = [multipart(_TEXT, _HTML, kind="alternative"), multipart(_TEXT, file), multipart(_HTML, file, _TEXT)]
    return tuple(mail for mail in [*recorded, *built, *wrapped.originals(), raw("> a\n\nb\n\n> c\n")] if mail)


def mutated(count: int, seed: int) -> Iterator[bytes]:
    """`count` mails, each changed one to four times."""
    draw, sources = random.Random(seed), originals()
    for _ in range(count):
        mail = draw.choice(sources)
        for _ in range(draw.randint(1, 4)):
            mail = draw.choice(MUTATORS)(draw, mail)
        yield mail


def _flip(draw: random.Random, mail: bytes) -> bytes:
    changed = bytearray(mail)
    for _ in range(draw.randint(1, 40) if changed else 0):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(draw: random.Random, mail: bytes) -> bytes:
    start, end = sorted(draw.randint(0, len(mail)) for _ in range(2))
    return draw.choice([mail[:end], mail[start:], mail[:start] + mail[end:]])


def _repeat(draw: random.Random, mail: bytes) -> bytes:
    start, end = sorted(draw.randint(0, len(mail)) for _ in range(2))
    return mail[:end] + mail[start:end][:2_000] * draw.randint(1, 20) + mail[end:]


def _insert(draw: random.Random, mail: bytes) -> bytes:
    at = draw.randint(0, len(mail))
    kinds = (b"\0" * 50, b"\r", b"\n\n", b"\r\n \r\n", b"--frontier\r\n", b"\xff\xfe", draw.randbytes(60), b"=?", b'"')
    return mail[:at] + draw.choice(kinds) + mail[at:]


def _lie(draw: random.Random, mail: bytes) -> bytes:
    """A field more, first or in the middle, that says something else."""
    line = draw.choice(_FIELDS) + b": " + draw.choice(_VALUES) + b"\r\n"
    at = mail.find(b"\n", draw.randint(0, len(mail))) + 1
    return line + mail if draw.random() < 0.5 else mail[:at] + line + mail[at:]


def _charset(draw: random.Random, mail: bytes) -> bytes:
    return mail.replace(b"utf-8", draw.choice(_CHARSETS))


def _boundary(draw: random.Random, mail: bytes) -> bytes:
    return mail.replace(b"--frontier", draw.choice([b"--frontie", b"-- frontier", b"--frontier--"]), draw.randint(1, 3))


def _nest(draw: random.Random, mail: bytes) -> bytes:
    kind = draw.choice(
        [b"multipart/mixed; boundary=n%d", b"message/rfc822; n=%d", b"multipart/alternative; boundary=n%d"]
    )
    for level in range(draw.randint(1, 60)):
        mail = b"Content-Type: " + kind % level + b"\r\n\r\n--n%d\r\n" % level + mail
    return mail


def _splice(draw: random.Random, mail: bytes) -> bytes:
    other = draw.choice(originals())
    return mail[: draw.randint(0, len(mail))] + other[draw.randint(0, len(other)) :]


MUTATORS: tuple[Mutator, ...] = (_flip, _cut, _repeat, _insert, _lie, _charset, _boundary, _nest, _splice)
