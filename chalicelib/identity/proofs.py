"""What a customer has shown to be known by. Pure."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.accounts.assurance import Level
from chalicelib.accounts.letters import LetterChannel
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record


class ProofKind(StrEnum):
    """What was shown. Two of different kinds are independent."""

    SIGN_IN = "sign_in"
    MAIL_CODE = "mail_code"
    SMS_CODE = "sms_code"
    ANSWERS = "answers"


CODE_BY: Final = {LetterChannel.MAIL: ProofKind.MAIL_CODE, LetterChannel.SMS: ProofKind.SMS_CODE}


class Proof(Record):
    """Something shown to `by`. One that does not count was sent to where an attacker could have led it lately."""

    by: str
    kind: ProofKind
    level: Level
    counts: bool = True
    contact: str = Field(default="", description="Digest of the address that a code went to.")
    until: Instant

    @property
    def way(self) -> str:
        """By what the customer was recognised: the same for each code to the same address."""
        return f"{self.kind}:{self.contact}"


def address_digest(address: str) -> str:
    """An address as proofs and states name it."""
    return hashlib.sha256(address.encode()).hexdigest()[:12]
