"""The queue where records wait that nobody could read."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.cards import hide_first
from chalicelib.platform.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST: Final = 180_000
"""Bytes of a payload that are kept: in base64 they fit into the 256 KB of a message. A contact record has 5 KB."""


@dataclass(frozen=True)
class FailureQueue:
    client: SQSClient
    url: str

    def park(self, payload: bytes, reason: str) -> None:
        """Keep a record without card numbers and why it was refused; one over MOST bytes loses its end. It has no
        digest when a number was hidden: beside the rest it would tell the hidden digits to who tries them all. Raises
        Unavailable."""
        rest = _kept(payload)
        kept = {
            "reason": hide_first(reason, 2000), "payload_base64": base64.b64encode(rest).decode(), "size": len(payload),
            "sha256": hashlib.sha256(payload).hexdigest() if payload.startswith(rest) else None,
        }  # fmt: skip
        try:
            self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(kept))
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The failure queue does not answer; try again.") from error


def _kept(payload: bytes) -> bytes:
    """What callers typed or said stands in attributes, whatever else was wrong with the record."""
    text = payload[: MOST + 1].decode("utf-8", "surrogateescape")
    whole = len(text) - (len(payload) > MOST)
    return hide_first(text, whole).encode("utf-8", "surrogateescape")[:MOST]
