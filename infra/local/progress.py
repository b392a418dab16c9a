"""What a person sees while the desk comes up: one line a step, with its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console


@dataclass
class Step:
    """A step that is under way; a note is shown behind it."""

    text: str
    remark: str = ""

    def note(self, remark: str) -> None:
        self.remark = remark


class Progress:
    """Steps on a terminal with a spinner, in a log as plain lines."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Show a step while the block runs, and how it ended."""
        began = time.monotonic()
        current = Step(text)
        try:
            with self._console.status(text):
                yield current
        except BaseException:
            self._console.print(f"[red]✗[/red] {text}")
            raise
        remark = f" - {current.remark}" if current.remark else ""
        self._console.print(f"[green]✓[/green] {text}{remark} [dim]({time.monotonic() - began:.1f} s)[/dim]")

    def say(self, text: str) -> None:
        """One line."""
        self._console.print(text)
