"""Which parts of a mail are its text, and that text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.intake.mail import charsets, flowed, markup, rtf
from chalicelib.intake.mail.part import Part
from chalicelib.intake.mail.unpacking import ENCRYPTED, TNEF

MAX_BODY = 1_000_000
"""Characters of text that are kept; the raw mail keeps everything."""
MAX_READ = 2_000_000
"""Bytes of texts after which no further one is read: many pages that say nothing take as long as those that do."""
_LONE_RETURN = re.compile(r"\r(?!\n)")
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n"})
_MARKED_UP = frozenset({"text/html", "text/enriched"})
_TEXT_KINDS = _MARKED_UP | {"text/plain"}
OTHER_FORMS = frozenset({"text/x-amp-html", "text/watch-html"})
"""The words once more, for programs that show them in their own way."""
_BINARY = bytes({*range(32), 127} - {*b"\t\n\f\r\x1b"})
_TABLES = frozenset({"text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory"})
_SAYS_NOTHING = frozenset({"application/octet-stream", "application/text", "application/unknown"})
_PAGE = re.compile(r"\s{0,200}(?:<!doctype html\b|<html[\s>])", re.IGNORECASE)
_LOOKED_AT = 4096
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,200}?\b(?:charset|encoding)\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE
)
_RICH = frozenset({"text/rtf", "application/rtf"})
_HTML = re.compile(r"\bhtml\b", re.IGNORECASE)
_NOTICE = re.compile(r"\bmime\b|multi-?part", re.IGNORECASE)
_ADVICE = 400
_ESCAPED = re.compile(r"^>(?=>*From )", re.MULTILINE)
_QUOTED = re.compile(r"^>(?!>*From )", re.MULTILINE)
_ARMOUR = ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----")


@dataclass(frozen=True)
class Body:
    """The text of a mail, lines ended by `\\n`. `from_markup`: it was made of HTML alone."""

    text: str
    from_markup: bool


def is_text(part: Part) -> bool:
    """Whether a part is words to be read, and no file."""
    return part.kind in _TEXT_KINDS and not part.is_attached and not part.children


def read(root: Part) -> Body:
    """Plain text where there is some, else HTML; several texts of one mail follow each other. Without any, what stands
    in a winmail.dat, or text that has a name or another type and is not called an attachment."""
    texts, reader = list[Body](), _Reader()
    _collect(root, texts, reader)
    said = _once([body for body in texts if body.text.strip()]) or _elsewhere(root, reader)
    joined = "\n".join(body.text.strip("\n") for body in said)
    return Body(joined[:MAX_BODY], bool(said) and all(body.from_markup for body in said))


def _once(texts: list[Body]) -> list[Body]:
    """Some programs send the same text plain and as HTML and do not say that one would do."""
    if len(texts) < 2:
        return texts
    said: dict[str, Body] = {}
    for body in texts:
        said.setdefault("".join(body.text.split()), body)
    return list(said.values())


class _Reader:
    """Reads the texts of one mail, as many as it may have."""

    def __init__(self) -> None:
        self.left = MAX_READ

    def text(self, part: Part) -> Body:
        may_be_read, self.left = self.left > 0, self.left - (part.end - part.start)
        return _read(part) if may_be_read else Body("", from_markup=False)


def _collect(part: Part, texts: list[Body], reader: _Reader) -> None:
    if part.kind == "multipart/alternative" and part.children:
        texts.append(_best(part.children, reader))
    elif part.kind == TNEF:
        return  # it repeats what stands beside it
    elif part.children:
        for child in part.children:
            _collect(child, texts, reader)
    elif is_text(part):
        texts.append(reader.text(part))


def _elsewhere(root: Part, reader: _Reader) -> list[Body]:
    texts: list[Body] = []
    for part in root.walk():
        if part.kind == TNEF:
            for child in part.children:
                _collect(child, texts, reader)
        elif _may_be_text(part, alone=part is root):
            texts.append(reader.text(part))
    return [body for body in [*texts, _around(root)] if body.text.strip()][:1]


def _around(root: Part) -> Body:
    """What stands before and behind the parts of a multipart, where programs of old tell that it is one."""
    inner = [part for part in root.children if part.raw is root.raw]
    if not inner:
        return Body("", from_markup=False)
    before = root.raw.find(b"--", root.start, inner[0].start)
    outside = root.raw[root.start : max(root.start, before)] + root.raw[inner[-1].end : root.end][:_LOOKED_AT]
    lines = [line for line in outside[: 2 * _LOOKED_AT].splitlines() if not line.startswith(b"--")]
    text = _tidy(charsets.decode(b"\n".join(lines)))
    return Body("" if _NOTICE.search(text) else text, from_markup=False)


def _may_be_text(part: Part, *, alone: bool) -> bool:
    """Whether a part that is a file by its name or its type is one that people could have written. `alone`: it is the
    whole mail, which without a name is no file whatever it is called."""
    if part.children or (part.is_set_apart and not (alone and not part.given_name)):
        return False
    if part.kind in _RICH:
        return not part.given_name
    if part.kind in _SAYS_NOTHING and not part.given_name:
        head = part.content[:_LOOKED_AT]
        return head == head.translate(None, _BINARY)
    return part.kind.startswith("text/") and part.kind not in OTHER_FORMS | _TABLES


def _of(part: Part, reader: _Reader) -> Body:
    """One alternative, which may itself be a multipart (HTML with its images)."""
    texts: list[Body] = []
    _collect(part, texts, reader)
    said = [body for body in texts if body.text.strip()]
    return Body("\n".join(body.text for body in said), all(body.from_markup for body in said))


def _best(alternatives: tuple[Part, ...], reader: _Reader) -> Body:
    """The first that was not made of HTML, else the first with words; HTML is not read when plain text says it."""
    rich: list[Body] = []
    for part in sorted(alternatives, key=lambda part: part.kind != "text/plain"):
        said = _of(part, reader)
        if said.text.strip() and not said.from_markup and not _points_elsewhere(said.text):
            return said
        rich += [said] if said.text.strip() else []
    return max(rich, key=lambda body: body.from_markup, default=Body("", from_markup=False))


def _points_elsewhere(text: str) -> bool:
    """Whether a text may be nothing but the advice to look at the HTML; who really wrote it says it there as well."""
    return len(text) < _ADVICE and _HTML.search(text) is not None


def _tidy(text: str) -> str:
    """Every line break as `\\n`, and but for tabs no other control character."""
    if "\r" in text and _LONE_RETURN.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark in () if text.isascii() else ("\x85", "\u2028", "\u2029"):
        text = text.replace(mark, "\n")
    return text.encode(errors="replace").translate(None, _CONTROLS).decode()


def _without_escapes(text: str) -> str:
    """`>From ` as mail stores write it at the beginning of a line; where other lines are marked too it is marked."""
    return text if ">" not in text or ">From " not in text or _QUOTED.search(text) else _ESCAPED.sub("", text)


def _without_armour(text: str) -> str:
    """A note for each text that was encrypted with OpenPGP (RFC 9580, section 6.2)."""
    if _ARMOUR[0] not in text:
        return text
    first, *others = text.split(_ARMOUR[0])
    for other in others:
        _, closed, after = other.partition(_ARMOUR[1])
        first += ENCRYPTED + after if closed else _ARMOUR[0] + other
    return first


def charset_of(part: Part, content: bytes) -> str:
    """The charset that the header of a part states, else the one that a page states of itself."""
    stated = part.parameters.get("charset", "")
    found = _CHARSET.search(content[:_LOOKED_AT]) if part.kind == "text/html" and not stated else None
    return found[1].decode("ascii") if found else stated


def _read(part: Part) -> Body:
    if part.kind in _RICH and (text := rtf.to_text(part.content.lstrip())):
        return Body(text, from_markup=False)
    content = part.content
    text = _tidy(charsets.decode(content, charset_of(part, content)))
    rich = part.kind in _MARKED_UP or (_PAGE.match(text) is not None and "</" in text)
    if not rich and part.parameters.get("format", "").lower() == "flowed":
        text = flowed.unfolded(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return Body(markup.to_text(text, pictures=True) if rich else _without_escapes(_without_armour(text)), rich)
