"""The company's rules for changes of subscriptions, as data with versions."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.policy.model import PolicyKind, Rules


class When(StrEnum):
    """When a change counts: as soon as it can, or when the billing period ends."""

    NOW = "now"
    PERIOD_END = "period_end"


class ChangeRules(Rules):
    """How subscriptions are changed when nobody asks otherwise."""

    quote_valid_s: int = Field(default=1800, ge=60, le=86_400, description="Seconds for which a quote holds.")
    upgrade_when: When = Field(default=When.NOW, description="When a change to a dearer plan counts.")
    downgrade_when: When = Field(default=When.PERIOD_END, description="When a change to a cheaper plan counts.")
    removal_when: When = Field(default=When.PERIOD_END, description="When an add-on ends.")
    end_when: When = Field(default=When.PERIOD_END, description="When a plan that is cancelled ends.")
    longest_pause_days: int = Field(default=92, ge=1, le=366, description="Days that a pause may last.")


CHANGE_POLICY: Final = PolicyKind(
    "subscription_changes", "When changes of subscriptions count, and how long a quote of one holds.", ChangeRules()
)
