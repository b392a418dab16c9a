"""Mails of one thread that cross each other: one taken in whole within the other, at each of its calls to the table;
or the other broken off there. All come again afterwards, as a queue brings them that nobody answered."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

import pytest

from tests.cases.builders import Crash
from tests.intake.desk_door import DeskDoor
from tests.intake.mails import raw

FIRST, ANSWER, LATER, COPY = "First.", "Answer.", "Later.", "First, and the foot of a list."
MAILS: Mapping[str, Mapping[str, str]] = {
    FIRST: {"message_id": "<1@mail.example>"},
    ANSWER: {"message_id": "<2@mail.example>", "in_reply_to": "<1@mail.example>"},
    LATER: {
        "message_id": "<3@mail.example>", "in_reply_to": "<2@mail.example>",
        "references": "<1@mail.example> <2@mail.example>",
    },
    COPY: {"message_id": "<1@mail.example>", "list_post": "<mailto:accounts@example.com>"},
}  # fmt: skip
_CALLS = 20
"""More than the taking in of any of them has."""


def take_in(door: DeskDoor, words: str) -> str:
    name = f"ses-{list(MAILS).index(words)}"
    return door.deliver(raw(f"{words}\n", **MAILS[words]), key=f"mail/{name}", message_id=name).what


def cross(door: DeskDoor, outer: str, inner: str, at: int, *, breaks: bool) -> None:
    """Take in `inner` before or after the call `at` of `outer`, which ends there when it `breaks`."""
    whole, calls, lock, broken = door.intake, itertools.count(1), threading.Lock(), threading.Event()

    def step(_: str) -> None:
        with lock:
            number = next(calls)
        if broken.is_set():
            raise Crash
        if number != at:
            return
        if breaks:
            broken.set()
        crossing = door.intake
        door.intake = whole
        take_in(door, inner)
        door.intake = crossing
        if breaks:
            raise Crash

    door.intake = door.seen(step)
    with suppress(Crash):
        take_in(door, outer)
    door.intake = whole


def refuse_loss(door: DeskDoor, *sent: str) -> None:
    """Raises AssertionError unless each mail stands in one case, once, and each case counts what it holds."""
    said = {head.case_id: [words for _, words, _ in door.said(head.case_id)] for head in door.heads()}
    assert Counter(itertools.chain(*said.values())) == Counter(sent), said
    assert {head.case_id: head.message_count for head in door.heads()} == {key: len(of) for key, of in said.items()}
    for words in sent:
        assert door.desk.inbox.case_of_message_id(MAILS[words]["message_id"][1:-1]) in said


@pytest.mark.parametrize("breaks", [False, True], ids=["crossing", "breaking"])
@pytest.mark.parametrize(("outer", "inner"), [*itertools.permutations((FIRST, ANSWER, COPY), 2)])
def test_no_crossing_loses_or_doubles_a_mail(outer: str, inner: str, breaks: bool) -> None:
    for at in range(1, _CALLS):
        door = DeskDoor()
        cross(door, outer, inner, at, breaks=breaks)
        for words in (outer, inner, inner, outer):
            take_in(door, words)
        refuse_loss(door, outer, inner)


@pytest.mark.parametrize("outer", [FIRST, ANSWER])
def test_nothing_that_crosses_below_what_came_too_early_is_lost_or_doubled(outer: str) -> None:
    for at in range(1, _CALLS):
        door = DeskDoor()
        take_in(door, LATER)
        cross(door, outer, FIRST if outer == ANSWER else ANSWER, at, breaks=True)
        for words in (outer, LATER, FIRST, ANSWER):
            take_in(door, words)
        refuse_loss(door, FIRST, ANSWER, LATER)
        assert len(door.heads()) == 1


@pytest.mark.parametrize("words", [FIRST, ANSWER, COPY])
def test_one_mail_twice_at_once_is_one(words: str) -> None:
    for at in range(1, _CALLS):
        door = DeskDoor()
        take_in(door, FIRST)
        cross(door, words, words, at, breaks=False)
        assert take_in(door, words) == "repeated"
        refuse_loss(door, *{FIRST, words})


def test_the_copy_of_a_list_that_comes_again_is_there_once() -> None:
    door = DeskDoor()
    assert [take_in(door, words) for words in (FIRST, COPY, COPY)] == ["opened", "appended", "repeated"]
    refuse_loss(door, FIRST, COPY)
    assert len(door.heads()) == 1
