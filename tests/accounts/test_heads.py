"""Several writers of one head: nobody's change is lost, and whoever hears of it is told in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.accounts.contact import ContactChange
from chalicelib.accounts.marks import AddressMarks
from chalicelib.platform.dynamo import ABSENT, Put, Write
from chalicelib.platform.errors import PreconditionFailed, Unavailable
from tests.accounts.merge_desk import ADA, BOSS, MergeDesk
from tests.memory_table import MemoryTable


@dataclass
class Noting:
    """Leaves an item for each change of contacts, in its transaction."""

    heard: list[str] = field(default_factory=list)

    def writes(self, change: ContactChange) -> Sequence[Write]:
        return [Put({"pk": "NOTED", "sk": change.change_id, "gone": list(change.gone)}, ABSENT)]

    def changed(self, change: ContactChange) -> None:
        self.heard.append(change.change_id)


@pytest.fixture
def desk() -> MergeDesk:
    return MergeDesk()


def rivalled(desk: MergeDesk, rival: str, account_id: str, times: int) -> MergeDesk:
    """The desk, where somebody else writes the head just before each of so many transactions."""
    left = [times]

    def step(name: str) -> None:
        if name != "before transact" or not left[0]:
            return
        left[0] -= 1
        if rival == "mark":
            at = desk.clock.tick(1)
            marks = AddressMarks(desk.accounts.heads, desk.new_id)
            assert marks.verified(account_id, ADA["emails"][0], f"at {at}", BOSS)
        else:
            version = desk.accounts.get(account_id).version
            desk.accounts.change(account_id, {"language": f"{'cy' if version % 2 else 'de'}"}, version, BOSS)

    return MergeDesk(table=desk.table.seen(step), clock=desk.clock, new_id=desk.new_id)


@pytest.mark.parametrize("times", [1, 3])
def test_a_mark_that_comes_between_is_kept_and_so_is_the_change(desk: MergeDesk, times: int) -> None:
    ada = desk.opened(ADA)
    rivalled(desk, "mark", ada.account_id, times).accounts.change(ada.account_id, {"language": "cy"}, 1, BOSS)
    after = desk.accounts.get(ada.account_id)
    assert (after.language, after.version, after.revision) == ("cy", 2, times + 1)
    assert after.contact_points[0].verified_at is not None


def test_a_change_of_the_same_version_that_comes_between_refuses_the_later(desk: MergeDesk) -> None:
    ada = desk.opened(ADA)
    with pytest.raises(PreconditionFailed):
        rivalled(desk, "change", ada.account_id, 1).accounts.change(ada.account_id, {"language": "fr"}, 1, BOSS)
    assert desk.accounts.get(ada.account_id).language == "cy"


def test_whoever_is_never_first_is_asked_to_try_again(desk: MergeDesk) -> None:
    ada = desk.opened(ADA)
    with pytest.raises(Unavailable):
        rivalled(desk, "mark", ada.account_id, 99).accounts.change(ada.account_id, {"language": "cy"}, 1, BOSS)
    assert desk.accounts.get(ada.account_id).language == "en-GB"


class Ended(BaseException):
    """The process ends here."""


def test_what_follows_a_change_of_contacts_outlives_a_crash(desk: MergeDesk) -> None:
    ada, noting = desk.opened(ADA), Noting()

    def end(name: str) -> None:
        if name == "after transact":
            raise Ended

    seen: MemoryTable = desk.table.seen(end)
    dying = MergeDesk(table=seen, clock=desk.clock, new_id=desk.new_id).accounts
    with pytest.raises(Ended):
        replace(dying, listeners=[noting]).change(ada.account_id, {"emails": ("new@home.example",)}, 1, BOSS)
    assert [item["gone"] for item in desk.table.items["NOTED"].values()] == [ADA["emails"]]
    assert noting.heard == []


def test_listeners_hear_of_contacts_alone_and_once(desk: MergeDesk) -> None:
    ada, noting = desk.opened(ADA), Noting()
    accounts = replace(desk.accounts, listeners=[noting])
    accounts.change(ada.account_id, {"language": "cy"}, 1, BOSS)
    assert noting.heard == []
    accounts.change(ada.account_id, {"phones": ()}, 2, BOSS)
    assert list(desk.table.items["NOTED"]) == noting.heard
