"""The door of every Lambda that is not HTTP: log keys, metrics flush, error log, batches with partial failure.

Chalice packages a blueprint's handler by its module, so the app and its middleware do not exist there
(aws/chalice#1566); `@entry` stands directly under the Chalice decorator and brings what they would have brought.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from chalicelib.platform.codec import Change, change_of
from chalicelib.platform.telemetry import count, flush_metrics, logger, tracer

Event = dict[str, Any]
R = TypeVar("R")


class Failed(Exception):
    """A function failed: names the type of what went wrong, the log has the rest. The runtime writes the message
    that it is left with to log and trace as it is, and messages quote what customers wrote."""


class Poison(Exception):
    """A record that no retry can mend. A queue brings it to its dead-letter queue; a stream parks it and goes on."""


def entry(handler: Callable[[Event, Any], R]) -> Callable[..., R]:
    """Make `handler(event, context)` a Lambda entry point; accepts Chalice's event objects and plain dicts."""

    @functools.wraps(handler)
    def run(event: Any, context: Any = None) -> R:
        raw: Event = event.to_dict() if hasattr(event, "to_dict") else event
        context = context if context is not None else getattr(event, "context", None)
        logger.clear_state()
        logger.append_keys(function=handler.__name__, request_id=getattr(context, "aws_request_id", None))
        try:
            with tracer.provider.in_subsegment(handler.__name__):
                return _told(handler, raw, context)
        finally:
            flush_metrics()

    return run


def _told(handler: Callable[[Event, Any], R], event: Event, context: Any) -> R:
    """What the handler returns. Raises Failed for anything that it raises, and logs that."""
    try:
        return handler(event, context)
    except Exception as error:  # noqa: BLE001 - whatever it is, its message stays inside
        logger.exception("the function failed")
        raise Failed(type(error).__name__) from None


def each_message(event: Event, handle: Callable[[str], None]) -> PartialItemFailureResponse:
    """Hand each SQS body to `handle`; only the failed ones are delivered again, in the end to the dead-letter queue."""
    return _batch(event, EventType.SQS, lambda record: handle(record["body"]))


def each_change(event: Event, handle: Callable[[Change], None]) -> PartialItemFailureResponse:
    """Hand each DynamoDB stream record to `handle` as a Change of plain items."""
    return _batch(event, EventType.DynamoDBStreams, lambda record: handle(change_of(record)))


def each_data(
    event: Event, handle: Callable[[bytes], None], park: Callable[[bytes, str], None]
) -> PartialItemFailureResponse:
    """Hand each Kinesis payload to `handle`; a Poison one goes to `park(payload, reason)` and the shard moves on."""

    def one(record: Event) -> None:
        payload = base64.b64decode(record["kinesis"]["data"])
        try:
            handle(payload)
        except Poison as reason:
            logger.warning("poison record parked", reason=str(reason), sequence=record["kinesis"]["sequenceNumber"])
            count("RecordsParked")
            park(payload, str(reason))

    return _batch(event, EventType.KinesisDataStreams, one)


def _batch(event: Event, kind: EventType, handle: Callable[[Event], None]) -> PartialItemFailureResponse:
    def logged(record: Event) -> None:  # Powertools calls it with the keyword `record`
        try:
            handle(record)
        except Exception:
            logger.exception("record failed", source=kind.value)
            count("RecordsFailed")
            raise

    processor = BatchProcessor(event_type=kind, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=logged, processor=processor)
