"""The package as it would be deployed, built once for all house tests."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra import cfn
from infra.package import ROOT, Package, package


@pytest.fixture(scope="session")
def made() -> Package:
    return package()


@pytest.fixture(scope="session")
def app_stack(made: Package) -> cfn.Template:
    template: cfn.Template = json.loads(made.app_template.read_text())
    return template


@pytest.fixture(scope="session")
def data_stack() -> cfn.Template:
    return cfn.read(ROOT / "infra" / "data.yaml")


@pytest.fixture(scope="session")
def unpacked(made: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code as Lambda sees it."""
    folder = tmp_path_factory.mktemp("package")
    with ZipFile(made.code) as archive:
        archive.extractall(folder)
    return folder
