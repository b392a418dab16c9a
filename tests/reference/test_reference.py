"""What the desk says about itself: the contract served, the page made from it, the sign of life."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform import aws
from chalicelib.platform.errors import ALL_ERRORS
from chalicelib.reference.about import VERSION
from chalicelib.reference.page import page_of
from chalicelib.reference.samples import example
from infra.openapi import contract_text
from tests.harness import ROOT, HttpDesk


class Outline(HTMLParser):
    """Ids, links inside the page, and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and (value or "").startswith("#"):
                self.links.append((value or "")[1:])
            elif name in {"href", "src"}:
                self.outside.append(value or "")


@pytest.fixture
def served(desk: HttpDesk) -> dict[str, Any]:
    answer = desk.call("GET", "/openapi.json", role=None)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    contract: dict[str, Any] = answer.json
    return contract


def test_the_contract_served_is_the_one_that_is_written_down(served: dict[str, Any]) -> None:
    assert served == json.loads(contract_text())


def test_the_page_shows_every_operation_schema_and_problem_and_its_links_lead_somewhere(
    desk: HttpDesk, served: dict[str, Any]
) -> None:
    page = desk.call("GET", "/docs", role=None)
    outline = Outline(page.text)
    operations = [spec["operationId"] for path in served["paths"].values() for spec in path.values()]
    schemas = [f"schema-{name}" for name in served["components"]["schemas"]]
    problems = [f"problem-{error.code}" for error in ALL_ERRORS]
    assert {*operations, *schemas, *problems} <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) <= set(outline.ids)


def test_the_page_needs_no_script_and_nothing_from_elsewhere(desk: HttpDesk) -> None:
    page = desk.call("GET", "/docs", role=None)
    outline = Outline(page.text)
    assert outline.outside == ["openapi.json"]
    assert outline.tags & {"script", "iframe", "img", "link", "form"} == set()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    style = re.search(r"<style>(.*)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"


def test_what_the_contract_says_is_escaped_on_the_page(served: dict[str, Any]) -> None:
    served["info"]["description"] = "Beware of <script>alert(1)</script> and `<b>`"
    html = page_of(served).html
    assert "<script>" not in html
    assert "<code>&lt;b&gt;</code>" in html


def test_a_desk_that_is_well_says_so_to_everybody(desk: HttpDesk) -> None:
    answer = desk.call("GET", "/healthz", role=None)
    assert (answer.status, answer.json) == (200, {"status": "ok", "stage": "test"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_desk_without_its_table_is_not_well(desk: HttpDesk) -> None:
    with Stubber(aws.dynamodb()) as stub:
        stub.add_client_error("get_item", "InternalServerError", http_status_code=500)
        answer = desk.call("GET", "/healthz", role=None)
    assert (answer.status, answer.json["code"]) == (503, "unavailable")


def test_the_version_is_the_projects() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{VERSION}"\n' in project


@given(st.sampled_from(["string", "integer", "boolean", "array", "object", "null"]))
def test_every_type_has_an_example(kind: str) -> None:
    assert json.dumps(example({}, {"type": kind}))
