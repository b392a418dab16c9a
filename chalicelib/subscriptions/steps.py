"""From a wish to what Stripe is asked for, by its kind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from chalicelib.subscriptions import part_steps, time_steps
from chalicelib.subscriptions.step import Asked, Step
from chalicelib.subscriptions.wish import Kind

_STEPS: Final[Mapping[Kind, Callable[[Asked], Step]]] = {
    Kind.CHANGE_PLAN: part_steps.change_plan,
    Kind.ADD_ADDON: part_steps.add_addon,
    Kind.REMOVE_ADDON: part_steps.remove_addon,
    Kind.PAUSE: time_steps.pause,
    Kind.RESUME: time_steps.resume,
    Kind.CANCEL: part_steps.cancel,
    Kind.BILLING_DAY: time_steps.billing_day,
}


def step_of(asked: Asked) -> Step:
    """What the wish comes to. Raises Conflict, Unprocessable."""
    return _STEPS[asked.wish.kind](asked)
