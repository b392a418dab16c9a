"""Lambda entry point of mail intake: what SES stored and announced, by way of SNS and SQS."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.intake.model import NotAMail
from chalicelib.intake.service import EmptyMail
from chalicelib.platform.entry import Event, Poison, each_message, entry
from chalicelib.platform.telemetry import count, logger
from chalicelib.wiring import intake

bp = Blueprint(__name__)


@bp.on_sqs_message(queue="mail", name="receive_mail", batch_size=10)
@entry
def receive_mail(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Take in received mails; one that fails comes again alone and ends in the dead-letter queue."""
    return each_message(event, _receive)


def _receive(body: str) -> None:
    try:
        outcome = intake().receive(body)
    except (NotAMail, EmptyMail) as reason:
        raise Poison(f"{type(reason).__name__}: {reason}") from None
    count(f"Mail{outcome.what.capitalize()}")
    if outcome.restricted:
        count("MailWithCards")
    if outcome.forwarded:
        count("MailForwarded")
    logger.info("mail received", outcome=outcome.what, case_id=outcome.case_id)
