"""How a page is made: the templates, money as people write it, and the ways out of a page."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

MERCHANT = "Test merchant"

_SYMBOLS = {"chf": "CHF ", "eur": "€", "gbp": "£", "usd": "$"}
_SAFE = {
    # The pages are whole in themselves: nothing is loaded, run or framed.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def money(amount: int, currency: str) -> str:
    """Minor units as people write them. Every currency that this server takes has two decimals."""
    sign, whole, cents = "-" if amount < 0 else "", abs(amount) // 100, abs(amount) % 100
    symbol = _SYMBOLS.get(currency)
    number = f"{whole:,}.{cents:02d}"
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency.upper()}"


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """The page that this template makes of the values; `title` is its heading."""
    text = _TEMPLATES.get_template(f"{template}.html").render({"merchant": MERCHANT, **values})
    return Response(text, status, _SAFE, mimetype="text/html")


def message(title: str, text: str, *, status: int = 200, link: tuple[str, str] | None = None) -> Response:
    """A page that only says something, with at most one way on: its words and its URL."""
    return page("message", status=status, title=title, text=text, link=link)


def go_to(url: str) -> Response:
    """On to another page, which is read and not posted to."""
    response = redirect(url, 303)
    response.headers.extend(_SAFE)
    return response


def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["money"] = money
    return made


_TEMPLATES = _templates()
