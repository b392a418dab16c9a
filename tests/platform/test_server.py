"""Every operation, whatever its domain: bad input, refusals, faults of ours and of AWS, repeats, pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.platform.errors import Conflict, Forbidden, TooMany, Unauthenticated, Unavailable
from chalicelib.platform.idempotency import Answers
from chalicelib.platform.operation import MAX_BODY
from tests.fakes import FixedClock
from tests.harness import HttpAnswer, HttpDesk
from tests.platform.conftest import Log
from tests.platform.desk import Things, desk_of

KEY = {"Idempotency-Key": "k-1"}
GOOD = {"label": "one"}


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def small(things: Things, clock: FixedClock) -> HttpDesk:
    """For what is answered before the table is reached."""
    return desk_of(things, clock)


@pytest.fixture
def stored(cloud: None, small: HttpDesk) -> HttpDesk:
    """The same with its table."""
    return small


def failing(error: BaseException) -> Any:
    def fail() -> str:
        raise error

    return fail


def is_problem(answer: HttpAnswer, status: int, code: str) -> bool:
    assert (answer.status, answer.json["status"], answer.json["code"]) == (status, status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "req-1"
    return True


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        (b'{"label": "\\ud800"}', 400, "bad_request"),
        (b"[" * 100_000, 400, "bad_request"),
        (None, 422, "invalid_fields"),
        (b"null", 422, "invalid_fields"),
        (b"[]", 422, "invalid_fields"),
        (b'"text"', 422, "invalid_fields"),
        ({}, 422, "invalid_fields"),
        ({"label": None}, 422, "invalid_fields"),
        ({"label": 7}, 422, "invalid_fields"),
        ({"label": ""}, 422, "invalid_fields"),
        ({"label": "two\nlines"}, 422, "invalid_fields"),
        ({**GOOD, "colour": "red"}, 422, "invalid_fields"),
        ({**GOOD, "parts": ["1"]}, 422, "invalid_fields"),
        ({**GOOD, "parts": [1.5]}, 422, "invalid_fields"),
        ({**GOOD, "parts": [1, 2, 3, 4]}, 422, "invalid_fields"),
        (b'{"label": "one", "parts": [1e400]}', 422, "invalid_fields"),
        (b'{"label": "' + b"x" * MAX_BODY + b'"}', 413, "too_large"),
    ],
)
def test_bad_bodies(small: HttpDesk, things: Things, body: Any, status: int, code: str) -> None:
    assert is_problem(small.call("POST", "/things", body, headers=KEY), status, code)
    assert things.written == []


def test_every_wrong_field_is_named_at_once(small: HttpDesk) -> None:
    answer = small.call("POST", "/things", {"label": 7, "parts": [1, "x"], "more": True}, headers=KEY)
    assert {error["pointer"] for error in answer.json["errors"]} == {"/label", "/parts/1", "/more"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "x", ""])
def test_another_media_type_is_refused(small: HttpDesk, media_type: str) -> None:
    answer = small.call("POST", "/things", GOOD, headers={**KEY, "content-type": media_type})
    assert is_problem(answer, 415, "unsupported_media_type")


def test_json_with_a_charset_is_json(stored: HttpDesk) -> None:
    media_type = {"content-type": "Application/JSON; charset=utf-8"}
    assert stored.call("POST", "/things", b'{"label": "z\xc3\xb6e"}', headers={**KEY, **media_type}).status == 201


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1.5",
        "limit=",
        "limit=" + "9" * 5000,
        "color=red",
        "cursor=%00",
        "cursor=" + "x" * 2001,
    ],
)
def test_bad_parameters_are_named(small: HttpDesk, query: str) -> None:
    answer = small.call("GET", f"/things?{query}")
    assert is_problem(answer, 400, "bad_request")
    if not query.startswith("cursor=%"):
        assert [found["parameter"] for found in answer.json["parameters"]] == [query.partition("=")[0]]


@pytest.mark.parametrize(
    ("role", "status", "code"),
    [(None, 401, "unauthenticated"), ("customer", 403, "forbidden"), ("nobody", 403, "forbidden")],
)
def test_who_may_not_is_told_before_the_body_is_read(small: HttpDesk, role: str | None, status: int, code: str) -> None:
    assert is_problem(small.call("POST", "/things", b"{", role=role, headers=KEY), status, code)


@pytest.mark.parametrize("account_id", ["acc_2", "x" * 200, "acc%001", "%20"])
def test_what_is_not_the_callers_or_no_id_at_all_is_not_found(small: HttpDesk, account_id: str) -> None:
    url = f"/accounts/{account_id}/thing"
    answer = small.call("PUT", url, GOOD, role="customer", account_id="acc_1", headers={"If-Match": '"1"'})
    assert is_problem(answer, 404, "not_found")


@pytest.mark.parametrize(
    ("header", "status"),
    [(None, 428), ("x", 412), ("*", 412), ('"1', 200), ('W/"1"', 200), ('"' + "9" * 5000 + '"', 412)],
)
def test_a_change_names_the_version_that_was_seen(small: HttpDesk, header: str | None, status: int) -> None:
    headers = {"If-Match": header} if header else {}
    answer = small.call("PUT", "/accounts/acc_1/thing", GOOD, headers=headers)
    assert answer.status == status
    assert status != 200 or answer.headers["etag"] == '"2"'


def test_an_unexpected_error_is_a_problem_without_a_trace(stored: HttpDesk, things: Things, log: Log) -> None:
    things.answer = failing(RuntimeError("a fault near ada@example.com"))
    answer = stored.call("POST", "/things", GOOD, headers=KEY)
    assert is_problem(answer, 500, "internal")
    assert "fault" not in answer.text
    assert "Traceback" not in answer.text
    logged = json.dumps(log())
    assert "RuntimeError" in logged
    assert "ada@" not in logged


def test_aws_that_does_not_answer_is_503(stored: HttpDesk, things: Things) -> None:
    things.answer = failing(EndpointConnectionError(endpoint_url="https://sqs"))
    answer = stored.call("POST", "/things", GOOD, headers=KEY)
    assert is_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_a_created_resource_says_where_it_is_and_its_version(stored: HttpDesk) -> None:
    answer = stored.call("POST", "/things", GOOD, headers=KEY)
    assert (answer.status, answer.json) == (201, {"label": "made"})
    assert (answer.headers["location"], answer.headers["etag"]) == ("/things/1", '"1"')


def test_a_repeat_gets_the_first_answer_and_does_nothing(stored: HttpDesk, things: Things) -> None:
    first, second = (stored.call("POST", "/things", GOOD, headers=KEY) for _ in range(2))
    assert (second.status, second.json, second.headers["location"]) == (201, first.json, "/things/1")
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert things.written == ["one"]


def test_a_refusal_is_kept_too(stored: HttpDesk, things: Things) -> None:
    things.answer = failing(Conflict("It is closed."))
    first, second = (stored.call("POST", "/things", GOOD, headers=KEY) for _ in range(2))
    assert is_problem(second, 409, "conflict")
    assert second.json == first.json
    assert things.written == ["one"]


@pytest.mark.parametrize("error", [Forbidden("Verify the customer first."), Unauthenticated("This session was ended.")])
def test_who_was_not_let_in_may_send_the_same_again_once_they_are(
    stored: HttpDesk, things: Things, error: Exception
) -> None:
    things.answer = failing(error)
    assert stored.call("POST", "/things", GOOD, headers=KEY).status in (401, 403)
    things.answer = lambda: "made"
    again = stored.call("POST", "/things", GOOD, headers=KEY)
    assert (again.status, "idempotency-replayed" in again.headers) == (201, False)


@pytest.mark.parametrize("error", [Unavailable("Down."), TooMany("Slower."), RuntimeError("a bug")])
def test_a_fault_of_ours_leaves_the_key_free(stored: HttpDesk, things: Things, error: Exception) -> None:
    things.answer = failing(error)
    assert stored.call("POST", "/things", GOOD, headers=KEY).status >= 429
    things.answer = lambda: "made"
    assert stored.call("POST", "/things", GOOD, headers=KEY).status == 201
    assert things.written == ["one", "one"]


def test_why_a_partner_failed_stands_in_the_log(stored: HttpDesk, things: Things, log: Log) -> None:
    down = Unavailable("Down.")
    down.__cause__ = TimeoutError("of ada@example.com")
    things.answer = failing(down)
    stored.call("POST", "/things", GOOD, headers=KEY)
    failed, _ = log()
    assert (failed["code"], failed["detail"], failed["cause"]) == ("unavailable", "Down.", "TimeoutError")
    assert "ada@" not in json.dumps(failed)


def test_what_is_done_is_answered_though_the_answer_cannot_be_kept(
    stored: HttpDesk, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise Unavailable("Down.")

    monkeypatch.setattr(Answers, "keep", down)
    assert stored.call("POST", "/things", GOOD, headers=KEY).status == 201
    assert stored.call("POST", "/things", GOOD, headers=KEY).status == 409
    assert things.written == ["one"]


@pytest.mark.parametrize("key", [None, "", "x" * 256])
def test_an_operation_that_needs_a_key_refuses_to_go_without(small: HttpDesk, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    assert is_problem(small.call("POST", "/things", GOOD, headers=headers), 400, "bad_request")


def test_two_callers_may_use_one_key(stored: HttpDesk, things: Things) -> None:
    for subject in ("ada", "eve"):
        assert stored.call("POST", "/things", GOOD, headers=KEY, subject=subject).status == 201
    assert things.written == ["one", "one"]


def test_pages_follow_the_cursor_which_serves_its_query_and_caller_alone(small: HttpDesk) -> None:
    first = small.call("GET", "/things?colour=red&limit=1").json
    rest = small.call("GET", f"/things?colour=red&limit=5&cursor={first['next_cursor']}").json
    assert [page["items"] for page in (first, rest)] == [[{"label": "0"}], [{"label": "1"}]]
    assert rest["next_cursor"] is None
    for query, subject in (("colour=blue", None), ("colour=red", "eve")):
        answer = small.call("GET", f"/things?{query}&cursor={first['next_cursor']}", subject=subject)
        assert is_problem(answer, 400, "bad_request")


def test_each_request_is_one_log_line_and_one_metric_without_the_body(
    stored: HttpDesk, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    stored.call("POST", "/things", {"label": "ada@example.com"}, headers=KEY)
    (request,) = log()
    assert (request["operation"], request["status"], request["request_id"]) == ("write_thing", 201, "req-1")
    assert [json.loads(line)["Requests"] for line in capsys.readouterr().out.splitlines()] == [[1.0]]
    assert "ada@" not in json.dumps(request)
