"""When guides are sent unasked, how often, and how their effect is counted: company policy."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from chalicelib.accounts.holds import SILENT, HoldKind
from chalicelib.policy.model import PolicyKind, Rules


class EducationRules(Rules):
    """What is worth a guide, and who gets none."""

    changed_by_minor: int = Field(
        default=500, ge=0, description="A bill is explained when it differs by more than this, in minor units, or"
    )
    changed_by_bp: int = Field(
        default=1000, ge=0, description="by more than this share of the one before, in basis points: 1000 is 10%."
    )
    fresh_days: int = Field(
        default=10, ge=1, le=60, description="Days after which what happened is too old for a guide."
    )
    late_bills: int = Field(default=2, ge=1, le=5, description="Bills paid late before another due day is offered.")
    late_within_days: int = Field(default=180, ge=1, le=730, description="Days within which they were late.")
    links_paid: int = Field(default=3, ge=1, le=5, description="Payments by link before saving a method is offered.")
    most: int = Field(default=4, ge=0, le=8, description="Guides that an account gets unasked within")
    most_within_days: int = Field(default=30, ge=1, le=366, description="this many days.")
    same_again_days: int = Field(default=90, ge=0, le=730, description="Days before the same tip is given again.")
    silent_holds: tuple[HoldKind, ...] = Field(
        default=tuple(sorted(SILENT)), description="Holds of the account in which no guide is sent unasked."
    )
    held_out_bp: int = Field(
        default=500, ge=0, le=5000,
        description="Share of accounts that get a guide only when they ask, to compare with; basis points: 500 is 5%.",
    )  # fmt: skip
    again_days: int = Field(default=14, ge=1, le=90, description="Days within which another contact counts as repeat.")


EDUCATION_POLICY: Final = PolicyKind(
    "education", "When guides are sent unasked, how often, and how their effect is counted.", EducationRules()
)
