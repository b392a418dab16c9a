"""HTTP of what everybody may know: the contract, the reference page, a sign of life."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chalicelib.platform.fields import View
from chalicelib.platform.http import NO_STORE, Empty, Raw, Reply, Request
from chalicelib.wiring import desk_api, reference

api = desk_api(__name__, "reference")

_PUBLIC = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}


class HealthView(View):
    """The desk answers and so does its table."""

    status: Literal["ok"] = Field(description="There is no other; a desk that is not well answers 503.")
    stage: str


@api.operation("GET", "/openapi.json", summary="Read the contract", permission=None, returns=None)
def read_contract(_: Request[Empty, Empty]) -> Raw:
    """This document: OpenAPI 3.1, made from the same declarations that the desk obeys."""
    return Raw(reference().contract_text, "application/json", _PUBLIC)


@api.operation(
    "GET", "/docs", summary="Read the reference page", permission=None, returns=None, media_type="text/html"
)  # fmt: skip
def read_reference(_: Request[Empty, Empty]) -> Raw:
    """The contract for people, on one page without scripts that needs nothing from elsewhere."""
    page = reference().page
    strict = {
        "Content-Security-Policy": f"default-src 'none'; style-src '{page.style_hash}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    return Raw(page.html, "text/html; charset=utf-8", {**_PUBLIC, **strict})


@api.operation("GET", "/healthz", summary="Ask for a sign of life", permission=None, returns=HealthView)
def check_health(_: Request[Empty, Empty]) -> Reply[HealthView]:
    """Answers when the API runs and its table can be read."""
    reference().check()
    return Reply(HealthView(status="ok", stage=reference().stage), headers=NO_STORE)
