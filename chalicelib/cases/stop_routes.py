"""HTTP of addresses that mail must not go to."""

from __future__ import annotations

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.cases.recipients import Stop, StopReason
from chalicelib.platform.clock import Instant, utc_now
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Email, Input, Line, View
from chalicelib.platform.http import Empty, Items, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import accounts, desk_api, recipients

api = desk_api(__name__, "cases")


class MailStopView(View):
    """An address of the account that mail to was stopped; while it holds, only security letters go there."""

    address: str = Field(description="The mail address.")
    reason: StopReason
    at: Instant = Field(description="When the mail came back, or the complaint was made.")
    said: str = Field(description="What the mail system said; empty for a complaint.")
    holds: bool = Field(description="Whether mail is stopped still.")
    lifted_at: Instant | None = Field(description="When mail was allowed again; null while it is stopped.")
    lifted_by: str | None = Field(description="User name of who allowed it.")
    lifted_because: str | None = Field(description="Why.")


class MailStopLift(Input):
    """Mail may go to this address again."""

    address: Email = Field(description="One of the account's mail addresses.")
    because: Line = Field(description="What makes sure that it arrives, or is wanted.", examples=["Mailbox works"])


def _view(stop: Stop) -> MailStopView:
    return MailStopView(**stop.model_dump(exclude={"event_id"}), holds=stop.holds)


@api.operation(
    "GET", "/v1/accounts/{account_id}/mail-stops", summary="Stopped addresses", permission=Permission.ACCOUNT_SEARCH,
    returns=MailStopView,
)  # fmt: skip
def list_mail_stops(request: Request[Empty, Empty]) -> Items[MailStopView]:
    """The account's mail addresses to which mail came back for good or whose reader called it spam, with those that
    were allowed again; all on one page."""
    account = accounts().get(request.path["account_id"])
    return Items([_view(stop) for stop in recipients().stops_of(account.emails)])


@api.operation(
    "POST", "/v1/accounts/{account_id}/mail-stops/lifts", summary="Allow mail to an address again",
    permission=Permission.CASE_WORK, body=MailStopLift, returns=MailStopView, errors=(NotFound,),
)  # fmt: skip
def lift_mail_stop(request: Request[MailStopLift, Empty]) -> Reply[MailStopView]:
    """Lets mail go to an address of the account again. The next bounce or complaint stops it anew."""
    account, address = accounts().get(request.path["account_id"]), request.body.address
    if address not in account.emails:
        raise NotFound("This is none of the account's mail addresses.")
    actor = actor_of(request)
    return Reply(_view(recipients().lift(account.account_id, address, request.body.because, actor, utc_now())))
