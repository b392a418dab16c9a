"""Whether a mail says that another one could not be delivered, to whom, and which one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.mail import charsets
from chalicelib.intake.mail.addresses import mailboxes
from chalicelib.intake.mail.bounce_words import CODE, COPY, DAEMON, DELAY, STILL_TRIED, SUBJECT
from chalicelib.intake.mail.headers import Headers
from chalicelib.intake.mail.mime import Part, read

_FIELD = re.compile(
    r"^(final-recipient|original-recipient|action)\s{0,9}:\s{0,9}([^\r\n]{0,900})", re.IGNORECASE | re.MULTILINE
)
_FOLD = re.compile(r"\n[ \t]+")
_MESSAGE_ID = re.compile(r"^message-id\s{0,9}:\s{0,9}<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)
_NO_ADDRESS = r"\s<>\"'(),:;\[\]@\u2018-\u201f\u00ab\u00bb\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_ADDRESS = re.compile(rf"[^{_NO_ADDRESS}]{{1,64}}@[^{_NO_ADDRESS}]{{1,255}}")
_TO = re.compile(r"^to:[ \t]{0,9}([^\r\n]{3,500})", re.IGNORECASE | re.MULTILINE)
_COPIES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})
_FAILED = frozenset({"failed", ""})
_LATE = "delayed"
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})


_BEGINNING = 600
_WORDS = 4_000
"""Characters of a report in plain words that are read."""


@dataclass(frozen=True)
class Bounce:
    """`recipients`: who will never get it, lower case, as we wrote to them: a mailbox that their mail goes on to is
    none of ours. `message_id`: the mail that came back, without angle brackets. `delayed`: nobody was refused, it is
    still tried."""

    recipients: tuple[str, ...]
    message_id: str | None
    delayed: bool = False


def find(root: Part, subject: str, sender: str, text: str) -> Bounce | None:
    """The bounce that this mail is, or None. A report of success is none, nor one that a person passes on."""
    status = "\n\n".join(_as_text(part) for part in root.walk() if part.kind in _STATUS)
    fates = list(_fates(status))
    actions = {fate.action for fate in fates if fate.action is not None}
    if actions and not actions & {*_FAILED, _LATE}:
        return None
    is_system = _is_system(root, sender)
    reported = (bool(status) and is_system) or root.parameters.get("report-type", "").lower() == "delivery-status"
    said = root.headers.all("x-failed-recipients")
    told = is_system and bool(SUBJECT.search(subject) or CODE.search(text[:_WORDS]))
    told = told or (is_system and bool(SUBJECT.search(text[:_BEGINNING]) and _in_words(root, text)))
    if not (reported or said or told):
        return None
    if (not actions & _FAILED) if actions else _is_late(subject, text):
        return Bounce((), _returned(root, text), delayed=True)
    named = [fate.recipient for fate in fates if fate.action is None or fate.action in _FAILED]
    failed = _addresses(", ".join(filter(None, named or said))) or (() if fates else _in_words(root, text))
    return Bounce(failed[:50], _returned(root, text))


def _is_system(root: Part, sender: str) -> bool:
    nowhere = root.headers.has("return-path") and root.headers.raw("return-path").replace(" ", "") == "<>"
    return nowhere or root.kind == "multipart/report" or bool(DAEMON.search(sender))


def _is_late(subject: str, text: str) -> bool:
    own = COPY.split(text[:_WORDS], maxsplit=1)[0]
    return bool(DELAY.search(subject) or (STILL_TRIED.search(own) and not CODE.search(own)))


@dataclass(frozen=True)
class _Fate:
    """What a report says of one recipient; `action` is None where it does not say what became of the mail."""

    recipient: str
    action: str | None


def _fates(status: str) -> Iterator[_Fate]:
    """A group of fields for each recipient (RFC 3464, section 2.1)."""
    for group in status.replace("\r\n", "\n").split("\n\n")[:500]:
        fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(_FOLD.sub(" ", group[:20_000]))]
        action = next((value.lower().partition(" ")[0] for name, value in fields if name == "action"), None)
        named = [value for name, value in fields if name == "original-recipient" and "@" in value]
        named = named or [value for name, value in fields if name == "final-recipient"]
        yield from (_Fate(value, action) for value in named or ([""] if action is not None else []))


def _in_words(root: Part, text: str) -> tuple[str, ...]:
    """Without a report, the addresses in the mail system's own words are the failed ones. It may name its help desk
    too; whom the mail that came back was for, is sure."""
    ours = {mailbox.address.lower() for mailbox in mailboxes(root.headers.raw("to"))}
    sections = (_addresses(section) for section in COPY.split(text[:_WORDS]))
    found = next(filter(None, (tuple(each for each in section if each not in ours) for section in sections)), ())
    copy = next((_inner(part) for part in root.walk() if part.kind in _COPIES), None)
    meant = {mailbox.address.lower() for mailbox in mailboxes(copy.raw("to"))} if copy else set(_addresses(_to(text)))
    sure = tuple(each for each in found if each in meant) or tuple(each for each in found if _stands_out(each, text))
    return sure or found or tuple(meant - ours)


def _stands_out(address: str, text: str) -> bool:
    """Whether the address has a line of its own, or the answer of the other side beside it."""
    lines = (line for line in text[:_WORDS].lower().splitlines() if address in line)
    return any(line.strip(" <>:;*-\t") == address or CODE.search(line) for line in lines)


def _to(text: str) -> str:
    return "".join(_TO.findall(text[:20_000])[:1])


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses in a text that a mail could have gone to, lower case, each once."""
    found = (address.lower().rstrip(".") for address in _ADDRESS.findall(text))
    return tuple(dict.fromkeys(each for each in found if "." in each.partition("@")[2] and not DAEMON.search(each)))


def _returned(root: Part, text: str) -> str | None:
    """The Message-ID of the mail that came back: from its copy, its headers, or what the daemon pasted below its
    words."""
    for part in root.walk():
        if part.kind in {"message/rfc822", "message/global"}:
            return _inner(part).id("message-id")
        if part.kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            return read(part.content).headers.id("message-id")
    pasted = _MESSAGE_ID.search(text[:100_000])
    referred = root.headers.ids("in-reply-to") or root.headers.ids("references")
    return pasted[1] if pasted else referred[-1] if referred else None


def _inner(part: Part) -> Headers:
    return read(part.content[:65_536]).headers


def _as_text(part: Part) -> str:
    return charsets.decode(part.content[:262_144], part.parameters.get("charset"))
