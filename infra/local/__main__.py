"""`python -m infra.local [--home .local] run|stop|reset|logs|status`: the commands behind `make run` and its kin."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from infra.dependencies import BuildFailed
from infra.local.children import NotUp, tail
from infra.local.home import AlreadyRunning, Home
from infra.local.progress import Progress
from infra.local.supervisor import Supervisor
from infra.package import ROOT, package
from infra.stack import DeployFailed
from infra.template import UnknownResource

console = Console(highlight=False)
_FIRST_START_SECONDS = 300
_STOP_SECONDS = 90


def run(home: Home) -> int:
    """Stay in the foreground until Ctrl-C or SIGTERM."""
    try:
        lock = home.hold()
    except AlreadyRunning:
        return status(home)
    with lock:
        progress = Progress(console)
        try:
            with progress.step("Packaging the desk"):
                made = package()
            supervisor = Supervisor(home, made, progress)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: supervisor.stopping.set())
            supervisor.run(lambda: show(home))
        except (BuildFailed, UnknownResource, DeployFailed, NotUp, BotoCoreError, ClientError, OSError) as failed:
            console.print(str(failed), style="red", markup=False)
            return 1
    return 0


def run_detached(home: Home) -> int:
    """Start the same in the background and return once desk.json is true."""
    if home.holder():
        return status(home)
    home.make()
    home.handle.unlink(missing_ok=True)
    log = home.log("supervisor")
    with log.open("wb") as output:
        command = [sys.executable, "-m", "infra.local", "--home", str(home.root), "run"]
        background = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    with console.status(f"Bringing the desk up; its log is {log}"):
        until = time.monotonic() + _FIRST_START_SECONDS
        while not home.handle.exists() and background.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
    console.print(tail(log), markup=False)
    return 0 if home.handle.exists() else 1


def stop(home: Home) -> int:
    """Ask the supervisor to take the desk down, and wait until it has."""
    holder = home.holder()
    if holder is None:
        console.print("The desk is not running.")
        return 0
    os.kill(holder, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while home.holder() and time.monotonic() < until:
        time.sleep(0.1)
    stopped = home.holder() is None
    console.print("The desk has stopped; its data stays." if stopped else f"Process {holder} does not stop.")
    return 0 if stopped else 1


def reset(home: Home) -> int:
    """Stop, then wipe what the desk generated."""
    if stop(home):
        return 1
    for path in home.generated:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    console.print("Its data is gone.")
    return 0


def logs(home: Home) -> int:
    """Follow every log until Ctrl-C."""
    files = sorted(str(path) for path in home.logs.glob("*.log"))
    if not files:
        console.print("There are no logs yet.")
        return 0
    with contextlib.suppress(KeyboardInterrupt):
        subprocess.run(["tail", "-n", "20", "-F", *files], check=False)
    return 0


def status(home: Home) -> int:
    """Say whether the desk is up, and how to reach it."""
    if not home.holder():
        console.print("The desk is not running.")
        return 0
    if home.read_handle() is None:
        console.print("The desk is coming up.")
        return 0
    console.print("The desk is already running.")
    show(home)
    return 0


def show(home: Home) -> None:
    """The addresses of a running desk."""
    desk = home.read_handle()
    assert desk is not None, "shown only while the desk is up"
    for name, value in (
        ("API", desk["api_url"]),
        ("Docs", f"{desk['api_url']}/docs"),
        ("Mail to", f"{desk['smtp']['to']} at {desk['smtp']['host']}:{desk['smtp']['port']}"),
        ("Mail sent", desk["outbox"]),
        ("Handle", str(home.handle)),
    ):
        console.print(f"  {name:10} {value}", markup=False, soft_wrap=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".local", help="folder of this desk's state")
    parser.add_argument("command", choices=["run", "stop", "reset", "logs", "status"])
    parser.add_argument("--detach", action="store_true", help="run in the background once the desk is up")
    given = parser.parse_args(arguments)
    commands = {
        "run": run_detached if given.detach else run,
        "stop": stop,
        "reset": reset,
        "logs": logs,
        "status": status,
    }
    return commands[given.command](Home(given.home))


if __name__ == "__main__":
    raise SystemExit(main())
