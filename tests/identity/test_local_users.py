"""The local desk's customer is bound to the account as an invitation would bind one."""

from __future__ import annotations

from infra.local.users import CUSTOMER, bind_customer
from tests.identity.desk import ADVISOR, IdentityDesk


def test_the_customer_is_bound_once_and_found_by_the_desk(identity: IdentityDesk, ada: str) -> None:
    for _ in range(2):
        bind_customer(identity.store, ada)
    identity.pool.add(CUSTOMER, account_id=ada)
    state = identity.state(ada)
    assert (state.users, state.version) == ((CUSTOMER,), 1)
    assert identity.access.failing(ada).value == "none"
    identity.prove_by_code(ada, ADVISOR)
    assert identity.state(ada).users == (CUSTOMER,)
