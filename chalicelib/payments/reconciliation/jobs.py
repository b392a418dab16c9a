"""The Lambda that reconciles: every night by schedule, and whenever somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chalice.app import Blueprint

from chalicelib.payments.reconciliation.model import RunStatus
from chalicelib.payments.resuming import resume
from chalicelib.platform.clock import parse_instant, utc_now
from chalicelib.platform.entry import Event, entry
from chalicelib.platform.telemetry import count
from chalicelib.wiring import reconciliations, refunds

bp = Blueprint(__name__)
MARGIN_MILLIS: Final = 240_000
"""A step is not begun with less time left: the longest one, a thousand missed events, takes about a minute."""


# The app's template calls it every night. Chalice's own schedule would refuse to be called with a run's id.
@bp.lambda_function(name="reconcile_payments")
@entry
def reconcile_payments(event: Event, context: Any) -> dict[str, Any]:
    """Take on the run named by `reconciliation_id`, or the one of the schedule's `time` (now, when called by hand).

    Refunds that broke off before Stripe answered are gone on with first, every night. Returns how far it came; what is
    left when the time is up is gone on with in another call.
    """
    runs = reconciliations()
    run_id = event.get("reconciliation_id")
    if run_id is None:
        at = parse_instant(event["time"]) if "time" in event else utc_now()
        run_id = runs.scheduled(at).reconciliation_id
        resume(refunds())
    run = runs.take_on(run_id, _has_time(context))
    if run.status is RunStatus.FINISHED:
        count("ReconciliationsFinished")
    return {"reconciliation_id": run.reconciliation_id, "status": run.status, **run.tally.model_dump(mode="json")}


def _has_time(context: Any) -> Callable[[], bool]:
    if context is None:
        return lambda: True
    return lambda: context.get_remaining_time_in_millis() > MARGIN_MILLIS
