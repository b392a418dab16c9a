"""HTTP of making two cases one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.audit.http import actor_of
from chalicelib.cases.views import CaseView, case_view
from chalicelib.platform.errors import Conflict, NotFound, PreconditionFailed
from chalicelib.platform.fields import Input
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import case_merges, desk_api

api = desk_api(__name__, "cases")


class NewCaseMerge(Input):
    """In which case this one goes on."""

    into: Annotated[str, StringConstraints(min_length=1, max_length=128)] = Field(
        description="The desk's id of the case that goes on; it is open or pending."
    )


@api.operation(
    "POST", "/v1/cases/{case_id}/merges", summary="Merge a case into another", permission=Permission.CASE_WORK,
    body=NewCaseMerge, returns=CaseView, errors=(NotFound, Conflict, PreconditionFailed), versioned=True,
    idempotency="optional",
)  # fmt: skip
def merge_case(request: Request[NewCaseMerge, Empty]) -> Reply[CaseView]:
    """Ends this case in another one of the same customer: mail to it goes there, its timeline stays where it is. The
    other becomes as urgent and as old as the more urgent and the older of both. It cannot be undone; the same merge
    again changes nothing."""
    version = request.if_match if "if-match" in request.headers else None
    case = case_merges().merge(request.path["case_id"], request.body.into, actor_of(request), version)
    return Reply(case_view(case, for_staff=True), version=case.version)
