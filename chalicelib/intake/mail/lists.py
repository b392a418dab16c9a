"""Mail that people write through a mailing list or a group address, told from bulk mail that bears the same marks.

Groups put List-Id, List-Unsubscribe and `Precedence: list` on what their members write. What sets it apart is that one
can write to the list: it names an address for that, which a newsletter has not (RFC 2369).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.mail.addresses import Mailbox, mailboxes
from chalicelib.intake.mail.headers import Headers

_MAILTO = re.compile(r"<\s{0,9}mailto:([^\s<>?@]{1,200}@[^\s<>?@]{1,255})", re.IGNORECASE)
_NAMES = ("x-beenthere", "mailing-list", "x-original-to-list")
"""Fields in which list programs write the list's own address."""
_AUTHORS = ("x-original-from", "x-original-sender", "reply-to")
"""Fields in which they keep who wrote when they put the list's address into From, the surest first."""
_BULK = ("feedback-id", "x-campaign", "x-campaign-id", "x-list-administrivia")
_VIA = re.compile(r"^['\"]?(.{1,150}?)['\"]?\s+(?:via|über|par l'intermédiaire de|a través de)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Passage:
    """How a mail came through a list. `author` is None unless From names the list instead of who wrote: then that
    mailbox as far as the list says, which proves nothing; its address may be empty."""

    author: Mailbox | None = None


def passage_of(headers: Headers, sender: Mailbox) -> Passage | None:
    """The way through a list to which people write; None for mail that came straight, and for bulk mail."""
    own = frozenset(address.lower() for address in _list_addresses(headers))
    if not own or any(map(headers.has, _BULK)):
        return None
    if sender.address.lower() not in own and not headers.has("x-original-from"):
        return Passage()
    said = (mailbox for name in _AUTHORS for mailbox in mailboxes(headers.raw(name))[:2])
    author = next((mailbox for mailbox in said if mailbox.address.lower() not in own), Mailbox("", ""))
    via = _VIA.match(sender.name)
    return Passage(Mailbox(author.name or (via[1] if via else sender.name), author.address))


def _list_addresses(headers: Headers) -> Iterator[str]:
    for field in headers.raws("list-post"):
        yield from _MAILTO.findall(field)
    for name in _NAMES:
        yield from (mailbox.address for field in headers.raws(name) for mailbox in mailboxes(field.split(";")[0]))
