"""HTTP of the letters of an account that belong to no case: what was sent, word for word."""

from __future__ import annotations

from pydantic import Field

from chalicelib.accounts.letters import LetterChannel
from chalicelib.cases.messages import Delivery
from chalicelib.cases.notices import Notice
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, notice_store

api = desk_api(__name__, "accounts")


class LetterView(View):
    """A letter as it was sent; its words do not change when templates or the customer's language do."""

    letter_id: str
    at: Instant = Field(description="When it was written.")
    state: Delivery = Field(description="What became of it.")
    reason: str | None = Field(description="Why it did not leave or came back, for staff.")
    channel: LetterChannel
    name: str = Field(description="Which letter it is, as `part/letter`.", examples=["education/first_bill"])
    sent_at: Instant | None = Field(description="When it left; null when it did not.")
    subject: str | None = Field(description="Null until it left.")
    text: str | None = Field(
        description="As it was sent, but for the link that stops letters; null until it left, and for secrets."
    )


def _view(letter: Notice, *, for_staff: bool) -> LetterView:
    shown = letter.model_dump(include={"at", "sent_at", "subject", "text"})
    name = letter.letter.name if letter.letter else f"news/{letter.news.topic}" if letter.news else ""
    return LetterView(
        **shown, letter_id=letter.message_id, state=letter.delivery, name=name,
        reason=letter.failure if for_staff else None,
        channel=letter.letter.channel if letter.letter else LetterChannel.MAIL,
    )  # fmt: skip


@api.operation(
    "GET", "/v1/accounts/{account_id}/letters/{letter_id}", summary="Read a letter as it was sent",
    permission=Permission.ACCOUNT_READ, returns=LetterView, errors=(NotFound,),
)  # fmt: skip
def read_letter(request: Request[Empty, Empty]) -> Reply[LetterView]:
    """A letter of the account's timeline, with the words that left. Customers do not see what was held."""
    letter = notice_store().of_account(request.path["account_id"], request.path["letter_id"])
    for_staff = request.caller.is_staff
    if letter is None or (letter.delivery is Delivery.HELD and not for_staff):
        raise NotFound("The account has no such letter.")
    return Reply(_view(letter, for_staff=for_staff))
