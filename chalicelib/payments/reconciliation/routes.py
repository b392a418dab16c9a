"""HTTP of reconciliations: ask for one, and read what runs mended and could not explain."""

from __future__ import annotations

from pydantic import Field

from chalicelib.audit.http import actor_of
from chalicelib.payments.reconciliation.model import Disagreement, Run, RunStatus
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import NotFound
from chalicelib.platform.fields import View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.money import Money
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, reconciliations

api = desk_api(__name__, "payments")


class CashView(View):
    """Money that moved in the window, fees apart, in one currency. Both sides are the same when the books are right."""

    at_stripe: Money = Field(description="What Stripe says moved.")
    in_books: Money = Field(description="What the ledgers say moved.")


class ReconciliationView(View):
    """One reconciliation of our books with Stripe."""

    reconciliation_id: str
    status: RunStatus = Field(description="`running` is also a run that was cut off and waits to be taken up again.")
    asked_by_name: str = Field(description="Who asked for it; the desk itself at night.")
    begun_at: Instant
    moved_at: Instant = Field(description="When it last got further.")
    finished_at: Instant | None
    since: Instant = Field(description="What happened at Stripe before this was looked at by earlier runs.")
    until: Instant
    read: int = Field(description="Events, objects and movements of Stripe's that were read.")
    missed_events: int = Field(description="Events that had brought us nothing until then.")
    repaired: int = Field(description="Missed events and objects that are in our books now.")
    differences: int = Field(description="What is left unexplained; each has a case in the queue of finance.")
    cash: list[CashView]


class ReconciliationDifferenceView(View):
    """Something of which our books say another thing than Stripe."""

    object_id: str = Field(description="Stripe's id, or the account whose ledger does not prove.")
    what: str = Field(description="Stripe's name of the object, or what was summed.", examples=["payment_intent"])
    in_books: str = Field(description="What our books say.", examples=["nothing"])
    at_stripe: str = Field(description="What Stripe says.", examples=["succeeded, £40.00"])
    account_id: str | None


def _view(run: Run) -> ReconciliationView:
    cash = [
        CashView(
            at_stripe=Money(amount_minor=sums.at_stripe_minor, currency=currency),
            in_books=Money(amount_minor=sums.in_books_minor, currency=currency),
        )
        for currency, sums in sorted(run.tally.cash.items())
    ]
    plain = run.model_dump(include=set(ReconciliationView.model_fields) - {"since"})
    counts = run.tally.model_dump(exclude={"cash"})
    return ReconciliationView(**plain, **counts, since=min(run.since.values()), cash=cash)


def _difference(found: Disagreement) -> ReconciliationDifferenceView:
    return ReconciliationDifferenceView(**found.model_dump())


@api.operation(
    "POST", "/v1/reconciliations", summary="Reconcile with Stripe", permission=Permission.RECONCILIATION_RUN,
    returns=ReconciliationView, status=202, idempotency="required",
)  # fmt: skip
def begin_reconciliation(request: Request[Empty, Empty]) -> Reply[ReconciliationView]:
    """Has the books compared with all that happened at Stripe since the last run, and mended, as happens every night.

    The answer comes at once; read the run until it is finished. The same Idempotency-Key is the same run.
    """
    run = reconciliations().request(request.idempotency_key or "", actor_of(request))
    return Reply(_view(run), location=f"/v1/reconciliations/{run.reconciliation_id}")


@api.operation(
    "GET", "/v1/reconciliations", summary="Reconciliations", permission=Permission.RECONCILIATION_RUN, query=Paged,
    returns=ReconciliationView,
)  # fmt: skip
def list_reconciliations(request: Request[Empty, Paged]) -> Items[ReconciliationView]:
    """Runs of the last 400 days, by schedule and on demand, newest first."""
    runs, key = reconciliations().newest(request.query.limit, request.start)
    return Items([_view(run) for run in runs], key)


@api.operation(
    "GET", "/v1/reconciliations/{reconciliation_id}", summary="Read a reconciliation",
    permission=Permission.RECONCILIATION_RUN, returns=ReconciliationView, errors=(NotFound,),
)  # fmt: skip
def read_reconciliation(request: Request[Empty, Empty]) -> Reply[ReconciliationView]:
    """One run with what it has read, mended and counted so far."""
    return Reply(_view(reconciliations().get(request.path["reconciliation_id"])))


@api.operation(
    "GET", "/v1/reconciliations/{reconciliation_id}/differences", summary="What a reconciliation could not explain",
    permission=Permission.RECONCILIATION_RUN, query=Paged, returns=ReconciliationDifferenceView, errors=(NotFound,),
)  # fmt: skip
def list_reconciliation_differences(request: Request[Empty, Paged]) -> Items[ReconciliationDifferenceView]:
    """What our books and Stripe's say of each object on which they still differed at the end of its comparison."""
    run_id = request.path["reconciliation_id"]
    found, key = reconciliations().differences(run_id, request.query.limit, request.start)
    return Items([_difference(each) for each in found], key)
