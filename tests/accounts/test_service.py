"""Use cases of accounts that HTTP alone does not reach: numbers that are taken, two who change at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.accounts.model import Account, AccountKind, Profile
from chalicelib.accounts.service import Accounts
from chalicelib.accounts.store import AccountStore
from chalicelib.audit.model import Actor, AuditEntry, entry
from chalicelib.platform import aws
from chalicelib.platform.dynamo import Table, Update
from chalicelib.platform.errors import Conflict, PreconditionFailed
from tests.fakes import CountingIds, FixedClock
from tests.harness import TABLE, Meter

ACTOR = Actor("sub-1", "ada", "req-1")
PROFILE = Profile.model_validate(
    {
        "name": {"given": "Ada", "family": "Lovelace"},
        "emails": ["ada@example.com"],
        "billing_address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
    }
)


@pytest.fixture
def accounts(cloud: None, clock: FixedClock, new_id: CountingIds) -> Accounts:
    return Accounts(AccountStore(Table(aws.dynamodb(), TABLE)), clock, new_id)


@pytest.fixture
def ada(accounts: Accounts) -> Account:
    return accounts.create(PROFILE, AccountKind.CONSUMER, "GBP", ACTOR)


def drawing(accounts: Accounts, *serials: int) -> Accounts:
    drawn = iter(serials)
    return replace(accounts, draw=lambda _: next(drawn))


def test_a_number_that_is_taken_is_drawn_again(accounts: Accounts) -> None:
    accounts = drawing(accounts, 7, 7, 7, 8)
    first, second = (accounts.create(PROFILE, AccountKind.CONSUMER, "GBP", ACTOR) for _ in range(2))
    assert first.account_number[:-1] == "000000007"
    assert second.account_number[:-1] == "000000008"


def test_after_three_taken_numbers_it_says_so_and_nothing_is_left_behind(accounts: Accounts) -> None:
    accounts = drawing(accounts, 7, 7, 7, 7)
    accounts.create(PROFILE, AccountKind.CONSUMER, "GBP", ACTOR)
    with pytest.raises(Conflict):
        accounts.create(PROFILE, AccountKind.CONSUMER, "GBP", ACTOR)
    assert len(accounts.find("email", "ada@example.com")[0]) == 1


def test_of_two_who_change_the_same_version_one_is_refused(accounts: Accounts, ada: Account) -> None:
    stale = accounts.get(ada.account_id)
    accounts.change(ada.account_id, {"language": "cy"}, 1, ACTOR)
    late = stale.model_copy(update={"language": "fr", "version": 2})
    with pytest.raises(PreconditionFailed):
        accounts.store.change(stale, late, _entry_of(late))
    assert accounts.get(ada.account_id).language == "cy"


def test_a_change_of_the_profile_leaves_alone_what_other_domains_note(accounts: Accounts, ada: Account) -> None:
    accounts.store.table.write(Update(f"A#{ada.account_id}", "L$HEAD", set={"stripe_customer_id": "cus_1"}))
    changed = accounts.change(ada.account_id, {"phones": ("+447700900123",)}, 1, ACTOR)
    assert changed.stripe_customer_id == accounts.get(ada.account_id).stripe_customer_id == "cus_1"


def test_a_change_that_changes_nothing_leaves_the_version_and_the_audit_alone(
    accounts: Accounts, ada: Account, meter: Meter
) -> None:
    assert accounts.change(ada.account_id, {"language": "en-GB"}, 1, ACTOR) == ada
    assert (meter.calls, meter.write_units) == (["GetItem"], 0)


def test_a_new_name_is_found_and_the_old_one_is_not(accounts: Accounts, ada: Account) -> None:
    accounts.change(ada.account_id, {"name": {"given": "Ada", "family": "King"}}, 1, ACTOR)
    assert [ref.display_name for ref in accounts.search("king", 25, None)[0]] == ["Ada King"]
    assert accounts.search("lovelace", 25, None)[0] == []
    assert [ref.display_name for ref in accounts.search("+447700900123", 25, None)[0]] == []


def test_a_business_is_found_once_by_its_person_too(accounts: Accounts) -> None:
    name = {"given": "Ann", "family": "Annable", "company": "Difference Engines Ltd"}
    profile = Profile.model_validate(PROFILE.model_dump() | {"name": name})
    accounts.create(profile, AccountKind.BUSINESS, "GBP", ACTOR)
    for text in ("annable", "ann", "engines ann", "diff"):
        assert [ref.display_name for ref in accounts.search(text, 25, None)[0]] == ["Difference Engines Ltd"], text
    assert accounts.search("ann king", 25, None)[0] == []


def test_the_longest_profile_gives_way_to_another_one_in_one_transaction(accounts: Accounts) -> None:
    def longest(letter: str) -> dict[str, Any]:
        words = [f"{letter}{n}" for n in range(60)]
        name = {"given": words[:20], "family": words[20:40], "company": words[40:]}
        return {
            "name": {part: " ".join(of_it) for part, of_it in name.items()},
            "emails": tuple(f"{letter}{n}@example.com" for n in range(10)),
            "phones": tuple(f"+4477009{ord(letter)}{n:02d}" for n in range(10)),
        }

    first = Profile.model_validate(PROFILE.model_dump() | longest("a"))
    account = accounts.create(first, AccountKind.BUSINESS, "GBP", ACTOR)
    changed = accounts.change(account.account_id, longest("b"), 1, ACTOR)
    assert changed.version == 2
    assert accounts.search("a1", 25, None)[0] == []
    assert [ref.account_id for ref in accounts.search("b1", 25, None)[0]] == [account.account_id]


def test_what_was_changed_a_moment_ago_can_be_changed_again(
    accounts: Accounts, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads of the table lag behind unless they are consistent, which the mocked table never shows."""
    read = Table.get
    lagging = lambda table, pk, sk, *, consistent=False: read(table, pk, sk) if consistent else None  # noqa: E731
    monkeypatch.setattr(Table, "get", lagging)
    assert accounts.change(ada.account_id, {"language": "cy"}, 1, ACTOR).version == 2


def test_a_household_shares_a_mail(accounts: Accounts, ada: Account) -> None:
    second = accounts.create(PROFILE, AccountKind.CONSUMER, "GBP", ACTOR)
    found, _ = accounts.find("email", "ada@example.com")
    assert {ref.account_id for ref in found} == {ada.account_id, second.account_id}


def _entry_of(account: Account) -> AuditEntry:
    at = account.updated_at
    return entry("aud_late", f"A#{account.account_id}", "account.changed", ACTOR, at, {}, {})
