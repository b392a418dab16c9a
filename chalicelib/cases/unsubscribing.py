"""The link under a letter that nobody has to get: a signed word that takes back one consent of one account. Pure.

It says no more than which account, which kind of letter and until when it holds; nobody but the desk can make one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from typing import Final

from chalicelib.accounts.letters import Purpose
from chalicelib.platform.fields import Record

OPTIONAL: Final = frozenset({Purpose.EDUCATION, Purpose.MARKETING})
"""What a customer may do without; all other letters are part of what was agreed, or protect the customer."""
HOLDS: Final = timedelta(days=366)
_TAG_BYTES: Final = 16
_CONTEXT: Final = b"unsubscribe\0"


class Refusal(Record):
    """That a customer wants no more letters of a kind by mail; `language` is that of the letter, `until_on` the last
    day on which the link serves."""

    account_id: str
    purpose: Purpose
    language: str
    until_on: date


def refusal_of(account_id: str, purpose: Purpose, language: str, at: datetime) -> Refusal:
    """What the link under a letter of `at` says."""
    until_on = (at.astimezone(UTC) + HOLDS).date()
    return Refusal(account_id=account_id, purpose=purpose, language=language, until_on=until_on)


def token_of(refusal: Refusal, key: bytes) -> str:
    """The refusal in letters, digits, dashes and underscores, at most 128."""
    said = "|".join((refusal.account_id, refusal.purpose, refusal.language, f"{refusal.until_on:%Y%m%d}")).encode()
    return base64.urlsafe_b64encode(_tag(said, key) + said).decode().rstrip("=")


def read_token(token: str, key: bytes, today: date) -> Refusal | None:
    """What a token says; None for one that is not ours, was changed, or holds no more."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    tag, said = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if not hmac.compare_digest(tag, _tag(said, key)):
        return None
    account_id, purpose, language, until_on = said.decode().split("|")
    refusal = Refusal(
        account_id=account_id, purpose=Purpose(purpose), language=language,
        until_on=datetime.strptime(until_on, "%Y%m%d").replace(tzinfo=UTC).date(),
    )  # fmt: skip
    return refusal if today <= refusal.until_on else None


def _tag(said: bytes, key: bytes) -> bytes:
    return hmac.new(key, _CONTEXT + said, hashlib.sha256).digest()[:_TAG_BYTES]
