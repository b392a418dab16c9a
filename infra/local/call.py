"""One HTTP call to the running desk from the shell: `python -m infra.local.call advisor GET /v1/accounts?q=amelia`.

The caller is a role of `.local/desk.json` (customer, advisor, supervisor, finance, admin) or `nobody`; a body is JSON,
headers are `Name: value`. Prints status, the headers that matter and the body; with `--pick NAME` only the first field
of that name, wherever it stands in the body, for the next call.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.local.demo.desk import Desk

SHOWN = ("etag", "location", "idempotency-replayed", "retry-after")


def fields(body: Any, name: str) -> Iterator[Any]:
    """The fields of this name, those of the whole before those of its parts."""
    if isinstance(body, dict):
        yield from (value for key, value in body.items() if key == name)
    for part in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from fields(part, name)


def main() -> int:
    """Returns 0 for a status below 400, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.call", description=__doc__)
    parser.add_argument("role")
    parser.add_argument("method")
    parser.add_argument("path")
    parser.add_argument("body", nargs="?", type=json.loads)
    parser.add_argument("-H", dest="headers", action="append", default=[], metavar="NAME: VALUE")
    parser.add_argument("--pick", metavar="NAME")
    parser.add_argument("--home", type=Path, default=Path(".local"))
    given = parser.parse_intermixed_args()
    headers = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in given.headers)}
    role = None if given.role == "nobody" else given.role
    answer = Desk.running(given.home).call(given.method, given.path, given.body, role=role, headers=headers)
    if given.pick and answer.status < 400:
        sys.stdout.write(f"{next(fields(answer.json, given.pick))}\n")
        return 0
    shown = "  ".join(f"{name}: {answer.headers[name]}" for name in SHOWN if name in answer.headers)
    sys.stdout.write(f"{answer.status}  {shown}\n{json.dumps(answer.json, indent=2, ensure_ascii=False)}\n")
    return 0 if answer.status < 400 else 1


if __name__ == "__main__":
    sys.exit(main())
