"""HTTP of use: records from networks, what was used, and the records behind it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.billing.model import Period
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import ForeignId, Input, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.usage.categories import Category, Unit
from chalicelib.usage.model import NewUsage
from chalicelib.usage.views import (
    OutcomesView,
    UsageRecordView,
    UsageView,
    outcome_view,
    record_view,
    usage_view,
)
from chalicelib.wiring import desk_api, today, usage, usage_rules

api = desk_api(__name__, "usage")

RecordId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$"), AfterValidator(ForeignId)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
SubscriptionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class UsageRecordInput(Input):
    """What somebody used, as their network tells it."""

    record_id: RecordId = Field(description="The sender's own id; the same one is counted once.")
    subscription_id: SubscriptionId
    category: Category = Field(description="What was used.")
    quantity: int = Field(ge=0, le=10**15, description="How much, in `unit`.")
    unit: Unit = Field(description="That of the category: bytes of data, seconds of calls, the number of texts.")
    happened_at: Instant
    version: Version = 1
    corrects: RecordId | None = Field(
        default=None, description="Id of the record, as it was first sent, that this one replaces; `version` is higher."
    )

    @model_validator(mode="after")
    def _is_newer(self) -> UsageRecordInput:
        if self.corrects is not None and self.version < 2:
            raise ValueError("a record that corrects another needs a higher version than that one")
        return self


class UsageRecordsInput(Input):
    """Up to a hundred records, of any accounts."""

    records: list[UsageRecordInput] = Field(min_length=1, max_length=100)


class UsageWanted(Input):
    """Whose use, and when."""

    subscription_id: SubscriptionId | None = Field(default=None, description="All of the account when left out.")
    period: Period | None = Field(
        default=None, description="The month, YYYY-MM, in which the period began; the running ones when left out."
    )


class RecordsWanted(Paged):
    """The records of one period."""

    subscription_id: SubscriptionId
    on: Day | None = Field(default=None, description="A day of the period; today when left out.")


class UsageOfAccountView(View):
    """What an account used."""

    periods: list[UsageView] = Field(description="By subscription, then by period.")


@api.operation(
    "POST", "/v1/usage-records", summary="Record use", permission=Permission.USAGE_RECORD, body=UsageRecordsInput,
    returns=OutcomesView,
)  # fmt: skip
def record_usage(request: Request[UsageRecordsInput, Empty]) -> Reply[OutcomesView]:
    """Counts records of use, each once, and says what became of each; one that is refused stops no other.

    They may come in any order, twice, late and corrected. Use of a period whose bill was issued goes on the next bill
    with its own days. After an answer of 5xx the same call is made again.
    """
    given = [NewUsage.model_validate(each.model_dump()) for each in request.body.records]
    answers = usage().record(given)
    return Reply(OutcomesView(records=[outcome_view(*each) for each in zip(given, answers, strict=True)]))


@api.operation(
    "GET", "/v1/accounts/{account_id}/usage", summary="What an account used", permission=Permission.USAGE_READ,
    query=UsageWanted, returns=UsageOfAccountView, errors=(NotFound,),
)  # fmt: skip
def read_usage(request: Request[Empty, UsageWanted]) -> Reply[UsageOfAccountView]:
    """What was used in a billing period, what is left, what it costs so far, the spending limit, and what is not billed
    and why."""
    wanted = request.query
    found = usage().of_account(request.path["account_id"], wanted.subscription_id, wanted.period)
    return Reply(UsageOfAccountView(periods=list(map(usage_view, found))))


@api.operation(
    "GET", "/v1/accounts/{account_id}/usage-records", summary="Records of use", permission=Permission.USAGE_READ,
    query=RecordsWanted, returns=UsageRecordView, errors=(NotFound,),
)  # fmt: skip
def list_usage_records(request: Request[Empty, RecordsWanted]) -> Items[UsageRecordView]:
    """The records behind a period's figures, newest use first. Their charges add up to the period's."""
    account_id, wanted = request.path["account_id"], request.query
    found, key = usage().records(
        account_id, wanted.subscription_id, wanted.on or today(), wanted.limit, request.start
    )  # fmt: skip
    currency = usage_rules().currency_of(account_id) if found else ""
    return Items([record_view(record, currency) for record in found], key)
