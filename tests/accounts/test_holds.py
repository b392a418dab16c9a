"""Holds: how long each kind lasts, which stand on a day, and how they are placed, changed and released."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from chalicelib.accounts.holds import AccountHolds, Hold, HoldKind, disputed_minor, held_on, months_before
from chalicelib.accounts.holds_orders import HoldOrder
from chalicelib.accounts.holds_policy import HOLDS_POLICY, HoldRules
from chalicelib.accounts.holds_service import Holds
from chalicelib.accounts.holds_store import HoldStore
from chalicelib.accounts.letters import Letter
from chalicelib.audit.model import Actor
from chalicelib.platform.dynamo import Table
from chalicelib.platform.errors import Conflict, NotFound, PreconditionFailed, Unavailable, Unprocessable
from chalicelib.platform.money import Money
from chalicelib.policy.model import initial
from tests.billing.builders import open_account
from tests.fakes import CountingIds, FixedClock
from tests.memory_table import MemoryTable

TODAY = date(2026, 11, 2)
ACTOR = Actor("sub-advisor", "advisor.one", "req-1")
K = HoldKind
RULES = HoldRules()


@dataclass
class Postbox:
    """Keeps letters by what makes them one; `is_shut` for a post that does not answer."""

    letters: dict[str, Letter] = field(default_factory=dict)
    is_shut: bool = False

    def send(self, letter: Letter) -> bool:
        if self.is_shut:
            raise Unavailable("busy")
        is_new = letter.letter_id not in self.letters
        self.letters.setdefault(letter.letter_id, letter)
        return is_new


@dataclass
class Followers:
    seen: list[AccountHolds] = field(default_factory=list)

    def changed(self, holds: AccountHolds) -> None:
        self.seen.append(holds)


@dataclass
class HoldDesk:
    table: Table = field(default_factory=MemoryTable)
    post: Postbox = field(default_factory=Postbox)
    follower: Followers = field(default_factory=Followers)
    clock: FixedClock = field(default_factory=FixedClock)
    today: date = TODAY
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        open_account(self.table)
        ids = CountingIds()
        self.holds = Holds(
            HoldStore(self.table), lambda _: initial(HOLDS_POLICY), self.post,
            lambda account, invoice: (account, invoice) == ("acc_1", "inv_1"), (self.follower,), self.clock, ids,
            lambda: self.today, lambda name: self.counted.update([name]),
        )  # fmt: skip

    def place(self, kind: HoldKind, from_on: date = TODAY, **said: object) -> Hold:
        return self.holds.place("acc_1", HoldOrder(kind, from_on, **said), ACTOR)  # type: ignore[arg-type]

    def audit(self) -> list[str]:
        return [row["action"] for sk, row in sorted(self.table.items["A#acc_1"].items()) if sk.startswith("U#")]  # type: ignore[attr-defined]


@pytest.fixture
def desk() -> HoldDesk:
    return HoldDesk()


@pytest.mark.parametrize(
    ("kind", "wanted", "ended", "last"),
    [
        (K.BREATHING_SPACE, None, None, date(2026, 12, 31)),  # the sixtieth day
        (K.MENTAL_HEALTH_CRISIS, None, None, None),
        (K.MENTAL_HEALTH_CRISIS, None, date(2026, 11, 20), date(2026, 12, 20)),
        (K.DEBT_ADVICE, None, None, date(2026, 12, 1)),
        (K.DEBT_ADVICE, date(2026, 11, 9), None, date(2026, 11, 9)),
        (K.VULNERABILITY, None, None, None),
        (K.PAYMENT_PROMISE, date(2026, 11, 9), None, date(2026, 11, 9)),
    ],
)
def test_how_long_a_hold_lasts(kind: HoldKind, wanted: date | None, ended: date | None, last: date | None) -> None:
    assert RULES.last_day(kind, TODAY, wanted, ended) == last


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (K.BREATHING_SPACE, date(2027, 3, 1)),
        (K.BREATHING_SPACE, date(2026, 11, 9)),
        (K.MENTAL_HEALTH_CRISIS, date(2026, 11, 9)),
        (K.PAYMENT_PROMISE, None),
        (K.PAYMENT_PROMISE, TODAY + timedelta(days=32)),
    ],
)
def test_an_end_that_the_kind_does_not_have_is_refused(kind: HoldKind, wanted: date | None) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        RULES.last_day(kind, TODAY, wanted, None)


def test_a_hold_stands_from_its_first_day_to_its_last(desk: HoldDesk) -> None:
    hold = desk.place(K.BREATHING_SPACE, TODAY + timedelta(days=1))
    days = [TODAY + timedelta(days=n) for n in (0, 1, 60, 61)]
    assert [bool(held_on([hold], day)) for day in days] == [False, True, True, False]
    assert held_on([hold], days[1], [K.DISPUTE]) == ()


@pytest.mark.parametrize(
    ("parts", "disputed"), [((1200,), 1200), ((1200, 5000), 6000), ((1200, None), 6000), ((), 0), ((100, 200), 300)]
)
def test_disputed_parts_of_an_invoice_add_up_to_all_of_it_at_most(
    desk: HoldDesk, parts: tuple[int | None, ...], disputed: int
) -> None:
    for n, part in enumerate(parts):
        amount = Money(amount_minor=part, currency="GBP") if part else None
        desk.place(K.DISPUTE, invoice_id="inv_1", amount=amount, reference=str(n))
    holds = desk.holds.of("acc_1").holds
    assert disputed_minor(holds, "inv_1", 6000, TODAY) == disputed
    assert disputed_minor(holds, "inv_2", 6000, TODAY) == 0
    assert disputed_minor(holds, "inv_1", 6000, TODAY - timedelta(days=1)) == 0


def test_a_hold_is_placed_with_audit_letter_and_news(desk: HoldDesk) -> None:
    hold = desk.place(K.BREATHING_SPACE, reference="BS-1", note="told by post")
    assert desk.holds.of("acc_1").holds == (hold,)
    assert (hold.policy, hold.until_on, desk.audit()) == ("holds@initial", date(2026, 12, 31), ["hold.placed"])
    (letter,) = desk.post.letters.values()
    assert (letter.name, letter.facts["until_on"], letter.purpose.value) == (
        "collections/hold_placed", "2026-12-31", "service",
    )  # fmt: skip
    assert [holds.holds for holds in desk.follower.seen] == [(hold,)]
    assert desk.counted == {"HoldsPlaced": 1}


def test_an_order_that_broke_off_is_gone_on_with_when_it_is_repeated(desk: HoldDesk) -> None:
    desk.post.is_shut = True
    with pytest.raises(Unavailable):
        desk.place(K.BREATHING_SPACE)
    assert (len(desk.holds.of("acc_1").holds), desk.follower.seen) == (1, [])
    desk.post.is_shut = False
    desk.clock.tick(60)
    again = desk.place(K.BREATHING_SPACE)
    assert desk.holds.of("acc_1").holds == (again,)
    assert (len(desk.post.letters), len(desk.follower.seen), desk.audit()) == (1, 1, ["hold.placed"])


def test_a_second_hold_of_a_kind_from_the_same_day_is_a_conflict(desk: HoldDesk) -> None:
    desk.place(K.DEBT_ADVICE)
    with pytest.raises(Conflict):
        desk.place(K.DEBT_ADVICE, until_on=date(2026, 11, 9))


@pytest.mark.parametrize(
    ("days", "is_repeat"), [(0, False), (200, True), (364, True), (365, False), (800, False)]
)  # fmt: skip
def test_a_breathing_space_within_twelve_months_of_another_stands_and_is_marked(
    desk: HoldDesk, days: int, is_repeat: bool
) -> None:
    first = desk.place(K.BREATHING_SPACE)
    desk.today = TODAY + timedelta(days=days)
    second = desk.place(K.BREATHING_SPACE, desk.today)
    assert (first.is_repeat, second.is_repeat) == (False, is_repeat)


def test_overlapping_holds_stand_side_by_side_and_those_that_are_over_are_dropped(desk: HoldDesk) -> None:
    desk.place(K.DEBT_ADVICE, until_on=date(2026, 11, 9))
    desk.place(K.VULNERABILITY, date(2026, 11, 5))
    assert len(desk.holds.of("acc_1").on(date(2026, 11, 6))) == 2
    desk.today = date(2026, 11, 20)
    desk.place(K.BEREAVEMENT, desk.today)
    assert [hold.kind for hold in desk.holds.of("acc_1").holds] == [K.VULNERABILITY, K.BEREAVEMENT]


def test_a_crisis_ends_thirty_days_after_its_treatment(desk: HoldDesk) -> None:
    hold = desk.place(K.MENTAL_HEALTH_CRISIS)
    assert hold.stands_on(date(2030, 1, 1))
    ended = desk.holds.change("acc_1", hold.hold_id, {"treatment_ended_on": date(2026, 12, 1)}, 1, ACTOR)
    assert (ended.until_on, ended.version, desk.holds.of("acc_1").holds) == (date(2026, 12, 31), 2, (ended,))
    with pytest.raises(PreconditionFailed):
        desk.holds.change("acc_1", hold.hold_id, {"treatment_ended_on": TODAY}, 1, ACTOR)


def test_a_released_hold_is_gone_and_stays_in_the_trail(desk: HoldDesk) -> None:
    hold = desk.place(K.VULNERABILITY)
    assert desk.holds.release("acc_1", hold.hold_id, "the customer asked", ACTOR) == hold
    assert desk.holds.of("acc_1").holds == ()
    assert desk.audit() == ["hold.placed", "hold.released"]
    with pytest.raises(NotFound):
        desk.holds.release("acc_1", hold.hold_id, "again", ACTOR)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": K.DISPUTE},
        {"kind": K.DISPUTE, "invoice_id": "inv_2"},
        {"kind": K.DISPUTE, "invoice_id": "inv_1", "amount": Money(amount_minor=100, currency="EUR")},
        {"kind": K.DISPUTE, "invoice_id": "inv_1", "amount": Money(amount_minor=0, currency="GBP")},
        {"kind": K.VULNERABILITY, "invoice_id": "inv_1"},
        {"kind": K.VULNERABILITY, "treatment_ended_on": TODAY},
        {"kind": K.VULNERABILITY, "until_on": TODAY - timedelta(days=1)},
        {"kind": K.MENTAL_HEALTH_CRISIS, "treatment_ended_on": date(2026, 1, 1)},
        {"kind": K.BREATHING_SPACE, "from_on": date(2026, 9, 3)},
    ],
)
def test_what_does_not_fit_the_kind_is_refused(desk: HoldDesk, said: dict[str, object]) -> None:
    kind = said.pop("kind")
    with pytest.raises(Unprocessable):
        desk.place(kind, **said)  # type: ignore[arg-type]
    assert (desk.holds.of("acc_1").holds, desk.post.letters) == ((), {})


def test_an_account_has_twelve_holds_at_most(desk: HoldDesk) -> None:
    for n in range(12):
        desk.place(K.DISPUTE, invoice_id="inv_1", reference=str(n))
    with pytest.raises(Conflict):
        desk.place(K.VULNERABILITY)
    desk.place(K.DISPUTE, invoice_id="inv_1", reference="3")


def test_no_hold_without_an_account(desk: HoldDesk) -> None:
    with pytest.raises(NotFound):
        desk.holds.place("acc_2", HoldOrder(K.VULNERABILITY, TODAY), ACTOR)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 15), 12, date(2025, 12, 15)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 11, 2), 0, date(2026, 11, 2)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
