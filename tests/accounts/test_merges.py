"""Two accounts become one, and two again: what moves, what stands against it, and that nothing is left of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.accounts.contact import Role
from chalicelib.accounts.heads import AccountMerged
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.marks import AddressMarks
from chalicelib.accounts.merge_guards import HoldGuard, PreferenceGuard, SummaryGuard
from chalicelib.accounts.merge_model import MergeState, Obstacle
from chalicelib.accounts.merge_writing import MergeBlocked
from chalicelib.accounts.model import AccountStatus
from chalicelib.accounts.preferences_store import PreferenceStore
from chalicelib.accounts.store import summary_key
from chalicelib.billing.ledger import LedgerEntry, book
from chalicelib.billing.model import Subscription, SubscriptionStatus
from chalicelib.billing.movements import EntryKind, Movement
from chalicelib.billing.receivables import Receivables
from chalicelib.billing.store import entry_put
from chalicelib.payments.model import Payment, PaymentStatus
from chalicelib.platform.dynamo import ConditionFailed, Delete, Put
from chalicelib.platform.errors import Conflict, NotFound, Unprocessable
from tests.accounts.merge_desk import ADA, AGAIN, BOSS, MergeDesk

AT = "2026-11-02T09:00:00Z"
NEED = {
    "kind": "sight", "source": "customer", "since_on": "2026-11-02", "consent_to_record": True, "recorded_at": AT
}  # fmt: skip
CONSENT = {"purpose": "marketing", "channel": "mail", "source": "customer", "at": AT}


@pytest.fixture
def desk() -> MergeDesk:
    return MergeDesk()


def found(desk: MergeDesk, text: str) -> list[str]:
    return [ref.account_id for ref in desk.accounts.search(text, 25, None)[0]]


def test_the_survivor_gets_addresses_and_open_cases_and_searches_lead_to_it(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    AddressMarks(desk.accounts.heads, desk.new_id).verified(again.account_id, AGAIN["emails"][1], "one_time_code", BOSS)
    case_id = desk.case(again.account_id, 1)
    merge = desk.merges.merge(ada.account_id, again.account_id, BOSS)

    assert (merge.emails, merge.phones, merge.case_ids) == (("a.lovelace@home.example",), (), (case_id,))
    whole, gone = desk.accounts.get(ada.account_id), desk.accounts.get(again.account_id)
    assert whole.emails == ("ada@engines.example", "a.lovelace@home.example")
    brought = whole.contact_points[1]
    assert (brought.verified_how, brought.roles) == ("one_time_code", (Role.SERVICE,))
    assert (gone.status, gone.merged_into, gone.emails) == (AccountStatus.MERGED, ada.account_id, again.emails)
    moved = desk.cases.get(case_id)
    assert moved is not None
    assert moved.account_id == ada.account_id
    assert [ref.case_id for ref in desk.cases.of_owner(f"A#{ada.account_id}", False, 5, None)[0]] == [case_id]
    for text in ("ada@engines.example", "a.lovelace@home.example", "lovelace", again.account_number):
        assert found(desk, text) == [ada.account_id], text
    assert [change.come for change in desk.listener.heard] == [("a.lovelace@home.example",)]
    assert desk.counted == {"AccountsMerged": 1}


def test_once_more_it_is_found_done_and_so_is_the_undo(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    first = desk.merges.merge(ada.account_id, again.account_id, BOSS)
    assert desk.merges.merge(ada.account_id, again.account_id, BOSS) == first
    undone = desk.merges.undo(first.merge_id, BOSS)
    assert (undone.state, desk.merges.undo(first.merge_id, BOSS)) == (MergeState.UNDONE, undone)
    second = desk.merges.merge(ada.account_id, again.account_id, BOSS)
    assert second.merge_id != first.merge_id
    assert desk.counted == {"AccountsMerged": 2, "MergesUndone": 1}


words = st.sampled_from(["Ada", "Zoë", "Lovelace", "King", "Byron", "Müller", "O'Neill"])
addresses = st.lists(st.integers(0, 7), max_size=4, unique=True)
profiles = st.builds(
    lambda given, family, mails, phones: {
        **ADA, "name": {"given": given, "family": family}, "emails": [f"m{n}@home.example" for n in mails],
        "phones": [f"+44207946000{n}" for n in phones],
    },
    words, words, addresses, addresses,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(profiles, profiles, st.integers(0, 3), st.booleans())
def test_a_merge_and_its_undo_leave_everything_as_it_was(
    first: dict[str, Any], second: dict[str, Any], cases: int, changed_between: bool
) -> None:
    desk = MergeDesk()
    one, other = desk.opened(first), desk.opened(second)
    for number in range(cases):
        desk.case(other.account_id, number)
    before = desk.state()
    merge = desk.merges.merge(one.account_id, other.account_id, BOSS)
    assert found(desk, other.account_number) == [one.account_id]
    if changed_between:
        for language in ("cy", "en-GB"):
            version = desk.accounts.get(one.account_id).version
            desk.accounts.change(one.account_id, {"language": language}, version, BOSS)
    desk.clock.tick(timedelta(days=30).total_seconds())
    desk.merges.undo(merge.merge_id, BOSS)
    assert desk.state() == before


def test_after_the_days_of_the_policy_it_stays_merged(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    merge = desk.merges.merge(ada.account_id, again.account_id, BOSS)
    desk.clock.tick(timedelta(days=30, seconds=1).total_seconds())
    with pytest.raises(Conflict) as refused:
        desk.merges.undo(merge.merge_id, BOSS)
    assert refused.value.extra == {"reason": "window_over"}
    with pytest.raises(NotFound):
        desk.merges.undo("mrg_absent", BOSS)


def test_merges_one_after_the_other_lead_to_the_last_and_are_undone_backwards(desk: MergeDesk) -> None:
    first, second, third = (desk.opened({**ADA, "emails": [f"m{n}@home.example"]}) for n in range(3))
    inner = desk.merges.merge(second.account_id, first.account_id, BOSS)
    outer = desk.merges.merge(third.account_id, second.account_id, BOSS)
    assert found(desk, first.account_number) == [third.account_id]
    assert found(desk, "m0@home.example") == [third.account_id]
    with pytest.raises(Conflict) as refused:
        desk.merges.undo(inner.merge_id, BOSS)
    assert refused.value.extra == {"reason": "merged_since", "merge_id": outer.merge_id}
    desk.merges.undo(outer.merge_id, BOSS)
    desk.merges.undo(inner.merge_id, BOSS)
    assert found(desk, "m0@home.example") == [first.account_id]


def test_what_was_merged_is_changed_no_more(desk: MergeDesk) -> None:
    ada, again, third = desk.opened(ADA), desk.opened(AGAIN), desk.opened(ADA)
    desk.merges.merge(ada.account_id, again.account_id, BOSS)
    with pytest.raises(AccountMerged):
        desk.accounts.change(again.account_id, {"language": "cy"}, 2, BOSS)
    with pytest.raises(AccountMerged):
        desk.merges.merge(again.account_id, third.account_id, BOSS)


def test_what_is_no_account_of_its_own_is_no_duplicate(desk: MergeDesk) -> None:
    ada, again, third = desk.opened(ADA), desk.opened(AGAIN), desk.opened(ADA)
    desk.merges.merge(ada.account_id, again.account_id, BOSS)
    for survivor, duplicate in (
        (ada.account_id, ada.account_id),
        (ada.account_id, "acc_absent"),
        (third.account_id, again.account_id),
    ):
        with pytest.raises(Unprocessable) as refused:
            desk.merges.merge(survivor, duplicate, BOSS)
        assert [error.pointer for error in refused.value.errors] == ["/duplicate_account_id"]


@pytest.mark.parametrize("rival", ["money", "profile", "case"])
def test_what_comes_between_is_seen(desk: MergeDesk, rival: str) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    case_id = desk.case(again.account_id, 1)
    rivals: dict[str, Callable[[], object]] = {
        "money": lambda: desk.table.write(Put(entry_put(a_ledger_entry(again.account_id)).item)),
        "profile": lambda: desk.accounts.change(again.account_id, {"emails": ("new@home.example",)}, 1, BOSS),
        "case": lambda: desk.case(again.account_id, 1, version=2),
    }
    waiting = [rivals[rival]]

    def step(name: str) -> None:
        if name == "before transact" and waiting:
            waiting.pop()()

    watched = MergeDesk(table=desk.table.seen(step), clock=desk.clock, new_id=desk.new_id)
    if rival == "money":
        assert obstacles(watched, ada.account_id, again.account_id) == ["credit"]
        assert desk.accounts.get(again.account_id).status is AccountStatus.ACTIVE
        return
    merge = watched.merges.merge(ada.account_id, again.account_id, BOSS)
    assert merge.case_ids == (case_id,)
    assert merge.emails == (("new@home.example",) if rival == "profile" else ("a.lovelace@home.example",))
    assert waiting == []


def obstacles(desk: MergeDesk, survivor: str, duplicate: str) -> list[str]:
    with pytest.raises(MergeBlocked) as refused:
        desk.merges.merge(survivor, duplicate, BOSS)
    return [each["kind"] for each in refused.value.extra["obstacles"]]


def test_all_that_stands_against_it_is_named_at_once(desk: MergeDesk) -> None:
    ada = desk.opened({**ADA, "emails": [f"m{n}@home.example" for n in range(9)]})
    again = desk.opened(AGAIN)
    for number in range(11):
        desk.case(again.account_id, number)
    desk.billing.add_subscription(a_subscription(again.account_id))
    desk.payments.begin(a_payment(again.account_id))
    assert obstacles(desk, ada.account_id, again.account_id) == [
        "too_many_contacts", "active_subscriptions", "payment_under_way", "too_many_cases"
    ]  # fmt: skip
    assert desk.accounts.get(again.account_id).status is AccountStatus.ACTIVE


def test_a_plan_that_is_under_way_stands_against_it(desk: MergeDesk) -> None:
    guard = SummaryGuard(desk.table, "PLAN", Obstacle(kind="payment_plan", detail="End it."))
    assert guard.standing("acc_1").obstacles == ()
    pk, sk = summary_key("acc_1", "PLAN")
    (check,) = guard.standing("acc_1").checks
    desk.table.transact([check])
    desk.table.write(Put({"pk": pk, "sk": sk}))
    assert [each.kind for each in guard.standing("acc_1").obstacles] == ["payment_plan"]
    desk.table.write(Delete(pk, sk))


def test_a_hold_stands_against_it_until_it_is_over(desk: MergeDesk) -> None:
    hold = {
        "hold_id": "hold_1", "kind": "breathing_space", "from_on": "2026-10-01", "until_on": "2026-11-29",
        "policy": "holds@initial", "placed_at": "2026-10-01T09:00:00Z", "placed_by_name": "advisor.one",
    }  # fmt: skip
    pk, sk = summary_key("acc_1", "HOLDS")
    desk.table.write(Put({"pk": pk, "sk": sk, "account_id": "acc_1", "holds": [hold], "version": 1}))
    for day, kinds in ((date(2026, 11, 29), ["hold_breathing_space"]), (date(2026, 11, 30), [])):
        standing = HoldGuard(HoldStore(desk.table), lambda day=day: day).standing("acc_1")  # type: ignore[misc]
        assert [each.kind for each in standing.obstacles] == kinds
    desk.table.transact(standing.checks)
    desk.table.write(Put({"pk": pk, "sk": sk, "account_id": "acc_1", "holds": [hold], "version": 2}))
    with pytest.raises(ConditionFailed):
        desk.table.transact(standing.checks)


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ({"formats": ["large_print"]}, ["preferences"]),
        ({"support_needs": [NEED]}, ["preferences"]),
        ({"consents": [{**CONSENT, "is_allowed": False}]}, ["preferences"]),
        ({"consents": [{**CONSENT, "is_allowed": True}], "preferred_time": "morning"}, []),
    ],
)
def test_what_a_customer_needs_or_declined_is_not_lost(desk: MergeDesk, said: dict[str, Any], kinds: list[str]) -> None:
    """A refusal of advertising goes on to hold for the address that the survivor gets."""
    guard = PreferenceGuard(PreferenceStore(desk.table))
    assert guard.standing("acc_1").obstacles == ()
    desk.table.transact(guard.standing("acc_1").checks)
    pk, sk = summary_key("acc_1", "PREFS")
    desk.table.write(Put({"pk": pk, "sk": sk, "account_id": "acc_1", "version": 1, **said}))
    assert [each.kind for each in guard.standing("acc_1").obstacles] == kinds


def test_a_link_that_can_still_be_paid_stands_against_it_for_a_day(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    waiting = {"status": PaymentStatus.REQUIRES_PAYMENT, "created_at": desk.clock()}
    desk.payments.begin(a_payment(again.account_id).model_copy(update=waiting))
    assert obstacles(desk, ada.account_id, again.account_id) == ["payment_under_way"]
    desk.clock.tick(timedelta(days=1).total_seconds())
    assert desk.merges.merge(ada.account_id, again.account_id, BOSS).state is MergeState.MERGED


def test_a_subscription_beyond_the_first_page_is_seen(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    ended = a_subscription(again.account_id).model_copy(update={"status": SubscriptionStatus.CANCELLED})
    for number in range(100):
        desk.billing.add_subscription(ended.model_copy(update={"subscription_id": f"sub_{number:03d}"}))
    desk.billing.add_subscription(a_subscription(again.account_id).model_copy(update={"subscription_id": "sub_999"}))
    assert obstacles(desk, ada.account_id, again.account_id) == ["active_subscriptions"]


def test_no_hold_is_placed_on_what_was_merged(desk: MergeDesk) -> None:
    ada, again = desk.opened(ADA), desk.opened(AGAIN)
    desk.merges.merge(ada.account_id, again.account_id, BOSS)
    with pytest.raises(AccountMerged) as refused:
        HoldStore(desk.table).currency_of(again.account_id)
    assert refused.value.extra == {"merged_into": ada.account_id}


def a_ledger_entry(account_id: str) -> LedgerEntry:
    """Five pounds that the customer paid too much."""
    before = Receivables(account_id=account_id, currency="GBP")
    after, _ = before.paid(500, ())
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return book(before, after, Movement(EntryKind.PAYMENT, 500, "pay_9", at, "req-1", BOSS), at)


def a_subscription(account_id: str) -> Subscription:
    return Subscription(
        subscription_id="sub_1", account_id=account_id, plan_code="fibre_100", plan_name="Fibre 100",
        service="broadband", price_minor=2750, currency="GBP", started_on=date(2026, 1, 1), anchor_day=1,
    )  # fmt: skip


def a_payment(account_id: str) -> Payment:
    return Payment.model_validate(
        {
            "payment_id": "pay_1", "account_id": account_id, "amount_minor": 500, "currency": "GBP",
            "status": PaymentStatus.PROCESSING, "taken_by": "sub-1", "taken_by_name": "advisor.one",
            "created_at": "2026-11-02T08:00:00Z",
        }
    )  # fmt: skip
