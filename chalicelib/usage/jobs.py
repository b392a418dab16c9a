"""Lambda entry point of use: what customers are told of their plans before it is too late."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.platform.entry import Event, entry
from chalicelib.wiring import plan_notices

bp = Blueprint(__name__)


# The app's template calls it every day. Chalice's own schedule would refuse to be called by hand with `{}`.
@bp.lambda_function(name="advise_customers")
@entry
def advise_customers(_event: Event, _context: Any) -> dict[str, int]:
    """Send what was noted for the days up to today; how many letters. A second call sends none."""
    return {"letters": plan_notices().run()}
