"""Writes the committed contract, docs/openapi.json, from the declarations: `make openapi`."""

from __future__ import annotations

import json
from pathlib import Path

import app  # noqa: F401 - importing it declares every operation
from chalicelib.platform.openapi import document
from chalicelib.reference.about import ABOUT
from chalicelib.wiring import apis

SNAPSHOT = Path(__file__).parent.parent / "docs" / "openapi.json"


def contract_text() -> str:
    """The OpenAPI document as it is committed: indented, one line at the end."""
    return json.dumps(document(apis(), ABOUT), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SNAPSHOT.parent.mkdir(exist_ok=True)
    SNAPSHOT.write_text(contract_text(), encoding="utf-8")
