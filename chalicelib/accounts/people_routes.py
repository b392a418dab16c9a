"""HTTP of the people who may speak or pay for an account."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.people import Named
from chalicelib.accounts.people_model import Evidence, Person, PersonRole, Right
from chalicelib.audit.http import actor_of
from chalicelib.platform.auth import Caller
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, Forbidden
from chalicelib.platform.fields import Input, ShortLine, View
from chalicelib.platform.http import Empty, Items, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, people, step_up, today

api = desk_api(__name__, "accounts")


class NewEvidence(Input):
    """The document that an attorney showed."""

    document: ShortLine = Field(description="Which document.", examples=["Lasting power of attorney"])
    seen_on: date
    reference: Annotated[str, Field(max_length=40)] = Field(default="", description="The document's own number.")


class NewPerson(Input):
    """Somebody who may speak or pay for the account. They are asked for no password, and get none."""

    role: PersonRole
    name: ShortLine = Field(description="As they are called.")
    relation: ShortLine = Field(description="What they are to the holder.", examples=["daughter"])
    rights: Annotated[tuple[Right, ...], Field(min_length=1, max_length=3)] = Field(description="What they may do.")
    until_on: date | None = Field(default=None, description="Their last day; null: until they are taken off.")
    payer_account_id: str | None = Field(
        default=None, max_length=64, description="A payer's own account with us. Staff alone say it."
    )
    evidence: NewEvidence | None = Field(default=None, description="What an attorney showed. Staff alone say it.")


class PersonView(View):
    """Somebody who may speak or pay for the account."""

    person_id: str = Field(description="The desk's id of this person.")
    role: PersonRole
    name: str = Field(description="As they are called.")
    relation: str = Field(description="What they are to the holder.")
    rights: tuple[Right, ...] = Field(description="What they may do.")
    until_on: date | None = Field(description="Their last day; null: until they are taken off.")
    is_current: bool = Field(description="Whether they have these rights today.")
    payer_account_id: str | None = Field(description="A payer's own account with us, for staff; null for customers.")
    evidence: Evidence | None = Field(description="What an attorney showed.")
    added_at: Instant
    added_by_name: str = Field(description="User name of who named them.")


def _view(person: Person, caller: Caller) -> PersonView:
    told = person.model_dump(exclude=set() if caller.is_staff else {"payer_account_id"})
    current = any(person.may(right, today()) for right in person.rights)
    return PersonView(**{"payer_account_id": None, **told}, is_current=current)


@api.operation(
    "GET", "/v1/accounts/{account_id}/people", summary="People of an account", permission=Permission.ACCOUNT_READ,
    returns=PersonView,
)  # fmt: skip
def list_people(request: Request[Empty, Empty]) -> Items[PersonView]:
    """Payers, authorised persons and attorneys, in the order in which they were named, all on one page."""
    return Items([_view(person, request.caller) for person in people().of(request.path["account_id"])])


@api.operation(
    "POST", "/v1/accounts/{account_id}/people", summary="Name a person", permission=Permission.ACCOUNT_UPDATE,
    body=NewPerson, returns=PersonView, status=201, idempotency="optional",
    errors=(AccountMerged, StepUpRequired, Conflict),
)  # fmt: skip
def add_person(request: Request[NewPerson, Empty]) -> Reply[PersonView]:
    """Names a payer, an authorised person or, with the document that was seen, an attorney.

    A search for their name finds the account from now on. Attorneys, and payers by another account of ours, are named
    by staff alone. Before staff names anybody the customer has to be verified.
    """
    account_id, new = request.path["account_id"], request.body
    step_up().require(request.caller, account_id, Action.CHANGE_PEOPLE)
    if not request.caller.is_staff and (new.role is PersonRole.ATTORNEY or new.payer_account_id or new.evidence):
        raise Forbidden("The desk names attorneys and links accounts; please ask us.")
    evidence = Evidence(**new.evidence.model_dump()) if new.evidence else None
    named = Named(**{**{name: getattr(new, name) for name in NewPerson.model_fields}, "evidence": evidence})
    added = people().add(account_id, named, actor_of(request))
    return Reply(_view(added, request.caller))


@api.operation(
    "DELETE", "/v1/accounts/{account_id}/people/{person_id}", summary="Take a person off",
    permission=Permission.ACCOUNT_UPDATE, returns=PersonView, errors=(AccountMerged, StepUpRequired),
)  # fmt: skip
def remove_person(request: Request[Empty, Empty]) -> Reply[PersonView]:
    """They have no right any more from now on. Answers who it was."""
    account_id, person_id = request.path["account_id"], request.path["person_id"]
    step_up().require(request.caller, account_id, Action.CHANGE_PEOPLE)
    gone = people().remove(account_id, person_id, actor_of(request))
    return Reply(_view(gone, request.caller))
