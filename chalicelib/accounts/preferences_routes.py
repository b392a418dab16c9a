"""HTTP of preferences: formats, support needs, consents, when and how to be reached."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts.assurance import Action, StepUpRequired
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.preferences import Wishes
from chalicelib.accounts.preferences_model import Consent, QuietHours, Source, SupportNeed
from chalicelib.accounts.preferences_views import (
    ConsentEventView,
    NewPreferences,
    PreferencesView,
    preferences_view,
)
from chalicelib.audit.http import actor_of
from chalicelib.platform.auth import Caller
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import customer_preferences, desk_api, step_up

api = desk_api(__name__, "accounts")


@api.operation(
    "GET", "/v1/accounts/{account_id}/preferences", summary="Read preferences",
    permission=Permission.PREFERENCES_READ, returns=PreferencesView, versioned=True,
)  # fmt: skip
def read_preferences(request: Request[Empty, Empty]) -> Reply[PreferencesView]:
    """Formats, support needs, consents, and when and how the customer wants to be reached.

    What was never set is empty, in version 0; notes of support needs are for those who serve the customer.
    """
    found = customer_preferences().of(request.path["account_id"])
    return Reply(preferences_view(found, request.caller), version=found.version)


@api.operation(
    "PUT", "/v1/accounts/{account_id}/preferences", summary="Set preferences",
    permission=Permission.PREFERENCES_MANAGE, body=NewPreferences, returns=PreferencesView, versioned=True,
    errors=(AccountMerged, StepUpRequired),
)  # fmt: skip
def set_preferences(request: Request[NewPreferences, Empty]) -> Reply[PreferencesView]:
    """Sets all of them, in the version named by If-Match; version 0 the first time.

    A consent that is left out goes back to what holds by default. Each change of a consent stays in the history, and
    the change is audited without the notes.
    """
    account_id, known = request.path["account_id"], customer_preferences()
    step_up().require(request.caller, account_id, Action.CHANGE_PREFERENCES)
    wishes = _wishes(request.body, request.caller, known.heads.clock())
    changed = known.set(account_id, wishes, request.if_match, actor_of(request))
    return Reply(preferences_view(changed, request.caller), version=changed.version)


@api.operation(
    "GET", "/v1/accounts/{account_id}/consent-history", summary="History of consents",
    permission=Permission.PREFERENCES_READ, query=Paged, returns=ConsentEventView,
)  # fmt: skip
def list_consent_history(request: Request[Empty, Paged]) -> Items[ConsentEventView]:
    """Every consent that was given, declined or taken back, with whose word it was, newest first."""
    found, key = customer_preferences().history(request.path["account_id"], request.query.limit, request.start)
    shown = [ConsentEventView.model_validate(event.model_dump(exclude={"account_id"})) for event in found]
    return Items(shown, key)


def _wishes(new: NewPreferences, caller: Caller, now: datetime) -> Wishes:
    """What a customer says is the customer's word; staff say whose it is."""
    own = {} if caller.is_staff else {"source": Source.CUSTOMER}
    needs = tuple(
        SupportNeed(**{**need.model_dump(), "since_on": need.since_on or now.date(), "recorded_at": now, **own})
        for need in new.support_needs
    )
    consents = tuple(Consent(**{**consent.model_dump(), "at": now, **own}) for consent in new.consents)
    return Wishes(
        formats=new.formats,
        support_needs=needs,
        consents=consents,
        quiet_hours=QuietHours(**new.quiet_hours.model_dump()) if new.quiet_hours else None,
        preferred_channel=new.preferred_channel,
        preferred_time=new.preferred_time,
        source=Source.ADVISOR if caller.is_staff else Source.CUSTOMER,
    )
