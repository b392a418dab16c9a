"""The desk about itself: its contract, the page made from it, and whether it runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chalicelib.platform.api import Api
from chalicelib.platform.dynamo import Table
from chalicelib.platform.openapi import document
from chalicelib.platform.schemas import Json
from chalicelib.reference.about import ABOUT
from chalicelib.reference.page import Page, page_of


@dataclass(frozen=True)
class Reference:
    """`apis` are all that the desk serves, in the order of the reference."""

    apis: Sequence[Api]
    table: Table
    stage: str

    @cached_property
    def contract(self) -> Json:
        """The OpenAPI document."""
        return document(self.apis, ABOUT)

    @cached_property
    def contract_text(self) -> str:
        """The OpenAPI document as JSON text."""
        return json.dumps(self.contract, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def page(self) -> Page:
        """The OpenAPI document for people."""
        return page_of(self.contract)

    def check(self) -> None:
        """One small read that shows that the table answers. Raises Unavailable when it does not."""
        self.table.get("HEALTH", "#")
