"""`python -m infra.local.stripe`: serve until told to stop."""

import argparse
import logging
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from infra.local.stripe.errors import InvalidRequest
from infra.local.stripe.server import LocalStripe, Settings


def _settings(arguments: list[str]) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m infra.local.stripe", description="A Stripe for one machine.")
    parser.add_argument("--port", type=int, default=12111, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="SQLite file; made when it is not there")
    parser.add_argument("--webhook-url", help="where events are sent; the one in the state file when left out")
    parser.add_argument("--webhook-secret", action="append", default=[], help="signs webhooks; repeat for a rotation")
    parser.add_argument("--api-key", action="append", help="a key that callers may use (sk_test_local)")
    given = parser.parse_args(arguments)
    keys = tuple(given.api_key or ["sk_test_local"])
    return Settings(given.state, given.port, keys, given.webhook_url, given.webhook_secret)


def main(arguments: list[str]) -> int:
    """Serve; the exit status is 1 when the server cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        server = LocalStripe(_settings(arguments))
    except (OSError, sqlite3.Error, InvalidRequest) as problem:
        print(f"The local Stripe cannot start: {problem}", file=sys.stderr)
        return 1
    server.start()
    print(f"The local Stripe listens on {server.url}", flush=True)
    stopping.wait()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
