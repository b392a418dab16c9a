"""HTTP of guides: the catalogue, those of an account, and one sent by hand."""

from __future__ import annotations

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.education.guides import Guide, Trigger
from chalicelib.education.model import GuideRecord, Outcome
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from chalicelib.platform.fields import Input, LanguageTag, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, guides

api = desk_api(__name__, "education")


class InLanguage(Input):
    """The language wanted."""

    language: LanguageTag = Field(default="en-GB", description="BCP 47; English where the guide is not written in it.")


class GuideRefView(View):
    """A guide as the catalogue shows it."""

    slug: str
    title: str = Field(description="In the language asked for.")
    purpose: str = Field(description="What it is for.")
    trigger: Trigger = Field(description="What happens on an account that brings it; on_request: somebody sends it.")
    about_money: bool = Field(description="It speaks of paying, so it is not sent while a hold forbids that.")
    guide_version: int = Field(description="Grows when its words change.")


class GuideView(GuideRefView):
    """A guide with its words."""

    text: str
    language: str = Field(description="The one that it is written in.")


class NewGuide(Input):
    """The guide to send."""

    slug: str = Field(max_length=40, examples=["reading_a_bill"])
    case_id: str | None = Field(default=None, max_length=64, description="The case of the account that it answers.")


class GuideRecordView(View):
    """A guide that an account got, or an occasion on which it did not get one."""

    guide_id: str
    slug: str
    title: str = Field(description="In English.")
    trigger: Trigger = Field(description="What brought it.")
    object_id: str = Field(description="The bill, payment or case that it is about.")
    at: Instant = Field(description="When it was sent or, unasked, when what brought it happened.")
    outcome: Outcome = Field(
        description="sent; or why not: held_out (to compare with), too_many, on_hold or no_consent."
    )
    because: list[str] = Field(description="The holds that kept us silent.")
    case_id: str | None = Field(description="The case that it was sent from.")
    by_name: str | None = Field(description="Who sent it; null for customers.")
    policy: str = Field(description="Version of the rules that it was decided by.")


def _ref(guide: Guide, language: str) -> GuideRefView:
    plain = guide.model_dump(include={"slug", "purpose", "trigger", "about_money"})
    return GuideRefView(**plain, title=guide.title(language), guide_version=guide.version)


def _record(record: GuideRecord, for_staff: bool) -> GuideRecordView:
    plain = record.model_dump(include=set(GuideRecordView.model_fields) - {"by_name", "because"})
    shown = {"title": guides().named(record.slug).title("en"), "because": list(record.because)}
    return GuideRecordView(**plain, **shown, by_name=record.by_name if for_staff else None)


@api.operation(
    "GET", "/v1/guides", summary="Guides that there are", permission=Permission.GUIDE_READ, query=InLanguage,
    returns=GuideRefView,
)  # fmt: skip
def list_guides(request: Request[Empty, InLanguage]) -> Items[GuideRefView]:
    """The catalogue: what each guide is for and what brings it. They are few: all come on one page."""
    return Items([_ref(guide, request.query.language) for guide in guides().catalogue()], None)


@api.operation(
    "GET", "/v1/guides/{slug}", summary="Read a guide", permission=Permission.GUIDE_READ, query=InLanguage,
    returns=GuideView, errors=(NotFound,),
)  # fmt: skip
def read_guide(request: Request[Empty, InLanguage]) -> Reply[GuideView]:
    """A guide with its words as they are for everybody; the one that is mailed has the account's own figures."""
    guide, said = guides().read(request.path["slug"], request.query.language)
    return Reply(GuideView(**_ref(guide, said.language).model_dump(), text=said.text, language=said.language))


@api.operation(
    "GET", "/v1/accounts/{account_id}/guides", summary="Guides that an account got", permission=Permission.GUIDE_READ,
    query=Paged, returns=GuideRecordView, errors=(NotFound,),
)  # fmt: skip
def list_account_guides(request: Request[Empty, Paged]) -> Items[GuideRecordView]:
    """Guides of the account, newest first, each with what brought it.

    Staff see also when none was sent, and why. Customers see those that they got, so that their page may hold fewer
    entries than asked for.
    """
    for_staff = request.caller.is_staff
    found, key = guides().of_account(request.path["account_id"], request.query.limit, request.start)
    shown = [record for record in found if for_staff or record.outcome is Outcome.SENT]
    return Items([_record(record, for_staff) for record in shown], key)


@api.operation(
    "POST", "/v1/accounts/{account_id}/guides", summary="Send a guide", permission=Permission.GUIDE_SEND,
    body=NewGuide, returns=GuideRecordView, status=201, errors=(NotFound, Conflict, Unprocessable),
    idempotency="optional",
)  # fmt: skip
def send_guide(request: Request[NewGuide, Empty]) -> Reply[GuideRecordView]:
    """Mails a guide to the customer, in their language and with their own figures where it has some.

    409 while a hold forbids to write about money, without a mail address, and without the bills that it speaks of.
    """
    wanted = request.body
    record = guides().send(request.path["account_id"], wanted.slug, actor_of(request), wanted.case_id)
    return Reply(_record(record, for_staff=True), location=f"/v1/accounts/{record.account_id}/guides")
