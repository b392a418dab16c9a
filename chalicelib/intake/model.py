"""What intake is told and what it needs: the notification of a received mail, and the Protocols of everything
outside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Final, Literal, Protocol

from pydantic import AwareDatetime, Field, ValidationError
from ulid import ULID

from chalicelib.cases.letter_list import ListedLetter
from chalicelib.cases.messages import InboundMail, Received
from chalicelib.intake.mail.files import File
from chalicelib.platform.fields import Record


class NotAMail(Exception):
    """A queue message that no retry can turn into a mail; the reason is fit for a log."""


class Verdict(Record):
    """What SES found: PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED. Anything but these two words proves nothing."""

    status: str = ""

    @property
    def passed(self) -> bool:
        return self.status.upper() == "PASS"

    @property
    def failed(self) -> bool:
        return self.status.upper() == "FAIL"


class Action(Record):
    """Where the receipt rule put the raw mail."""

    type: Literal["S3"]
    key: str = Field(alias="objectKey", min_length=1)


class Receipt(Record):
    recipients: tuple[str, ...] = ()
    spam: Verdict = Field(alias="spamVerdict", default=Verdict())
    virus: Verdict = Field(alias="virusVerdict", default=Verdict())
    dmarc: Verdict = Field(alias="dmarcVerdict", default=Verdict())
    action: Action


class Envelope(Record):
    """`source` is the SMTP envelope's sender: where bounces go, never who wrote."""

    timestamp: AwareDatetime
    source: str = ""
    message_id: str = Field(alias="messageId", min_length=1)


class Notification(Record):
    """What Amazon SES publishes for a mail that its receipt rule stored in S3; unknown fields are ignored."""

    type: Literal["Received"] = Field(alias="notificationType")
    mail: Envelope
    receipt: Receipt


def read_notification(body: str) -> Notification:
    """The notification in an SQS body, with or without the envelope of SNS around it. Raises NotAMail."""
    try:
        outer = json.loads(body)
        inner = outer["Message"] if isinstance(outer, dict) and isinstance(outer.get("Message"), str) else body
        return Notification.model_validate_json(inner)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, found["loc"])) for found in error.errors(include_input=False)})
        raise NotAMail(f"no SES notification: {', '.join(wrong)}"[:300]) from None
    except (ValueError, RecursionError):
        raise NotAMail("the body is not JSON") from None


class MailBucket(Protocol):
    """The bucket that holds raw mails and attachments. All raise Unavailable."""

    def read(self, key: str) -> bytes:
        """A raw mail, also one that was restricted since it was announced."""
        ...

    def restrict(self, key: str, raw: bytes) -> str:
        """Copy a raw mail to where few may look and nothing stays for long; the key of the copy."""
        ...

    def remove(self, key: str) -> None:
        """Delete a raw mail for good, older versions too; none is fine."""
        ...

    def keep(self, key: str, file: File) -> None: ...


class CaseInbox(Protocol):
    """Cases, as far as mail needs them."""

    def receive_mail(self, mail: InboundMail) -> Received: ...

    def case_of_message_id(self, rfc_message_id: str) -> str | None: ...

    def case_of_sent(self, rfc_message_id: str) -> str | None: ...

    def case_of_reference(self, reference: str, account_id: str | None, sender: str | None) -> str | None: ...

    def is_asker(self, case_id: str, address: str | None, account_id: str | None) -> bool: ...

    def acknowledge(self, mail: InboundMail, case_id: str) -> None:
        """Tell who wrote it that the mail has come; once a case. Raises Unavailable."""
        ...


class Letters(Protocol):
    """What came and went with an account beside its cases."""

    def put(self, letter: ListedLetter) -> None:
        """Any number of repeats leave one. Raises Unavailable."""
        ...

    def returned(self, rfc_message_id: str, said: Iterable[str], *, is_proven: bool) -> bool:
        """The letter with this Message-ID did not arrive; False when it was none. Raises Unavailable."""
        ...


class Customers(Protocol):
    """Accounts, as far as a sender is concerned."""

    def with_email(self, email: str) -> list[str]:
        """Ids of the accounts that hold this canonical mail address; at most two are needed."""
        ...


class Limiter(Protocol):
    """Bounds how often one address is answered automatically."""

    def allow(self, address: str, case_id: str, subject: str) -> bool:
        """Whether one more answer may go to the address, about this subject; the same case may ask again and hears
        the same."""
        ...


_BYTES: Final = 16


def derived_ulid(prefix: str, key: bytes, *parts: str) -> str:
    """An id shaped like all others that is the same for the same parts and that nobody without the key can foresee."""
    mac = hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).digest()
    return f"{prefix}_{ULID.from_bytes(mac[:_BYTES])}"


def keyed_hash(key: bytes, text: str) -> str:
    """A name for a text that does not give it away."""
    return base64.b32encode(hmac.new(key, text.encode(), hashlib.sha256).digest()[:20]).decode().lower()
