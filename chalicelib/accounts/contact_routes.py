"""HTTP of an account's mails and phones, and of how good its profile is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from chalicelib.accounts.assurance import StepUpRequired, contact_action
from chalicelib.accounts.contact import ContactKind, Role
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.quality import GapName, quality
from chalicelib.accounts.views import ContactPointsView, points_view
from chalicelib.audit.http import actor_of
from chalicelib.platform.fields import Input, View, canonical_email, canonical_phone
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import accounts, desk_api, step_up

api = desk_api(__name__, "accounts")


class NewContactPoint(Input):
    """A mail address or phone, and what it is for."""

    kind: ContactKind
    address: str = Field(
        max_length=254, description="Mail address, or phone written internationally.", examples=["ada@example.com"]
    )
    roles: Annotated[tuple[Role, ...], Field(max_length=4)] = Field(description="What it is for; empty: kept alone.")

    @property
    def canonical(self) -> str:
        """The address as it is stored. Raises ValueError."""
        return (canonical_email if self.kind is ContactKind.EMAIL else canonical_phone)(self.address)

    @model_validator(mode="after")
    def _is_one(self) -> NewContactPoint:
        _ = self.canonical
        if len(set(self.roles)) != len(self.roles):
            raise ValueError("the same role stands twice")
        return self


class NewContactPoints(Input):
    """All of them: what is left out is removed. The first of each kind is the main one."""

    items: Annotated[tuple[NewContactPoint, ...], Field(max_length=20)] = Field(description="In the customer's order.")

    def addresses(self, kind: ContactKind) -> tuple[str, ...]:
        return tuple(point.canonical for point in self.items if point.kind is kind)

    @model_validator(mode="after")
    def _complete(self) -> NewContactPoints:
        for kind in ContactKind:
            addresses = self.addresses(kind)
            if len(set(addresses)) != len(addresses):
                raise ValueError(f"the same {kind} stands twice")
            if len(addresses) > 10:
                raise ValueError(f"ten of each kind at most, not {len(addresses)} of {kind}")
        mails = [point for point in self.items if point.kind is ContactKind.EMAIL]
        if mails and not any(Role.BILLING in mail.roles for mail in mails):
            raise ValueError("one of the mail addresses is for bills")
        return self


class GapView(View):
    """Something that is missing or doubtful in a profile."""

    name: GapName
    points: int = Field(description="What it takes from a hundred.")
    advice: str = Field(description="What to do about it, in plain words.")


class DataQualityView(View):
    """How good a profile is, and why not better."""

    score: int = Field(description="0 to 100.")
    gaps: tuple[GapView, ...] = Field(description="The heaviest first.")
    policy: str = Field(description="The version of the policy that weighs them.")


@api.operation(
    "GET", "/v1/accounts/{account_id}/contact-points", summary="Mails and phones",
    permission=Permission.ACCOUNT_READ, returns=ContactPointsView, versioned=True,
)  # fmt: skip
def list_contact_points(request: Request[Empty, Empty]) -> Reply[ContactPointsView]:
    """Every mail address and phone with what it is for and whether it was proven."""
    account = accounts().get(request.path["account_id"])
    return Reply(points_view(account, request.caller), version=account.version)


@api.operation(
    "PUT", "/v1/accounts/{account_id}/contact-points", summary="Set mails and phones",
    permission=Permission.ACCOUNT_UPDATE, body=NewContactPoints, returns=ContactPointsView, versioned=True,
    errors=(AccountMerged, StepUpRequired),
)  # fmt: skip
def set_contact_points(request: Request[NewContactPoints, Empty]) -> Reply[ContactPointsView]:
    """Sets all mails and phones and what each is for, in the account's version named by If-Match.

    Those that stay keep what is known of them; new ones are unverified. Before staff sets them the customer has to be
    verified; each old address is told of a change.
    """
    account_id, new = request.path["account_id"], request.body
    standing = accounts().get(account_id)
    step_up().require(request.caller, account_id, contact_action(bool(standing.emails or standing.phones)))
    wanted = {"emails": new.addresses(ContactKind.EMAIL), "phones": new.addresses(ContactKind.PHONE)}
    roles = {point.canonical: point.roles for point in new.items}
    changed = accounts().change(account_id, wanted, request.if_match, actor_of(request), roles)
    return Reply(points_view(changed, request.caller), version=changed.version)


@api.operation(
    "GET", "/v1/accounts/{account_id}/data-quality", summary="Quality of a profile",
    permission=Permission.ACCOUNT_SEARCH, returns=DataQualityView,
)  # fmt: skip
def read_data_quality(request: Request[Empty, Empty]) -> Reply[DataQualityView]:
    """What is missing or doubtful in the profile by the policy of today, and what is left of a hundred points."""
    known = accounts()
    ruling = known.quality(known.clock())
    weighed = quality(known.get(request.path["account_id"]), ruling.rules)
    gaps = tuple(GapView(name=gap.name, points=gap.points, advice=gap.advice) for gap in weighed.gaps)
    return Reply(DataQualityView(score=weighed.score, gaps=gaps, policy=ruling.version))
