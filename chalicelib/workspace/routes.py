"""HTTP of the workspace."""

from __future__ import annotations

from chalicelib.platform.errors import NotFound
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, workspaces
from chalicelib.workspace.showing import shown
from chalicelib.workspace.views import WorkspaceView

api = desk_api(__name__, "accounts")


@api.operation(
    "GET", "/v1/accounts/{account_id}/workspace", summary="All that an advisor needs of an account",
    permission=Permission.WORKSPACE_READ, returns=WorkspaceView, errors=(NotFound,),
)  # fmt: skip
def read_workspace(request: Request[Empty, Empty]) -> Reply[WorkspaceView]:
    """One call while the customer is on the line: how to serve them, who they are and how well that was shown to you,
    why they are likely to be in touch, what to do next, and what they owe.

    Closed accounts are shown, too, and merged ones with the account in which they go on.
    """
    return Reply(shown(workspaces().open(request.path["account_id"], request.caller.subject)))
