"""Single writes, in an order, by which a mail opens a case exactly once; and the marks by which mails are known again.

A mark `MID#<hash of Message-ID>` says which case holds a mail, or which holds an answer to it while the mail itself has
not come. Of one mail the opening message and the mark are written first, side by side, then the head: two round trips.
Each write is a first write, so that a repeat, a crash between any two of them and a concurrent duplicate all end in the
same items."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.audit.model import AuditEntry
from chalicelib.cases.messages import CaseEvent, Delivery, InboundMail, Message
from chalicelib.cases.model import Case, derived_id
from chalicelib.cases.store import ACKNOWLEDGEMENT, OPENING, AlreadyThere, CaseStore, case_pk, entry_item
from chalicelib.platform.clock import format_instant
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Attr, ConditionFailed, Delete, Put, Update, Write
from chalicelib.platform.fields import Record

KEEP_MARKS: Final = timedelta(days=400)
"""How long a mail is known again; longer than any mail system retries, and than most threads sleep."""

AWAITED_FOR: Final = timedelta(days=2)
"""How long an answer waits for the mail that it overtook; mail that is later than that is rare."""

_SES_HOST: Final = re.compile(r"@(?:[a-z0-9-]+\.)+amazonses\.com$")
"""What SES writes behind its ids names the region, which tells us nothing."""
_QUEUED: Final = Attr("delivery").eq(Delivery.QUEUED.value)


class Mark(Record):
    """Which case holds the mail with a Message-ID, and which mail of that name it was: Message-IDs can be forged or
    reused. A mail of ours has no digest. `awaits`: the mail of that name has not come; the one that stands here, in
    that case, answers it."""

    case_id: str
    message_id: str
    digest: str = ""
    awaits: bool = False

    @property
    def is_ours(self) -> bool:
        return not self.digest

    def is_of(self, mail: InboundMail) -> bool:
        return (self.message_id, self.digest) == (mail.message_id, mail.digest)


def mark_put(name: str, mark: Mark, at: datetime, *, awaited: bool = False) -> Put:
    """The first write of a mark. `name` is the Message-ID, or our own id of a mail that has none. `awaited`: the mark
    of a mail that waited for this one gives way."""
    item = {"pk": mark_pk(name), "sk": "#", "kind": "pointer", **mark.model_dump(exclude_defaults=True)}
    kept = AWAITED_FOR if mark.awaits else KEEP_MARKS
    condition = ABSENT | Attr("awaits").eq(True) if awaited else ABSENT
    return Put({**item, "expires_at": int((at + kept).timestamp())}, condition)


def mark_pk(name: str) -> str:
    plain = _SES_HOST.sub("@amazonses.com", name.strip().strip("<>"))
    return "MID#" + hashlib.sha256(plain.encode()).hexdigest()


def own_ids(mail: InboundMail) -> frozenset[str]:
    """The cases that this mail may open: another one when its Message-ID is another mail's, too."""
    return frozenset({mail.case_id, own_case(mail, by_content(mail))})


def own_case(mail: InboundMail, name: str) -> str:
    """The case that it opens under this name."""
    return derived_id("case", mail.case_id, mail.digest) if name == by_content(mail) else mail.case_id


def name_of(mail: InboundMail) -> str:
    """What a mail is known by."""
    return mail.rfc_message_id or mail.message_id


def by_content(mail: InboundMail) -> str:
    """What a mail is known by when another one has its Message-ID: the copy of a list, or a program that counts
    badly."""
    return derived_id("msg", mail.message_id, mail.digest)


def parents_of(mail: InboundMail) -> tuple[str, ...]:
    """Message-IDs of the mail that a person answers with this one and of the first one of its thread; none when it is
    refuted, for it is to join nothing."""
    if mail.automatic or mail.refuted:
        return ()
    named = (mail.in_reply_to, *reversed(mail.references))
    known = [name for name in dict.fromkeys(named) if name and name != mail.rfc_message_id]
    return tuple(dict.fromkeys((*known[:1], *known[-1:])))


@dataclass(frozen=True)
class Mailbox:
    cases: CaseStore

    def mark_of(self, rfc_message_id: str, *, consistent: bool = False) -> Mark | None:
        """Of a mail that has come, or left."""
        item = self.cases.table.get(mark_pk(rfc_message_id), "#", consistent=consistent)
        mark = Mark.model_validate(item) if item else None
        return mark if mark and not mark.awaits else None

    def wait(self, name: str, mail: InboundMail) -> Mark | None:
        """Note that the mail answers one that has not come. Returns the mark of that one when it has come after all,
        or of another mail that waits for it."""
        mark = Mark(case_id=mail.case_id, message_id=mail.message_id, digest=mail.digest, awaits=True)
        standing = self._first(mark_put(name, mark, mail.received_at))
        return Mark.model_validate(standing) if standing else None

    def wait_in(self, case_id: str, name: str, mail: InboundMail) -> None:
        """The mail that waits is in this case."""
        mark = Mark(case_id=case_id, message_id=mail.message_id, digest=mail.digest, awaits=True)
        mine = Attr("awaits").eq(True) & Attr("message_id").eq(mail.message_id)
        self._first(replace(mark_put(name, mark, mail.received_at), condition=mine))

    def put_opening(self, opening: Message, mark: Put) -> tuple[Message | None, Mark | None]:
        """Both writes at once. Returns what stood there before in place of either."""
        writes = (Put(entry_item(opening, OPENING), ABSENT), mark)
        with ThreadPoolExecutor(max_workers=2) as pool:
            message, marked = pool.map(self._first, writes)
        return (
            Message.model_validate(message) if message else None,
            Mark.model_validate(marked) if marked else None,
        )

    def is_opening(self, mail: InboundMail) -> bool:
        """Whether it begins the case that it opens under its Message-ID. One read."""
        opening = self.cases.message_at(case_pk(mail.case_id), OPENING)
        return opening is not None and opening.digest == mail.digest

    def put_head(self, case: Case) -> bool:
        """False when the head is there already."""
        return self._first(Put(self.cases.head_item(case), ABSENT)) is None

    def put_acknowledgement(self, message: Message) -> None:
        """At most one a case: a second one changes nothing."""
        self._first(Put(entry_item(message, ACKNOWLEDGEMENT), ABSENT))

    def put_mark(self, mark: Put) -> None:
        """The first mark of a name stays."""
        self._first(mark)

    def mark_sent(
        self, pk: str, sk: str, at: datetime, rfc_message_id: str, said: Item, others: Sequence[Write] = ()
    ) -> None:
        """The queued message is sent; with `others` in one transaction. Changes nothing when it is not queued any
        more."""
        done = {
            "delivery": Delivery.SENT.value,
            "sent_at": format_instant(at),
            "rfc_message_id": rfc_message_id,
            **said,
        }
        self._mark(Update(pk, sk, set=done, condition=_QUEUED), others)

    def mark_held(self, pk: str, sk: str, reasons: str, others: Sequence[Write]) -> None:
        """The queued message must not be sent, and stays on the timeline with the reasons; one transaction with
        `others`. Changes nothing when it is not queued any more."""
        held = {"delivery": Delivery.HELD.value, "failure": reasons}
        self._mark(Update(pk, sk, set=held, condition=_QUEUED), others)

    def mark_failed(
        self, pk: str, sk: str, reason: str, old: Case, new: Case, event: CaseEvent, audit: AuditEntry | None
    ) -> None:
        """The queued message will never be sent: message, head, event and audit entry in one transaction. Changes
        nothing when it is not queued any more. Raises CaseChanged."""
        failed = {"delivery": Delivery.FAILED.value, "failure": reason}
        with suppress(AlreadyThere):
            self.cases.change(old, new, [event], audit, first=[Update(pk, sk, set=failed, condition=_QUEUED)])

    def withdraw(self, opening: Message) -> None:
        """Take back an opening message whose mail turned out to be in another case, if that is still to be done."""
        mine = Attr("digest").eq(opening.digest)
        with suppress(ConditionFailed):
            self.cases.table.write(Delete(case_pk(opening.case_id), OPENING, mine))

    def _mark(self, marked: Update, others: Sequence[Write]) -> None:
        with suppress(ConditionFailed):
            if others:
                self.cases.table.transact([marked, *others])
            else:
                self.cases.table.write(marked)

    def _first(self, put: Put) -> Item | None:
        try:
            self.cases.table.write(put)
        except ConditionFailed as standing:
            return standing.item or {}
        return None
