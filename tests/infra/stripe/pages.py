"""A customer at the hosted pages: plain forms over HTTP, redirects followed until they leave the server."""

from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from tests.infra.stripe.desk import Desk


@dataclass(frozen=True)
class Page:
    """Where the customer is now. Outside the server there is no text, only the URL."""

    url: str
    status: int
    text: str

    @property
    def says(self) -> str:
        return unescape(self.text)


@dataclass(frozen=True)
class Visitor:
    """One customer's browser, without scripts."""

    desk: Desk

    def open(self, url: str) -> Page:
        return self._go("GET", url)

    def submit(self, page: Page | str, **fields: str) -> Page:
        return self._go("POST", page if isinstance(page, str) else page.url, urlencode(fields))

    def _go(self, method: str, url: str, form: str = "") -> Page:
        for _ in range(5):
            if not url.startswith(self.desk.server.url):
                return Page(url, 0, "")
            reply = self.desk.http(method, url.removeprefix(self.desk.server.url), form, Authorization="")
            if reply.status != 303:
                assert reply.headers["Content-Type"].startswith("text/html")
                return Page(url, reply.status, reply.text)
            method, url, form = "GET", reply.headers["Location"], ""
        raise AssertionError(f"{url} leads in a circle")
