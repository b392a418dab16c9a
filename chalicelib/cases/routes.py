"""HTTP of cases."""

from __future__ import annotations

from typing import Any

from chalicelib.audit.http import actor_of
from chalicelib.cases import inputs
from chalicelib.cases.messages import Message
from chalicelib.cases.model import Case, Channel, Queue, Resolution
from chalicelib.cases.service import Draft
from chalicelib.cases.views import CaseRefView, CaseView, EntryView, case_view, entry_view, is_for_customers, ref_view
from chalicelib.platform.auth import Caller
from chalicelib.platform.errors import Conflict, Forbidden, NotFound, PreconditionFailed, PreconditionRequired
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import case_work, cases, desk_api, whose

api = desk_api(__name__, "cases")
_ACTION_ERRORS = (NotFound, Conflict, PreconditionFailed)


def _reply(case: Case, caller: Caller, location: str | None = None) -> Reply[CaseView]:
    return Reply(case_view(case, caller.is_staff), version=case.version, location=location)


def _said(case: Case, said: Message, caller: Caller) -> Reply[EntryView]:
    view = entry_view(said, caller.is_staff)
    return Reply(view, version=case.version, location=f"/v1/cases/{case.case_id}/timeline")


def _reach(request: Request[Any, Any]) -> str:
    """The id of the case; for customers it must be of their own account."""
    case_id = request.path["case_id"]
    if not request.caller.is_staff:
        request.caller.reach(cases().read(case_id).account_id)
    return case_id


def _version(request: Request[Any, Any]) -> int | None:
    return request.if_match if "if-match" in request.headers else None


@api.operation(
    "POST", "/v1/cases", summary="Open a case", permission=Permission.CASE_CREATE, body=inputs.NewCase,
    returns=CaseView, status=201, errors=(NotFound,), versioned=True, idempotency="optional",
)  # fmt: skip
def open_case(request: Request[inputs.NewCase, Empty]) -> Reply[CaseView]:
    """Opens a case with the customer's words as its first message. Card numbers are hidden before it is stored."""
    draft = request.body.model_dump(exclude_none=True)
    if not request.caller.is_staff:
        draft |= _own(request.caller, request.body)
    case = cases().open(Draft.model_validate({"channel": Channel.API, **draft}), actor_of(request))
    return _reply(case, request.caller, f"/v1/cases/{case.case_id}")


def _own(caller: Caller, new: inputs.NewCase) -> dict[str, Any]:
    """What a customer's case has whatever they say. Forbidden for staff's fields, NotFound for another account."""
    given = sorted(inputs.STAFF_FIELDS & new.model_fields_set)
    if given:
        raise Forbidden(f"Only staff may give {', '.join(given)}.")
    account_id = new.account_id or caller.account_id
    caller.reach(account_id)
    return {"account_id": account_id, "channel": Channel.WEB, "verified": True}


@api.operation(
    "GET", "/v1/cases", summary="List cases", permission=Permission.CASE_READ, query=inputs.CaseSearch,
    returns=CaseRefView, errors=(NotFound,),
)  # fmt: skip
def list_cases(request: Request[Empty, inputs.CaseSearch]) -> Items[CaseRefView]:
    """The cases of a queue, of an account or of a sender without account. Customers get those of their own account.

    A page may hold fewer items than `limit` when it is filtered; only a null `next_cursor` is the end.
    """
    caller, asked, account_id = request.caller, request.query, request.query.account_id
    if not caller.is_staff:
        if asked.queue or asked.assignee or asked.requester or asked.sort:
            raise Forbidden("Queues are for staff; your own cases come without them.")
        account_id = account_id or caller.account_id
        caller.reach(account_id)
    if account_id:
        found, key = cases().of_account(account_id, asked.state, asked.limit, request.start)
    elif asked.requester:
        found, key = cases().of_requester(asked.requester, asked.state, asked.limit, request.start)
    else:
        found, key = cases().list_queue(asked.queue, asked.state, asked.assignee, asked.limit, request.start)
    return Items([ref_view(ref, caller.is_staff) for ref in found], key)


@api.operation(
    "GET", "/v1/cases/{case_id}", summary="Read a case", permission=Permission.CASE_READ, returns=CaseView,
    errors=(NotFound,), versioned=True,
)  # fmt: skip
def read_case(request: Request[Empty, Empty]) -> Reply[CaseView]:
    """The head of one case; what was said in it is its timeline."""
    case = cases().read(request.path["case_id"])
    request.caller.reach(case.account_id)
    return _reply(case, request.caller)


@api.operation(
    "PATCH", "/v1/cases/{case_id}", summary="Change a case", permission=Permission.CASE_WORK, body=inputs.CasePatch,
    returns=CaseView, errors=(*_ACTION_ERRORS, PreconditionRequired), versioned=True,
)  # fmt: skip
def change_case(request: Request[inputs.CasePatch, Empty]) -> Reply[CaseView]:
    """Changes subject, queue, priority or category of the version named by If-Match. A priority moves `due_at`."""
    changes = request.body.model_dump(exclude_unset=True)
    case = case_work().change(request.path["case_id"], changes, request.if_match, actor_of(request))
    return _reply(case, request.caller)


@api.operation(
    "GET", "/v1/cases/{case_id}/timeline", summary="Read what happened in a case", permission=Permission.CASE_READ,
    query=Paged, returns=EntryView, errors=(NotFound,),
)  # fmt: skip
def read_timeline(request: Request[Empty, Paged]) -> Items[EntryView]:
    """Messages, notes and events, oldest first; mail with what it was read to be about and which numbers it names.
    Customers see messages, resolutions, reopenings and closings."""
    case = cases().read(request.path["case_id"])
    request.caller.reach(case.account_id)
    entries, key = cases().timeline(case.case_id, request.query.limit, request.start)
    if not request.caller.is_staff:
        return Items([entry_view(entry, False) for entry in filter(is_for_customers, entries)], key)
    verified = whose().of_account(case, entries)
    return Items([entry_view(entry, True, verified) for entry in entries], key)


@api.operation(
    "POST", "/v1/cases/{case_id}/messages", summary="Answer, or write to us", permission=Permission.CASE_REPLY,
    body=inputs.NewMessage, returns=EntryView, status=201, errors=_ACTION_ERRORS, versioned=True,
    idempotency="optional",
)  # fmt: skip
def post_message(request: Request[inputs.NewMessage, Empty]) -> Reply[EntryView]:
    """Staff write to the customer: the mail is queued and the case waits for the customer. Customers write to us: a
    case that was pending or resolved is open again. The ETag is that of the case."""
    case_id, say = _reach(request), case_work().answer if request.caller.is_staff else case_work().hear
    case, message = say(case_id, request.body.text, actor_of(request), _version(request))
    return _said(case, message, request.caller)


@api.operation(
    "POST", "/v1/cases/{case_id}/notes", summary="Note something among ourselves", permission=Permission.CASE_WORK,
    body=inputs.NewMessage, returns=EntryView, status=201, errors=_ACTION_ERRORS, versioned=True,
    idempotency="optional",
)  # fmt: skip
def post_note(request: Request[inputs.NewMessage, Empty]) -> Reply[EntryView]:
    """Adds a note that the customer never sees. The ETag is that of the case."""
    note, version = request.body.text, _version(request)
    return _said(*case_work().note(request.path["case_id"], note, actor_of(request), version), request.caller)


@api.operation(
    "POST", "/v1/cases/{case_id}/assignments", summary="Assign a case", permission=Permission.CASE_WORK,
    body=inputs.NewAssignment, returns=CaseView, errors=_ACTION_ERRORS, versioned=True, idempotency="optional",
)  # fmt: skip
def assign_case(request: Request[inputs.NewAssignment, Empty]) -> Reply[CaseView]:
    """Gives the case to a member of staff, or back to its queue."""
    assignee = request.body.assignee
    case = case_work().assign(request.path["case_id"], assignee, actor_of(request), _version(request))
    return _reply(case, request.caller)


@api.operation(
    "POST", "/v1/cases/{case_id}/resolutions", summary="Resolve a case", permission=Permission.CASE_WORK,
    body=inputs.NewResolution, returns=CaseView, errors=_ACTION_ERRORS, versioned=True, idempotency="optional",
)  # fmt: skip
def resolve_case(request: Request[inputs.NewResolution, Empty]) -> Reply[CaseView]:
    """Ends the case; reason, outcome and root cause are all needed. A resolved case is 409. Seven days to reopen."""
    resolution = Resolution.model_validate(request.body.model_dump())
    case = case_work().resolve(request.path["case_id"], resolution, actor_of(request), _version(request))
    return _reply(case, request.caller)


@api.operation(
    "POST", "/v1/cases/{case_id}/reopenings", summary="Reopen a case", permission=Permission.CASE_REOPEN,
    body=inputs.NewReopening, returns=CaseView, errors=_ACTION_ERRORS, versioned=True, idempotency="optional",
)  # fmt: skip
def reopen_case(request: Request[inputs.NewReopening, Empty]) -> Reply[CaseView]:
    """Takes up a case that was resolved within the last seven days; its clock starts anew."""
    case = case_work().reopen(_reach(request), request.body.reason, actor_of(request), _version(request))
    return _reply(case, request.caller)


@api.operation(
    "POST", "/v1/cases/{case_id}/closings", summary="Close a case for good", permission=Permission.CASE_WORK,
    returns=CaseView, errors=_ACTION_ERRORS, versioned=True, idempotency="optional",
)  # fmt: skip
def close_case(request: Request[Empty, Empty]) -> Reply[CaseView]:
    """Ends a resolved case for good: when the customer writes again, a new case is opened that names this one."""
    return _reply(case_work().close(request.path["case_id"], actor_of(request), _version(request)), request.caller)


@api.operation(
    "POST", "/v1/queues/{queue}/next", summary="Take the next case", permission=Permission.CASE_WORK, returns=CaseView,
    errors=(NotFound,), versioned=True, idempotency="optional",
)  # fmt: skip
def take_next_case(request: Request[Empty, Empty]) -> Reply[CaseView]:
    """Assigns to the caller the case of the queue that is due first and nobody has. Two callers never get the same one.
    404 when none waits."""
    if request.path["queue"] not in set(Queue):
        raise NotFound("There is no queue of this name.")
    return _reply(case_work().take_next(Queue(request.path["queue"]), actor_of(request)), request.caller)
