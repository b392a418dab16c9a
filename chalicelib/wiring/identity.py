"""Identity: how well a customer is known to somebody, and the customer's way to sign in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform import aws
from chalicelib.platform.clock import new_ulid, utc_now
from chalicelib.platform.config import settings

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.approvals.model import ApprovalAction
    from chalicelib.identity.access import AccessResets
    from chalicelib.identity.access_log import AccessLog
    from chalicelib.identity.contact import ContactWatch
    from chalicelib.identity.policy import IdentityRules
    from chalicelib.identity.portal import Portal
    from chalicelib.identity.refund_guard import RefundGuard
    from chalicelib.identity.securing import Securing
    from chalicelib.identity.service import Verifications
    from chalicelib.identity.sign_in import SignIns
    from chalicelib.identity.step_up import StepUps
    from chalicelib.identity.store import IdentityStore
    from chalicelib.platform.auth import Caller
    from chalicelib.policy.model import Ruling


@cache
def identity_store() -> IdentityStore:
    from chalicelib.identity.store import IdentityStore

    return IdentityStore(wiring.table())


@cache
def access_log() -> AccessLog:
    from chalicelib.identity.access_log import AccessLog

    return AccessLog(wiring.table())


def identity_rules(day: date) -> Ruling[IdentityRules]:
    from chalicelib.identity.policy import IDENTITY_POLICY

    return wiring.policies().on(IDENTITY_POLICY, day)


def drawn(names: Sequence[str], size: int) -> list[str]:
    """So many of them, by a generator that nobody can foretell."""
    from random import SystemRandom

    return SystemRandom().sample(names, size)


@cache
def verifications() -> Verifications:
    from chalicelib.identity.service import Verifications
    from chalicelib.platform.telemetry import count

    return Verifications(
        wiring.identity_store(), wiring.accounts(), wiring.post(), wiring.identity_rules, utc_now, new_ulid,
        wiring.mail_key, drawn, wiring.address_marks().verified, count,
    )  # fmt: skip


@cache
def securing() -> Securing:
    from chalicelib.identity.securing import Securing

    return Securing(
        wiring.identity_store(), wiring.accounts(), wiring.post(), utc_now, new_ulid, wiring.mail_key, drawn
    )


@cache
def step_up() -> StepUps:
    from chalicelib.identity.step_up import StepUps
    from chalicelib.platform.telemetry import count

    return StepUps(wiring.identity_store(), wiring.access_log(), wiring.identity_rules, utc_now, new_ulid, count)


def refuse_unproven(caller: Caller, action: ApprovalAction, account_id: str) -> None:
    """Raises StepUpRequired when the customer has to be verified before anybody asks for this."""
    from chalicelib.identity.step_up import OF_APPROVAL

    wiring.step_up().require(caller, account_id, OF_APPROVAL[action])


@cache
def refund_guard() -> RefundGuard:
    from chalicelib.identity.refund_guard import RefundGuard

    return RefundGuard(wiring.identity_store(), wiring.identity_rules, utc_now)


@cache
def contact_watch() -> ContactWatch:
    from chalicelib.identity.contact import ContactWatch
    from chalicelib.platform.telemetry import count

    return ContactWatch(wiring.post(), wiring.identity_rules, new_ulid, count)


@cache
def sign_ins() -> SignIns:
    from chalicelib.identity.gateway import CognitoSignIns

    return CognitoSignIns(aws.cognito(), settings().user_pool_id)


@cache
def access_resets() -> AccessResets:
    from chalicelib.identity.access import AccessResets
    from chalicelib.platform.telemetry import count

    return AccessResets(
        wiring.identity_store(), wiring.accounts(), wiring.sign_ins(), wiring.post(), utc_now, new_ulid, count
    )


@cache
def portal() -> Portal:
    from chalicelib.identity.portal import Portal

    return Portal(
        wiring.accounts(), wiring.access_log(), wiring.post(), wiring.payment_methods().portal, utc_now, new_ulid,
        settings().customer_site or f"https://{settings().mail_domain}",
    )  # fmt: skip
