"""Card numbers in a mail: whether any text of it holds one, and the mail and its files without them.

A mail with more than SEARCHED characters of text is not searched to its end: it counts as holding one, and of its files
what was not searched is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from chalicelib.intake.mail import markup, mime
from chalicelib.intake.mail.files import MAX_NAME, File, safe_name
from chalicelib.intake.mail.part import Part
from chalicelib.intake.model import keyed_hash
from chalicelib.intake.parse import MAX_SUBJECT, ParsedMail, parse_mail
from chalicelib.intake.searched import decoded, is_mail, is_text, readings, shown, texts
from chalicelib.platform.cards import hide_cards, hide_first, holds_card

SEARCHED: Final = 300_000
"""Characters of a mail's texts together, and of one file: a search of more could take seconds."""
SEARCHED_FILES: Final = 4 * SEARCHED
"""Bytes of all files of a mail that are searched."""
_CUT: Final = "\n[The rest of this file is in the raw mail.]\n"
_WITHHELD: Final = "[This file held card numbers that cannot be taken out of it. It is in the raw mail.]\n"
_IDS: Final = frozenset({"message_id", "in_reply_to", "references", "bounced_message_id"})
_ADDRESSES: Final = frozenset({"address", "from_addr", "to", "reply_to", "bounced_recipients"})
_OURS: Final = frozenset({"attachments", "digest", "rich"})
"""What holds no words, or is searched by itself."""
_MAX_WORDS: Final = 200
"""Characters of a display name that the parser keeps."""
_CUT_AT: Final = {"subject": MAX_SUBJECT - 1, "from_name": _MAX_WORDS - 1, "name": _MAX_WORDS - 1}
"""Characters below those at which the parser cuts a text: one with more may end within a number."""
_CUT_NAME: Final = MAX_NAME - 16
"""Bytes; what is cut loses its last blanks, too."""
_HEAD: Final = 4096


def holds_cards(raw: bytes) -> bool:
    """Whether any text of a whole mail holds a card number. Never raises."""
    return parts_hold_cards(mime.read(raw))


def parts_hold_cards(root: Part) -> bool:
    """The same of a mail whose tree of parts has been read."""
    left = SEARCHED
    for kind, text in texts(root):
        left -= len(text)
        if left < 0 or any(map(holds_card, readings(kind, text))):
            return True
    return False


def without_cards(mail: ParsedMail) -> ParsedMail:
    """The mail with the numbers hidden in all its texts; its files still hold theirs. An address that holds a number is
    none, for the rest of it is somebody else's; an id goes on with the last four digits, the same in every mail."""
    changed: ParsedMail = _hidden("", mail)
    return changed


def keyed(mail: ParsedMail, key: bytes) -> ParsedMail:
    """The mail with a digest that nobody makes without the key: beside the words that are kept, a plain one would let
    the hidden digits be found by trying them all."""
    return replace(mail, digest=keyed_hash(key, mail.digest))


def all_cleaned(files: Iterable[File]) -> Iterator[File]:
    """Each file as `cleaned` makes it, until SEARCHED_FILES have been searched: of what follows only names are kept."""
    left = SEARCHED_FILES
    for file in files:
        head = file.content[:_HEAD]
        if not is_text(file.content_type, head) and not is_mail(file.content_type, file.name, head):
            yield cleaned(file)
        elif left > 0:
            left -= min(file.size, SEARCHED)
            yield cleaned(file)
        else:
            yield _words(cleaned(replace(file, content=b"")), _CUT.lstrip())


def cleaned(file: File) -> File:
    """The file with the numbers hidden in its name and, where it is text, in its content. A mail, and a text that hides
    a number in its escapes or tags, is kept as its words alone."""
    kind = file.content_type if not holds_card(file.content_type) else "application/octet-stream"
    named, head = replace(file, name=_named(file.name), content_type=kind), file.content[:_HEAD]
    if is_mail(kind, file.name, head):
        return _words(named, _read_mail(file.content)) if holds_cards(file.content) else named
    if not is_text(kind, head):
        return named
    for text in decoded(file.content, file.charset):
        hidden = hide_first(text, SEARCHED) + (_CUT if len(text) > SEARCHED else "")
        if any(map(holds_card, set(shown(kind, hidden)) - {hidden})):
            return _words(named, _plain(kind, hidden))
        if hidden != text:
            return replace(named, content=hidden.encode(), charset="utf-8")
    return named


def _named(name: str) -> str:
    if len(name.encode()) < _CUT_NAME:
        return hide_cards(name)
    at = len(re.sub(r"\.[^.]{1,20}\Z", "", name))
    return hide_cards(hide_first(name[:at], at - 1) + name[at:])


def _hidden(name: str, value: Any) -> Any:
    if name in _OURS:
        return value
    if isinstance(value, tuple):
        return tuple(one for one in (_hidden(name, part) for part in value) if one)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _hidden(part.name, getattr(value, part.name)) for part in fields(value)})
    return _words_hidden(name, value) if isinstance(value, str) else value


def _words_hidden(name: str, value: str) -> str | None:
    if name in _ADDRESSES:
        return value if not holds_card(value) else "" if name == "address" else None
    hidden = hide_first(value, _CUT_AT.get(name, SEARCHED))
    return hidden.translate(_TOKEN) if name in _IDS and hidden != value else hidden


_TOKEN: Final = {ord("["): None, ord("]"): None, ord(" "): "-"}
"""A Message-ID has no blanks and brackets."""


def _plain(kind: str, text: str) -> str:
    """The words of a text in whose source a number is hidden too well."""
    words = hide_cards(markup.to_text(text) if "<" in text else [*readings(kind, text)][-1])
    return _WITHHELD if any(map(holds_card, readings("text/plain", words))) else words


def _read_mail(content: bytes) -> str:
    mail = without_cards(parse_mail(content))
    return f"{mail.subject}\n\n{mail.body_text}"


def _words(file: File, text: str) -> File:
    return File(safe_name(f"{file.name}.txt", 1, "text/plain"), "text/plain", text.encode(), "utf-8")
