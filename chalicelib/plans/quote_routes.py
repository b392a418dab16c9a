"""HTTP of plan quotes, and of the notes about what a household can afford."""

from __future__ import annotations

from chalicelib.audit.http import actor_of
from chalicelib.plans.inputs import NewPlanQuote
from chalicelib.plans.quote_views import BudgetNoteView, ErasedNoteView, PlanQuoteView, note_view, quote_view
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, payment_plans, plan_quotes

api = desk_api(__name__, "payment plans")


@api.operation(
    "POST", "/v1/accounts/{account_id}/plan-quotes", summary="Quote payment plans",
    permission=Permission.PAYMENT_PLAN_MANAGE, body=NewPlanQuote, returns=PlanQuoteView, status=201,
    errors=(Conflict, NotFound, Unprocessable), idempotency="optional",
)  # fmt: skip
def quote_plans(request: Request[NewPlanQuote, Empty]) -> Reply[PlanQuoteView]:
    """The plans that could be had for what is due, each to the penny and the day, and where free debt advice is found.

    With a budget it says what the household can afford. What is agreed to is exactly what was quoted: when it has run
    out, or what is due has changed, a new one is needed.
    """
    account_id = request.path["account_id"]
    quote, note = plan_quotes().make(account_id, request.body.wish, actor_of(request))
    objections = payment_plans().objections(quote, by_staff=request.caller.is_staff)
    return Reply(quote_view(quote, note, plan_quotes().advice(account_id), objections))


@api.operation(
    "GET", "/v1/accounts/{account_id}/affordability-notes", summary="What was told of a household",
    permission=Permission.PAYMENT_PLAN_MANAGE, query=Paged, returns=BudgetNoteView,
)  # fmt: skip
def list_affordability_notes(request: Request[Empty, Paged]) -> Items[BudgetNoteView]:
    """Income and outgoings as they were told for plans, newest first; for the customer and who makes plans alone."""
    found, key = plan_quotes().notes(request.path["account_id"], request.query.limit, request.start)
    return Items([note_view(note) for note in found], key)


@api.operation(
    "DELETE", "/v1/accounts/{account_id}/affordability-notes/{note_id}", summary="Erase a note on affordability",
    permission=Permission.PAYMENT_PLAN_MANAGE, returns=ErasedNoteView, errors=(NotFound,),
)  # fmt: skip
def erase_affordability_note(request: Request[Empty, Empty]) -> Reply[ErasedNoteView]:
    """Deletes it for good; plans that were agreed by it stay as they are."""
    note_id = request.path["note_id"]
    plan_quotes().erase(request.path["account_id"], note_id, actor_of(request))
    return Reply(ErasedNoteView(note_id=note_id))
