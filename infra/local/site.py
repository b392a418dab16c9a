"""The customer's web site, as far as Stripe's pages lead back to it: one page that says what became of the visit."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from infra.local.ports import LOOPBACK

_WORDS: Final = {
    ("payment", "done"): "Thank you. Your payment is on its way to us; the receipt comes by mail.",
    ("payment", "left"): "Nothing was paid. The link in your mail still works.",
    ("payment_method", "done"): "Thank you. The payment method is saved.",
    ("payment_method", "left"): "Nothing was saved.",
}
"""By what the address says: what it was about, and how it was left."""
_ELSE: Final = "Welcome back."
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Northwind</title>
<h1>Northwind</h1><p>{words}</p></html>
"""


def words_for(address: str) -> str:
    """What the page under this address says."""
    asked = parse_qs(urlsplit(address).query)
    return next((words for (about, how), words in _WORDS.items() if asked.get(about) == [how]), _ELSE)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = _PAGE.format(words=words_for(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 - http.server's name
        """Addresses that customers come back to are nobody's business."""


class Site:
    """Serves until `stop()`. HTTP on the loopback interface."""

    def __init__(self, port: int) -> None:
        self._server = ThreadingHTTPServer((LOOPBACK, port), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
