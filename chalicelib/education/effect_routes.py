"""HTTP of the effect of guides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pydantic import Field, model_validator

from chalicelib.education.effect import Comparison, Contact, Followed, Reading, Share
from chalicelib.education.effects import Effect
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import Input, View
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, guide_effects, guides

api = desk_api(__name__, "education")
_MOST_DAYS: Final = 92
_WORDS: Final = {
    Reading.FEWER: "Who got the guide came back less often, by more than chance explains.",
    Reading.MORE: "Who got the guide came back more often, by more than chance explains.",
    Reading.UNDECIDED: "The difference can be chance.",
    Reading.TOO_FEW: "The sample is too small to say anything: it takes 100 accounts on each side.",
    Reading.NOTHING_TO_COMPARE: "There is nobody to compare with yet.",
}


class EffectQuery(Input):
    """The days on which the guide met somebody, both included; 92 at most."""

    from_: date = Field(alias="from", description="First day, UTC.")
    to: date = Field(description="Last day, UTC.")

    @model_validator(mode="after")
    def _some_days(self) -> EffectQuery:
        if not timedelta() <= self.to - self.from_ < timedelta(days=_MOST_DAYS):
            raise ValueError(f"give 1 to {_MOST_DAYS} days, the first one first")
        return self


class ContactView(View):
    """A case that the customer opened, or a call of theirs."""

    id: str = Field(description="Of the case, or Amazon Connect's of the contact.")
    kind: str = Field(description="case or contact.", examples=["case"])
    at: Instant


class FollowedView(View):
    """One account, and what it came back for."""

    account_id: str
    guide_id: str
    at: Instant = Field(description="When the guide was sent, or would have been.")
    again: list[ContactView] = Field(description="Within the days that count.")


class ShareView(View):
    """How many of how many came back, with the interval in which the true share lies with 95% (Wilson)."""

    accounts: int = Field(description="How many were counted.")
    again: int = Field(description="How many of them came back.")
    share_bp: int | None = Field(description="Basis points; null when there is no account.")
    low_bp: int = Field(description="Lower end of the interval, basis points.")
    high_bp: int = Field(description="Upper end of the interval, basis points.")


class EffectView(View):
    """How many came back after a guide, and how many of those who did not get it though they could have."""

    slug: str
    got_it: ShareView
    held_out: ShareView
    difference_bp: int | None = Field(
        description="Share of those who got it less the other, basis points; below zero, fewer came back. Null when "
        "there is nobody to compare with."
    )
    low_bp: int | None = Field(description="Lower end of its 95% interval (Newcombe), basis points.")
    high_bp: int | None = Field(description="Upper end of its 95% interval (Newcombe), basis points.")
    reading: Reading = Field(description="What the figures allow to say.")
    words: str = Field(description="The same in a sentence.")
    again_days: int = Field(description="Days within which another contact counts.")
    waiting: int = Field(description="Accounts whose days are not over yet; not counted.")
    left_out: int = Field(description="Accounts that were not drawn: up to 150 of a side are followed.")
    policy: str = Field(description="Version of the rules that were counted by.")
    got_it_accounts: list[FollowedView] = Field(description="Those behind `got_it`, to count again.")
    held_out_accounts: list[FollowedView] = Field(description="Those behind `held_out`, to count again.")


def _share(share: Share) -> ShareView:
    return ShareView(**share.model_dump())


def _contact(contact: Contact) -> ContactView:
    return ContactView(**contact.model_dump())


def _followed(row: Followed) -> FollowedView:
    named = row.counted.model_dump(include={"account_id", "guide_id", "at"})
    return FollowedView(**named, again=[_contact(contact) for contact in row.again])


def _view(slug: str, effect: Effect) -> EffectView:
    found: Comparison = effect.comparison
    return EffectView(
        slug=slug, got_it=_share(found.got_it), held_out=_share(found.held_out), difference_bp=found.difference_bp,
        low_bp=found.low_bp, high_bp=found.high_bp, reading=found.reading, words=_WORDS[found.reading],
        again_days=effect.again_days, waiting=effect.waiting, left_out=effect.left_out, policy=effect.policy,
        got_it_accounts=[_followed(row) for row in effect.got_it],
        held_out_accounts=[_followed(row) for row in effect.held_out],
    )  # fmt: skip


@api.operation(
    "GET", "/v1/guides/{slug}/effect", summary="Whether a guide helps", permission=Permission.KPI_READ,
    query=EffectQuery, returns=EffectView, errors=(NotFound,),
)  # fmt: skip
def read_guide_effect(request: Request[Empty, EffectQuery]) -> Reply[EffectView]:
    """How many of those who got the guide unasked contacted us again within the days that count, and how many of those
    who were held out of it by a share that policy sets.

    Both would have got it by the same rules, and a hash told them apart, so that they can be compared. Every account
    and every contact that counts is named.
    """
    guide = guides().named(request.path["slug"])
    return Reply(_view(guide.slug, guide_effects().of(guide.slug, request.query.from_, request.query.to)))
