"""Lambda entry points of payments: the webhook's receipt, the queue behind it, and the day's overdue invoices."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.payments import receipt
from chalicelib.platform.entry import Event, each_message, entry
from chalicelib.platform.telemetry import count
from chalicelib.wiring import overdue, stripe_events

bp = Blueprint(__name__)

receipt_bp = Blueprint(receipt.__name__)
"""Named after the lean module: the packaged handler is the bare function there, and Lambda never loads this file."""
receipt_bp.lambda_function(name="receive_stripe_event")(receipt.receive_stripe_event)


@bp.on_sqs_message(queue="stripe-events", name="process_stripe_events", batch_size=10)
@entry
def process_stripe_events(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Apply queued events; those that fail are delivered again, and parked after the queue's last try."""
    return each_message(event, stripe_events().apply)


# The app's template calls it every day. Chalice's own schedule would refuse to be called by hand with `{}`.
@bp.lambda_function(name="notice_overdue")
@entry
def notice_overdue(_event: Event, _context: Any) -> dict[str, int]:
    """Tell the invoices whose due day passed unpaid since the last time; how many. A second call tells none."""
    told = overdue().run()
    count("InvoicesOverdue", told)
    return {"invoices": told}
