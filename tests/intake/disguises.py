"""Card numbers in the words, markup, charsets and headers of a mail, by what disguises them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.intake.mails import multipart, raw
from tests.intake.parts import (
    FILLER,
    INVISIBLE,
    MIXED,
    WORDS,
    entities,
    grouped,
    page,
    part,
    quoted_printable,
    report,
    spread,
    word,
)
from tests.platform.planted import GLUES, TAGS, disguised

Maker = Callable[[Random, str], bytes]
"""Makes the mail that holds a number."""
LONG = "color: red;" * 60

IN_WORDS: dict[str, Maker] = {
    "plain": lambda r, n: raw(f"My card is {n}, take it."),
    "grouped": lambda r, n: raw(f"My card is {grouped(n)}."),
    "glued": lambda r, n: raw(f"Take {disguised(r, n, GLUES)} for it."),
    "glued with tags": lambda r, n: page(f"<p>Take {disguised(r, n, GLUES + TAGS)} for it.</p>"),
    "between letters": lambda r, n: raw(f"card{n}exp1229"),
    "with expiry and code": lambda r, n: raw(f"{grouped(n)} 12/27 {r.randrange(100, 1000)}"),
    "invisible": lambda r, n: raw(f"Take {spread(r, n, r.choice(INVISIBLE))} ok"),
    "full width": lambda r, n: raw(f"Take {n.translate({48 + d: 0xFF10 + d for d in range(10)})} ok"),
    "Arabic digits": lambda r, n: raw(f"Take {n.translate({48 + d: 0x660 + d for d in range(10)})} ok"),
    "line breaks": lambda r, n: raw(f"Take {grouped(n, chr(10))}\nok"),
    "quoted": lambda r, n: raw(
        f"Yes.\n\nOn Fri, 20 Nov 2026 Desk <d@firm.example> wrote:\n> {grouped(n, chr(10) + '> ')}\n"
    ),
    "signature": lambda r, n: raw(f"Why?\n\n-- \nAda Lovelace\nTel. +44 7700 900123\ncard {grouped(n, '-')}\n"),
    "soft breaks": lambda r, n: quoted_printable(f"Please take my card {n} for it"),
    "HTML alone": lambda r, n: page(f"<p>{grouped(n, '&nbsp;')}</p>"),
    "tags between": lambda r, n: page(f"<b>{n[:4]}</b><i>{n[4:9]}</i><span style='a:b'>{n[9:]}</span>"),
    "long tags between": lambda r, n: page(f"<b>{n[:6]}</b><span style='{LONG}'>{n[6:]}</span>"),
    "many tags between": lambda r, n: page(f"{n[:6]}{'</b><b>' * 20}{n[6:]}"),
    "decimal entities": lambda r, n: page(f"<p>{entities(n)}</p>"),
    "hexadecimal entities": lambda r, n: page(f"<p>{entities(n, '&#x{:x};')}</p>"),
    "entities without end": lambda r, n: page(f"<p>{entities(n, '&#{} ')}</p>".replace(" ", "")),
    "comment": lambda r, n: page(f"<!-- card {grouped(n)} -->"),
    "comment between": lambda r, n: page(f"<p>{spread(r, n, '<!-- 77 -->')}</p>"),
    "table cells": lambda r, n: page(
        "<table><tr>" + "".join(f"<td>{g}</td>" for g in grouped(n).split()) + "</tr></table>"
    ),
    "table rows": lambda r, n: page(
        "<table>" + "".join(f"<tr><td>{g}</td></tr>\n" for g in grouped(n).split()) + "</table>"
    ),
    "alt": lambda r, n: page(f"<img src='cid:a' alt='card {grouped(n)}'>"),
    "alt in entities": lambda r, n: page(f"<img src='cid:a' alt='{entities(n)}'>"),
    "title": lambda r, n: page(f"<a title='{n}'>pay</a>"),
    "href": lambda r, n: page(f"<a href='https://shop.example/pay?card={n}&x=1'>pay</a>"),
    "href with escapes": lambda r, n: page(f"<a href='https://shop.example/pay?card={grouped(n, '%20')}'>pay</a>"),
    "hidden": lambda r, n: page(f"<div style='display:none'>{grouped(n)}</div>"),
    "hidden between": lambda r, n: page(f"<p>{spread(r, n, '<span style=display:none>9<b>1</b></span>')}</p>"),
    "style and script": lambda r, n: page(f"<style>/* {n} */</style><script>var c = '{grouped(n)}'</script>"),
    "utf-16": lambda r, n: multipart(part(f"card {grouped(n)}", charset="utf-16")),
    "utf-16 without mark": lambda r, n: multipart(part(f"card {grouped(n)}", charset="utf-16le", codec="utf-16-le")),
    "utf-7": lambda r, n: multipart(part(f"Karte für {n}", charset="utf-7")),
    "EBCDIC": lambda r, n: multipart(part(f"card {grouped(n)}", charset="cp037")),
    "unknown charset": lambda r, n: multipart(part(f"card {grouped(n)}", charset="x-made-up", codec="utf-8")),
    "subject": lambda r, n: raw(subject=f"Card {grouped(n)}"),
    "subject in words": lambda r, n: raw(subject=f"{word('Karte ' + n[:7])} {word(n[7:])}"),
    "subject in Q": lambda r, n: raw(subject=f"{word(n[:5], 'q')}\r\n {word(n[5:] + ' ok', 'q')}"),
    "display name": lambda r, n: raw(from_=f'"{grouped(n)}" <ada@example.com>'),
    "display name in words": lambda r, n: raw(from_=f"{word(n[:8])} {word(n[8:])} <ada@example.com>"),
    "sender address": lambda r, n: raw(from_=f"Ada <{n}@example.com>"),
    "reply-to": lambda r, n: raw(reply_to=f'"{n}" <{n}@example.com>'),
    "to and cc": lambda r, n: raw(to=f'"{grouped(n)}" <billing@desk.example>', cc=f"<x{n}@example.com>"),
    "message-id": lambda r, n: raw(message_id=f"<{n}@mail.example>"),
    "in-reply-to": lambda r, n: raw(in_reply_to=f"<{grouped(n, '-')}@mail.example>"),
    "references": lambda r, n: raw(references=f"<a@b.example> <x.{n}@mail.example>"),
    "custom header": lambda r, n: raw(x_card_number=n, x_note=word(grouped(n))),
    "author of a list": lambda r, n: raw(
        from_=f'"{grouped(n)} via Bills" <bills@lists.example>',
        list_post="<mailto:bills@lists.example>",
        x_original_from=f'"Card {n}" <x{n}@example.com>',
        list_id="<bills.lists.example>",
    ),
    "list id": lambda r, n: raw(list_id=f'"{grouped(n)}" <{n}.lists.example>'),
    "absence": lambda r, n: raw(
        f"I am away, my card {grouped(n)}", subject=f"Out of office {n}", auto_submitted="auto-replied"
    ),
    "bounce": lambda r, n: report(n),
    "quarantined": lambda r, n: raw(f"Take {n}"),
    "far down": lambda r, n: raw(FILLER * 4_200 + grouped(n)),
    "preamble": lambda r, n: raw(
        f"card {n}\r\n".encode() + multipart(WORDS).partition(b"\r\n\r\n")[2], content_type=MIXED
    ),
    "epilogue": lambda r, n: multipart(WORDS) + f"card {n}\r\n".encode(),
    "second alternative": lambda r, n: multipart(WORDS, part(f"<p>{grouped(n)}</p>", "text/html"), kind="alternative"),
}
