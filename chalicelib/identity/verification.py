"""One verification: a code sent to an address of the account, or questions asked. Pure.

The code is made from the verification's id by a key and is kept nowhere: not in the table, not in a log, not in the
copy of the letter that carried it. A new code is a new verification."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.accounts.letters import LetterChannel
from chalicelib.accounts.model import Account
from chalicelib.identity.model import Method
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict
from chalicelib.platform.fields import Record

CODE_DIGITS: Final = 6
CODE_LETTER: Final = "identity/code"
"""The letter that carries a code; it is about the verification."""


class VerificationState(StrEnum):
    """One that is open can be answered until it ends, with more than one try."""

    OPEN = "open"
    PASSED = "passed"


class Verification(Record):
    """`known` says whether the address is one of the account's: to any other one nothing was sent, and no code is
    right. `questions` are the ids of those asked."""

    verification_id: str
    account_id: str
    method: Method
    channel: LetterChannel | None = None
    address: str | None = None
    known: bool = True
    questions: tuple[str, ...] = ()
    started_by: str
    started_at: Instant
    ends_at: Instant
    state: VerificationState = VerificationState.OPEN
    policy: str

    @property
    def destination(self) -> str | None:
        """Where the code went, so that its owner knows which address is meant and nobody else learns it."""
        return masked(self.address) if self.address else None

    def refuse_done(self, now: datetime) -> None:
        """Raises Conflict when it cannot be answered any more."""
        if self.state is not VerificationState.OPEN:
            raise Conflict("This verification was passed before.", reason="verification_passed")
        if now >= self.ends_at:
            raise Conflict("This verification has expired; start another one.", reason="verification_expired")


def code_of(key: bytes, verification_id: str) -> str:
    """The one-time code of a verification: six digits."""
    digest = hmac.new(key, f"one-time-code\0{verification_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_code(key: bytes, verification: Verification, given: str) -> bool:
    """Whether this is the code, compared in constant time; none is for an address that is not the account's."""
    right = hmac.compare_digest(code_of(key, verification.verification_id), given)
    return right and verification.known


def addressed(account: Account, channel: LetterChannel, contact: str | None) -> tuple[str, bool]:
    """The address that a code is to go to, the account's first when none is said, and whether it is the account's.

    Raises Conflict when the account has none of this kind."""
    own = account.emails if channel is LetterChannel.MAIL else account.phones
    if contact is not None:
        return contact, contact in own
    if not own:
        raise Conflict("The account has no address of this kind.", reason="no_address")
    return own[0], True


def masked(address: str) -> str:
    """`a•••@example.com`, or `+44•••123`."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if at else f"{address[:3]}•••{address[-3:]}"
