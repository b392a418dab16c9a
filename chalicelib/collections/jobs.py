"""Lambda entry point of collections."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.platform.entry import Event, entry
from chalicelib.wiring import debt_collection

bp = Blueprint(__name__)


# The app's template calls it several times a day. Chalice's own schedule would refuse to be called by hand with `{}`.
@bp.lambda_function(name="collect_debts")
@entry
def collect_debts(_event: Event, _context: Any) -> dict[str, int]:
    """Take the day's step of every account that is late; how many took one. A second call takes none."""
    return {"steps": debt_collection().run()}
