"""Cases, mails and the services around them, with fakes that can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.accounts.marks import AddressMarks
from chalicelib.accounts.preferences_store import PreferenceStore
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor
from chalicelib.billing.store import BillingStore
from chalicelib.cases.inbox import Inbox
from chalicelib.cases.incidents import Incidents
from chalicelib.cases.letter_list import LetterList
from chalicelib.cases.letter_words import LetterWords
from chalicelib.cases.mail_policy import MAIL_POLICY, MailRules
from chalicelib.cases.mailbox import Mailbox
from chalicelib.cases.messages import InboundMail
from chalicelib.cases.model import Case, Channel, Queue, reference_of
from chalicelib.cases.notice_outbox import NoticeOutbox
from chalicelib.cases.notice_words import NoticeWords
from chalicelib.cases.notices import NoticeStore
from chalicelib.cases.optional_letters import OptionalLetters
from chalicelib.cases.outbox import Outbox
from chalicelib.cases.post import DeskPost
from chalicelib.cases.reading import Intent, Reading
from chalicelib.cases.recipients import Recipients
from chalicelib.cases.routing import MAIL_ROUTING
from chalicelib.cases.sent_letters import HearsReturns, SentLetters
from chalicelib.cases.service import Cases, Draft
from chalicelib.cases.store import CaseStore
from chalicelib.cases.texting import Texting, TextLimit
from chalicelib.cases.work import Work
from chalicelib.collections.facts import FactsReader
from chalicelib.collections.gate import Gate
from chalicelib.collections.policy import COLLECTION_POLICY
from chalicelib.collections.store import CollectionStore
from chalicelib.platform.codec import Item, decode
from chalicelib.platform.dynamo import Delete, Put, Table, Update
from chalicelib.platform.errors import Refused, Unavailable
from chalicelib.policy.model import Ruling, initial
from tests.fakes import CountingIds, FixedClock

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ADVISOR = Actor("sub-advisor", "advisor.one", "req-1")
OTHER = Actor("sub-other", "advisor.two", "req-2")
CUSTOMER = Actor("sub-customer", "customer.one", "req-3")
MAIL_KEY = b"key-of-the-tests"


def a_case(**given: Any) -> Case:
    case_id = given.pop("case_id", "case_000001")
    base: dict[str, Any] = {
        "case_id": case_id, "reference": reference_of(case_id), "subject": "My bill", "queue": Queue.BILLING,
        "channel": Channel.MAIL, "created_at": NOON, "updated_at": NOON, "due_at": NOON, "requester": "ada@example.com",
    }  # fmt: skip
    return Case.model_validate(base | given)


def a_mail(**given: Any) -> InboundMail:
    base: dict[str, Any] = {
        "case_id": "case_00000000000000000000000001", "message_id": "msg_00000000000000000000000001",
        "thread_case_id": None, "rfc_message_id": "<one@mail.example>", "in_reply_to": None, "references": (),
        "received_at": NOON, "from_addr": "ada@example.com", "from_name": "Ada Lovelace", "account_id": "acc_ada",
        "verified": True, "subject": "My bill", "text": "Why is it so high?", "attachments": (),
        "raw_key": "mail/raw-1", "automatic": False, "digest": "d1", "acknowledge": True,
        "reading": Reading(intent=Intent.BILL_QUESTION, confidence_percent=80, words=("Why is it",), language="en"),
    }  # fmt: skip
    return InboundMail(**(base | given))


def a_draft(**given: Any) -> Draft:
    base = {"subject": "My bill", "text": "Why is it so high?", "channel": Channel.WEB, "requester": "ada@example.com"}
    return Draft.model_validate(base | given)


class Crash(Exception):
    """The process ends here."""


@dataclass
class Fault:
    """Breaks the `at`-th write: before it, or after it when `late`. Counts all of them."""

    at: int | None = None
    late: bool = False
    done: int = 0
    error: Callable[[], Exception] = Crash

    def around(self, write: Callable[[], None]) -> None:
        self.done += 1
        breaks = self.done == self.at
        if breaks and not self.late:
            raise self.error()
        write()
        if breaks:
            raise self.error()


@dataclass(frozen=True)
class FaultyTable(Table):
    fault: Fault = field(default_factory=Fault)

    def write(self, write: Put | Update | Delete) -> None:
        self.fault.around(lambda: super(FaultyTable, self).write(write))

    def transact(self, writes: Any) -> None:
        self.fault.around(lambda: super(FaultyTable, self).transact(writes))


@dataclass(frozen=True)
class IsolatedTable(Table):
    """One call at a time, as DynamoDB has it: moto's transactions are not isolated between threads."""

    lock: Any = field(default_factory=Lock)

    def _call(self, operation: str, **request: Any) -> dict[str, Any]:
        with self.lock:
            return super()._call(operation, **request)


@dataclass
class TextsInMemory:
    kept: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, text: str) -> None:
        self.kept[key] = text

    def get(self, key: str) -> str:
        return self.kept[key]


@dataclass
class PostOffice:
    """Takes mail; refuses or fails when `answer` holds an error."""

    sent: list[tuple[str, bytes]] = field(default_factory=list)
    answer: Exception | None = None

    def send(self, raw: bytes, to: str) -> str:
        if self.answer:
            raise self.answer
        self.sent.append((to, raw))
        return f"<ses-{len(self.sent)}@amazonses.com>"


@dataclass
class PhoneNetwork:
    """Takes text messages; refuses those to the numbers that do not answer; fails when `answer` holds an error."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    answer: Exception | None = None

    def send(self, text: str, number: str) -> None:
        if self.answer:
            raise self.answer
        if number in self.dead:
            raise Refused("no", reason="bad_address")
        self.sent.append((number, text))


@dataclass
class Desk:
    """The services of cases over one table."""

    table: Table
    clock: FixedClock
    new_id: CountingIds = field(default_factory=CountingIds)
    texts: TextsInMemory = field(default_factory=TextsInMemory)
    post: PostOffice = field(default_factory=PostOffice)
    phones: PhoneNetwork = field(default_factory=PhoneNetwork)
    bill_numbers: dict[str, str] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    hearers: list[HearsReturns] = field(default_factory=list)
    shards: int = 1
    mail_rules: MailRules = MAIL_POLICY.initial

    @property
    def store(self) -> CaseStore:
        return CaseStore(self.table, self.shards)

    @property
    def accounts(self) -> Accounts:
        return Accounts(AccountStore(self.table), self.clock, self.new_id)

    @property
    def cases(self) -> Cases:
        return Cases(self.store, self.accounts, self.texts, self.clock, self.new_id)

    @property
    def work(self) -> Work:
        return Work(self.store, self.texts, self.clock, self.new_id)

    @property
    def inbox(self) -> Inbox:
        return Inbox(
            self.store, Mailbox(self.store), self.texts, self.new_id, AddressMarks(self.accounts.heads, self.new_id),
            lambda _: initial(MAIL_ROUTING),
        )  # fmt: skip

    @property
    def words(self) -> NoticeWords:
        return NoticeWords(self.bill_numbers.get, ZoneInfo("Europe/London"))

    @property
    def letter_words(self) -> LetterWords:
        return LetterWords(ZoneInfo("Europe/London"), lambda letter: {"code": f"code of {letter.object_id}"})

    @property
    def letters(self) -> DeskPost:
        return DeskPost(NoticeStore(self.table), self.clock, lambda name: self.counted.update([name]))

    @property
    def interlock(self) -> Gate:
        reader = FactsReader(CollectionStore(self.table), BillingStore(self.table), (), (), ZoneInfo("Europe/London"))
        return Gate(reader, lambda _: initial(COLLECTION_POLICY), self.clock, lambda name: self.counted.update([name]))

    @property
    def notice_outbox(self) -> NoticeOutbox:
        return NoticeOutbox(
            NoticeStore(self.table), self.accounts, self.words, self.letter_words, self.post, self.clock,
            sender_address="billing@desk.example", reply_to="billing@desk.example",
            texting=Texting(self.phones, TextLimit(self.table, lambda: MAIL_KEY)), interlock=self.interlock,
            recipients=self.recipients, listed=LetterList(self.table), optional=self.optional,
            sent=self.sent_letters,
        )  # fmt: skip

    @property
    def sent_letters(self) -> SentLetters:
        hearers = tuple(self.hearers)
        return SentLetters(
            NoticeStore(self.table), LetterList(self.table), hearers, lambda name: self.counted.update([name])
        )

    @property
    def optional(self) -> OptionalLetters:
        return OptionalLetters(PreferenceStore(self.table).of, "https://api.desk.example", MAIL_KEY)

    @property
    def recipients(self) -> Recipients:
        return Recipients(
            self.table, lambda: MAIL_KEY, lambda day: Ruling(self.mail_rules, "mail-test", day), self.new_id
        )

    @property
    def incidents(self) -> Incidents:
        notices = NoticeStore(self.table)
        return Incidents(
            self.store, notices, self.accounts, self.clock, self.new_id, lambda name: self.counted.update([name])
        )

    @property
    def outbox(self) -> Outbox:
        return Outbox(
            self.store, Mailbox(self.store), self.accounts, self.texts, self.post, self.words, self.clock, self.new_id,
            sender_address="billing@desk.example", mail_domain="desk.example", mail_key=MAIL_KEY,
            interlock=self.interlock, recipients=self.recipients,
        )  # fmt: skip

    def items(self, prefix: str = "") -> list[Item]:
        """Everything in the table, in the order of keys."""
        found = [decode(item) for item in self.table.client.scan(TableName=self.table.name)["Items"]]
        return sorted((i for i in found if i["pk"].startswith(prefix)), key=lambda i: (i["pk"], i["sk"]))

    def queued(self) -> list[Item]:
        return [item for item in self.items("C#") if item.get("delivery") == "queued"]


def busy() -> Unavailable:
    return Unavailable("The desk's store is busy; try again.")
