"""HTTP of access: what is known of the customer now, who came near the account, and the way to sign in."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chalicelib.accounts.assurance import Action, Level, StepUpRequired
from chalicelib.audit.http import actor_of
from chalicelib.identity.access import ResetKind
from chalicelib.identity.access_log import Accessed, AccessEntry, Doer
from chalicelib.identity.policy import Who, who_is
from chalicelib.identity.portal import PortalPage
from chalicelib.identity.sign_in import HELP, Failing, NoWayToReset
from chalicelib.platform.auth import Caller
from chalicelib.platform.clock import Instant, utc_now
from chalicelib.platform.errors import Conflict, NotFound, Refused, Unprocessable
from chalicelib.platform.fields import Email, Input, View
from chalicelib.platform.http import NO_STORE, Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import access_log, access_resets, desk_api, portal, securing, step_up, verifications

api = desk_api(__name__, "identity")


class AssuranceView(View):
    """How well the customer is identified to the caller now, and what stands in the way."""

    level: Level
    proofs: int = Field(description="How many independent proofs there are; being signed in is one.")
    valid_until: Instant | None = Field(description="When the last proof ends; null without any.")
    locked_until: Instant | None = Field(description="Until when nobody can be verified for the account.")
    cooling_until: Instant | None = Field(description="Until when refunds need approval after a change of contact.")
    sim_swap_until: Instant | None = Field(description="Until when nothing is refunded after a change of SIM card.")
    answers_set_at: Instant | None = Field(description="Since when there are security answers.")


class AccessEntryView(View):
    """One line of the access log."""

    entry_id: str = Field(description="The desk's id of the line.")
    at: Instant
    what: Accessed = Field(description="What happened.")
    by: Who | None = Field(description="In which role it was done; null where that is not told.")
    actor_name: str | None = Field(description="The user name of who did it; for staff alone.")
    detail: dict[str, Any] = Field(description="More of it: addresses are masked, and there is no secret in it.")


class NewRiskFlag(Input):
    """Something that was heard about the customer."""

    kind: Literal["sim_swap"] = Field(description="The SIM card of the customer's number was changed.")


class HelpStep(View):
    """Something for the customer to do."""

    text: str
    screenshot_id: str = Field(description="The picture that shows it, in the library of the customer's site.")


class AccessHelpView(View):
    """Which step of signing in fails, and what to tell the customer."""

    failing: Failing
    steps: list[HelpStep] = Field(description="In plain words, in their order.")
    desk_can: str | None = Field(description="The operation that helps; null when there is none.")


class NewAccessReset(Input):
    """What is to be made new."""

    kind: ResetKind
    email: Email | None = Field(
        default=None, description="The mail address to sign in with from now on; for an invitation the first mail."
    )


class AccessResetView(View):
    """What was done. Nobody but the customer has seen a secret."""

    reset_id: str = Field(description="The desk's id of the reset.")
    kind: ResetKind
    at: Instant
    invited: bool = Field(description="Whether an invitation was sent, because there was no sign-in yet or none used.")
    sent_to: str | None = Field(description="The masked address that the sign-in belongs to.")


class PortalQuery(Input):
    """Which page."""

    page: PortalPage = Field(default=PortalPage.PAYMENT_METHODS, description="`payment_methods` is Stripe's own page.")


class PortalSessionView(View):
    """Where the customer goes, or where the link went that was sent."""

    url: str | None = Field(description="Where to send the customer's browser; for staff null.")
    expires_at: Instant | None = Field(description="Until when it can be opened; null: within minutes, or no end.")
    sent_to: str | None = Field(description="The masked mail that the link was sent to, when staff asked for it.")


def _doer(request: Request[Any, Any]) -> Doer:
    return Doer(actor_of(request), who_is(request.caller))


@api.operation(
    "GET", "/v1/accounts/{account_id}/assurance", summary="How well the customer is identified",
    permission=Permission.VERIFICATION_RUN, returns=AssuranceView,
)  # fmt: skip
def read_assurance(request: Request[Empty, Empty]) -> Reply[AssuranceView]:
    """To the caller, and now: what one advisor was shown counts for no other one."""
    return Reply(_assurance(request.path["account_id"], request.caller))


def _assurance(account_id: str, caller: Caller) -> AssuranceView:
    (state, rules), now = verifications().state(account_id), utc_now()
    standing = step_up().standing(caller, state, now)
    return AssuranceView(
        level=standing.level, proofs=standing.proofs, valid_until=standing.until, locked_until=state.lock(now),
        cooling_until=state.cooling_until(rules, now), sim_swap_until=state.sim_swap_until(rules, now),
        answers_set_at=state.answers_set_at,
    )  # fmt: skip


@api.operation(
    "GET", "/v1/accounts/{account_id}/access-log", summary="Who came near the account",
    permission=Permission.ACCESS_LOG_READ, query=Paged, returns=AccessEntryView,
)  # fmt: skip
def list_access_log(request: Request[Empty, Paged]) -> Items[AccessEntryView]:
    """Checks of the customer, refusals, resets, links and changes of contact, newest first, of the last 400 days."""
    found, key = access_log().page(request.path["account_id"], request.query.limit, request.start)
    return Items([_line(entry, names=request.caller.is_staff) for entry in found], key)


def _line(entry: AccessEntry, *, names: bool) -> AccessEntryView:
    plain = entry.model_dump(include={"entry_id", "at", "what", "by", "detail"})
    return AccessEntryView(**plain, actor_name=entry.actor_name if names else None)


@api.operation(
    "POST", "/v1/accounts/{account_id}/risk-flags", summary="Note a risk", permission=Permission.ACCESS_RESET,
    body=NewRiskFlag, returns=AssuranceView, status=201, errors=(NotFound,),
)  # fmt: skip
def add_risk_flag(request: Request[NewRiskFlag, Empty]) -> Reply[AssuranceView]:
    """A changed SIM card stops refunds for a day, and a code by text message proves little meanwhile."""
    account_id = request.path["account_id"]
    securing().sim_swapped(account_id, utc_now(), _doer(request))
    return Reply(_assurance(account_id, request.caller))


@api.operation(
    "GET", "/v1/accounts/{account_id}/access-help", summary="Why signing in fails",
    permission=Permission.ACCESS_RESET, returns=AccessHelpView, errors=(NotFound, Refused),
)  # fmt: skip
def read_access_help(request: Request[Empty, Empty]) -> Reply[AccessHelpView]:
    """Finds the first step of signing in that fails, and says what to tell the customer."""
    failing = access_resets().failing(request.path["account_id"])
    steps = [HelpStep(text=text, screenshot_id=picture) for text, picture in HELP[failing].steps]
    return Reply(AccessHelpView(failing=failing, steps=steps, desk_can=HELP[failing].desk_can))


@api.operation(
    "POST", "/v1/accounts/{account_id}/access-resets", summary="Let a customer in again",
    permission=Permission.ACCESS_RESET, body=NewAccessReset, returns=AccessResetView, status=201,
    errors=(NotFound, StepUpRequired, Conflict, NoWayToReset, Unprocessable, Refused), idempotency="optional",
)  # fmt: skip
def reset_access(request: Request[NewAccessReset, Empty]) -> Reply[AccessResetView]:
    """Resets the password, sets another address to sign in with (which resets the password too, for whoever read the
    old one may know it), or ends all sessions; invites who has no sign-in yet.

    Needs two independent proofs of the customer, save for ending sessions, which only keeps somebody out. Codes and
    first passwords go from the user pool to the customer alone. All sessions end: no new token is given without signing
    in. An ID token given before lives until it ends (an hour), but is refused where something is protected.
    """
    account_id, new = request.path["account_id"], request.body
    needed = Action.END_SESSIONS if new.kind is ResetKind.ALL_SESSIONS else Action.RESET_ACCESS
    step_up().require(request.caller, account_id, needed)
    reset = access_resets().reset(account_id, new.kind, new.email, _doer(request))
    return Reply(AccessResetView(**vars(reset)))


@api.operation(
    "POST", "/v1/accounts/{account_id}/portal-sessions", summary="Open the customer's portal",
    permission=Permission.PORTAL_OPEN, query=PortalQuery, returns=PortalSessionView, status=201,
    errors=(NotFound, StepUpRequired, Conflict, Refused),
)  # fmt: skip
def open_portal(request: Request[Empty, PortalQuery]) -> Reply[PortalSessionView]:
    """For customers the address of the page; when staff asks, a link by mail to the customer, and nothing to see.

    The link opens the page after signing in; it holds no secret. Stripe's page lets in whoever has its address, so it
    asks for the proof that a change of payment methods does.
    """
    account_id, page, caller = request.path["account_id"], request.query.page, request.caller
    if page is PortalPage.PAYMENT_METHODS and not caller.is_staff:
        step_up().require(caller, account_id, Action.CHANGE_PAYMENT_METHOD)
    opened = portal().open(account_id, page, _doer(request))
    return Reply(PortalSessionView(**vars(opened)), headers=NO_STORE)
