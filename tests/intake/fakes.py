"""The outside of intake, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chalicelib.cases.letter_list import ListedLetter
from chalicelib.cases.mail_policy import MailRules
from chalicelib.cases.messages import InboundMail, Received
from chalicelib.intake.mail.files import File
from chalicelib.intake.service import Intake, Outcome
from chalicelib.platform.errors import Unavailable
from chalicelib.policy.model import BEGINNING, Ruling
from tests.intake.mails import announced, notification

KEY = b"key-of-the-tests"


@dataclass
class BucketInMemory:
    mails: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, File] = field(default_factory=dict)

    restricted: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes:
        for place in (self.mails, self.restricted):
            if key in place:
                return place[key]
        raise Unavailable("The raw mail cannot be read now.")

    def restrict(self, key: str, raw: bytes) -> str:
        self.restricted[key] = raw
        return f"restricted/{key}"

    def remove(self, key: str) -> None:
        self.mails.pop(key, None)

    def keep(self, key: str, file: File) -> None:
        self.kept[key] = file


@dataclass
class CasesInMemory:
    """Knows cases by Message-ID and reference, and remembers every mail handed over."""

    received: list[InboundMail] = field(default_factory=list)
    by_message_id: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    by_reference: dict[tuple[str, str | None, str | None], str] = field(default_factory=dict)
    requesters: dict[str, str | None] = field(default_factory=dict)
    final: dict[str, str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)

    def acknowledge(self, mail: InboundMail, case_id: str) -> None:
        if case_id not in self.acknowledged:
            self.acknowledged.append(case_id)

    def receive_mail(self, mail: InboundMail) -> Received:
        repeated = any(known.message_id == mail.message_id for known in self.received)
        self.received.append(mail)
        if mail.thread_case_id in self.final and not mail.automatic:
            return Received(self.final[mail.thread_case_id], "repeated" if repeated else "opened")
        if repeated:
            return Received(mail.thread_case_id or mail.case_id, "repeated")
        if mail.thread_case_id in self.gone:
            return Received(mail.thread_case_id or "", "gone")
        if mail.undelivered_to is not None:
            return Received(mail.thread_case_id or "", "bounced")
        return Received(mail.thread_case_id or mail.case_id, "appended" if mail.thread_case_id else "opened")

    def case_of_message_id(self, rfc_message_id: str) -> str | None:
        return self.by_message_id.get(rfc_message_id)

    def case_of_sent(self, rfc_message_id: str) -> str | None:
        return self.sent.get(rfc_message_id)

    def case_of_reference(self, reference: str, account_id: str | None, sender: str | None) -> str | None:
        return self.by_reference.get((reference, account_id, None if account_id else sender))

    def is_asker(self, case_id: str, address: str | None, account_id: str | None) -> bool:
        return address is not None and self.requesters.get(case_id) == address


@dataclass
class CustomersInMemory:
    accounts: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def with_email(self, email: str) -> list[str]:
        self.asked.append(email)
        return self.accounts.get(email, [])


@dataclass
class LimiterInMemory:
    left: int = 5
    asked: list[tuple[str, str]] = field(default_factory=list)

    def allow(self, address: str, case_id: str, subject: str) -> bool:
        self.asked.append((address, case_id))
        return len(self.asked) <= self.left


@dataclass
class LettersInMemory:
    kept: dict[str, ListedLetter] = field(default_factory=dict)
    came_back: list[tuple[str, bool]] = field(default_factory=list)

    def put(self, letter: ListedLetter) -> None:
        self.kept[letter.message_id] = letter

    def returned(self, rfc_message_id: str, said: Iterable[str], *, is_proven: bool) -> bool:
        self.came_back.append((rfc_message_id, is_proven))
        return True


class Door:
    """Intake over fakes; `deliver` puts a mail into the bucket and announces it."""

    def __init__(self) -> None:
        self.bucket, self.cases, self.limiter = BucketInMemory(), CasesInMemory(), LimiterInMemory()
        self.letters = LettersInMemory()
        self.staff_domains: tuple[str, ...] = ("firm.example",)
        self.customers = CustomersInMemory({"ada@example.com": ["acc_ada"]})
        self.intake = Intake(
            self.bucket, self.cases, self.customers, self.limiter, "desk.example", "help@firm.example", KEY,
            self.letters, self.mail_rules,
        )  # fmt: skip

    def mail_rules(self, _: date) -> Ruling[MailRules]:
        return Ruling(MailRules(staff_domains=self.staff_domains), "mail-test", BEGINNING)

    def deliver(self, content: bytes, **note: Any) -> Outcome:
        said = notification(**note)
        self.bucket.mails[said["receipt"]["action"]["objectKey"]] = content
        return self.intake.receive(announced(said))
