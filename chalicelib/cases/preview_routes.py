"""HTTP of previews: an answer as the customer would get it."""

from __future__ import annotations

from pydantic import Field

from chalicelib.cases import inputs
from chalicelib.cases.letters import html_of
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import case_outbox, desk_api

api = desk_api(__name__, "cases")


class MessagePreview(View):
    """A mail as it would be sent; nothing was sent or kept."""

    to: str | None = Field(description="The address that it would go to; null where the case has none.")
    subject: str = Field(description="Its subject line.")
    language: str = Field(description="Of the words around the answer, BCP 47.", examples=["en"])
    text: str = Field(description="Its plain text, card numbers hidden.")
    html: str = Field(description="Its HTML. It holds no script and loads nothing.")
    stopped: str | None = Field(description="Why it would not be sent: stopped_bounced or stopped_complained.")


@api.operation(
    "POST", "/v1/cases/{case_id}/messages/previews", summary="Preview an answer", permission=Permission.CASE_WORK,
    body=inputs.NewMessage, returns=MessagePreview, errors=(NotFound,),
)  # fmt: skip
def preview_message(request: Request[inputs.NewMessage, Empty]) -> Reply[MessagePreview]:
    """Shows an answer in the customer's language and format, as text and HTML. Nothing is sent or kept."""
    shown = case_outbox().preview(request.path["case_id"], request.body.text)
    said = shown.said
    return Reply(
        MessagePreview(
            to=shown.to, subject=said.subject, language=said.language, text=said.text, html=html_of(said),
            stopped=shown.stopped,
        )
    )  # fmt: skip
