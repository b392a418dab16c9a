"""Use case of the workspace: all that an advisor needs of an account, in the time of one read."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date

from chalicelib.platform.clock import Clock
from chalicelib.platform.errors import NotFound
from chalicelib.workspace.actions import NextAction, next_best
from chalicelib.workspace.glance import Glance, read
from chalicelib.workspace.reasons import Likely, likely
from chalicelib.workspace.store import WorkspaceStore


@dataclass(frozen=True)
class Workspace:
    """What is known, why the customer is likely to be in touch, and what to do next."""

    glance: Glance
    reasons: list[Likely]
    actions: list[NextAction]


@dataclass(frozen=True)
class Workspaces:
    """`aside` does one read while this thread does the other; `today` is the calendar day where the desk bills."""

    store: WorkspaceStore
    aside: Executor
    clock: Clock
    today: Callable[[], date]

    def open(self, account_id: str, subject: str) -> Workspace:
        """The workspace of an account for the person with this subject. Two reads at the same time. Raises NotFound."""
        cases = self.aside.submit(self.store.open_cases, account_id)
        summary = self.store.summary(account_id)
        if "HEAD" not in summary:
            raise NotFound("There is no account with this id.")
        glance = read(summary, cases.result(), subject, self.clock(), self.today())
        reasons = likely(glance)
        return Workspace(glance, reasons, next_best(glance, reasons))
