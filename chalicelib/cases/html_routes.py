"""HTTP of mail as HTML."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import cases, desk_api, mail_pages

api = desk_api(__name__, "cases")


_SANDBOX: Final = "sandbox allow-popups allow-popups-to-escape-sandbox"
"""A policy says it in a header alone, not in the document."""


class MessagePageView(View):
    """A mail as a page. It belongs into the `srcdoc` of an `<iframe sandbox="allow-popups
    allow-popups-to-escape-sandbox">` and nowhere else."""

    html: str = Field(description="A whole HTML document without scripts, forms and remote content.")
    content_security_policy: str = Field(description="The header to give it where it is served as a document.")
    blocked_hosts: list[str] = Field(description="Where images and backgrounds would have come from; at most fifty.")
    images: list[int] = Field(description="The numbers of the files that it shows in their place.")
    cut: bool = Field(description="Whether the mail was too long to be kept whole as HTML.")
    expires_at: Instant = Field(description="When the addresses of its images end to work.")


@api.operation(
    "GET", "/v1/cases/{case_id}/messages/{message_id}/html", summary="Show a mail as HTML",
    permission=Permission.CASE_READ, returns=MessagePageView, errors=(NotFound,),
)  # fmt: skip
def show_mail(request: Request[Empty, Empty]) -> Reply[MessagePageView]:
    """What the mail looked like, made safe: images of the mail itself by links that work for two minutes, other images
    named by their host. That it was opened stands in the audit of the case. 404 for a message without HTML, and to
    customers for mail that they did not provably write: it may quote what is not for them."""
    case_id = request.path["case_id"]
    request.caller.reach(cases().read(case_id).account_id)
    message_id, for_staff = request.path["message_id"], request.caller.is_staff
    opened = mail_pages().open(case_id, message_id, actor_of(request), for_staff=for_staff)
    view = MessagePageView(
        html=opened.page.html, content_security_policy=f"{opened.page.policy}; {_SANDBOX}",
        blocked_hosts=list(opened.page.hosts), images=list(opened.images), cut=opened.page.cut, expires_at=opened.until,
    )  # fmt: skip
    return Reply(view, headers={"Cache-Control": "no-store"})
