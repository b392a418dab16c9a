"""Lambda entry points of payments: the webhook's receipt, and the queue behind it."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.payments import receipt
from chalicelib.platform.entry import Event, each_message, entry
from chalicelib.wiring import stripe_events

bp = Blueprint(__name__)

receipt_bp = Blueprint(receipt.__name__)
"""Named after the lean module: the packaged handler is the bare function there, and Lambda never loads this file."""
receipt_bp.lambda_function(name="receive_stripe_event")(receipt.receive_stripe_event)


# Half of the usual ten: one event of a bill may read and write at Stripe a dozen times, half a second each.
@bp.on_sqs_message(queue="stripe-events", name="process_stripe_events", batch_size=5)
@entry
def process_stripe_events(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Apply queued events; those that fail are delivered again, and parked after the queue's last try."""
    return each_message(event, stripe_events().apply)
