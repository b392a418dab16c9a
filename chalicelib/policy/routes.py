"""HTTP of policies."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.model import PolicyKind, Ruling
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, policies, today

api = desk_api(__name__, "policies")


class OnDay(Input):
    """The day of which the policy is wanted."""

    on: date | None = Field(default=None, description="Today when left out.")


class NewPolicy(Input):
    """Values of a policy, from a day on."""

    effective_from: date = Field(description="The first day on which they hold; today at the earliest.")
    values: dict[str, Any] = Field(description="The fields to set; those left out stay as they are on that day.")


class PolicyView(View):
    """A policy as it holds on a day."""

    name: str = Field(description="Name of the policy.")
    about: str = Field(description="What it rules.")
    version: str = Field(description="What each decision keeps that was made by it.")
    effective_from: date = Field(description="The first day on which they hold.")
    values: dict[str, Any] = Field(description="Every field of the policy.")


def _view(kind: PolicyKind[Any], ruling: Ruling[Any]) -> PolicyView:
    values = ruling.rules.model_dump(mode="json")
    return PolicyView(
        name=kind.name, about=kind.about, version=ruling.version, effective_from=ruling.effective_from, values=values
    )


@api.operation(
    "GET", "/v1/policies", summary="Policies in force", permission=Permission.POLICY_READ, query=Paged,
    returns=PolicyView,
)  # fmt: skip
def list_policies(_: Request[Empty, Paged]) -> Items[PolicyView]:
    """Every policy with the values of today, by name. They are few: all come on one page."""
    known = policies()
    return Items([_view(kind, known.on(kind, today())) for _, kind in sorted(known.kinds.items())], None)


@api.operation(
    "GET", "/v1/policies/{policy_name}", summary="Read a policy", permission=Permission.POLICY_READ, query=OnDay,
    returns=PolicyView, errors=(NotFound,),
)  # fmt: skip
def read_policy(request: Request[Empty, OnDay]) -> Reply[PolicyView]:
    """The values that hold on a day, past or future."""
    kind = policies().named(request.path["policy_name"])
    return Reply(_view(kind, policies().on(kind, request.query.on or today())))


@api.operation(
    "PUT", "/v1/policies/{policy_name}", summary="Set a policy", permission=Permission.POLICY_WRITE, body=NewPolicy,
    returns=PolicyView, errors=(NotFound, Conflict, Unprocessable),
)  # fmt: skip
def set_policy(request: Request[NewPolicy, Empty]) -> Reply[PolicyView]:
    """Makes a new version; versions are never changed or removed, and what was decided keeps the one it was decided by.

    A day that has a version already gets another, and the last one set holds.
    """
    name, new = request.path["policy_name"], request.body
    ruling = policies().set(name, new.effective_from, new.values, actor_of(request))
    return Reply(_view(policies().named(name), ruling))
