"""What is wrapped in a part that MIME alone does not open: winmail.dat, S/MIME, files in uuencode, messages in pieces.

Each becomes a part with children, so that whoever walks a mail sees words as words and files as files, within the
limits of that mail. What cannot be opened stays the file that it is.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from chalicelib.intake.mail import apple, rtf, smime, tnef, uuencode
from chalicelib.intake.mail.headers import Headers
from chalicelib.intake.mail.part import Budget, Part, made

ENCRYPTED: Final = "[This part of the mail is encrypted; the desk cannot read it.]"
ELSEWHERE: Final = "[The mail refers to a file that it does not hold: {}]"
_BINARY: Final = "application/octet-stream"
TNEF: Final = "application/ms-tnef"
_TNEF: Final = frozenset({TNEF, "application/vnd.ms-tnef", "application/x-ms-tnef"})
SEALS: Final = frozenset(
    {
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-encrypted", "application/pgp-keys",
    }
)  # fmt: skip
"""Files that programs check or unlock a mail with, and that say nothing to a reader."""
_CMS: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF_STARTS: Final = (tnef.SIGNATURE, b"eJ8+I")
"""The signature, plain and in base64."""
_ENTITY: Final = re.compile(rb"^(?:content-[a-z-]{1,40}|mime-version)[ \t]{0,20}:", re.IGNORECASE | re.MULTILINE)
Read = Callable[[bytes], Part]


def unpacked(part: Part, budget: Budget, read: Read) -> Part:
    """The part with what is wrapped in it as its children; itself when nothing is. `read` makes a part of a whole MIME
    entity, one level deeper."""
    opened = _opener(part)
    children = tuple(child for child in opened(part, budget, read) if budget.take()) if opened else ()
    if not children:
        return part
    return replace(part, children=children, kind=TNEF if opened is _winmail else part.kind)


def with_note(children: tuple[Part, ...], kind: str) -> tuple[Part, ...]:
    """The children of a multipart, after words that say so when they are encrypted, and without the half of a file of
    a Macintosh that no other machine can use."""
    if kind == "multipart/encrypted" and children:
        return made("text/plain", ENCRYPTED.encode()), *children
    if kind == "multipart/appledouble":
        return tuple(child for child in children if child.kind != apple.KIND) or children
    return children


Opener = Callable[[Part, Budget, Read], Iterator[Part]]


def _opener(part: Part) -> Opener | None:
    if part.kind == "text/plain":
        holds_files = part.raw.find(b"begin ", part.start, part.end) >= 0 and not part.is_attached
        return _uuencoded if holds_files else None
    if part.kind in _TNEF or (part.kind == _BINARY and _looks_like_tnef(part)):
        return _winmail
    if part.kind in _CMS or (part.kind.startswith("application/") and part.given_name.lower().endswith(".p7m")):
        return _enveloped
    return {"message/partial": _piece, "message/external-body": _elsewhere, apple.KIND: _apple}.get(part.kind)


def _looks_like_tnef(part: Part) -> bool:
    return part.raw.startswith(_TNEF_STARTS, part.start) or part.given_name.lower() == "winmail.dat"


def _winmail(part: Part, budget: Budget, _: Read) -> Iterator[Part]:
    content = part.content
    message = tnef.read(content, budget.steps) if budget.spend(len(content)) else None
    if message and (bodies := _bodies(message, budget)):
        yield replace(made("multipart/alternative", b""), children=bodies)
    if message:
        yield from _members(message, content, budget)


def _bodies(message: tnef.Message, budget: Budget) -> tuple[Part, ...]:
    plain = message.plain
    if budget.rich > 0 and message.rtf and not plain.strip() and not message.html.strip():
        rich = rtf.unpacked(message.rtf)
        budget.rich -= len(rich)
        plain = rtf.to_text(rich)
    said = (("text/plain", plain), ("text/html", message.html))
    return tuple(made(kind, text.encode()) for kind, text in said if text.strip())


def _members(message: tnef.Message, content: bytes, budget: Budget) -> Iterator[Part]:
    """The files of a message; one that is a message is its words, and its own files after it."""
    for file in message.files:
        if file.message is None:
            kind = file.kind or mimetypes.guess_type(file.name)[0] or _BINARY
            name = file.name or file.title or "attachment"
            member = made(kind, content, start=file.start, end=file.end, name=name)
            named = ("content-id", file.content_id.encode())
            yield replace(member, headers=Headers((*member.headers.fields, named))) if file.content_id else member
            continue
        title = file.message.subject or file.name or "message"
        for body in _bodies(file.message, budget)[:1]:
            words = f"{title}\n\n".encode() + body.content if body.kind == "text/plain" else body.content
            yield made(body.kind, words, name=f"{title}{'.txt' if body.kind == 'text/plain' else '.html'}")
        yield from _members(file.message, content, budget)


def _enveloped(part: Part, budget: Budget, read: Read) -> Iterator[Part]:
    data = part.content
    envelope = smime.opened(data, budget.steps) if budget.spend(len(data)) else None
    if envelope is None or not budget.spend(len(envelope.content or b"")):
        return
    if envelope.content is None:
        yield made("text/plain", ENCRYPTED.encode())
        yield part
        return
    inner = re.sub(r"(?i)\.p7m$", "", part.given_name)
    if "." in inner and not _ENTITY.search(envelope.content, 0, 2_000):
        # A signed document, not a signed mail.
        yield made(mimetypes.guess_type(inner)[0] or _BINARY, envelope.content, name=inner)
    else:
        yield read(envelope.content)


def _uuencoded(part: Part, budget: Budget, _: Read) -> Iterator[Part]:
    content = part.content
    blocks = uuencode.blocks(content) if budget.spend(len(content)) else []
    headers, at = Headers((), part.headers.charset), 0
    for block in blocks:
        yield Part(content, at, block.start, headers, part.kind, part.parameters)
        name = block.name.decode("utf-8", "replace")
        kind = mimetypes.guess_type(name)[0] or _BINARY
        yield replace(made(kind, content, start=block.start, end=block.end, name=name or "attachment"), headers=_UU)
        at = block.end
    if blocks:
        yield Part(content, at, len(content), headers, part.kind, part.parameters)


_UU: Final = Headers((("content-disposition", b"attachment"), ("content-transfer-encoding", b"x-uuencode")))


def _piece(part: Part, budget: Budget, read: Read) -> Iterator[Part]:
    """RFC 2046, 5.2.2: the first piece begins with the header of the whole, the others go on with its text."""
    if not budget.spend(part.end - part.start):
        return
    if part.parameters.get("number", "1") == "1":
        yield read(part.content)
    else:
        yield made("text/plain", part.content)


def _elsewhere(part: Part, _: Budget, __: Read) -> Iterator[Part]:
    """RFC 2046, 5.2.3. It is never fetched."""
    named = part.given_name or part.parameters.get("url", "") or part.parameters.get("access-type", "")
    yield made("text/plain", ELSEWHERE.format(named[:200]).encode())


def _apple(part: Part, budget: Budget, _: Read) -> Iterator[Part]:
    content = part.content if budget.spend(part.end - part.start) else b""
    if found := apple.data_fork(content):
        name = part.given_name or found.name or "attachment"
        kind = mimetypes.guess_type(name)[0] or _BINARY
        yield made(kind, content, start=found.start, end=found.end, name=name)
