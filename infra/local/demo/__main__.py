"""`make demo`: plays every recorded event through the real doors, says what became of each, ends with the KPI table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError
from rich.console import Console
from rich.table import Table

from infra.local.demo.desk import Desk, wait_for
from infra.local.demo.outcomes import Outcome, of_contact, of_flow, of_mail, of_stripe
from infra.local.demo.recording import Played, anchor_hours, manifest, recording
from infra.local.demo.story import Step, Story
from infra.local.demo.stripe_door import StripeDoor
from infra.local.demo.till import Till

MOST_LOST = 3
"""Each event that does not show up is waited for; with this many the desk is not whole, and waiting on is no use."""
console = Console(soft_wrap=True)


def main() -> int:
    """Returns 0 when every event is accounted for, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".local"))
    home = parser.parse_args().home
    desk = Desk.running(home)
    hours = anchor_hours(home, datetime.now(UTC))
    played: list[tuple[str, Outcome]] = []
    lost: list[str] = []
    till = Till(desk, StripeDoor.of(desk.handle), str(hours))
    for title, outcome in everything(desk, hours, Story(desk, str(hours)), till):
        played.append((title, outcome))
        lost += [] if outcome.ok else [title]
        if len(lost) > MOST_LOST:
            console.print("[red]Too much is not as expected; see `make logs`.[/]")
            return 1
    figures(desk, hours)
    console.print(f"\n{len(played)} events and steps, {len(played) - len(lost)} accounted for.")
    for title in lost:
        console.print(f"  [red]not as expected:[/] {title}")
    return 1 if lost else 0


def everything(desk: Desk, hours: int, story: Story, till: Till) -> Iterable[tuple[str, Outcome]]:
    yield from steps("At the counter", story.at_the_counter())
    yield from steps("At the till", till.steps())
    yield from events(desk, hours)
    yield from steps("At the desk", story.at_the_desk())
    yield from steps("The books", till.proof())


def steps(heading: str, told: Iterable[Step]) -> Iterable[tuple[str, Outcome]]:
    console.rule(heading)
    for title, step in told:
        yield report(title, step())


def events(desk: Desk, hours: int) -> Iterable[tuple[str, Outcome]]:
    """All events of a door go in first, then each is looked up: what waits in a queue is worked on meanwhile."""
    console.rule("Phone and chat")
    contacts = recording("contacts", hours)
    for played in contacts:
        for _ in range(played.row.get("repeats", 1)):
            desk.send_contact(played.content)
    yield from (report(played.title, of_contact(desk, played)) for played in contacts)
    console.rule("Who is calling")
    yield from (
        report(played.title, of_flow(played, desk.ask_flow(played.content))) for played in recording("flow", hours)
    )
    console.rule("Stripe")
    yield from (report(played.title, _stripe(desk, played)) for played in recording("stripe", hours))
    console.rule("Mail")
    mails = recording("mail", hours)
    for played in mails:
        if played.parent:  # nobody continues a mail before it has arrived
            wait_for(partial(desk.is_case, played.parent.message_id))
        for _ in range(played.row.get("repeats", 1)):
            desk.send_mail(played.content, played.row["mail_from"], played.row.get("verdicts"))
    yield from (report(played.title, of_mail(desk, played)) for played in mails)


def _stripe(desk: Desk, played: Played) -> Outcome:
    answers = [desk.send_stripe(played.content).status for _ in range(played.row.get("repeats", 1))]
    refused = next((status for status in answers if status != 200), None)
    return of_stripe(desk, played) if refused is None else Outcome(False, f"the webhook answered {refused}")


def report(title: str, outcome: Outcome) -> tuple[str, Outcome]:
    mark = "[green]✓[/]" if outcome.ok else "[red]✗[/]"
    console.print(f"{mark} {title}: {outcome.what}" + (f"  [dim]{outcome.link}[/]" if outcome.link else ""))
    return title, outcome


def figures(desk: Desk, hours: int) -> None:
    """Fold what came in and print the figures of the demo's day."""
    console.rule("KPIs")
    recorded = manifest()["recorded"]
    start, end = (datetime.fromisoformat(recorded[name]) + timedelta(hours=hours) for name in ("from", "to"))
    until = max(end, datetime.now(UTC).replace(minute=0, second=0, microsecond=0)) + timedelta(hours=1)
    asked = f"/v1/kpis?from={_z(start)}&to={_z(until)}&granularity=day"
    desk.fold()
    rows = desk.call("GET", asked, role="supervisor").json["items"]
    table = Table("KPI", *(f"{row['from'][:10]}" for row in rows), "unit")
    names: dict[str, Any] = {name: kpi for row in rows for name, kpi in row["kpis"].items()}
    for name, sample in names.items():
        table.add_row(name, *(_figure(row["kpis"].get(name)) for row in rows), sample["unit"])
    console.print(table)
    console.print(f"[dim]{desk.link(asked)}[/]")


def _figure(kpi: dict[str, Any] | None) -> str:
    if kpi is None or kpi["value"] is None:
        return "-"
    return f"{kpi['value']:.2f}".rstrip("0").rstrip(".") + f" (n {kpi['n']})"


def _z(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, BotoCoreError) as gone:
        sys.exit(f"The desk went away ({gone}). When it is up again, play the demo again: nothing doubles.")
