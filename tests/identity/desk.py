"""Identity over a table in memory: a post that shows what was sent, a user pool that can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.accounts.letters import Letter, LetterChannel
from chalicelib.accounts.model import Account, AccountKind, Profile
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor
from chalicelib.identity.access import AccessResets
from chalicelib.identity.access_log import Accessed, AccessLog, Doer
from chalicelib.identity.contact import ContactWatch
from chalicelib.identity.model import IdentityState
from chalicelib.identity.policy import IDENTITY_POLICY, IdentityRules, Who
from chalicelib.identity.proofs import Proof
from chalicelib.identity.refund_guard import RefundGuard
from chalicelib.identity.securing import Securing
from chalicelib.identity.service import Given, Verifications
from chalicelib.identity.sign_in import NoWayToReset, SignIn, SignInStatus
from chalicelib.identity.step_up import StepUps
from chalicelib.identity.store import IdentityStore
from chalicelib.identity.verification import Verification, code_of
from chalicelib.platform.auth import Caller
from chalicelib.platform.codec import Item
from chalicelib.platform.dynamo import ABSENT, Put, Table, Write
from chalicelib.platform.errors import Conflict
from chalicelib.policy.model import Ruling, initial
from tests.accounts.test_routes import ADA
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable

KEY = b"a key for tests"
MAIL, PHONE = "ada@example.com", "+447700900123"
ADVISOR = Doer(Actor("sub-advisor", "advisor.one", "req-1"), Who.STAFF)
OTHER_ADVISOR = Doer(Actor("sub-other", "advisor.two", "req-2"), Who.STAFF)
CUSTOMER = Doer(Actor("sub-ada", "ada", "req-3"), Who.CUSTOMER)
ANSWERS = {"first_pet": "Ruffles", "first_job": "The Bakery", "memorable_place": "Tenby"}


def caller(doer: Doer, groups: str | None = None, signed_in_at: int | None = None) -> Caller:
    """Who calls as this doer."""
    group = groups or ("customer" if doer.who is Who.CUSTOMER else "advisor")
    return Caller(doer.actor.subject, doer.actor.name, frozenset({group}), frozenset(), "acc_1", signed_in_at)


@dataclass
class Letters:
    """Takes every letter; `queued` gives a write that leaves a trace in the table."""

    sent: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> bool:
        self.sent.append(letter)
        return True

    def queued(self, letter: Letter) -> Write:
        plain = letter.model_dump(mode="json", exclude_none=True)
        return Put({"pk": f"A#{letter.account_id}", "sk": f"MAIL#{letter.letter_id}", **plain}, ABSENT)

    def named(self, name: str) -> list[Letter]:
        return [letter for letter in self.sent if letter.name == name]


@dataclass
class Pool:
    """A user pool. `mailed` are the users that it wrote to by itself, and why."""

    users: dict[str, SignIn] = field(default_factory=dict)
    mailed: list[tuple[str, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def add(self, user_name: str = "ada", **given: object) -> SignIn:
        made = SignIn(
            user_name, SignInStatus.ACTIVE, is_enabled=True, email=MAIL, email_verified=True,
            has_second_factor=False, account_id="acc_000001",
        )  # fmt: skip
        self.users[user_name] = replace(made, **given)  # type: ignore[arg-type]
        return self.users[user_name]

    def find(self, user_name: str) -> SignIn | None:
        return self.users.get(user_name)

    def invite(self, user_name: str, account_id: str, email: str) -> None:
        if any(user.email == email and name != user_name for name, user in self.users.items()):
            raise Conflict("taken", reason="address_taken")
        self.add(user_name, status=SignInStatus.INVITED, account_id=account_id, email=email)
        self.mailed.append((user_name, "invitation"))

    def reset_password(self, user_name: str) -> None:
        if not self.users[user_name].email_verified:
            raise NoWayToReset("no address")
        self.users[user_name] = replace(self.users[user_name], status=SignInStatus.RESET)
        self.mailed.append((user_name, "reset code"))

    def set_address(self, user_name: str, email: str) -> None:
        self.users[user_name] = replace(self.users[user_name], email=email, email_verified=True)

    def end_sessions(self, user_name: str) -> None:
        self.ended.append(user_name)


@dataclass
class IdentityDesk:
    """All services of identity; `on` gives the same desk on another view of the table."""

    table: Table = field(default_factory=MemoryTable)
    clock: FixedClock = field(default_factory=FixedClock)
    new_id: CountingIds = field(default_factory=CountingIds)
    post: Letters = field(default_factory=Letters)
    pool: Pool = field(default_factory=Pool)
    ruling: Ruling[IdentityRules] = field(default_factory=lambda: initial(IDENTITY_POLICY))
    counted: Counter[str] = field(default_factory=Counter)
    proven: list[tuple[str, str, str]] = field(default_factory=list)

    def count(self, name: str) -> None:
        self.counted[name] += 1

    @property
    def rules(self) -> IdentityRules:
        return self.ruling.rules

    @property
    def store(self) -> IdentityStore:
        return IdentityStore(self.table)

    @property
    def accounts(self) -> Accounts:
        return Accounts(AccountStore(self.table), self.clock, self.new_id, listeners=(self.watch,))

    @property
    def verifications(self) -> Verifications:
        return Verifications(
            self.store, self.accounts, self.post, lambda _: self.ruling, self.clock, self.new_id, lambda: KEY,
            first_ones, self._prove, self.count,
        )  # fmt: skip

    @property
    def securing(self) -> Securing:
        return Securing(
            self.store, self.accounts, self.post, self.clock, self.new_id, lambda: KEY, first_ones, lambda n: b"s" * n
        )

    @property
    def step_up(self) -> StepUps:
        log = AccessLog(self.table)
        return StepUps(self.store, log, lambda _: self.ruling, self.clock, self.new_id, self.count)

    @property
    def refund_guard(self) -> RefundGuard:
        return RefundGuard(self.store, lambda _: self.ruling, self.clock)

    @property
    def watch(self) -> ContactWatch:
        return ContactWatch(self.post, lambda _: self.ruling, self.new_id, self.count)

    @property
    def access(self) -> AccessResets:
        return AccessResets(self.store, self.accounts, self.pool, self.post, self.clock, self.new_id, self.count)

    def _prove(self, account_id: str, address: str, how: str, actor: Actor) -> None:
        self.proven.append((account_id, address, how))

    def open(self, *emails: str, phones: Sequence[str] = ()) -> Account:
        profile = Profile.model_validate(
            {
                "name": ADA["name"], "emails": emails, "phones": phones,
                "billing_address": ADA["billing_address"],
            }
        )  # fmt: skip
        return self.accounts.create(profile, AccountKind.CONSUMER, "GBP", ADVISOR.actor)

    def prove_by_code(
        self, account_id: str, doer: Doer = ADVISOR, channel: LetterChannel = LetterChannel.MAIL, to: str | None = None
    ) -> Proof:
        """The customer gets a code and reads it out."""
        begun = self.verifications.send_code(account_id, channel, to, doer)
        return self.answer(begun, code_of(KEY, begun.verification_id), doer)

    def prove_by_answers(self, account_id: str, doer: Doer = ADVISOR) -> Proof:
        """The customer answers what is asked."""
        begun = self.verifications.ask(account_id, doer)
        given = Given(answers={question: ANSWERS[question] for question in begun.questions})
        return self.verifications.answer(account_id, begun.verification_id, given, doer)[1]

    def answer(self, begun: Verification, code: str, doer: Doer = ADVISOR) -> Proof:
        return self.verifications.answer(begun.account_id, begun.verification_id, Given(code=code), doer)[1]

    def state(self, account_id: str) -> IdentityState:
        return self.store.state(account_id)

    def logged(self, account_id: str) -> list[Accessed]:
        """The access log, newest first."""
        return [entry.what for entry in AccessLog(self.table).page(account_id, 100, None)[0]]

    def items(self, account_id: str) -> dict[str, Item]:
        """All items of the account's partition, by sort key."""
        assert isinstance(self.table, MemoryTable)
        return self.table.items.get(f"A#{account_id}", {})


def first_ones(names: Sequence[str], size: int) -> list[str]:
    """A draw that can be foretold."""
    return list(names)[:size]
