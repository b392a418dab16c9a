"""The promises about money, played again and printed: `python -m tests.payments.prove [SEEDS]`.

Nothing here is asserted that the tests do not assert; this says how much was played and what came out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from chalicelib.billing.ledger import LedgerEntry, verify
from tests.memory_table import MemoryTable
from tests.payments.money_desk import MoneyDesk
from tests.payments.reconciliation.test_events import books as all_items
from tests.payments.reconciliation.test_events import business, delivered, reconciled_on
from tests.payments.test_simulation import MOST_COPIES, SEEDS, books, delivered_badly, delivered_in_order


def badly_delivered(seeds: int) -> str:
    """Events delivered up to five times, shuffled, with processes that end, against one ordered delivery."""
    events = crashes = equal = 0
    for seed in range(seeds):
        good, (bad, ended) = delivered_in_order(seed), delivered_badly(seed)
        events, crashes = events + len(good.happened), crashes + ended
        equal += books(bad.desk) == books(good.desk)
    return (
        f"{events} events of {seeds} seeds, each delivered 1 to {MOST_COPIES} times, shuffled, {crashes} processes "
        f"ended: the books of {equal} of {seeds} equal one ordered delivery"
    )


def dropped(seeds: int) -> str:
    """Five hundred events that never came, and what one reconciliation makes of it."""
    repaired = missed = equal = 0
    for seed in range(seeds):
        table, stripe, bodies = business(seed, 500)
        delivered(table, stripe, bodies)
        lost, stripe, _ = business(seed, 500)
        run = reconciled_on(lost, stripe).run()
        missed, repaired = missed + len(bodies), repaired + run.tally.repaired
        equal += all_items(lost) == all_items(table)
    return f"{repaired} of {missed} dropped events repaired; {equal} of {seeds} tables equal those of a delivery"


def proven(seeds: int) -> str:
    """Every ledger of the badly delivered worlds."""
    entries = wrong = 0
    for seed in range(seeds):
        desk = delivered_badly(seed)[0].desk
        for ledger in _ledgers(desk):
            entries += len(ledger)
            wrong += verify(ledger) is not None
    return f"{entries} ledger entries proven, {wrong} ledgers with a difference"


def _ledgers(desk: MoneyDesk) -> list[list[LedgerEntry]]:
    assert isinstance(desk.table, MemoryTable)
    owners = sorted(pk[2:] for pk, part in desk.table.items.items() if any(sk.startswith("L#") for sk in part))
    return [list(desk.ledger.ledger(account_id)) for account_id in owners]


PROMISES: dict[str, Callable[[int], str]] = {
    "bad delivery": badly_delivered,
    "dropped": dropped,
    "ledgers": proven,
}


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    for name, play in PROMISES.items():
        begun = time.monotonic()
        print(f"{name:14}{play(seeds)} ({time.monotonic() - begun:.0f} s)")


if __name__ == "__main__":
    main()
