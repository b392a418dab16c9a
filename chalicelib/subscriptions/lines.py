"""The lines of a bill that is to come: read from Stripe's preview, held against our own reckoning, and put plainly.
Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.billing.mirror_lines import StripeLine
from chalicelib.billing.mirror_shapes import Shape
from chalicelib.platform.fields import as_line
from chalicelib.platform.money import Money, portion, spoken
from chalicelib.subscriptions.parts import Part
from chalicelib.subscriptions.proration import TOLERANCE_MINOR, Share
from chalicelib.subscriptions.quote import QuotedLine

_TIMES: Final = "\u00d7"


class Disagreement(Exception):
    """Stripe's figures are not ours; `lines` says which, without names."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class _Span(Shape):
    start: int
    end: int


class PreviewLine(StripeLine):
    period: _Span  # type: ignore[assignment]


class _Lines(Shape):
    data: list[PreviewLine]


class Preview(Shape):
    """An invoice that would come."""

    total: int
    created: int
    lines: _Lines


def amounts(line: StripeLine) -> tuple[int, int, int]:
    """Net after discounts, tax and discounts of a line."""
    taxes = line.taxes or []
    discount = sum(each.amount for each in line.discount_amounts or [])
    inclusive = sum(tax.amount for tax in taxes if tax.tax_behavior == "inclusive")
    return line.amount - discount - inclusive, sum(tax.amount for tax in taxes), discount


@dataclass(frozen=True)
class Speech:
    """Puts lines plainly. `day` is the calendar day of a second where the desk bills."""

    day: Callable[[int], date]
    currency: str

    def read(
        self, preview: Preview, shares: Sequence[Share], parts: Sequence[Part], usual: Preview | None
    ) -> tuple[QuotedLine, ...]:
        """The lines of a preview, each change held against its share. `parts` are those before and after; `usual` is
        the preview without the change, whose lines are none of it.

        Raises Disagreement when a share is missing, differs, or is one too many.
        """
        left, strange, found = list(shares), list[str](), list[QuotedLine]()
        waiting = {_said(line) for line in usual.lines.data} if usual else set()
        moments = {(share.starts_at, share.part.price_id) for share in shares}
        for line in preview.lines.data:
            share = next((share for share in left if line.is_proration and _is(share, line)), None)
            if share:
                left.remove(share)
            elif (line.period.start, line.price_id) in moments and line.is_proration and _said(line) not in waiting:
                strange.append(f"{line.amount} of {line.price_id} from {line.period.start} on")
            found.append(self._line(line, share, parts))
        missing = [f"no {share.amount_minor} of {share.part.price_id}" for share in left if share.amount_minor]
        if strange or missing:
            raise Disagreement([*strange, *missing])
        return tuple(found)

    def reckoned(
        self, shares: Sequence[Share], parts: Sequence[Part], period: tuple[int, int]
    ) -> tuple[QuotedLine, ...]:
        """The lines of a bill that no preview shows: what is given back, and a period that begins anew."""
        given_back = [self._part(each.part, each.amount_minor, self._reckoning(each)) for each in shares]
        begun = [
            self._part(part, part.whole_minor, self._usual(part, *period)) for part in parts if not part.is_metered
        ]
        return (*given_back, *begun)

    def _line(self, line: PreviewLine, share: Share | None, parts: Sequence[Part]) -> QuotedLine:
        net, tax, discount = amounts(line)
        part = share.part if share else next((part for part in parts if part.price_id == line.price_id), None)
        said: dict[str, Any] = {"name": as_line(line.description or "Charge")}
        if share:
            said = self._reckoning(share)
        elif part and line.is_recurring:
            said = self._usual(part, line.period.start, line.period.end)
        plain = {
            "price_id": line.price_id,
            "is_metered": bool(part and part.is_metered),
            "is_proration": line.is_proration,
            "is_recurring": line.is_recurring,
            "starts_at": line.period.start,
            "ends_at": line.period.end,
            "quantity": line.quantity or 0,
            "net_minor": net,
            "tax_minor": tax,
            "discount_minor": discount,
        }
        return QuotedLine.model_validate({"is_change": False, **said, **plain})

    def _part(self, part: Part, net_minor: int, said: dict[str, Any]) -> QuotedLine:
        tax = sum(portion(net_minor, rate) for rate in part.rates_bp)
        plain = {"price_id": part.price_id, "quantity": part.quantity, "net_minor": net_minor, "tax_minor": tax}
        return QuotedLine.model_validate({**said, **plain, "is_change": True})

    def _reckoning(self, share: Share) -> dict[str, Any]:
        whole = spoken(Money(amount_minor=share.part.whole_minor, currency=self.currency))
        ends_at = share.starts_at + share.seconds
        span = self._span(share.part.name, share.starts_at, ends_at)
        return {
            "name": as_line(f"{span}: paid, not used" if share.is_credit else span),
            "is_change": True,
            "is_proration": True,
            "starts_at": share.starts_at,
            "ends_at": ends_at,
            "whole_minor": share.part.whole_minor,
            "seconds": share.seconds,
            "of_seconds": share.of_seconds,
            "words": f"{whole} {_TIMES} {share.seconds:,} of {share.of_seconds:,} seconds",
        }

    def _usual(self, part: Part, starts_at: int, ends_at: int) -> dict[str, Any]:
        unit = "" if part.unit_minor is None else spoken(Money(amount_minor=part.unit_minor, currency=self.currency))
        words = f"{part.quantity} {_TIMES} {unit}" if unit else ""
        name = as_line(self._span(part.name, starts_at, ends_at))
        return {"name": name, "starts_at": starts_at, "ends_at": ends_at, "words": words, "is_recurring": True}

    def _span(self, name: str, start: int, end: int) -> str:
        last = self.day(end - 1) if end > start else self.day(end)
        return f"{name}, {plain_day(self.day(start))} to {plain_day(last)}"


def plain_day(on: date) -> str:
    """`3 December 2026`."""
    return f"{on:%-d %B %Y}"


def _said(line: PreviewLine) -> tuple[str | None, int, int]:
    return line.price_id, line.period.start, line.amount


def _is(share: Share, line: PreviewLine) -> bool:
    same = (share.starts_at, share.part.price_id) == (line.period.start, line.price_id)
    return same and abs(line.amount - share.amount_minor) <= TOLERANCE_MINOR
