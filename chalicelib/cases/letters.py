"""An outgoing mail as MIME: text and HTML side by side, threaded, nothing injectable; and the words of a case's mails,
by language from `templates/`. The words of mails about money stand in `notice_words.py`.

SES writes a Message-ID of its own over ours, so ours travels as the last of References as well: an answer brings it
back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.cases.messages import Message
from chalicelib.cases.model import Case, clipped
from chalicelib.platform.fields import canonical_email, takes_mail

LANGUAGES: Final = frozenset({"cy", "de", "en"})
_DEFAULT_LANGUAGE: Final = "en"
_ORDINARY, _LARGE = "16px", "16pt"
_REFERENCES_SENT: Final = 20
_SUBJECT_BYTES: Final = 200
_REPLY_PREFIX = re.compile(r"^(?:(?:re|aw|sv|odp|antw|ynt|ateb)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>")
REPLIED: Final = "auto-replied"
GENERATED: Final = "auto-generated"
"""How automatic mail is marked: an answer to a mail, or a mail that nothing of the customer's made us write."""
_AS_GIVEN: Final = frozenset({"in-reply-to", "list-unsubscribe", "message-id", "references", "subject", "to"})


@dataclass(frozen=True)
class Letterhead:
    """Where mail comes from (`sender`, a mailbox with or without a name) and where answers go (`reply_to`)."""

    sender: str
    reply_to: str
    message_id: str


@dataclass(frozen=True)
class Words:
    """What a mail says; `language` is the one that it is written in. A subject is one line. In large print the letters
    of its HTML are at least 16 points high. `unsubscribe` is the link by which its like is stopped, if it may be; it
    stands on a line of its own in the text."""

    subject: str
    text: str
    language: str
    is_large: bool = False
    unsubscribe: str | None = None

    @property
    def kept(self) -> str:
        """The text without that link: who presses it speaks for the customer, and not all who read the text may."""
        return self.text.replace(self.unsubscribe, "[link]") if self.unsubscribe else self.text


class _Policy(EmailPolicy):
    """Writes the fields that hold a stranger's words itself. The stdlib decodes the encoded words in what it is given,
    so that `=?utf-8?q?=0D=0ABcc:...?=` in a subject would become a header; and it folds a long message id into encoded
    words, which breaks threads: one id a line is what RFC 5322 wants."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, value) if name.lower() in _AS_GIVEN else super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        if name.lower() == "subject":
            charset = "us-ascii" if value.isascii() and "=?" not in value else "utf-8"
            return f"{name}: {Header(value, charset, header_name=name).encode(linesep=self.linesep)}\r\n"
        if name.lower() in _AS_GIVEN:
            return f"{name}: " + "\r\n ".join(value.split()) + "\r\n"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


_MIME: Final = _Policy(linesep="\r\n", cte_type="7bit", utf8=False)


def answer_words(message: Message, case: Case, language: str) -> Words:
    """An answer or an acknowledgement in the customer's language (BCP 47), in English when we have no words in
    theirs."""
    spoken = spoken_language(language)
    kind = "acknowledgement" if message.automatic else "answer"
    template = templates().get_template(f"{kind}.{spoken}.txt.j2")
    subject = subject_line(case, repeat=case.verified or not message.automatic)
    return Words(subject, template.render(text=message.text.strip(), reference=case.reference), spoken)


def compose(
    said: Words, at: datetime, to: str, head: Letterhead, earlier: Sequence[Message] = (), automatic: str | None = None
) -> bytes:
    """The mail as bytes of seven bits. `earlier` are the messages before it, newest first; `to` is `sendable`;
    `automatic` is the keyword of RFC 3834 for what no person wrote."""
    mail = EmailMessage(policy=_MIME)
    mail["From"] = head.sender
    mail["To"] = to
    mail["Reply-To"] = head.reply_to
    mail["Subject"] = said.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = head.message_id
    parent, thread = thread_of(earlier)
    if parent:
        mail["In-Reply-To"] = parent
    mail["References"] = " ".join((*thread, head.message_id))
    if automatic:
        mail["Auto-Submitted"] = automatic
        mail["X-Auto-Response-Suppress"] = "All"
    if automatic == REPLIED:
        mail["Precedence"] = "bulk"
    if said.unsubscribe:
        mail["List-Unsubscribe"] = f"<{said.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(said.text, cte="quoted-printable")
    mail.add_alternative(html_of(said), subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def sendable(address: str) -> str:
    """The address in ASCII, its domain as the mail system knows it. Raises ValueError for what mail cannot be sent
    to."""
    plain = canonical_email(address)
    if not takes_mail(plain):
        raise ValueError("mail cannot be sent to a local part beyond ASCII")
    local, _, domain = plain.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def subject_line(case: Case, *, repeat: bool = True) -> str:
    """`Re: <subject> [<reference>]`, with one `Re:` however often the mail went to and fro, and one reference.

    Without `repeat`, no word of the subject: who forged a sender would have us send their words to that address."""
    if not repeat:
        return f"Re: [{case.reference}]"
    bare = _REPLY_PREFIX.sub("", clipped(case.subject.replace(f"[{case.reference}]", ""))) or case.reference
    return f"Re: {clipped(bare, _SUBJECT_BYTES)} [{case.reference}]"


def thread_of(earlier: Sequence[Message]) -> tuple[str | None, tuple[str, ...]]:
    """What In-Reply-To and References say: the customer's newest mail, else our newest one, and the chain above it."""
    named = [message for message in earlier if message.rfc_message_id and _ids(message.rfc_message_id)]
    parent = next((m for m in named if m.direction == "in"), named[0] if named else None)
    if parent is None:
        return None, ()
    (parent_id, *_) = _ids(parent.rfc_message_id or "")
    chain = [part for reference in parent.references for part in _ids(reference)]
    chain = list(dict.fromkeys(part for part in chain if part != parent_id))
    return parent_id, (*chain[:1], *chain[1:][-(_REFERENCES_SENT - 2) :], parent_id)


def _ids(text: str) -> list[str]:
    """The well-formed message ids in what a stranger's mail said, in angle brackets."""
    return _MESSAGE_ID.findall(text if "<" in text else f"<{text.strip()}>")


def spoken_language(language: str) -> str:
    """Which of our languages is spoken to somebody with this BCP 47 tag."""
    primary = language.partition("-")[0].lower()
    return primary if primary in LANGUAGES else _DEFAULT_LANGUAGE


def html_of(said: Words) -> str:
    """The mail as HTML; everything that was said is escaped."""
    paragraphs = [part.splitlines() for part in re.split(r"\n\s*\n", said.text.strip())]
    template = templates().get_template("letter.html.j2")
    size = _LARGE if said.is_large else _ORDINARY
    return template.render(
        paragraphs=paragraphs, title=said.subject, language=said.language, size=size, link=said.unsubscribe
    )


def with_unsubscribe(said: Words, link: str) -> Words:
    """The mail with the link by which its like is stopped, under its words and for mail programs (RFC 8058)."""
    below = templates().get_template(f"unsubscribe.{said.language}.txt.j2").render(link=link)
    return replace(said, text=f"{said.text.rstrip()}\n\n{below}", unsubscribe=link)


@cache
def templates() -> Environment:
    """What mails are made from; values are escaped in HTML alone."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
