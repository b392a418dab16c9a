"""Contact records in the shape that Amazon Connect sends them, with what a test is about given by keyword."""

from __future__ import annotations

import base64
import json
from typing import Any

AGENT = {
    "ARN": "arn:aws:connect:eu-west-2:111122223333:instance/i/agent/a",
    "Username": "agent.one",
    "AgentInteractionDuration": 200,
    "CustomerHoldDuration": 30,
    "AfterContactWorkDuration": 20,
}
QUEUE = {"ARN": "arn:aws:connect:eu-west-2:111122223333:instance/i/queue/q", "Name": "BillingQueue", "Duration": 15}


def a_record(**changes: Any) -> dict[str, Any]:
    """An inbound call of 250 s handled by agent.one; keywords are the record's own field names."""
    return {
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "Agent": AGENT,
        "Attributes": {},
        "Channel": "VOICE",
        "ConnectedToSystemTimestamp": "2026-11-02T09:10:00Z",
        "ContactId": "c-1",
        "CustomerEndpoint": {"Address": "+447700900123", "Type": "TELEPHONE_NUMBER"},
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "DisconnectTimestamp": "2026-11-02T09:14:30Z",
        "InitialContactId": None,
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": "2026-11-02T09:10:00Z",
        "LastUpdateTimestamp": "2026-11-02T09:16:00Z",
        "NextContactId": None,
        "PreviousContactId": None,
        "Queue": QUEUE,
        "TransferCompletedTimestamp": None,
        **changes,
    }


def payload(**changes: Any) -> bytes:
    return json.dumps(a_record(**changes)).encode()


def stream_event(*payloads: bytes) -> dict[str, Any]:
    """The payloads as Lambda gets them from Kinesis."""
    return {
        "Records": [
            {
                "eventID": f"shardId-000000000000:{n}",
                "eventName": "aws:kinesis:record",
                "eventSource": "aws:kinesis",
                "eventSourceARN": "arn:aws:kinesis:eu-west-2:111122223333:stream/contacts",
                "kinesis": {
                    "approximateArrivalTimestamp": 1793610000.0,
                    "data": base64.b64encode(content).decode(),
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "p",
                    "sequenceNumber": str(n),
                },
            }
            for n, content in enumerate(payloads, start=1)
        ]
    }
