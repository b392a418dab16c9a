"""The promise of the interlock, played and printed: `python -m tests.collections.prove [TIMELINES]`.

Each timeline is a customer with bills, payments, holds, disputes, plans, wishes, runs and mail at random moments; what
the desk did is held to an oracle that shares no rule with it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.collections.timelines import Timeline


def played(timelines: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """What was played, and every fault that was found."""
    tally, found = Counter[str](), list[str]()
    for seed in range(first, first + timelines):
        one = Timeline(seed).play()
        tally.update(one.tally)
        found += one.found
    return tally, found


if __name__ == "__main__":
    begun, count = time.monotonic(), int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    done, faults = played(count)
    sys.stdout.write(
        f"{count} timelines in {time.monotonic() - begun:.0f} s: {done['runs']} runs, {done['holds']} holds, "
        f"{done['payments']} payments, {done['plans']} plans; {done['steps']} steps taken, {done['held steps']} held; "
        f"of {done['letters judged']} letters {done['letters sent']} left and {done['letters held']} were held at the "
        f"last moment. Faults (left against a reason, held without a record, not asked, wrong amount): {len(faults)}\n"
    )
    sys.stdout.writelines(f"{fault}\n" for fault in faults[:20])
