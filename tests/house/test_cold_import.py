"""Every handler string of the packaged template, imported as Lambda does: a fresh process, only the package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.cfn import Template, of_type
from infra.template import FUNCTION
from tests.harness import ENVIRONMENT

IMPORT = """
import importlib, json, sys
sys.path.insert(0, {folder!r})
module, name = {handler!r}.rsplit(".", 1)
handler = getattr(importlib.import_module(module), name)
print(json.dumps({{"callable": callable(handler), "modules": sorted(sys.modules)}}))
"""
HEAVY = {"app", "aws_lambda_powertools", "boto3", "botocore", "chalice", "pydantic", "stripe"}
"""What the answer to Stripe's webhook must not wait for."""


def modules_after(folder: Path, handler: str) -> set[str]:
    """The modules that importing a handler loads; -I -S hide this environment's packages and the project's folder."""
    program = IMPORT.format(folder=str(folder), handler=handler)
    environment = {**ENVIRONMENT, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{handler}:\n{done.stderr}"
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["callable"], handler
    return set(said["modules"])


@pytest.fixture(scope="module")
def loaded(app_stack: Template, unpacked: Path) -> dict[str, set[str]]:
    """By function, what its handler loads."""
    functions = of_type(app_stack, FUNCTION)
    return {name: modules_after(unpacked, row["Properties"]["Handler"]) for name, row in functions.items()}


def test_every_handler_can_be_imported_from_the_package_alone(loaded: dict[str, set[str]]) -> None:
    assert len(loaded) == 14


def test_only_the_api_loads_the_app(loaded: dict[str, set[str]]) -> None:
    assert [name for name, modules in loaded.items() if "app" in modules] == ["APIHandler"]


def test_no_handler_waits_for_stripes_sdk_before_it_needs_it(loaded: dict[str, set[str]]) -> None:
    assert [name for name, modules in loaded.items() if "stripe" in modules] == []


def test_the_webhook_function_stays_lean(loaded: dict[str, set[str]]) -> None:
    assert loaded["ReceiveStripeEvent"] & HEAVY == set()
