"""How long the workspace takes, against Lambda calls that do nothing, on a running local desk.

`python -m tests.workspace.bench [HOME] [ROUNDS]`, with the home of a desk that `python -m infra.local --home HOME run`
brought up. Every row is called in turn, one after the other from here, each from outside over HTTP, so that what else
the machine does falls on all of them. Nothing is asserted.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from infra.local.demo.desk import Desk

HELLO: Final = "workspace-bench-hello"
BARE: Final = """
def handler(event, context):
    print("hello")
    return {"statusCode": 200, "body": "{}"}
"""
"""It logs a line as each of ours does: after a call without one the emulator waits 50 ms for it."""
ROWS: Final = {
    "hello: a bare function": "",
    "GET /v1/guides: our function, no read": "/v1/guides",
    "GET /healthz: our function, one read": "/healthz",
    "GET workspace: two reads at once": "/v1/accounts/{account_id}/workspace",
}


@contextmanager
def hello(desk: Desk) -> Iterator[str]:
    """A bare function behind an API of its own, like the desk's; its address."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hello.py", BARE)
    functions, gateway = desk.client("lambda"), desk.client("apigateway")
    like = functions.list_functions()["Functions"][0]
    made = functions.create_function(
        FunctionName=HELLO, Runtime=like["Runtime"], Handler="hello.handler", Role=like["Role"],
        Code={"ZipFile": packed.getvalue()},
    )  # fmt: skip
    api_id = gateway.create_rest_api(name=HELLO)["id"]
    try:
        where = {"restApiId": api_id, "resourceId": gateway.get_resources(restApiId=api_id)["items"][0]["id"]}
        uri = f"arn:aws:apigateway:eu-west-2:lambda:path/2015-03-31/functions/{made['FunctionArn']}/invocations"
        gateway.put_method(**where, httpMethod="GET", authorizationType="NONE")
        gateway.put_integration(
            **where, httpMethod="GET", type="AWS_PROXY", integrationHttpMethod="POST", uri=uri
        )  # fmt: skip
        gateway.create_deployment(restApiId=api_id, stageName="bench")
        yield f"{desk.handle['aws_endpoint']}/_aws/execute-api/{api_id}/bench/"
    finally:
        gateway.delete_rest_api(restApiId=api_id)
        functions.delete_function(FunctionName=HELLO)


def fetch(url: str) -> None:
    with urllib.request.urlopen(url, timeout=40) as answer:
        assert answer.read() == b"{}"


def calls(desk: Desk, bare: str) -> dict[str, Callable[[], Any]]:
    """By row, what is timed."""

    def get(path: str) -> Callable[[], Any]:
        def call() -> None:
            answer = desk.call("GET", path, role="advisor")
            assert answer.status == 200, answer.json

        return call

    account = desk.handle["demo"]["account_id"]
    return {name: get(path.format(account_id=account)) if path else lambda: fetch(bare) for name, path in ROWS.items()}


def measured(rows: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """By row, the seconds of each round; the first ten warm everything and are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds + 10):
        for name, call in rows.items():
            began = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - began)
    return {name: sorted(times[10:]) for name, times in taken.items()}


def table(taken: dict[str, list[float]]) -> str:
    bare = statistics.median(next(iter(taken.values())))
    lines = [f"{'p50':>52} {'p95':>11} {'p50 of hello':>14}"]
    for name, times in taken.items():
        middle, high = statistics.median(times), times[int(len(times) * 0.95)]
        lines.append(f"{name:42} {middle * 1000:7.1f} ms {high * 1000:7.1f} ms {middle / bare:13.2f}x")
    return "\n".join(lines)


def main() -> None:
    home = Path(sys.argv[1] if len(sys.argv) > 1 else ".local")
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    desk = Desk.running(home)
    with hello(desk) as bare:
        print(f"Python {sys.version.split()[0]}, {rounds} rounds\n{table(measured(calls(desk, bare), rounds))}")


if __name__ == "__main__":
    main()
