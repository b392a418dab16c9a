"""Random changes of subscriptions, each quoted, agreed to and held against the bill that came:
`python -m tests.subscriptions.prove_changes [CHANGES] [FIRST_SEED]`.

Each history has a local Stripe and a test clock of its own. The bill has to be the quote to the penny; where something
came between, what differs has to be called by its name. What is given back or charged for part of a period is reckoned
once more from the calendar alone, in fractions.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from chalicelib.subscriptions.quote import Cause, ChangeQuote, Comparison
from tests.subscriptions.beginnings import HOUR, History, begun
from tests.subscriptions.histories import BETWEEN, agreed, goes_on, interrupted

CHANGES, MOST = 10_000, 5
"""How many changes are played, and how many of one subscription."""


@dataclass
class Tally:
    """What was played and what came out; `wrong` names each history that broke the promise, and how."""

    histories: int = 0
    changes: int = 0
    kept: int = 0
    named: int = 0
    looked: int = 0
    unbilled: int = 0
    lines: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.changes} changes of {self.histories} subscriptions: {self.kept} bills equal their quote to the "
            f"penny, {self.named} differ by what came between and say so ({self.looked} of them are given to a person "
            f"to look at), {self.unbilled} end without a bill; "
            f"{len(self.wrong)} wrong. {self.lines} shares of periods reckoned again in fractions.\n"
            f"  changes: {_counted(self.kinds)}\n  came between: {_counted(self.causes)}\n"
            f"  not to be had, and another was asked for: {_counted(self.refused)}"
        )


def play(seed: int, tally: Tally, most: int) -> None:
    """One history of so many changes at most, each after the bill of the one before, told to the tally."""
    history, still = begun(seed)
    try:
        for _ in range(most):
            quote = agreed(history)
            tally.refused.update(history.refused)
            if quote is None:
                return
            tally.changes += 1
            tally.kinds[quote.wish.kind.value] += 1
            interrupted(history, quote)
            tally.wrong += [f"seed {seed}, {quote.wish}: {what}" for what in _held(history, quote, tally)]
            if not goes_on(history, quote):
                return
    finally:
        still.stop()


def _held(history: History, quote: ChangeQuote, tally: Tally) -> list[str]:
    """Let the bill come, and hold it against the quote; what is wrong."""
    if quote.bill_at is None:
        return _unbilled(history, quote, tally)
    history.until(max(quote.bill_at, quote.effective_at) + 2 * HOUR)
    found = history.selling.quotes.get(quote.quote_id).comparison
    if found is None:
        return ["its bill was never held against it"]
    bill = history.desk.v1.invoices.retrieve(found.invoice_id.removeprefix("inv_")).to_dict()
    return [*_compared(history, quote, found, bill, tally), *_shares(history, bill, tally)]


def _unbilled(history: History, quote: ChangeQuote, tally: Tally) -> list[str]:
    before = len(history.selling.someone.invoices())
    history.until(quote.effective_at + 2 * HOUR)
    tally.unbilled += 1
    after = len(history.selling.someone.invoices())
    ended = history.desk.v1.subscriptions.retrieve(history.plan.id).status == "canceled"
    metered = any(part.is_metered for part in quote.before)
    return [] if ended and (metered or after == before) else [f"ended {ended}, {after - before} bills"]


def _compared(history: History, quote: ChangeQuote, found: Comparison, bill: dict[str, Any], tally: Tally) -> list[str]:
    mine = history.selling.billing.invoice(found.invoice_id)
    wrong = [] if mine and mine.total_minor == bill["total"] else ["the desk's books have another bill"]
    causes = {each.cause for each in found.differences}
    if not causes:
        tally.kept += 1
        owed = 0 if quote.no_bill else bill["total"]
        return wrong + ([] if owed == quote.bill_after_minor else [f"{quote.bill_after_minor} became {owed}"])
    tally.named += 1
    tally.causes.update(cause.value for cause in causes)
    if history.between is None:
        return [*wrong, f"nothing came between, and it differs: {found.differences}"]
    if quote.no_bill and bill["status"] != "void" and quote.quote_id in history.selling.told.broken:
        # More was given back than the paused bill came to, so that Stripe did not void it: a person looks at it.
        tally.looked += 1
        causes -= {Cause.UNEXPLAINED}
    if Cause.UNEXPLAINED in causes or BETWEEN[history.between] not in causes:
        return [*wrong, f"{history.between} came between, and it says {sorted(causes)}: {found.differences}"]
    return wrong


def _shares(history: History, bill: dict[str, Any], tally: Tally) -> list[str]:
    """The lines for parts of periods that are not what the calendar says."""
    prices = {each.id: each.unit_amount for each in history.desk.v1.prices.list({"limit": 100}).data}
    units = {price_id: unit for price_id, unit in prices.items() if unit is not None}
    wrong = []
    for line in bill["lines"]["data"]:
        origin = line["parent"]["subscription_item_details"]
        if origin and origin["proration"]:
            tally.lines += 1
            share = history.exact(line, units)
            if abs(abs(line["amount"]) - share) > Fraction(1, 2):
                wrong.append(f"{line['amount']} for {float(share):.4f}: {line['description']}")
    return wrong


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "nothing"


def played(seeds: range, changes: int) -> Tally:
    """Histories of these seeds until so many changes were agreed to."""
    tally = Tally()
    for seed in seeds:
        if tally.changes >= changes:
            break
        tally.histories += 1
        play(seed, tally, min(MOST, changes - tally.changes))
    return tally


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    begun_at = time.monotonic()
    tally = played(range(first, first + 2 * changes), changes)
    print(tally, f"\n({time.monotonic() - begun_at:.0f} s)")
    for each in tally.wrong[:20]:
        print("WRONG", each)
    raise SystemExit(bool(tally.wrong))


if __name__ == "__main__":
    main()
