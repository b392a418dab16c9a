"""The table in memory does what the mocked DynamoDB does, call by call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.platform import aws
from chalicelib.platform.dynamo import ABSENT, Attr, Check, ConditionFailed, Delete, Key, Put, Table, Update, Write
from tests.harness import TABLE
from tests.memory_table import MemoryTable

PK, SK = st.sampled_from(["A#1", "A#2"]), st.sampled_from(["!", "L#1", "L#2", "P#1"])
CONDITIONS = st.sampled_from(
    [
        None,
        ABSENT,
        Attr("pk").exists(),
        Attr("n").eq(1),
        Attr("n").gte(1),
        Attr("n").lt(3) & Attr("text").begins_with("a"),
        ABSENT | Attr("text").eq("b"),
        ~Attr("n").between(1, 2),
        Attr("n").ne(1),
    ]
)


@st.composite
def puts(draw: st.DrawFn) -> Write:
    item = {
        "pk": draw(PK),
        "sk": draw(SK),
        "n": draw(st.integers(0, 3)),
        "text": draw(st.sampled_from(["a", "ab", "b"])),
    }
    if draw(st.booleans()):
        item |= {"gs1pk": "A#1", "gs1sk": draw(st.sampled_from(["O#1", "O#2", "P#1"]))}
    return Put(item, draw(CONDITIONS))


@st.composite
def updates(draw: st.DrawFn) -> Write:
    text = draw(st.sampled_from(["a", None]))
    return Update(draw(PK), draw(SK), {"text": text}, {"n": draw(st.integers(-1, 1))}, condition=draw(CONDITIONS))


WRITES = puts() | updates() | st.builds(Delete, PK, SK, CONDITIONS)
CALLS = st.lists(WRITES | st.lists(WRITES, min_size=2, max_size=3), max_size=12)


def played(table: Table, call: Write | list[Write]) -> Any:
    """What a call answers, or which of its conditions failed and on what."""
    try:
        if isinstance(call, list):
            return table.transact(call)
        assert not isinstance(call, Check)
        return table.write(call)
    except ConditionFailed as failed:
        return failed.index, failed.item


def asked(table: Table) -> list[Any]:
    page = table.query(Key("pk").eq("A#1") & Key("sk").begins_with("L#"), limit=1, forward=False)
    rest = table.query(Key("pk").eq("A#1") & Key("sk").begins_with("L#"), start=page.next_key, forward=False)
    listed = table.query(Key("gs1pk").eq("A#1") & Key("gs1sk").between("O", "O~"), index="gs1", limit=2)
    many = table.get_many([("A#1", "!"), ("A#2", "L#1"), ("A#3", "!")])
    return [
        page.items,
        rest.items if page.next_key else [],
        sorted(map(str, listed.items)),
        table.get("A#1", "!"),
        many,
    ]


@pytest.fixture
def fresh(cloud: None) -> Callable[[], Table]:
    def empty() -> Table:
        table = Table(aws.dynamodb(), TABLE)
        for pk in ("A#1", "A#2"):
            for item in table.query(Key("pk").eq(pk)).items:
                table.write(Delete(item["pk"], item["sk"]))
        return table

    return empty


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
def test_it_answers_like_dynamodb(fresh: Callable[[], Table], calls: list[Write | list[Write]]) -> None:
    mocked, memory = fresh(), MemoryTable()
    for call in calls:
        places = (
            [(w.item["pk"], w.item["sk"]) if isinstance(w, Put) else (w.pk, w.sk) for w in call]
            if isinstance(call, list)
            else []
        )
        if len(set(places)) == len(places):  # DynamoDB refuses two writes of one item in a transaction
            assert played(memory, call) == played(mocked, call)
        assert asked(memory) == asked(mocked)


def test_a_crash_before_or_after_a_call_is_seen() -> None:
    seen: list[str] = []
    table = MemoryTable()
    table.seen(seen.append).write(Put({"pk": "A#1", "sk": "!"}))
    assert seen == ["before write", "after write"]
    assert table.get("A#1", "!") == {"pk": "A#1", "sk": "!"}
