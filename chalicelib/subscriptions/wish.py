"""What is asked for: one change of one subscription. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Self

from pydantic import ConfigDict, Field, model_validator

from chalicelib.platform.fields import Input
from chalicelib.subscriptions.offer import Code
from chalicelib.subscriptions.policy import When


class Kind(StrEnum):
    """The changes that can be quoted."""

    CHANGE_PLAN = "change_plan"
    ADD_ADDON = "add_addon"
    REMOVE_ADDON = "remove_addon"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    BILLING_DAY = "billing_day"


_TAKES: Final = {
    Kind.CHANGE_PLAN: ({"offer"}, {"quantity", "when"}),
    Kind.ADD_ADDON: ({"offer"}, {"quantity"}),
    Kind.REMOVE_ADDON: ({"offer"}, {"when"}),
    Kind.PAUSE: ({"until_on"}, set[str]()),
    Kind.RESUME: (set[str](), set[str]()),
    Kind.CANCEL: (set[str](), {"when"}),
    Kind.BILLING_DAY: ({"day"}, set[str]()),
}
"""What each has to say, and what it may say."""


class Wish(Input):
    """A change to be quoted; each kind takes its own fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "change_plan", "offer": "BB-FIBRE-500"}]})

    kind: Kind = Field(
        description="`change_plan` takes `offer`, `quantity`, `when`; `add_addon` `offer`, `quantity`; `remove_addon` "
        "`offer`, `when`; `pause` `until_on`; `cancel` `when`; `billing_day` `day`; `resume` nothing."
    )
    offer: Code | None = Field(default=None, description="Code of the plan or add-on.")
    quantity: int | None = Field(default=None, ge=1, le=1000, description="How many; as before when left out.")
    when: When | None = Field(
        default=None,
        description="As soon as it can be, or when the billing period ends; left out: as company policy says.",
    )
    until_on: date | None = Field(default=None, description="The first day on which bills are collected again.")
    day: int | None = Field(default=None, ge=1, le=31, description="The new billing day of the month.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needs, may = _TAKES[self.kind]
        given = {name for name in ("offer", "quantity", "when", "until_on", "day") if getattr(self, name) is not None}
        if needs - given:
            raise ValueError(f"{self.kind} needs {', '.join(sorted(needs - given))}")
        if given - needs - may:
            raise ValueError(f"{self.kind} does not take {', '.join(sorted(given - needs - may))}")
        return self
