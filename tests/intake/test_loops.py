"""Two desks that write to each other stop by themselves after one exchange, whatever is lost of their headers on the
way."""

from __future__ import annotations

import email
import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.cases.mail_policy import MAIL_POLICY
from chalicelib.intake.service import Intake
from chalicelib.intake.store import Acknowledgements
from chalicelib.platform.clock import format_instant
from chalicelib.policy.model import initial
from tests.cases.builders import Desk as Cases
from tests.fakes import CountingIds, FixedClock
from tests.intake.fakes import BucketInMemory, CustomersInMemory
from tests.intake.mails import announced, notification, raw
from tests.memory_table import MemoryTable

MARKS = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")
THREAD = ("In-Reply-To", "References")
_numbers = itertools.count(1)


@dataclass
class OtherDesk:
    """A whole desk of its own, as far as mail goes."""

    domain: str
    clock: FixedClock
    cases: Cases = field(init=False)

    def __post_init__(self) -> None:
        self.cases = Cases(MemoryTable(), self.clock, CountingIds())
        self.key = self.domain.encode()
        self.address = f"billing@{self.domain}"

    def receive(self, content: bytes, sender: str, to: str) -> None:
        number = next(_numbers)
        bucket = BucketInMemory({f"mail/{number}": content})
        limiter = Acknowledgements(self.cases.table, self.clock, self.key)
        intake = Intake(
            bucket, self.cases.inbox, CustomersInMemory(), limiter, self.domain, self.address, self.key,
            self.cases.sent_letters, lambda _: initial(MAIL_POLICY),
        )  # fmt: skip
        note = notification(f"mail/{number}", message_id=f"ses-{number}", source=sender, recipients=(to,))
        note["mail"]["timestamp"] = format_instant(self.clock())
        intake.receive(announced(note))

    def send(self) -> list[bytes]:
        """All that waits to be sent."""
        outbox = replace(
            self.cases.outbox, sender_address=self.address, mail_domain=self.domain, mail_key=self.key
        )  # fmt: skip
        assert isinstance(self.cases.table, MemoryTable)
        items = [item for part in self.cases.table.items.values() for item in part.values()]
        before = len(self.cases.post.sent)
        for item in items:
            outbox.deliver(item)
        return [content for _, content in self.cases.post.sent[before:]]


def without(content: bytes, lost: tuple[str, ...]) -> bytes:
    """A mail as a careless machine passes it on."""
    mail = email.message_from_bytes(content)
    for name in lost:
        del mail[name]
    return mail.as_bytes()


@pytest.mark.parametrize("minutes", [0, 6, 61])
@pytest.mark.parametrize(
    "lost",
    [(), MARKS, (*MARKS, *THREAD), (*MARKS, *THREAD, "Reply-To"), (*MARKS, *THREAD, "Reply-To", "Message-ID")],
    ids=["nothing", "marks", "threads", "reply-to", "message-id"],
)
def test_two_desks_stop_after_one_exchange(lost: tuple[str, ...], minutes: int) -> None:
    clock = FixedClock(datetime.fromisoformat("2026-11-02T08:00:00+00:00"))
    here, there = OtherDesk("here.example", clock), OtherDesk("there.example", clock)
    here.receive(raw(from_=there.address, to=here.address), there.address, here.address)
    travelled = 0
    for sender, receiver in itertools.cycle(((here, there), (there, here))):
        mails = sender.send()
        if not mails or travelled > 20:
            break
        for content in mails:
            travelled += 1
            clock.tick(timedelta(minutes=minutes).total_seconds())
            receiver.receive(without(content, lost), sender.address, receiver.address)
    assert travelled <= 2
