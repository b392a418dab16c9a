"""Builds what is deployed into .build: the code zip and both templates. `python -m infra.package`."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from infra import cfn
from infra.dependencies import BuildFailed, add_file, dependencies
from infra.template import UnknownResource, app_template

ROOT = Path(__file__).resolve().parent.parent
_STAGE = "prod"
"""Chalice's stage decides memory and timeouts, which are the same everywhere; ours is a parameter of the stacks."""


@dataclass(frozen=True)
class Package:
    """A finished build. `digest` changes when, and only when, the code or one of the templates does."""

    code: Path
    app_template: Path
    data_template: Path
    digest: str


def package(root: Path = ROOT, build: Path | None = None) -> Package:
    """Build the desk in `root`. Raises BuildFailed with what pip or Chalice said, or UnknownResource."""
    build = build or root / ".build"
    build.mkdir(exist_ok=True)
    with (build / "lock").open("w") as lock:
        # Two desks may start at the same time and share one build folder.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _package(root, build)


def _package(root: Path, build: Path) -> Package:
    site = dependencies(root / "requirements.txt", build)
    chalice = _chalice_package(_copy_of_the_app(root, build / "source"), build / "chalice")
    packaged = json.loads((chalice / "sam.json").read_text())
    template = app_template(packaged, cfn.read(root / "infra" / "app.yaml"), cfn.read(root / "infra" / "grants.yaml"))
    made = Package(build / "app.zip", build / "app.json", build / "data.yaml", "")
    made.app_template.write_text(json.dumps(template, indent=1))
    shutil.copyfile(root / "infra" / "data.yaml", made.data_template)
    _join(site, chalice / "deployment.zip", made.code)
    return Package(made.code, made.app_template, made.data_template, _digest(made))


def _copy_of_the_app(root: Path, source: Path) -> Path:
    """Chalice packages a copy without requirements, so that it never resolves dependencies itself."""
    shutil.rmtree(source, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(root / name, source / name, ignore=ignore)
    shutil.copyfile(root / "app.py", source / "app.py")
    (source / "requirements.txt").touch()
    return source


def _chalice_package(source: Path, out: Path) -> Path:
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-2", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", _STAGE, str(out)]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(done.stderr.strip() or done.stdout.strip())
    return out


def _join(site: Path, app: Path, target: Path) -> None:
    """The dependencies as they are, byte for byte, then the app: compressing them again would take seconds."""
    partial = target.with_suffix(".part")
    shutil.copyfile(site, partial)
    with ZipFile(partial, "a") as archive, ZipFile(app) as packaged:
        for name in sorted(packaged.namelist()):
            add_file(archive, name, packaged.read(name))
    partial.rename(target)


def _digest(made: Package) -> str:
    files = (made.code, made.app_template, made.data_template)
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


def main() -> int:
    try:
        made = package()
    except (BuildFailed, UnknownResource) as failed:
        print(failed, file=sys.stderr)
        return 1
    print(f"{made.code} ({made.code.stat().st_size / 1e6:.1f} MB), {made.app_template}, {made.data_template}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
