"""Entry points of the figures: the table's stream becomes facts, and a schedule folds them."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from chalice.app import Blueprint

from chalicelib.platform.codec import Change
from chalicelib.platform.entry import Event, each_change, entry
from chalicelib.platform.telemetry import count
from chalicelib.wiring import folding, projection

bp = Blueprint(__name__)
_STREAM = "arn:aws:dynamodb:eu-west-2:000000000000:table/replaced/stream/replaced"
"""The stream's ARN is put in when the app is packaged."""


@bp.on_dynamodb_record(stream_arn=_STREAM, name="project_facts", batch_size=100)
@entry
def project_facts(event: Event, _context: Any) -> PartialItemFailureResponse:
    """Changed contacts and cases. Hours are marked once their facts stand; if that fails, the batch comes again."""
    hours: set[str] = set()

    def project(change: Change) -> None:
        hours.update(projection().project(change))

    answer = each_change(event, project)
    projection().mark(hours)
    return answer


# The app's template calls it every hour. Chalice's own schedule would refuse to be called by hand with `{}`.
@bp.lambda_function(name="fold_hours")
@entry
def fold_hours(_event: Event, _context: Any) -> dict[str, int]:
    """Fold what changed since the last time; how many hours. A second call changes nothing."""
    hours = folding().run()
    count("HoursFolded", hours)
    return {"hours": hours}
