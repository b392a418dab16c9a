"""HTTP of the files that came with messages."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.cases.views import AttachmentView, attachment_view
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import case_files, cases, desk_api

api = desk_api(__name__, "cases")
_PATH = "/v1/cases/{case_id}/messages/{message_id}/attachments/{number}"


class AttachmentLinkView(View):
    """Where a file can be fetched, by whoever has the address."""

    name: str = Field(description="File name, safe to save under.")
    size: int = Field(description="Bytes.")
    url: str = Field(description="Address of the file; it needs no token.")
    expires_at: Instant = Field(description="When the address ends to work.")
    content_type: str = Field(description="What the address answers with: the type only of what may be shown.")
    disposition: Literal["inline", "attachment"] = Field(description="Inline for images and PDF proven by content.")


def _which(request: Request[Any, Any]) -> tuple[str, str, int]:
    number = request.path["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise NotFound
    return request.path["case_id"], request.path["message_id"], int(number)


@api.operation(
    "GET", _PATH, summary="Open a file of a message", permission=Permission.CASE_READ, returns=AttachmentLinkView,
    errors=(NotFound, Conflict),
)  # fmt: skip
def open_attachment(request: Request[Empty, Empty]) -> Reply[AttachmentLinkView]:
    """A link that works for two minutes. 409 for a file that was not proven free of viruses. That it was opened stands
    in the audit of the case. 404 to customers for files of mail that a colleague passed on."""
    case_id, message_id, number = _which(request)
    request.caller.reach(cases().read(case_id).account_id)
    opened = case_files().open(case_id, message_id, number, actor_of(request), for_staff=request.caller.is_staff)
    view = AttachmentLinkView(
        name=opened.file.name, size=opened.file.size, url=opened.url, expires_at=opened.until,
        content_type=opened.content_type, disposition="inline" if opened.disposition == "inline" else "attachment",
    )  # fmt: skip
    return Reply(view, headers={"Cache-Control": "no-store"})


@api.operation(
    "POST", f"{_PATH}/releases", summary="Release a file that is held back", permission=Permission.ATTACHMENT_RELEASE,
    returns=AttachmentView, errors=(NotFound, Conflict), idempotency="optional",
)  # fmt: skip
def release_attachment(request: Request[Empty, Empty]) -> Reply[AttachmentView]:
    """Lets everyone of the case open a file that no scan has proven free of viruses."""
    case_id, message_id, number = _which(request)
    cases().read(case_id)
    file = case_files().release(case_id, message_id, number, actor_of(request))
    return Reply(attachment_view(file, number))
