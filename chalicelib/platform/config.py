"""Settings, read once from the environment and validated; a missing one stops the Lambda and is named."""

from __future__ import annotations

import os
from functools import cache

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The environment of every function. Field `table_name` is the variable `TABLE_NAME`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    desk_stage: str = Field(min_length=1)
    table_name: str = Field(min_length=1)
    mail_bucket: str = Field(min_length=1)
    mail_domain: str = Field(min_length=1)
    mail_from: str = Field(min_length=3)
    mail_configuration_set: str = ""
    desk_secret_id: str = Field(min_length=1)
    stripe_secret_id: str = Field(min_length=1)
    stripe_api_base: str = ""
    stripe_events_queue_url: str = Field(min_length=1)
    contact_failure_queue_url: str = Field(min_length=1)
    reconcile_function: str = Field(min_length=1, description="Name of the function that reconciles with Stripe.")
    user_pool_id: str = Field(min_length=1)
    customer_site: str = Field(
        default="", description="Where Stripe's pages lead customers back to; empty: the mail domain's web site."
    )
    api_url: str = Field(
        default="", description="Where customers reach the API by links in letters; empty: `api.` at the mail domain."
    )
    time_zone: str = "Europe/London"
    queue_shards: int = Field(default=1, ge=1, le=64, description="Index partitions of one queue; may only grow.")


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError naming each missing variable."""
    return Settings.model_validate({name.lower(): value for name, value in os.environ.items()})
