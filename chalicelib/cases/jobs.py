"""Lambda entry points of cases: outgoing mail, driven by the table's stream, and what the mail service tells of
it, by way of SNS and SQS."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.cases.mail_events import NotAMailEvent, read_event
from chalicelib.platform.dynamo import Change
from chalicelib.platform.entry import Event, Poison, each_change, each_message, entry
from chalicelib.platform.telemetry import count, logger
from chalicelib.wiring import case_outbox, mail_events, notice_outbox

bp = Blueprint(__name__)
STREAM = "arn:aws:dynamodb:eu-west-2:000000000000:table/replaced/stream/replaced"
"""The stream's ARN is put in when the app is packaged."""


@bp.on_dynamodb_record(stream_arn=STREAM, name="deliver_messages", batch_size=10)
@entry
def deliver_messages(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Send what was queued; a message that cannot be sent now comes again with its part of the batch."""
    return each_change(event, _deliver)


def _deliver(change: Change) -> None:
    queued = change.new or {}
    outbox = case_outbox() if "case_id" in queued else notice_outbox()
    outcome = outbox.deliver(queued)
    if outcome:
        count(f"Messages{outcome.value.capitalize()}")
        logger.info("message delivered", outcome=outcome.value, message_id=queued["message_id"])


@bp.on_sqs_message(queue="mail-events", name="record_mail_events", batch_size=10)
@entry
def record_mail_events(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Stop addresses to which mail cannot go; what is no event of the mail service becomes a dead letter."""
    return each_message(event, _record)


def _record(body: str) -> None:
    try:
        event = read_event(body)
    except NotAMailEvent as error:
        raise Poison(str(error)) from None
    outcome = mail_events().record(event) if event else "ignored"
    count(f"MailEvents{outcome.capitalize()}")
    logger.info("mail event recorded", outcome=outcome)
