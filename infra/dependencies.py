"""The third-party half of the Lambda package: requirements.txt as one zip, built once for each content of the file."""

from __future__ import annotations

import compileall
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")
SDK_SERVICES = (
    "cognito-idp", "dynamodb", "kinesis", "lambda", "s3", "secretsmanager", "ses", "sns", "sqs", "ssm", "sts", "xray",
)  # fmt: skip
"""The only AWS services that the functions call; botocore describes four hundred, most of the size of the package."""
UNUSED = (
    "bin", "holidays/financial", "holidays/locale", "phonenumbers/carrierdata", "phonenumbers/geodata",
    "phonenumbers/tzdata",
)  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BuildFailed(RuntimeError):
    """pip could not bring the dependencies together; the message is what it said."""


def dependencies(requirements: Path, build: Path) -> Path:
    """The zip of the dependencies, made when no zip of these requirements is there. Raises BuildFailed."""
    rules = (*PLATFORMS, *SDK_SERVICES, *UNUSED, sys.version_info[:2])
    key = hashlib.sha256(requirements.read_bytes() + repr(rules).encode()).hexdigest()[:16]
    target = build / f"dependencies-{key}.zip"
    if not target.exists():
        for older in build.glob("dependencies-*.zip"):
            older.unlink()
        tree = build / "dependencies"
        shutil.rmtree(tree, ignore_errors=True)
        _install(requirements, tree)
        _prune(tree)
        compileall.compile_dir(tree, quiet=2, stripdir=str(tree), invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        partial = target.with_suffix(".part")
        with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
            add_tree(archive, tree)
        partial.rename(target)
        shutil.rmtree(tree)
    return target


def add_tree(archive: ZipFile, tree: Path) -> None:
    """Add every file of a folder, in order and without its time, so that equal content gives equal bytes."""
    for path in sorted(p for p in tree.rglob("*") if p.is_file()):
        add_file(archive, path.relative_to(tree).as_posix(), path.read_bytes())


def add_file(archive: ZipFile, name: str, content: bytes) -> None:
    """Add one file that everyone may read."""
    info = ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    info.compress_type = ZIP_DEFLATED
    archive.writestr(info, content)


def _install(requirements: Path, tree: Path) -> None:
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
               "--target", str(tree), *platforms, "--python-version", version, "--implementation", "cp",
               "--only-binary", ":all:", "--requirement", str(requirements)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(done.stderr.strip())


def _prune(tree: Path) -> None:
    for name in UNUSED:
        shutil.rmtree(tree / name, ignore_errors=True)
    for service in (tree / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SDK_SERVICES:
            shutil.rmtree(service)
