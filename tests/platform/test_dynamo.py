"""The table on moto: conditions, transactions, pages; and what each SDK error becomes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.stub import Stubber

from chalicelib.platform import aws
from chalicelib.platform.dynamo import (
    ABSENT,
    BATCH_TRIES,
    Attr,
    Check,
    ConditionFailed,
    Delete,
    Key,
    Put,
    Table,
    Update,
    Write,
)
from chalicelib.platform.errors import Unavailable
from tests.harness import TABLE, Meter

ITEM = {"pk": "T#1", "sk": "#", "kind": "test", "n": 1, "text": "one", "parts": [{"a": True}, None]}


@pytest.fixture
def table(cloud: None) -> Table:
    return Table(aws.dynamodb(), TABLE)


def test_an_item_is_read_as_it_was_written(table: Table) -> None:
    table.write(Put(ITEM, ABSENT))
    assert table.get("T#1", "#", consistent=True) == ITEM
    assert table.get("T#2", "#") is None


def test_a_refused_write_says_what_stands_there(table: Table) -> None:
    table.write(Put(ITEM, ABSENT))
    with pytest.raises(ConditionFailed) as refused:
        table.write(Put({**ITEM, "n": 2}, ABSENT))
    assert (refused.value.index, refused.value.item) == (0, ITEM)
    assert table.get("T#1", "#") == ITEM


def test_an_update_assigns_adds_and_removes_and_returns_the_item(table: Table) -> None:
    table.write(Put(ITEM))
    changes = Update("T#1", "#", set={"text": "two", "parts": None}, add={"n": 4, "fresh": -2}, remove=["kind"])
    expected = {"pk": "T#1", "sk": "#", "n": 5, "fresh": -2, "text": "two"}
    assert table.update(changes) == expected
    assert table.get("T#1", "#") == expected


def test_an_update_under_a_condition_leaves_the_item_when_it_does_not_hold(table: Table) -> None:
    table.write(Put(ITEM))
    with pytest.raises(ConditionFailed) as refused:
        table.update(Update("T#1", "#", add={"n": 1}, condition=Attr("n").eq(7)))
    assert refused.value.item == ITEM
    table.write(Update("T#1", "#", add={"n": 1}, condition=Attr("n").eq(1) & Attr("kind").eq("test")))
    assert table.get("T#1", "#") == {**ITEM, "n": 2}


def test_a_deletion_is_conditional_too(table: Table) -> None:
    table.write(Put(ITEM))
    with pytest.raises(ConditionFailed):
        table.write(Delete("T#1", "#", Attr("n").eq(7)))
    table.write(Delete("T#1", "#"))
    assert table.get("T#1", "#") is None


def test_a_transaction_holds_on_what_it_does_not_write(table: Table) -> None:
    table.transact([Check("T#1", "#", ABSENT), Put({"pk": "T#2", "sk": "#"})])
    table.write(Put(ITEM))
    with pytest.raises(ConditionFailed) as refused:
        table.transact([Put({"pk": "T#3", "sk": "#"}), Check("T#1", "#", ABSENT)])
    assert (refused.value.index, refused.value.item) == (1, ITEM)
    assert (table.get("T#1", "#"), table.get("T#3", "#")) == (ITEM, None)


def test_a_transaction_does_all_or_none_and_names_the_first_failure(table: Table) -> None:
    table.write(Put(ITEM))
    fine: list[Write] = [Put({"pk": "T#2", "sk": "#"}, ABSENT), Put({**ITEM, "n": 2}, Attr("n").eq(1))]
    with pytest.raises(ConditionFailed) as refused:
        table.transact(
            [
                *fine,
                Update("T#1", "a", add={"n": 1}, condition=Attr("pk").exists()),
                Delete("T#1", "b", Attr("pk").exists()),
            ]
        )
    assert refused.value.index == 2
    assert (table.get("T#1", "#"), table.get("T#2", "#")) == (ITEM, None)
    table.transact([*fine, Delete("T#3", "#")])
    assert table.get("T#2", "#") == {"pk": "T#2", "sk": "#"}


def test_pages_follow_one_another_in_both_directions(table: Table) -> None:
    for n in range(7):
        table.write(Put({"pk": "T#1", "sk": f"M#{n}"}))
    key = Key("pk").eq("T#1") & Key("sk").begins_with("M#")
    for forward in (True, False):
        seen, start = [], None
        while page := table.query(key, limit=3, start=start, forward=forward):
            seen += [int(item["sk"][-1]) for item in page.items]
            start = page.next_key
            if start is None:
                break
        assert seen == sorted(range(7), reverse=not forward)


def test_an_index_is_queried_by_its_own_keys(table: Table) -> None:
    table.write(Put({"pk": "C#1", "sk": "#", "gs1pk": "A#1", "gs1sk": "O#1", "kind": "case"}))
    table.write(Put({"pk": "C#2", "sk": "#", "gs1pk": "A#2", "gs1sk": "O#1", "kind": "case"}))
    page = table.query(Key("gs1pk").eq("A#1"), index="gs1")
    assert [item["pk"] for item in page.items] == ["C#1"]


def test_each_method_is_one_round_trip(table: Table, meter: Meter) -> None:
    table.transact([Put(ITEM), Delete("T#2", "#")])
    table.update(Update("T#1", "#", add={"n": 1}))
    table.query(Key("pk").eq("T#1"))
    assert meter.calls == ["TransactWriteItems", "UpdateItem", "Query"]


def test_many_are_read_at_once_a_hundred_a_round_trip(table: Table, meter: Meter) -> None:
    for n in range(101):
        table.write(Put({**ITEM, "pk": f"T#{n}"}))
    meter.calls.clear()
    keys = [(f"T#{n}", "#") for n in (*range(101), 0, 999)]
    found = table.get_many(keys)
    assert found == {(f"T#{n}", "#"): {**ITEM, "pk": f"T#{n}"} for n in range(101)}
    assert meter.calls == ["BatchGetItem", "BatchGetItem"]
    assert table.get_many([]) == {}


def test_what_a_busy_table_leaves_out_is_asked_for_again() -> None:
    left = {"UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": "T#2"}, "sk": {"S": "#"}}]}}}

    class Busy:
        def __init__(self, times: int) -> None:
            self.times = times

        def batch_get_item(self, **request: Any) -> Any:
            asked = request["RequestItems"][TABLE]["Keys"]
            given = [key for key in asked if key["pk"]["S"] == "T#1" or not self.times]
            self.times -= 1
            return {"Responses": {TABLE: given}, **({} if given == asked else left)}

    keys = [("T#1", "#"), ("T#2", "#")]
    assert set(Table(Busy(3), TABLE).get_many(keys)) == set(keys)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        Table(Busy(BATCH_TRIES), TABLE).get_many(keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("TransactionConflictException", 400),
        ("InternalServerError", 500),
        ("SomethingNew", 503),
    ],
)
def test_a_busy_store_is_unavailable(table: Table, code: str, status: int) -> None:
    with Stubber(table.client) as stub:
        stub.add_client_error("put_item", code, http_status_code=status)
        with pytest.raises(Unavailable):
            table.write(Put(ITEM))


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_our_own_mistakes_are_not_called_an_outage(table: Table, code: str) -> None:
    with Stubber(table.client) as stub:
        stub.add_client_error("put_item", code, http_status_code=400)
        with pytest.raises(ClientError):
            table.write(Put(ITEM))


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_transaction_that_met_another_may_be_tried_again(table: Table, reason: str) -> None:
    reasons = [{"Code": "None"}, {"Code": reason}]
    with Stubber(table.client) as stub:
        stub.add_client_error(
            "transact_write_items", "TransactionCanceledException", modeled_fields={"CancellationReasons": reasons}
        )
        with pytest.raises(Unavailable) as unavailable:
            table.transact([Put(ITEM), Put({**ITEM, "sk": "a"})])
    assert int(unavailable.value.headers["Retry-After"]) >= 1


def test_a_store_that_does_not_answer_is_unavailable() -> None:
    class Silent:
        def get_item(self, **request: Any) -> Any:
            raise ConnectTimeoutError(endpoint_url="https://dynamodb")

    with pytest.raises(Unavailable):
        Table(Silent(), TABLE).get("T#1", "#")  # type: ignore[arg-type]
