"""The workspace of an advisor."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import utc_now

if TYPE_CHECKING:
    from chalicelib.workspace.service import Workspaces


@cache
def workspaces() -> Workspaces:
    from concurrent.futures import ThreadPoolExecutor

    from chalicelib.workspace.service import Workspaces
    from chalicelib.workspace.store import WorkspaceStore

    aside = ThreadPoolExecutor(max_workers=2, thread_name_prefix="workspace")
    return Workspaces(WorkspaceStore(wiring.table()), aside, utc_now, wiring.today)
