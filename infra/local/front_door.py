"""The mail front door: an SMTP server that does what an SES receipt rule does, object first, notification second.

Verdicts are PASS unless a header says otherwise, `X-Local-Verdict-Dmarc: FAIL` for instance (also Spam, Virus, Spf,
Dkim and Dmarc-Policy); those headers exist only here and are taken out before the mail is stored.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.ports import LOOPBACK

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

_VERDICTS = ("spam", "virus", "spf", "dkim", "dmarc")
_SETTING = b"x-local-verdict-"
_HEADER_LIMIT = 10_240
"""Bytes of headers that SES repeats in a notification."""
_LARGEST = 40_000_000


@dataclass(frozen=True)
class Delivery:
    """Where received mail goes."""

    s3: S3Client
    sns: SNSClient
    bucket: str
    topic_arn: str
    domain: str

    def deliver(self, content: bytes, sender: str, recipients: list[str]) -> str:
        """Store a mail, announce it, and return its SES message id. Raises botocore's errors when the stack is down."""
        raw, settings = without_settings(content)
        message_id = secrets.token_hex(20)
        key = f"mail/{message_id}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=raw)
        action = {"type": "S3", "topicArn": self.topic_arn, "bucketName": self.bucket,
                  "objectKeyPrefix": "mail/", "objectKey": key}  # fmt: skip
        note = notification(raw, settings, message_id, sender, recipients, action, datetime.now(UTC))
        self.sns.publish(
            TopicArn=self.topic_arn, Subject="Amazon SES Email Receipt Notification", Message=json.dumps(note)
        )
        return message_id


def without_settings(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The mail without our verdict headers, and their values by lower-case name, such as {"dmarc": "FAIL"}."""
    head, separator, body = content.partition(b"\r\n\r\n")
    kept: list[bytes] = []
    settings: dict[str, str] = {}
    for line in head.split(b"\r\n"):
        if line.lower().startswith(_SETTING) and b":" in line:
            name, value = line[len(_SETTING) :].split(b":", 1)
            settings[name.decode("ascii", "replace").lower()] = value.decode("ascii", "replace").strip().upper()
        else:
            kept.append(line)
    return (b"\r\n".join(kept) + separator + body, settings) if settings else (content, {})


def notification(
    raw: bytes,
    settings: dict[str, str],
    message_id: str,
    sender: str,
    recipients: list[str],
    action: dict[str, str],
    at: datetime,
) -> dict[str, Any]:
    """What SES publishes for a mail that its receipt rule stored."""
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
    receipt: dict[str, Any] = {"timestamp": stamp, "processingTimeMillis": 1, "recipients": recipients}
    receipt |= {f"{name}Verdict": {"status": settings.get(name, "PASS")} for name in _VERDICTS}
    if receipt["dmarcVerdict"]["status"] == "FAIL":
        receipt["dmarcPolicy"] = settings.get("dmarc-policy", "none").lower()
    mail = {"timestamp": stamp, "source": sender, "messageId": message_id, "destination": recipients}
    return {
        "notificationType": "Received",
        "mail": {**mail, **_headers(BytesHeaderParser(policy=compat32).parsebytes(raw), sender)},
        "receipt": {**receipt, "action": action},
    }


def _headers(parsed: Message, sender: str) -> dict[str, Any]:
    rows: list[dict[str, str]] = []
    size, truncated = 0, False
    for name, value in parsed.items():
        size += len(name) + len(str(value)) + 4
        if truncated := size > _HEADER_LIMIT:
            break
        rows.append({"name": name, "value": _text(value)})
    common: dict[str, Any] = {"returnPath": sender}
    for field, name in (("from", "From"), ("to", "To"), ("cc", "Cc")):
        if name in parsed:
            common[field] = [_text(value) for value in parsed.get_all(name, [])]
    for field, name in (("date", "Date"), ("messageId", "Message-ID"), ("subject", "Subject")):
        if name in parsed:
            common[field] = _text(parsed[name])
    return {"headersTruncated": truncated, "headers": rows, "commonHeaders": common}


def _text(value: object) -> str:
    """A header as text, decoded where it can be; mail from the wild breaks every rule."""
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return str(value)


class FrontDoor:
    """Answers SMTP like the regional SES endpoint."""

    def __init__(self, delivery: Callable[[], Delivery]) -> None:
        self._delivery = delivery

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.rpartition("@")[2].lower() != self._delivery().domain:
            return "550 5.1.1 Mailbox does not exist"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        try:
            message_id = await asyncio.to_thread(
                self._delivery().deliver, envelope.content, envelope.mail_from or "", list(envelope.rcpt_tos)
            )
        except (BotoCoreError, ClientError) as error:
            return f"451 4.3.0 Try again later: {type(error).__name__}"
        return f"250 OK {message_id}"


class _Smtp(SMTP):
    """Real mail has longer lines than the standard allows, and SES takes them."""

    line_length_limit = 1_000_000


class _Door(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


def open_front_door(delivery: Callable[[], Delivery], port: int) -> Controller:
    """Start receiving mail; `stop()` ends it. SMTP on the loopback interface."""
    controller = _Door(FrontDoor(delivery), hostname=LOOPBACK, port=port, data_size_limit=_LARGEST)
    controller.start()
    return controller
