"""A webhook endpoint that keeps what it is sent and answers as told."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """One delivery: the raw bytes, the signature header, and the event they hold."""

    payload: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.payload)
        return event


class Receiver:
    """Listens on a free port; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[Received] = []
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe"

    def types(self) -> list[str]:
        return [each.event["type"] for each in self.received]

    def wait_for(self, reached: Callable[["Receiver"], bool], seconds: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: reached(self), seconds), f"received only {self.types()}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._changed:
                    receiver.received.append(Received(payload, self.headers["Stripe-Signature"]))
                    receiver._changed.notify_all()
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler


def order(receiver: Receiver) -> list[str]:
    """The ids of the objects told of, as they arrived."""
    return [each.event["data"]["object"]["id"] for each in receiver.received]
