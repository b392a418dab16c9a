"""A Stripe that gives the answers it was told to, in their order, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request; `params` are those of query and form, under their names in brackets. Header names are lower case."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key")


class ScriptedStripe:
    """Listens on a free port. `says` queues an answer; unasked-for requests get a 500."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: list[tuple[int, Any]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def says(self, answer: Any, status: int = 200) -> None:
        self._answers.append((status, answer))

    def refuses(self, status: int, times: int = 1, **error: Any) -> None:
        """An error as Stripe words it."""
        for _ in range(times):
            self.says({"error": {"message": "no", "type": "invalid_request_error", **error}}, status)

    @property
    def only(self) -> Asked:
        """The one request that came."""
        (asked,) = self.asked
        return asked

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        self.asked.append(asked)
        status, body = self._answers.pop(0) if self._answers else (500, {"error": {"message": "nothing is scripted"}})
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                params = dict(parse_qsl(url.query) + parse_qsl(form))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, body = script.answer(Asked(self.command, url.path, params, headers))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Silent."""

        return Handler
