"""Entry points of the call centre: its contact records, and its flows that ask who is calling."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.contacts.callers import NOBODY
from chalicelib.contacts.record import UnreadableRecord
from chalicelib.platform.entry import Event, Poison, each_data, entry
from chalicelib.platform.errors import DeskError
from chalicelib.platform.telemetry import count, logger
from chalicelib.wiring import callers, contact_failures, contacts

bp = Blueprint(__name__)


@bp.on_kinesis_record(stream="contacts", name="record_contacts", batch_size=100)
@entry
def record_contacts(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Contact records, delivered at least once and in any order. An unreadable one is parked, the shard moves on."""
    return each_data(event, _record, contact_failures().park)


def _record(payload: bytes) -> None:
    try:
        contact = contacts().record(payload)
    except UnreadableRecord as reason:
        raise Poison(str(reason)) from reason
    count("ContactsRecorded" if contact else "ContactsRepeated")


@bp.lambda_function(name="identify_caller")
@entry
def identify_caller(event: Event, _context: Any) -> dict[str, str]:
    """Called by a Connect flow while the customer waits, again when that fails: it only reads and always answers."""
    try:
        answer = callers().identify(event)
    except DeskError:
        logger.exception("the caller could not be looked up")
        answer = dict(NOBODY)
    count("CallersKnown" if answer["known"] == "true" else "CallersUnknown")
    return answer
