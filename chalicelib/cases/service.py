"""Use cases of cases: open one, find it, read it. What is done to a case stands in `work.py`, mail in `inbox.py` and
`outbox.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.accounts.model import Account
from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor
from chalicelib.cases import rules
from chalicelib.cases.changes import audit_of, filed, stored_subject, unfiled
from chalicelib.cases.messages import Direction, Entry, Message, Texts
from chalicelib.cases.model import (
    DONE,
    Case,
    CaseRef,
    Channel,
    Priority,
    Queue,
    State,
    reference_of,
)
from chalicelib.cases.store import AlreadyThere, CaseStore, account_owner, mail_owner
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, FieldError, NotFound, Unprocessable
from chalicelib.platform.fields import Record

_ROUNDS: Final = 5
"""How many pages of a queue are looked through for one page of matches; then the reader goes on by the cursor."""


class Draft(Record):
    """A case to be opened. Without `requester` the account's first mail address is answered."""

    subject: str
    text: str
    channel: Channel
    account_id: str | None = None
    requester: str | None = None
    requester_name: str = ""
    verified: bool = False
    queue: Queue = Queue.BILLING
    priority: Priority = Priority.NORMAL
    category: str | None = None
    test: bool = False


@dataclass(frozen=True)
class Cases:
    store: CaseStore
    accounts: Accounts
    texts: Texts
    clock: Clock
    new_id: NewId

    def open(self, draft: Draft, actor: Actor, case_id: str | None = None) -> Case:
        """Open a case with the customer's words as its first message. One transaction; one read before when it has an
        account, which is the one in which a merged one goes on.

        Card numbers are hidden before anything is stored. Raises Unprocessable for an account that is not there,
        Conflict when a given `case_id` is taken, Unavailable."""
        now, case_id = self.clock(), case_id or self.new_id("case")
        account = self._account(draft.account_id)
        requester = draft.requester or (account.emails[0] if account and account.emails else None)
        case = Case(
            **draft.model_dump(exclude={"account_id", "subject", "text", "requester"}), case_id=case_id,
            account_id=account.account_id if account else None, requester=requester,
            reference=reference_of(case_id), subject=stored_subject(draft.subject), created_at=now, updated_at=now,
            due_at=rules.due(draft.priority, now), message_count=1,
        )  # fmt: skip
        opening = Message(
            message_id=self.new_id("msg"), case_id=case_id, direction=Direction.IN, at=now, verified=draft.verified,
            author=requester or draft.requester_name or "customer",
        )  # fmt: skip
        audit = audit_of(self.new_id("aud"), "case.opened", actor, now, None, case)
        assert audit is not None
        try:
            self.store.open(case, filed(opening, hide_cards(draft.text), self.texts), audit)
        except AlreadyThere:
            raise Conflict("A case with this id is there already.") from None
        return case

    def read(self, case_id: str) -> Case:
        """The head of a case. Raises NotFound."""
        case = self.store.get(case_id)
        if case is None:
            raise NotFound
        return case

    def timeline(self, case_id: str, limit: int, start: Item | None) -> tuple[list[Entry], Item | None]:
        """Messages, notes and events with their whole texts, oldest first. One round trip, one more for each long
        text."""
        entries, key = self.store.timeline(case_id, limit, start)
        return [unfiled(entry, self.texts) if isinstance(entry, Message) else entry for entry in entries], key

    def list_queue(
        self, queue: Queue | None, state: State | None, assignee: str | None, limit: int, start: Item | None
    ) -> tuple[list[CaseRef], Item | None]:
        """Cases that are not done in one queue or in all, soonest due first, those that wait for the customer last."""

        def wanted(ref: CaseRef) -> bool:
            return state in (None, ref.state) and assignee in (None, ref.assignee)

        after = str(start["after"]) if start else ""
        return self._look(tuple(Queue) if queue is None else (queue,), wanted, limit, after)

    def _look(
        self, queues: Sequence[Queue], wanted: Callable[[CaseRef], bool], limit: int, after: str
    ) -> tuple[list[CaseRef], Item | None]:
        found: list[CaseRef] = []
        for _ in range(_ROUNDS):
            page, following = self.store.in_queues(queues, limit - len(found), after)
            found += filter(wanted, page)
            if following is None:
                return found, None
            after = following
            if len(found) == limit:
                break
        return found, {"after": after}

    def of_account(
        self, account_id: str, state: State | None, limit: int, start: Item | None
    ) -> tuple[list[CaseRef], Item | None]:
        """Cases of an account, newest first; without `state` those that are not done come before those that are."""
        return self._of_owner(account_owner(account_id), state, limit, start)

    def of_requester(
        self, requester: str, state: State | None, limit: int, start: Item | None
    ) -> tuple[list[CaseRef], Item | None]:
        """Cases of a mail address that belongs to no account, in the same order."""
        return self._of_owner(mail_owner(requester), state, limit, start)

    def _of_owner(
        self, owner: str, state: State | None, limit: int, start: Item | None
    ) -> tuple[list[CaseRef], Item | None]:
        done = state in DONE if state else bool(start and start["done"])
        after = start and start["after"]
        refs, key = self.store.of_owner(owner, done, limit, after)
        if key is None and not done and state is None and len(refs) < limit:
            more, key = self.store.of_owner(owner, True, limit - len(refs), None)
            refs, done = refs + more, True
        elif key is None and not done and state is None:
            return refs, {"done": True, "after": None}
        shown = [ref for ref in refs if state in (None, ref.state)]
        return shown, {"done": done, "after": key} if key else None

    def _account(self, account_id: str | None) -> Account | None:
        if account_id is None:
            return None
        try:
            return self.accounts.standing(account_id)
        except NotFound:
            wrong = FieldError("/account_id", "there is no account with this id")
            raise Unprocessable("Some fields are wrong; each is named in `errors`.", [wrong]) from None
