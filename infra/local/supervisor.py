"""Brings one desk up, keeps it whole, and takes it down again.

The emulator and the local Stripe are processes of their own; the mail servers and the web site run in this one.
Whenever the emulator has come up, at the first start or after a fall, the same steps make it whole: deploy what
differs, seed what is missing.
"""

from __future__ import annotations

import importlib
import json
import secrets
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.identity.store import IdentityStore
from chalicelib.platform.dynamo import Table
from infra.local.children import NotUp, answers
from infra.local.demo.desk import Desk, wait_for
from infra.local.demo.stripe_door import StripeDoor
from infra.local.front_door import Delivery, open_front_door
from infra.local.handle import describe
from infra.local.home import Home, write_whole
from infra.local.outbox import open_outbox
from infra.local.ports import choose
from infra.local.progress import Progress
from infra.local.servers import emulator, local_stripe
from infra.local.site import Site
from infra.local.stack import DOMAIN, Keys, LocalStack
from infra.local.users import Tokens, bind_customer, sign_in
from infra.package import ROOT, Package
from infra.stack import DeployFailed

_WATCH_SECONDS = 1.0
_PATIENCE = 5
"""Attempts in a row to heal the desk before giving up."""


class Supervisor:
    """One desk in one home. `run` returns when `stopping` is set."""

    def __init__(self, home: Home, made: Package, progress: Progress) -> None:
        home.make()
        self._package = made
        self.stopping = threading.Event()
        self._home = home
        self._progress = progress
        self._ports = choose(home.root / "ports.json")
        self._keys = _keys(home)
        self._stack = LocalStack(self._ports, self._keys)
        self._emulator = emulator(home, self._ports)
        self._stripe = local_stripe(home, self._ports, self._keys)
        self._doors: list[Controller | Site] = []
        self._tokens: Tokens | None = None
        self._handle: dict[str, Any] = {}
        self._whole = False
        self._delivery: Delivery | None = None

    def run(self, when_up: Callable[[], None]) -> None:
        """Start everything, write desk.json, tell, watch. Stops what was started, even when a start raises."""
        try:
            self._start()
            when_up()
            self._watch()
        finally:
            self._stop()

    def _start(self) -> None:
        self._home.handle.unlink(missing_ok=True)
        with self._progress.step(f"Starting the AWS emulator on port {self._ports.aws}"):
            self._doors += [open_outbox(self._home.outbox, self._ports.mail_out), Site(self._ports.site)]
            self._start_emulator()
        self._make_whole()
        self._doors.append(open_front_door(self._current_delivery, self._ports.mail_in))

    def _make_whole(self) -> None:
        with self._progress.step("Deploying both stacks") as step:
            step.note("nothing had changed" if not self._stack.bring(self._package) else "")
        with self._progress.step(f"Starting the local Stripe on port {self._ports.stripe}"):
            self._handle = describe(self._home, self._ports, self._keys, self._stack)
            self._start_stripe()
        with self._progress.step("Waiting for the API"):
            self._await_api()
        with self._progress.step("Signing in one user of every group"):
            self._sign_in()
        with self._progress.step("Loading the demo company"):
            self._handle["demo"] = self._stack.seed(self._load_demo)
        self._publish()
        self._whole = True

    def _watch(self) -> None:
        failures = 0
        while not self.stopping.wait(_WATCH_SECONDS):
            try:
                self._heal()
                failures = 0
            except (NotUp, DeployFailed, BotoCoreError, ClientError, OSError) as error:
                failures += 1
                if failures == _PATIENCE:
                    raise
                self._progress.say(f"{error}; trying again")

    def _heal(self) -> None:
        """Start what has ended, and make whole what was left half done."""
        if not self._emulator.alive:
            self._progress.say("The AWS emulator ended; starting it again from its last snapshot")
            self._whole = False
            self._start_emulator()
        if not self._whole:
            self._make_whole()
        if not self._stripe.alive:
            self._progress.say("The local Stripe ended; starting it again")
            self._start_stripe()
        if self._tokens and self._tokens.stale:
            self._sign_in()
            self._publish()

    def _stop(self) -> None:
        self._home.handle.unlink(missing_ok=True)
        with self._progress.step("Stopping the desk"):
            for door in reversed(self._doors):
                door.stop()
            self._stripe.stop()
            self._emulator.stop()

    def _start_emulator(self) -> None:
        # A worker that was killed leaves its folder behind.
        shutil.rmtree(self._home.scratch, ignore_errors=True)
        self._home.scratch.mkdir()
        self._emulator.start()

    def _start_stripe(self) -> None:
        """Start it, or tell the running one where the desk's webhook is now."""
        if not self._stripe.alive:
            self._stripe.start()
        settings = {
            "webhook_url": self._handle["stripe"]["webhook_url"],
            "webhook_secrets": [self._keys.webhook_secret],
        }
        body = json.dumps(settings).encode()
        request = urllib.request.Request(f"{self._stack.stripe_base}/_control/config", body, method="POST")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10):
            pass

    def _await_api(self) -> None:
        url, until = f"{self._stack.api_url}/healthz", time.monotonic() + 60
        while not answers(url, seconds=30):
            if time.monotonic() > until:
                raise NotUp(f"{url} does not answer; see {self._home.log('emulator')}")
            time.sleep(0.2)

    def _sign_in(self) -> None:
        outputs = self._stack.outputs
        client = self._stack.client("cognito-idp")
        self._tokens = sign_in(client, outputs["UserPoolId"], outputs["UserPoolClientId"], DOMAIN, _first_account())
        bind_customer(IdentityStore(Table(self._stack.client("dynamodb"), outputs["TableName"])), _first_account())
        self._handle["tokens"] = self._tokens.by_group

    def _load_demo(self) -> dict[str, Any]:
        loaded: dict[str, Any] = importlib.import_module("infra.local.seed").load(self._handle)
        # The desk hears of its subscriptions before anybody looks at them.
        StripeDoor.of(self._handle).flush()
        desk = Desk(self._handle)
        wait_for(lambda: desk.is_drained("stripe_events_queue"))
        return loaded

    def _publish(self) -> None:
        outputs = self._stack.outputs
        self._delivery = Delivery(
            self._stack.client("s3"), self._stack.client("sns"), outputs["MailBucket"], outputs["MailTopicArn"], DOMAIN
        )
        write_whole(self._home.handle, json.dumps(self._handle, indent=1))

    def _current_delivery(self) -> Delivery:
        assert self._delivery is not None, "the front door opens after the first deployment"
        return self._delivery


def _keys(home: Home) -> Keys:
    """The secrets of this home, made once."""
    path = home.state / "keys.json"
    if not path.exists():
        made = {"api_key": f"sk_test_{secrets.token_hex(12)}", "webhook_secret": f"whsec_{secrets.token_hex(16)}"}
        write_whole(path, json.dumps(made))
    return Keys(**json.loads(path.read_text()))


def _first_account() -> str:
    company = json.loads((ROOT / "infra" / "local" / "demo_company.json").read_text())
    account_id: str = company["accounts"][0]["account_id"]
    return account_id
