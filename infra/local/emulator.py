"""Starts the AWS emulator inside its own environment, with five faults mended that would make the local desk untrue.

Run by path with the emulator's interpreter; imports nothing of the desk. The faults, as found in MiniStack 1.5.33:

1. State is written only on a clean stop, one file per service: here one file, replaced as a whole, shortly after each
   change, so that a hard kill goes back to one consistent moment and loses a second at most.
2. Records of DynamoDB streams are not saved, the positions of their readers are: after a restart the readers would wait
   for a stream as long as the old one, and outgoing mail would stand still.
3. Every Lambda worker unpacks the whole package again, a second each on a small machine: here they share one copy.
4. A role that may send mail as one identity only is refused: SendRawEmail is checked against no resource at all.
5. A policy that asks for TLS refuses everyone, because the emulator speaks HTTP. On the loopback interface nobody
   listens in, so it counts as TLS here and the packaged policy stays as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app as ministack
from ministack.core import iam_actions, lambda_runtime, persistence
from ministack.services import dynamodb

STATE = Path(os.environ["STATE_DIR"])
SNAPSHOT = STATE / "snapshot.json"
UNPACKED = STATE.parent / "unpacked"
PAUSE_SECONDS = 0.5
ACTIVE_SECONDS = 30.0
log = logging.getLogger("snapshot")

# A queue copied after the table may miss a message whose effect the table does not show yet; copied before it, the
# message comes again, and the desk takes repeats in its stride.
CONSUMED_FIRST = ("lambda", "kinesis", "sqs", "sns")


class Snapshots:
    """Writes the state of all services as one file while something may be changing."""

    def __init__(self) -> None:
        text = SNAPSHOT.read_text() if SNAPSHOT.exists() else "{}"
        self._loaded: dict[str, Any] = json.loads(text, object_hook=persistence._json_object_hook)
        self._writing = threading.Lock()
        self._active_until = 0.0

    def restored(self, service: str) -> Any:
        """The saved state of one service, or None."""
        return self._loaded.pop(service, None)

    def save(self, services: dict[str, Callable[[], Any]]) -> None:
        """Replace the snapshot; on a clean stop the emulator calls this in place of its own writer."""
        self._write(self._collect(services))

    def around(self, inner: Any) -> Any:
        """The emulator's ASGI application, saved while it is in use: a request sets off queues, streams and workers."""

        async def application(scope: dict[str, Any], *channels: Any) -> None:
            if scope["type"] == "lifespan":
                self._keeper = asyncio.create_task(self.keep())
            elif not scope["path"].startswith("/_ministack/"):
                self._active_until = time.monotonic() + ACTIVE_SECONDS
            await inner(scope, *channels)

        return application

    async def keep(self) -> None:
        """Save while there is activity, and rest ten times as long as saving took."""
        while True:
            began = time.monotonic()
            if began < self._active_until:
                await self._attempt()
            await asyncio.sleep(max(PAUSE_SECONDS, 10 * (time.monotonic() - began)))

    async def _attempt(self) -> None:
        """Collect on the event loop, where requests are answered one by one: no transaction is copied by half."""
        try:
            states = self._collect(ministack._build_persistence_save_dict())
            await asyncio.to_thread(self._write, states)
        except Exception:
            log.exception("no snapshot")

    @staticmethod
    def _collect(services: dict[str, Callable[[], Any]]) -> dict[str, Any]:
        order = sorted(services, key=lambda name: (name not in CONSUMED_FIRST, name))
        return {name: undisturbed(services[name]) for name in order}

    def _write(self, states: dict[str, Any]) -> None:
        with self._writing:
            partial = SNAPSHOT.with_suffix(".part")
            partial.write_text(json.dumps(states, default=persistence._json_default))
            partial.replace(SNAPSHOT)


def undisturbed(copy: Callable[[], Any]) -> Any:
    """Pollers change queues while they are copied; a copy that was disturbed is simply made again."""
    for _ in range(20):
        with contextlib.suppress(RuntimeError):
            return copy()
    return copy()


def mend_state(snapshots: Snapshots) -> None:
    ministack.save_all = snapshots.save
    ministack.load_state = snapshots.restored


def mend_streams() -> None:
    get_state, load = dynamodb.get_state, dynamodb.load_persisted_state

    def with_streams() -> dict[str, Any]:
        streams = {"records": dynamodb._stream_records, "trimmed": dynamodb._stream_trimmed}
        return {**get_state(), "streams": dynamodb.copy.deepcopy(streams)}

    def load_streams(data: dict[str, Any]) -> None:
        streams = data.pop("streams", None) or {}
        load(data)
        dynamodb._stream_records.update(streams.get("records", {}))
        dynamodb._stream_trimmed.update(streams.get("trimmed", {}))

    dynamodb.get_state, dynamodb.load_persisted_state = with_streams, load_streams


class SharedZip(zipfile.ZipFile):
    """Unpacks a package once and gives every worker a link to it: the code of a Lambda is read-only."""

    def extractall(self, path: Any = None, *_: Any, **__: Any) -> None:
        content = Path(str(self.filename)).read_bytes()
        shared = UNPACKED / hashlib.sha256(content).hexdigest()[:16]
        with _unpacking:
            if not shared.exists():
                partial = shared.with_suffix(".part")
                super().extractall(partial)
                partial.rename(shared)
        Path(path).rmdir()
        Path(path).symlink_to(shared, target_is_directory=True)


_unpacking = threading.Lock()


class _Zipfile:
    """The module as the Lambda runtime sees it."""

    ZipFile = SharedZip
    BadZipFile, LargeZipFile = zipfile.BadZipFile, zipfile.LargeZipFile


def mend_unpacking() -> None:
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for older in sorted(UNPACKED.iterdir(), key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(older)
    lambda_runtime.zipfile = _Zipfile


def mend_mail_permission() -> None:
    original = iam_actions.extract_resource_arn

    def resource(
        service: str, method: str, path: str, headers: Any, body: Any, query: Any, region: str, account: str
    ) -> Any:
        found = original(service, method, path, headers, body, query, region, account)
        sender = iam_actions._query_param(query, "Source") if service == "ses" and found == "*" else None
        return f"arn:aws:ses:{region}:{account}:identity/{sender}" if sender else found

    iam_actions.extract_resource_arn = resource


def mend_transport() -> None:
    pin = ministack.pin_request_origin
    ministack.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)


def main() -> None:
    STATE.mkdir(parents=True, exist_ok=True)
    snapshots = Snapshots()
    mend_state(snapshots)
    mend_streams()
    mend_unpacking()
    mend_mail_permission()
    mend_transport()
    ministack.app = snapshots.around(ministack.app)
    sys.argv = ["ministack"]
    ministack.main()


if __name__ == "__main__":
    main()
