"""The promises of payment plans, played in numbers and printed: `python -m tests.plans.prove [SCHEDULES] [TIMELINES]`.

Nothing here is asserted that the tests do not assert; this says how much was played and what came out."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from tests.plans.plain_schedules import a_case, fault
from tests.plans.timelines import Timeline


def schedules(count: int) -> str:
    """Random schedules against walking through the calendar and handing out pennies."""
    chance, faults, parts = random.Random(1), Counter[str](), 0
    for _ in range(count):
        case = a_case(chance)
        parts += case.count
        if wrong := fault(case):
            faults[wrong] += 1
    return f"{count} schedules of {parts} instalments: {sum(faults.values())} with a fault {dict(faults)}"


def timelines(count: int) -> str:
    """Random lives of plans against a plain plan."""
    happened, wrong = Counter[str](), list[str]()
    for seed in range(count):
        played = Timeline(seed).play()
        happened.update(played.happened)
        wrong += [played.wrong] if played.wrong else []
    told = ", ".join(f"{number} {name}" for name, number in happened.most_common())
    return f"{count} plans ({told}): {len(wrong)} differ {wrong[:3]}"


def main() -> None:
    wanted = [int(each) for each in sys.argv[1:3]]
    for play, count in ((schedules, (wanted or [100_000])[0]), (timelines, ([*wanted, 2_000, 2_000])[1])):
        begun = time.monotonic()
        print(f"{play.__name__:12}{play(count)} ({time.monotonic() - begun:.0f} s)")


if __name__ == "__main__":
    main()
