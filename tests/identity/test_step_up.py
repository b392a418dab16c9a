"""What a deed asks for: by whom it is done, how the customer was identified to them, and what was changed lately."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.accounts.assurance import Action, Level, StepUpRequired
from chalicelib.accounts.letters import LetterChannel
from chalicelib.approvals.model import ApprovalRequired
from chalicelib.identity.access_log import Accessed
from chalicelib.identity.policy import IdentityRules, Need, Needs, Who, who_is
from chalicelib.identity.refund_guard import RefundHeld
from chalicelib.platform.auth import Caller
from chalicelib.platform.clock import format_instant
from chalicelib.platform.errors import Unauthenticated
from chalicelib.policy.model import BEGINNING, Ruling
from tests.identity.desk import ADVISOR, ANSWERS, CUSTOMER, MAIL, OTHER_ADVISOR, PHONE, IdentityDesk, caller
from tests.memory_table import MemoryTable

NEW_MAIL = "new@example.com"


def changed_to(identity: IdentityDesk, account_id: str, *emails: str) -> None:
    version = identity.accounts.get(account_id).version
    identity.accounts.change(account_id, {"emails": emails}, version, ADVISOR.actor)


def with_answers(identity: IdentityDesk, account_id: str) -> None:
    """The customer has had security answers for a long time."""
    identity.securing.set_answers(account_id, ANSWERS, CUSTOMER)
    identity.clock.tick(100 * 3600)


@pytest.mark.parametrize(
    ("groups", "who"),
    [({"customer"}, Who.CUSTOMER), ({"advisor"}, Who.STAFF), ({"supervisor", "customer"}, Who.STAFF),
     ({"finance"}, Who.BACK_OFFICE), ({"admin", "advisor"}, Who.BACK_OFFICE)],
)  # fmt: skip
def test_roles_act_as_customer_staff_or_back_office(groups: set[str], who: Who) -> None:
    assert who_is(Caller("sub", "name", frozenset(groups), frozenset())) is who


@pytest.mark.parametrize(
    "action",
    [Action.CHANGE_PROFILE, Action.CHANGE_PREFERENCES, Action.CHANGE_SUBSCRIPTION, Action.REFUND,
     Action.CHANGE_PAYMENT_METHOD],
)  # fmt: skip
@pytest.mark.parametrize("doer", [ADVISOR, CUSTOMER])
def test_ordinary_service_asks_for_nothing_and_reads_nothing(
    identity: IdentityDesk, ada: str, action: Action, doer: object
) -> None:
    calls: list[str] = []
    assert isinstance(identity.table, MemoryTable)
    identity.table = identity.table.seen(calls.append)
    who = ADVISOR if doer is ADVISOR else CUSTOMER
    level = identity.step_up.require(caller(who), ada, action)
    assert (level, calls) == (Level.NONE if who is ADVISOR else Level.KNOWLEDGE, [])


def test_staff_changes_a_contact_only_for_a_customer_verified_to_them(identity: IdentityDesk, ada: str) -> None:
    with pytest.raises(StepUpRequired) as refused:
        identity.step_up.require(caller(ADVISOR), ada, Action.CHANGE_CONTACT)
    assert refused.value.extra["required_level"] == "channel"
    assert refused.value.extra["how"] == f"POST /v1/accounts/{ada}/verifications"
    assert identity.logged(ada) == [Accessed.STEP_UP_REFUSED]
    identity.prove_by_code(ada)
    assert identity.step_up.require(caller(ADVISOR), ada, Action.CHANGE_CONTACT) is Level.STRONG
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(OTHER_ADVISOR), ada, Action.CHANGE_CONTACT)
    assert identity.step_up.require(caller(CUSTOMER), ada, Action.CHANGE_CONTACT) is Level.KNOWLEDGE


def test_recovery_needs_two_independent_proofs(identity: IdentityDesk, ada: str) -> None:
    with_answers(identity, ada)
    identity.prove_by_code(ada)
    with pytest.raises(StepUpRequired) as refused:
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    assert (refused.value.extra["required_proofs"], refused.value.extra["present_proofs"]) == (2, 1)
    identity.prove_by_code(ada)
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    identity.prove_by_answers(ada)
    assert identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS) is Level.STRONG


@pytest.mark.parametrize("group", ["supervisor", "finance", "admin"])
def test_no_role_is_spared_the_proofs_of_recovery(identity: IdentityDesk, ada: str, group: str) -> None:
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(ADVISOR, group), ada, Action.RESET_ACCESS)


def test_an_address_that_came_in_lately_lets_nobody_recover(identity: IdentityDesk, ada: str) -> None:
    """Contact, then reset, then money is how accounts are taken over."""
    with_answers(identity, ada)
    changed_to(identity, ada, MAIL, NEW_MAIL)
    assert identity.prove_by_code(ada, to=NEW_MAIL).level is Level.CHANNEL
    identity.prove_by_answers(ada)
    with pytest.raises(StepUpRequired) as refused:
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    assert refused.value.extra["present_proofs"] == 1
    assert identity.prove_by_code(ada, to=MAIL).level is Level.STRONG
    identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)


def test_an_address_stays_new_whatever_is_changed_after_it(identity: IdentityDesk, ada: str) -> None:
    changed_to(identity, ada, MAIL, NEW_MAIL)
    identity.clock.tick(60)
    changed_to(identity, ada, NEW_MAIL)
    assert identity.prove_by_code(ada, to=NEW_MAIL).level is Level.CHANNEL
    identity.clock.tick(72 * 3600)
    assert identity.prove_by_code(ada, to=NEW_MAIL).level is Level.STRONG


def test_answers_set_just_now_are_no_second_proof(identity: IdentityDesk, ada: str) -> None:
    """Who holds the mailbox could set them by the code that comes to it."""
    identity.securing.set_answers(ada, ANSWERS, CUSTOMER)
    identity.prove_by_code(ada)
    assert identity.prove_by_answers(ada).counts is False
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)


def test_after_a_sim_swap_a_text_message_proves_little(identity: IdentityDesk, ada: str) -> None:
    identity.securing.sim_swapped(ada, identity.clock.at, ADVISOR)
    assert identity.prove_by_code(ada, channel=LetterChannel.SMS).level is Level.CHANNEL
    identity.clock.tick(24 * 3600)
    assert identity.prove_by_code(ada, channel=LetterChannel.SMS).level is Level.STRONG


def test_a_sim_swap_ends_what_a_text_message_has_proven(identity: IdentityDesk, ada: str) -> None:
    identity.prove_by_code(ada)
    identity.prove_by_code(ada, channel=LetterChannel.SMS)
    identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    identity.securing.sim_swapped(ada, identity.clock.at, ADVISOR)
    with pytest.raises(StepUpRequired) as refused:
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    assert refused.value.extra["present_proofs"] == 1


def test_a_customer_sets_answers_only_after_a_code(identity: IdentityDesk, ada: str) -> None:
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(CUSTOMER), ada, Action.SET_SECURITY_ANSWERS)
    identity.prove_by_code(ada, CUSTOMER)
    assert identity.step_up.require(caller(CUSTOMER), ada, Action.SET_SECURITY_ANSWERS) is Level.STRONG


def test_a_session_that_a_reset_ended_is_refused_where_something_is_protected(identity: IdentityDesk, ada: str) -> None:
    old, state = int(identity.clock.at.timestamp()), identity.state(ada)
    identity.store.move(state, state.reset("sub-advisor", identity.clock.tick(60)))
    for signed_in_at in (old, None):
        with pytest.raises(Unauthenticated):
            identity.step_up.require(caller(CUSTOMER, signed_in_at=signed_in_at), ada, Action.CHANGE_CONTACT)
    anew = int(identity.clock.at.timestamp())
    assert identity.step_up.require(caller(CUSTOMER, signed_in_at=anew), ada, Action.CHANGE_CONTACT)


def test_refunds_need_a_second_person_while_a_change_of_contact_cools(identity: IdentityDesk, ada: str) -> None:
    identity.refund_guard.check(ada, "pay_1")
    changed_to(identity, ada, NEW_MAIL)
    with pytest.raises(ApprovalRequired) as asked:
        identity.refund_guard.check(ada, "pay_1")
    assert (asked.value.extra["action"], asked.value.extra["subject_id"]) == ("refund", "pay_1")
    identity.clock.tick(72 * 3600)
    identity.refund_guard.check(ada, "pay_1")


def test_a_sim_swap_stops_refunds_for_a_day(identity: IdentityDesk, ada: str) -> None:
    identity.securing.sim_swapped(ada, identity.clock.at, ADVISOR)
    with pytest.raises(RefundHeld) as held:
        identity.refund_guard.check(ada, "pay_1")
    assert held.value.extra["until"] == format_instant(identity.clock.at + timedelta(hours=24))
    identity.clock.tick(24 * 3600)
    identity.refund_guard.check(ada, "pay_1")


def test_policy_can_ask_for_more_or_less(identity: IdentityDesk, ada: str) -> None:
    strict = IdentityRules(needs={Action.CHANGE_SUBSCRIPTION: Needs(staff=Need(level=Level.KNOWLEDGE))})
    identity.ruling = Ruling(strict, "identity@2026-11-02.1", BEGINNING)
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(ADVISOR), ada, Action.CHANGE_SUBSCRIPTION)
    with pytest.raises(StepUpRequired):
        identity.step_up.require(caller(ADVISOR), ada, Action.RESET_ACCESS)
    identity.prove_by_code(ada)
    assert identity.step_up.require(caller(ADVISOR), ada, Action.CHANGE_SUBSCRIPTION) is Level.STRONG


def test_the_customer_is_told_at_every_old_address_in_the_change_itself(identity: IdentityDesk, ada: str) -> None:
    version = identity.accounts.get(ada).version
    identity.accounts.change(ada, {"emails": [NEW_MAIL], "phones": []}, version, ADVISOR.actor)
    queued = {item["channel"]: item for key, item in identity.items(ada).items() if key.startswith("MAIL#")}
    assert {name: (item["to"], item["purpose"]) for name, item in queued.items()} == {
        "mail": (MAIL, "security"), "sms": (PHONE, "security"),
    }  # fmt: skip
    assert identity.logged(ada) == [Accessed.CONTACT_CHANGED]
    line = next(item for key, item in identity.items(ada).items() if key.startswith("IDL#"))
    assert line["detail"] == {"gone": ["a•••@example.com", "+44•••123"], "come": ["n•••@example.com"]}


def test_a_change_of_something_else_warns_nobody(identity: IdentityDesk, ada: str) -> None:
    identity.accounts.change(ada, {"language": "cy"}, identity.accounts.get(ada).version, ADVISOR.actor)
    assert identity.logged(ada) == []
