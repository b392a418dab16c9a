"""HTTP of the figures."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema

from chalicelib.kpi.definitions import DEFINITIONS, Definition
from chalicelib.kpi.periods import Granularity
from chalicelib.kpi.service import Group, Report
from chalicelib.platform.clock import Instant, parse_instant
from chalicelib.platform.errors import Unprocessable
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, kpis

api = desk_api(__name__, "kpis")


def _bound(given: Any) -> date | datetime:
    text = str(given)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else parse_instant(text)


Bound = Annotated[
    date | datetime,
    PlainValidator(_bound),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]


class KpiQuery(Input):
    """A half-open period, and how to cut it up."""

    from_: Bound = Field(alias="from", description="First day in the desk's time zone, or an instant on a whole hour.")
    to: Bound = Field(description="The day or instant after the last: it is not in the period.")
    granularity: Granularity = Field(default=Granularity.DAY, description="Length of one period.")
    group_by: Literal["total", "agent", "queue", "channel", "category"] = Field(
        default="total", description="One row for each member of this; `total` is one row for all."
    )
    as_of: Instant | None = Field(default=None, description="Only the present is served yet; leave it out.")


class KpiValue(View):
    """One figure; `definitions` says what it means."""

    value: int | float | None = Field(
        description="In `unit`; a ratio is 0 to 1. Null when there was nothing to measure."
    )
    unit: Literal["count", "ratio", "s"] = Field(description="s is seconds.")
    numerator: int | None = Field(description="Null for a percentile.")
    denominator: int | None = Field(description="Null for a count and a percentile.")
    n: int = Field(description="Contacts or cases that were measured.")
    unknown: int = Field(description="Contacts or cases that belong here and could not be measured.")
    provisional: bool = Field(
        description="Whether it may still change: the period is not over, or something is to come."
    )
    definition: str = Field(description="Key in `definitions`: name and revision.", examples=["aht_leg/1"])


class KpiItem(View):
    """All figures of one group in one period, which may be cut short by the period asked for."""

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Instant = Field(alias="from")
    to: Instant = Field(description="The end, not in the period.")
    group: str = Field(description="Member of `group_by`; (none) where it does not apply. Members sum to the total.")
    kpis: dict[str, KpiValue]


class KpiDefinition(View):
    """What a figure means."""

    text: str
    formula: str = Field(description="How it is computed.")
    edge_cases: list[str] = Field(description="What counts and what does not, where one might doubt.")


class KpiReport(View):
    """Figures in order of time, then group."""

    timezone: str = Field(description="IANA zone whose days, weeks (ISO) and months are meant.")
    as_of: Instant = Field(description="The state of knowledge asked for: now.")
    folded_at: Instant | None = Field(description="What happened before this is in the figures; null before the first.")
    granularity: Granularity
    group_by: str = Field(description="The cut asked for.")
    items: list[KpiItem]
    definitions: dict[str, KpiDefinition]


def _item(group: Group) -> KpiItem:
    values = {name: KpiValue.model_validate(figure.model_dump()) for name, figure in group.kpis.items()}
    return KpiItem(**{"from": group.span.start}, to=group.span.end, group=group.member, kpis=values)


def _definition(definition: Definition) -> KpiDefinition:
    return KpiDefinition(text=definition.text, formula=definition.formula, edge_cases=list(definition.edge_cases))


def _view(report: Report, query: KpiQuery) -> KpiReport:
    return KpiReport(
        timezone=report.time_zone,
        as_of=report.as_of,
        folded_at=report.folded_at,
        granularity=query.granularity,
        group_by=query.group_by,
        items=[_item(group) for group in report.groups],
        definitions={definition.id: _definition(definition) for definition in DEFINITIONS},
    )


@api.operation(
    "GET", "/v1/kpis", summary="Figures of the desk", permission=Permission.KPI_READ, query=KpiQuery,
    returns=KpiReport, errors=(Unprocessable,),
)  # fmt: skip
def read_kpis(request: Request[Empty, KpiQuery]) -> Reply[KpiReport]:
    """Call volume, handling times, abandonment, resolution and response times by hour, day, week or month.

    Figures are folded every hour from facts that are counted exactly once, whatever was delivered twice, late or out of
    order. Rates are made from sums when they are read; averages are never averaged.
    """
    asked = request.query
    report = kpis().report(asked.from_, asked.to, asked.granularity, asked.group_by, asked.as_of)
    return Reply(_view(report, asked))
