"""Card numbers in a mail: whether any text of it holds one, and the mail and its files without them.

What is text is searched: headers that people write, bodies, HTML as source and as it reads, text files, and mails
inside the mail. PDF, images and archives cannot be read. A mail with more than SEARCHED characters of text is not
searched to its end: it counts as holding one, and of its files what was not searched is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chalicelib.intake.mail import charsets, markup, mime
from chalicelib.intake.mail.files import File, safe_name
from chalicelib.intake.mail.mime import Part
from chalicelib.intake.parse import ParsedMail, parse_mail
from chalicelib.platform.cards import hide_cards, holds_card

SEARCHED: Final = 300_000
"""Characters of a mail's texts together, and of one file: a search of more could take seconds."""
_CUT: Final = "\n[The rest of this file is in the raw mail.]\n"
_NESTED: Final = 3
"""Mails inside mails that are looked into."""
_WRITTEN: Final = ("subject", "from", "to", "cc", "reply-to", "sender", "comments", "keywords", "thread-topic")
_NO_TEXT: Final = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_LOOKED_AT: Final = 4096
_CONTROLS: Final = bytes({*range(32)} - {9, 10, 12, 13, 27})


def holds_cards(raw: bytes) -> bool:
    """Whether any text of a whole mail holds a card number. Never raises."""
    left = SEARCHED
    for text in _texts(mime.read(raw), _NESTED):
        left -= len(text)
        if left < 0 or holds_card(text):
            return True
    return False


def without_cards(mail: ParsedMail) -> ParsedMail:
    """The mail with the numbers hidden in its words; its files still hold theirs."""
    return replace(
        mail, subject=hide_cards(mail.subject), from_name=hide_cards(mail.from_name),
        text=hide_cards(mail.text[:SEARCHED]), body_text=hide_cards(mail.body_text[:SEARCHED]),
    )  # fmt: skip


def cleaned(file: File) -> File:
    """The file with the numbers hidden in its name and, where it is text, in its content. A mail, and HTML that hides a
    number from its source, is kept as its words alone."""
    named = replace(file, name=hide_cards(file.name))
    if _is_mail(file):
        return _words(named, _read_mail(file.content)) if holds_cards(file.content) else named
    if file.content_type.startswith(_NO_TEXT) or not _is_text(file.content_type, file.content):
        return named
    text = charsets.decode(file.content)
    hidden = hide_cards(text[:SEARCHED]) + (_CUT if len(text) > SEARCHED else "")
    if file.content_type == "text/html" and holds_card(read := markup.to_text(hidden)):
        return _words(named, hide_cards(read))
    return File(named.name, file.content_type, hidden.encode()) if hidden != text else named


def _texts(root: Part, nested: int) -> Iterator[str]:
    yield from map(root.headers.text, _WRITTEN)
    for part in root.walk():
        if part.children:
            continue
        yield from (part.parameters.get("name", ""), part.headers.text("content-disposition"))
        yield part.headers.text("content-description")
        if part.kind == "message/rfc822" or part.parameters.get("name", "").lower().endswith(".eml"):
            if nested:
                yield from _texts(mime.read(part.content), nested - 1)
        elif not part.kind.startswith(_NO_TEXT) and _is_text(part.kind, content := part.content):
            yield from _readings(part, charsets.decode(content, part.parameters.get("charset")))


def _readings(part: Part, text: str) -> Iterator[str]:
    yield text
    if part.kind == "text/html":
        yield markup.to_text(text)


def _is_mail(file: File) -> bool:
    return file.content_type == "message/rfc822" or file.name.lower().endswith(".eml")


def _is_text(kind: str, content: bytes) -> bool:
    """Text by its type or, since tables often travel under another one, by having no bytes that text never has."""
    head = content[:_LOOKED_AT]
    return kind.startswith("text/") or head.translate(None, _CONTROLS) == head


def _read_mail(content: bytes) -> str:
    mail = without_cards(parse_mail(content))
    return f"{mail.subject}\n\n{mail.body_text}"


def _words(file: File, text: str) -> File:
    return File(safe_name(f"{file.name}.txt", 1, "text/plain"), "text/plain", text.encode())
