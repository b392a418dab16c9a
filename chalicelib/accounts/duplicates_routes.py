"""HTTP of duplicates: other accounts of the same customer, joining two of them, parting them again."""

from __future__ import annotations

from pydantic import Field

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.accounts.duplicates import Duplicate
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.likeness import Reason
from chalicelib.accounts.merge_model import Merge, MergeState
from chalicelib.accounts.merge_writing import MergeBlocked
from chalicelib.accounts.model import AccountStatus
from chalicelib.audit.http import actor_of
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import Empty, Items, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import accounts, desk_api, merges, step_up

api = desk_api(__name__, "accounts")


class DuplicateView(View):
    """Another account that may be the same customer's, and why."""

    account_id: str
    account_number: str
    display_name: str
    status: AccountStatus
    score: int = Field(description="How likely it is, 0 to 100.")
    is_likely: bool = Field(description="Whether it is likely by the policy of today, not just possible.")
    reasons: tuple[Reason, ...] = Field(description="What the two accounts have in common.")


class NewMerge(Input):
    """The account that is to go on in the one of the path."""

    duplicate_account_id: str = Field(max_length=64, description="The account that ends.")


class MergeView(View):
    """Two accounts that were joined."""

    merge_id: str = Field(description="The desk's id of this merge.")
    survivor_account_id: str = Field(description="The account that goes on.")
    duplicate_account_id: str = Field(description="The account that ended.")
    state: MergeState
    emails: tuple[str, ...] = Field(description="Mail addresses that the survivor got by it.")
    phones: tuple[str, ...] = Field(description="Phones that the survivor got by it, in E.164.")
    case_ids: tuple[str, ...] = Field(description="Open cases that moved.")
    merged_at: Instant
    merged_by_name: str = Field(description="User name of who did it.")
    undo_until: Instant = Field(description="Until when it can be undone; RFC 3339 in UTC.")
    undone_at: Instant | None
    undone_by_name: str | None = Field(description="User name of who undid it.")
    policy: str = Field(description="The version of the policy that gave it its days.")


def _duplicate(found: Duplicate) -> DuplicateView:
    account = found.account
    return DuplicateView(
        **account.model_dump(include={"account_id", "account_number", "status"}),
        display_name=account.name.display,
        score=found.likeness.score,
        is_likely=found.is_likely,
        reasons=found.likeness.reasons,
    )


def _view(merge: Merge) -> MergeView:
    told = merge.model_dump(exclude={"survivor_id", "duplicate_id", "status_before", "suspects_before"})
    return MergeView(**told, survivor_account_id=merge.survivor_id, duplicate_account_id=merge.duplicate_id)


@api.operation(
    "GET", "/v1/accounts/{account_id}/duplicates", summary="Possible duplicates", permission=Permission.ACCOUNT_SEARCH,
    returns=DuplicateView,
)  # fmt: skip
def list_duplicates(request: Request[Empty, Empty]) -> Items[DuplicateView]:
    """Other accounts that may be the same customer's as of now, the likeliest first, all on one page.

    They are found by shared mails, phones, names and postal codes. People of one household share those, too: two names
    that differ are never likely one customer.
    """
    known = accounts()
    found = known.duplicates.of(known.get(request.path["account_id"]))
    return Items([_duplicate(each) for each in found.duplicates])


@api.operation(
    "POST", "/v1/accounts/{account_id}/merges", summary="Merge a duplicate", permission=Permission.ACCOUNT_MERGE,
    body=NewMerge, returns=MergeView, status=201, idempotency="optional",
    errors=(AccountMerged, MergeBlocked, StepUpRequired),
)  # fmt: skip
def merge_accounts(request: Request[NewMerge, Empty]) -> Reply[MergeView]:
    """The duplicate ends and goes on in the account of the path, which gets its mails, phones and open cases.

    The customer of both has to be verified first, since who signs in to the duplicate reaches both from then on. Its
    history, its bills and the people named there stay with it; a search for its number or name, and a case opened for
    it, lead on. It must owe nothing and have nothing running, and what its customer needs or declined stands on the
    other one: what stands against the merge is listed in `obstacles`. The same merge again answers the one that was
    done.
    """
    account_id, duplicate_id = request.path["account_id"], request.body.duplicate_account_id
    for each in (account_id, duplicate_id):
        step_up().require(request.caller, each, Action.MERGE_ACCOUNTS)
    done = merges().merge(account_id, duplicate_id, actor_of(request))
    return Reply(_view(done), location=f"/v1/account-merges/{done.merge_id}")


@api.operation(
    "GET", "/v1/account-merges/{merge_id}", summary="Read a merge", permission=Permission.ACCOUNT_MERGE,
    returns=MergeView,
)  # fmt: skip
def read_merge(request: Request[Empty, Empty]) -> Reply[MergeView]:
    """What was joined, what moved, and until when it can be undone."""
    return Reply(_view(merges().get(request.path["merge_id"])))


@api.operation(
    "POST", "/v1/account-merges/{merge_id}/undo", summary="Undo a merge", permission=Permission.ACCOUNT_MERGE,
    returns=MergeView, errors=(Conflict,), idempotency="optional",
)  # fmt: skip
def undo_merge(request: Request[Empty, Empty]) -> Reply[MergeView]:
    """Parts the two accounts again: mails, phones and cases that had moved go back.

    Within the days that policy gives, and not while the survivor is merged into a third account.
    """
    return Reply(_view(merges().undo(request.path["merge_id"], actor_of(request))))
