"""Lambda entry point of payment plans: the day's instalments."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.platform.entry import Event, entry
from chalicelib.wiring import plan_run

bp = Blueprint(__name__)


# The app's template calls it every morning. Chalice's own schedule would refuse to be called by hand with `{}`.
@bp.lambda_function(name="collect_instalments")
@entry
def collect_instalments(_event: Event, _context: Any) -> dict[str, int]:
    """Announce, ask for, warn of and settle the instalments of all plans under way; how many plans. A second call of
    the day goes through none."""
    return {"plans": plan_run().run()}
