"""HTTP of holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.holds import Hold, HoldKind
from chalicelib.accounts.holds_orders import HoldOrder
from chalicelib.audit.http import actor_of
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, Unprocessable
from chalicelib.platform.fields import Input, Line, Patch, ShortLine, Version, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Minor, Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, holds, today

api = desk_api(__name__, "collections")

Kind = Annotated[HoldKind, Field(description="What stands behind it.")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class NewHold(Input):
    """Why not to ask an account for money, and for how long."""

    kind: Kind
    from_on: Day | None = Field(default=None, description="Its first day; today when left out.")
    until_on: date | None = Field(
        default=None, description="Its last day; when left out, what law and policy give its kind."
    )
    invoice_id: ShortLine | None = Field(default=None, description="Of a dispute: the invoice.")
    amount: Money | None = Field(default=None, description="Of a dispute: the disputed part; all of it when left out.")
    treatment_ended_on: date | None = Field(
        default=None, description="Of a mental health crisis: the last day of the treatment, once known."
    )
    reference: ShortLine | None = Field(
        default=None, description="Whose word it is, such as the reference of the scheme."
    )
    note: Line | None = Field(default=None, description="For colleagues; no more of a person's health than is needed.")


class HoldPatch(Patch):
    """Another end."""

    until_on: Day | None = Field(default=None, description="Its last day.")
    treatment_ended_on: date | None = Field(
        default=None, description="The last day of the treatment; the hold goes on for 30 days after it."
    )


class Release(Input):
    """Why a hold ends now."""

    reason: Line = Field(description="Why, for the audit trail.")


class HoldView(View):
    """A hold of an account."""

    hold_id: str = Field(description="The desk's id of a hold.")
    kind: HoldKind = Field(description="What stands behind it.")
    from_on: date
    until_on: date | None = Field(description="Its last day, YYYY-MM-DD; null when it has no end yet.")
    is_standing: bool = Field(description="Whether it holds today; false when it is yet to begin.")
    invoice_id: str | None
    amount_minor: Minor | None = Field(
        description="The disputed part, in the currency's minor unit: GBP 12.34 is 1234; null for all of the invoice."
    )
    treatment_ended_on: date | None
    reference: str = Field(description="Whose word it is.")
    note: str
    is_repeat: bool = Field(description="A breathing space within twelve months of another: the scheme allows one.")
    policy: str = Field(description="The version of the policy that gave it its days.")
    placed_at: Instant
    placed_by_name: str = Field(description="User name of who placed it.")
    version: Version


def _view(hold: Hold) -> HoldView:
    return HoldView(**hold.model_dump(), is_standing=hold.stands_on(today()))


@api.operation(
    "GET", "/v1/accounts/{account_id}/holds", summary="Holds of an account", permission=Permission.HOLD_READ,
    query=Paged, returns=HoldView,
)  # fmt: skip
def list_holds(request: Request[Empty, Paged]) -> Items[HoldView]:
    """The holds that stand or are to begin. They are few: all come on one page. Those that are over are in the audit
    trail."""
    found = holds().of(request.path["account_id"], consistent=True)
    return Items([_view(hold) for hold in found.holds if not hold.is_over(today())], None)


@api.operation(
    "POST", "/v1/accounts/{account_id}/holds", summary="Place a hold", permission=Permission.HOLD_MANAGE, body=NewHold,
    returns=HoldView, status=201, errors=(AccountMerged, Conflict, Unprocessable), idempotency="optional",
)  # fmt: skip
def place_hold(request: Request[NewHold, Empty]) -> Reply[HoldView]:
    """Keeps back what asks the account for money, from that day until that day.

    A breathing space lasts 60 days, a mental health crisis as long as the treatment and 30 days. A dispute holds its
    part of one invoice, and what is left is still asked for. The customer gets a letter. The same order again is the
    same hold.
    """
    new = request.body
    filled = {"from_on": new.from_on or today(), "reference": new.reference or "", "note": new.note or ""}
    order = HoldOrder(**{**dict(new), **filled})
    hold = holds().place(request.path["account_id"], order, actor_of(request))
    return Reply(_view(hold), version=hold.version)


@api.operation(
    "PATCH", "/v1/accounts/{account_id}/holds/{hold_id}", summary="Change the end of a hold",
    permission=Permission.HOLD_MANAGE, body=HoldPatch, returns=HoldView, versioned=True,
    errors=(Conflict, Unprocessable),
)  # fmt: skip
def change_hold(request: Request[HoldPatch, Empty]) -> Reply[HoldView]:
    """Another last day, or the end of a treatment. What the law says of a breathing space cannot be changed."""
    said = {name: getattr(request.body, name) for name in request.body.model_fields_set}
    account_id, hold_id = request.path["account_id"], request.path["hold_id"]
    hold = holds().change(account_id, hold_id, said, request.if_match, actor_of(request))
    return Reply(_view(hold), version=hold.version)


@api.operation(
    "POST", "/v1/accounts/{account_id}/holds/{hold_id}/releases", summary="Release a hold",
    permission=Permission.HOLD_MANAGE, body=Release, returns=HoldView, errors=(Conflict,),
)  # fmt: skip
def release_hold(request: Request[Release, Empty]) -> Reply[HoldView]:
    """Ends a hold now; answers with the hold as it was. What was kept back is looked at again on the next run."""
    account_id, hold_id = request.path["account_id"], request.path["hold_id"]
    return Reply(_view(holds().release(account_id, hold_id, request.body.reason, actor_of(request))))
