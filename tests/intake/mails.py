"""Mails and what SES says about them, built with what a test cares about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

HEADERS = {
    "From": "Ada Lovelace <ada@example.com>",
    "To": "billing@desk.example",
    "Subject": "My bill",
    "Date": "Fri, 20 Nov 2026 10:00:00 +0000",
    "Message-ID": "<one@mail.example>",
    "Content-Type": "text/plain; charset=utf-8",
}


def raw(body: str | bytes = "Why is it so high?\n", **headers: str | None) -> bytes:
    """A mail; a header given as None is left out, `in_reply_to` is the field In-Reply-To, `from_` is From."""
    named = {name.rstrip("_").replace("_", "-").title(): value for name, value in headers.items()}
    given = {name.replace("Message-Id", "Message-ID"): value for name, value in named.items()}
    lines = [f"{name}: {value}".encode() for name, value in (HEADERS | given).items() if value is not None]
    content = body.encode() if isinstance(body, str) else body
    return b"\r\n".join([*lines, b"", content])


def multipart(*parts: str, kind: str = "mixed", **headers: str | None) -> bytes:
    """A multipart mail of parts that are written out with their headers."""
    body = "".join(f"--frontier\r\n{part}\r\n" for part in parts) + "--frontier--\r\n"
    return raw(body, content_type=f'multipart/{kind}; boundary="frontier"', **headers)


def notification(
    key: str = "mail/ses-1",
    *,
    message_id: str = "ses-1",
    recipients: Sequence[str] = ("billing@desk.example",),
    source: str = "ada@example.com",
    verdicts: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What SES publishes, all verdicts PASS unless given, such as {"dmarc": "FAIL"}."""
    stamp = "2026-11-20T10:00:03.000Z"
    said = {f"{name}Verdict": {"status": "PASS"} for name in ("spam", "virus", "spf", "dkim", "dmarc")}
    said |= {f"{name}Verdict": {"status": status} for name, status in (verdicts or {}).items()}
    return {
        "notificationType": "Received",
        "mail": {
            "timestamp": stamp, "source": source, "messageId": message_id, "destination": list(recipients),
            "headersTruncated": False, "headers": [], "commonHeaders": {"returnPath": source},
        },
        "receipt": {
            "timestamp": stamp, "processingTimeMillis": 300, "recipients": list(recipients), **said,
            "action": {"type": "S3", "topicArn": "arn", "bucketName": "desk-test-mail", "objectKey": key},
        },
    }  # fmt: skip


def announced(note: Mapping[str, Any]) -> str:
    """The notification as SNS hands it to SQS."""
    return json.dumps({"Type": "Notification", "MessageId": "sns-1", "Message": json.dumps(note)})
