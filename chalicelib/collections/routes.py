"""HTTP of collections."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from chalicelib.accounts.letters import LetterChannel
from chalicelib.collections.model import Form
from chalicelib.collections.views import (
    CheckView,
    JudgementView,
    OnLadderView,
    PositionView,
    check_view,
    judgement_view,
    ladder_view,
    position_view,
)
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Input, ShortLine
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import collection_desk, desk_api, today

api = desk_api(__name__, "collections")


class OnDay(Paged):
    """Which day's accounts."""

    on: date | None = Field(default=None, description="Today when left out.")


class NewCheck(Input):
    """Something that somebody would like to ask a customer for."""

    form: Literal["letter", "fee"] = Field(
        description="`letter` for any message about late money, by a person too; `fee` for a charge because it is late."
    )
    what: ShortLine = Field(description="What it is, for the record.", examples=["late payment fee"])
    channel: LetterChannel = Field(default=LetterChannel.MAIL, description="How a letter would go.")
    invoice_id: ShortLine | None = Field(default=None, description="Which late invoice; none for the account at all.")


@api.operation(
    "GET", "/v1/accounts/{account_id}/collection", summary="Where collection of an account stands",
    permission=Permission.COLLECTION_READ, returns=PositionView,
)  # fmt: skip
def read_collection(request: Request[Empty, Empty]) -> Reply[PositionView]:
    """Each late invoice with the steps that were taken, the next one and its day, and what would hold it back now."""
    return Reply(position_view(collection_desk().position(request.path["account_id"])))


@api.operation(
    "GET", "/v1/accounts/{account_id}/held-messages", summary="What was not sent, and why",
    permission=Permission.COLLECTION_READ, query=Paged, returns=JudgementView,
)  # fmt: skip
def list_held_messages(request: Request[Empty, Paged]) -> Items[JudgementView]:
    """Everything about late money that was held back, with all reasons and the version of the policy, newest first. A
    step that is held for the same reasons on several days stands here once."""
    found, key = collection_desk().held(request.path["account_id"], request.query.limit, request.start)
    return Items([judgement_view(each) for each in found], key)


@api.operation(
    "GET", "/v1/accounts/{account_id}/sent-messages", summary="What was sent about late money",
    permission=Permission.COLLECTION_READ, query=Paged, returns=JudgementView,
)  # fmt: skip
def list_sent_messages(request: Request[Empty, Paged]) -> Items[JudgementView]:
    """Every letter about late money that left, and every debt that was handed to a person, with what was asked for and
    the version of the policy that let it pass, newest first."""
    found, key = collection_desk().sent(request.path["account_id"], request.query.limit, request.start)
    return Items([judgement_view(each) for each in found], key)


@api.operation(
    "POST", "/v1/accounts/{account_id}/collection-checks", summary="May this be asked for now?",
    permission=Permission.COLLECTION_READ, body=NewCheck, returns=CheckView, errors=(NotFound,),
)  # fmt: skip
def check_collection(request: Request[NewCheck, Empty]) -> Reply[CheckView]:
    """The answer of the interlock that every letter of the desk passes: for whoever writes by hand, calls, or charges a
    fee. A refusal is recorded among the held messages."""
    wanted = request.body
    judged = collection_desk().check(
        request.path["account_id"], Form(wanted.form), wanted.what, wanted.channel, wanted.invoice_id
    )
    return Reply(check_view(judged))


@api.operation(
    "GET", "/v1/collections", summary="Accounts that are looked at on a day", permission=Permission.COLLECTION_READ,
    query=OnDay, returns=OnLadderView,
)  # fmt: skip
def list_collections(request: Request[Empty, OnDay]) -> Items[OnLadderView]:
    """The accounts on the ladder whose next step, or next try of a held one, falls on that day, by account."""
    found, key = collection_desk().on_ladder(request.query.on or today(), request.query.limit, request.start)
    return Items([ladder_view(each) for each in found], key)
