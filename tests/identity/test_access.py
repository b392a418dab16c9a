"""Access: which step of signing in fails, and letting customers in again without anybody seeing a secret."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.identity.access import ResetKind
from chalicelib.identity.access_log import Accessed
from chalicelib.identity.sign_in import HELP, Failing, NoWayToReset, SignInStatus, failing_step
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.identity.desk import ADVISOR, CUSTOMER, MAIL, IdentityDesk, Pool

NEW_MAIL = "new@example.com"


def bound(identity: IdentityDesk, account_id: str, **given: object) -> None:
    """The customer has signed in and verified once, so the sign-in is known."""
    identity.pool.add("ada", account_id=account_id, **given)
    identity.prove_by_code(account_id, CUSTOMER)


@pytest.mark.parametrize(
    ("given", "failing"),
    [
        ({"is_enabled": False}, Failing.DISABLED),
        ({"status": SignInStatus.INVITED}, Failing.INVITATION_OPEN),
        ({"status": SignInStatus.RESET}, Failing.PASSWORD_RESET_OPEN),
        ({"email_verified": False}, Failing.ADDRESS_UNVERIFIED),
        ({"has_second_factor": True}, Failing.SECOND_FACTOR),
        ({}, Failing.NONE),
    ],
)
def test_help_finds_the_step_that_fails(
    identity: IdentityDesk, ada: str, given: dict[str, object], failing: Failing
) -> None:
    bound(identity, ada, **given)
    assert identity.access.failing(ada) is failing
    assert HELP[failing].steps


def test_who_has_no_sign_in_is_told_so(identity: IdentityDesk, ada: str) -> None:
    assert identity.access.failing(ada) is Failing.NO_USER
    with pytest.raises(NotFound):
        identity.access.failing("acc_none")


def test_of_two_sign_ins_the_one_closest_to_working_counts() -> None:
    pool = Pool()
    assert failing_step([pool.add("one", is_enabled=False), pool.add("two")]) is Failing.NONE


def test_a_password_is_reset_and_all_sessions_end(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada)
    identity.prove_by_code(ada)
    reset = identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR)
    assert (reset.invited, reset.sent_to) == (False, "a•••@example.com")
    assert (identity.pool.mailed, identity.pool.ended) == ([("ada", "reset code")], ["ada"])
    state = identity.state(ada)
    assert state.ended(int((identity.clock.at - timedelta(seconds=1)).timestamp()))
    assert [proof.by for proof in state.proofs] == [ADVISOR.actor.subject]
    (letter,) = identity.post.named("identity/access_reset")
    assert (letter.to, letter.facts) == (MAIL, {"kind": "password", "invited": 0})
    assert identity.logged(ada)[0] is Accessed.ACCESS_RESET


def test_sessions_can_be_ended_alone(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada)
    identity.access.reset(ada, ResetKind.ALL_SESSIONS, None, ADVISOR)
    assert (identity.pool.mailed, identity.pool.ended) == ([], ["ada"])


def test_who_has_no_sign_in_is_invited_at_a_proven_mail(identity: IdentityDesk, ada: str) -> None:
    with pytest.raises(Conflict, match="Send a code to this address"):
        identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR)
    identity.prove_by_code(ada)
    reset = identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR)
    assert reset.invited
    ((name, made),) = identity.pool.users.items()
    assert (made.account_id, made.email, identity.pool.mailed) == (ada, MAIL, [(name, "invitation")])
    assert identity.access.failing(ada) is Failing.INVITATION_OPEN
    assert identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR).invited
    assert identity.pool.mailed == [(name, "invitation")] * 2


def test_a_new_address_to_sign_in_with_has_to_be_proven_by_a_code_to_it(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada)
    version = identity.accounts.get(ada).version
    identity.accounts.change(ada, {"emails": [MAIL, NEW_MAIL]}, version, ADVISOR.actor)
    identity.prove_by_code(ada)
    with pytest.raises(Conflict) as unproven:
        identity.access.reset(ada, ResetKind.SIGN_IN_ADDRESS, NEW_MAIL, ADVISOR)
    assert unproven.value.extra == {"reason": "address_unproven"}
    identity.prove_by_code(ada, to=NEW_MAIL)
    reset = identity.access.reset(ada, ResetKind.SIGN_IN_ADDRESS, NEW_MAIL, ADVISOR)
    assert (reset.sent_to, identity.pool.users["ada"].email) == ("n•••@example.com", NEW_MAIL)
    assert (identity.pool.mailed, identity.pool.ended) == ([("ada", "reset code")], ["ada"])


def test_an_invitation_that_lies_in_the_old_mailbox_is_worth_nothing_at_another_address(
    identity: IdentityDesk, ada: str
) -> None:
    bound(identity, ada, status=SignInStatus.INVITED, email="old@example.com")
    identity.prove_by_code(ada)
    assert identity.access.reset(ada, ResetKind.SIGN_IN_ADDRESS, MAIL, ADVISOR).invited
    assert (identity.pool.mailed, identity.pool.users["ada"].email) == ([("ada", "invitation")], MAIL)


def test_an_old_sign_in_address_hears_of_it_too(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada, email="old@example.com")
    identity.prove_by_code(ada)
    identity.access.reset(ada, ResetKind.SIGN_IN_ADDRESS, MAIL, ADVISOR)
    (letter,) = identity.post.named("identity/access_reset")
    assert (letter.to, letter.also) == (MAIL, ("old@example.com",))


@pytest.mark.parametrize("email", [None, "stranger@example.com"])
def test_an_address_that_is_missing_or_not_the_accounts_is_wrong(
    identity: IdentityDesk, ada: str, email: str | None
) -> None:
    bound(identity, ada)
    with pytest.raises(Unprocessable):
        identity.access.reset(ada, ResetKind.SIGN_IN_ADDRESS, email, ADVISOR)


def test_a_sign_in_of_another_account_is_not_touched(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada)
    identity.pool.add("ada", account_id="acc_other")
    with pytest.raises(Conflict, match="no sign-in"):
        identity.access.reset(ada, ResetKind.ALL_SESSIONS, None, ADVISOR)
    assert identity.pool.ended == []


def test_what_is_switched_off_stays_so(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada, is_enabled=False)
    with pytest.raises(Conflict) as refused:
        identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR)
    assert refused.value.extra == {"reason": "disabled"}


def test_a_wish_that_the_pool_refuses_stands_in_the_log(identity: IdentityDesk, ada: str) -> None:
    bound(identity, ada, email_verified=False)
    with pytest.raises(NoWayToReset):
        identity.access.reset(ada, ResetKind.PASSWORD, None, ADVISOR)
    assert identity.logged(ada)[0] is Accessed.ACCESS_RESET
