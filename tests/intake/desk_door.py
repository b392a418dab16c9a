"""Intake over the real cases, on a table in memory: what a mail does to the desk, from its bytes to the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from chalicelib.cases import addressing
from chalicelib.cases.messages import Direction, Message
from chalicelib.cases.model import Case, Resolution
from chalicelib.intake.service import Intake
from chalicelib.platform.codec import Item
from tests.cases.builders import ADVISOR, Desk
from tests.fakes import FixedClock
from tests.intake.fakes import KEY, Door
from tests.intake.mails import raw
from tests.memory_table import MemoryTable, Step

RESOLVED = Resolution(reason="billing_error", outcome="credit_issued", root_cause="tariff_fault")


class DeskDoor(Door):
    """`post` delivers a mail under a number of its own; `case` is the one of the first mail, which Ada wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.table = MemoryTable()
        self.desk = Desk(self.table, FixedClock(datetime(2026, 11, 20, 11, tzinfo=UTC)))
        self.intake = self.over(self.desk)
        self.customers.accounts["ben@example.com"] = ["acc_ben"]
        self.limiter.left = 1000
        self.count = 0

    def over(self, desk: Desk) -> Intake:
        return Intake(
            self.bucket, desk.inbox, self.customers, self.limiter, "desk.example", "help@firm.example", KEY,
            self.letters, self.mail_rules,
        )  # fmt: skip

    def seen(self, step: Step) -> Intake:
        """The same intake, where `step` is called around each call of the table."""
        return self.over(Desk(self.table.seen(step), self.desk.clock, self.desk.new_id, self.desk.texts))

    def post(self, body: str = "Yes.\n", **headers: str | None) -> str | None:
        """The case of a proven mail to the desk's address, None when it is in none. Its Message-ID is
        `<number@mail.example>` unless given."""
        return self.send(body, headers)

    def send(
        self, body: str, headers: Mapping[str, str | None], *, dmarc: str = "PASS",
        recipients: Sequence[str] = ("billing@desk.example",),
    ) -> str | None:  # fmt: skip
        """The same with what SES says of it: whether DMARC passed, and whom the envelope named."""
        self.count += 1
        content = raw(body, **({"message_id": f"<{self.count}@mail.example>"} | dict(headers)))
        name, verdicts = f"ses-{self.count}", {"dmarc": dmarc}
        return self.deliver(
            content, key=f"mail/{name}", message_id=name, recipients=recipients, verdicts=verdicts,
            source="x@mail.example",
        ).case_id  # fmt: skip

    @property
    def case(self) -> str:
        if not self.count:
            self.post("Why is my bill so high?\n")
        return next(str(item["case_id"]) for item in self.items() if item.get("rfc_message_id") == "1@mail.example")

    @property
    def signed_address(self) -> str:
        return addressing.reply_address(self.case, "billing", "desk.example", KEY)

    @property
    def signed_id(self) -> str:
        return addressing.message_id(self.case, "msg_1", "desk.example", KEY)

    def items(self) -> list[Item]:
        """All of the cases, in the order of keys."""
        found = [item for pk, part in self.table.items.items() if pk.startswith("C#") for item in part.values()]
        return sorted(found, key=lambda item: (item["pk"], item["sk"]))

    def queued(self) -> list[Item]:
        return [item for item in self.items() if item.get("delivery") == "queued"]

    def head(self, case_id: str | None = None) -> Case:
        return self.desk.cases.read(case_id or self.case)

    def heads(self) -> list[Case]:
        return [self.head(item["case_id"]) for item in self.items() if item["kind"] == "case"]

    def said(self, case_id: str | None = None) -> list[tuple[str, str, bool]]:
        """Author, words and proof of what came in."""
        entries, _ = self.desk.cases.timeline(case_id or self.case, 100, None)
        return [
            (e.author, e.text, e.verified) for e in entries if isinstance(e, Message) and e.direction is Direction.IN
        ]

    def resolve(self, *, close: bool = False) -> None:
        self.desk.work.resolve(self.case, RESOLVED, ADVISOR)
        if close:
            self.desk.work.close(self.case, ADVISOR)
