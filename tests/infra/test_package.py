"""The I/O half of packaging that can be proven without a network: equal content gives equal bytes."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

from infra.dependencies import SDK_SERVICES, add_tree
from infra.package import ROOT


def test_equal_folders_make_equal_zips(tmp_path: Path) -> None:
    for name in ("one", "two"):
        tree = tmp_path / name
        (tree / "package").mkdir(parents=True)
        for file in ("b.py", "a.py") if name == "one" else ("a.py", "b.py"):
            (tree / "package" / file).write_text(f"# {file}")
        with ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            add_tree(archive, tree)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_every_aws_service_that_the_code_calls_is_described_in_the_package() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    called = set(re.findall(r"boto3\.client\(\s*\"([a-z0-9-]+)\"", sources))
    assert called
    assert called <= set(SDK_SERVICES)
