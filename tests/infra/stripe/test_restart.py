"""What a stopped and a killed server leaves behind."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import stripe

from tests.infra.stripe.desk import API_KEY, SECRET, customers, start
from tests.infra.stripe.receiver import Receiver, order


def test_undelivered_events_survive_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    receiver.status = 500
    first = start(tmp_path / "state.sqlite", receiver.url)
    first.control("webhooks", copies=2)
    made = customers(first, 3)
    first.server.stop()
    receiver.status, receiver.received[:] = 200, []

    second = start(tmp_path / "state.sqlite")
    assert second.control("flush")["flushed"]
    second.server.stop()

    assert Counter(order(receiver)) == dict.fromkeys(made, 2)


def test_a_killed_server_loses_neither_money_nor_events(tmp_path: Path, receiver: Receiver) -> None:
    receiver.status = 500
    command = [sys.executable, "-m", "infra.local.stripe", "--port", "0", "--state", str(tmp_path / "state.sqlite")]
    given = ["--webhook-url", receiver.url, "--webhook-secret", SECRET, "--api-key", API_KEY]
    with subprocess.Popen([*command, *given], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        client = stripe.StripeClient(API_KEY, base_addresses={"api": found[0]}, max_network_retries=0)
        made = [client.v1.customers.create({}).id for _ in range(5)]
        os.kill(process.pid, signal.SIGKILL)
    receiver.status, receiver.received[:] = 200, []

    after = start(tmp_path / "state.sqlite")
    assert after.control("flush")["flushed"]
    kept = [each.id for each in after.v1.customers.list().data]
    after.server.stop()

    assert kept == made[::-1]
    assert set(order(receiver)) == set(made)


def test_a_told_server_stops_by_itself(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.local.stripe", "--port", "0", "--state", str(tmp_path / "state.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()

        assert process.wait(20) == 0
