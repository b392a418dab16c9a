"""Tells customers what of their allowances and limits is used up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.accounts.letters import Letter, LetterChannel, Post, Value
from chalicelib.platform.clock import parse_instant
from chalicelib.usage import alerts
from chalicelib.usage.categories import spoken_quantity
from chalicelib.usage.control import ACCOUNT, Control
from chalicelib.usage.counters import Month
from chalicelib.usage.rating import LineKey, Rated, Ratings, billed_minor, charged_minor


class Reach(Protocol):
    """Where a customer wants short messages."""

    def way(self, account_id: str) -> tuple[LetterChannel, str | None]:
        """The channel and its address; mail without one goes to the account's first."""
        ...


@dataclass(frozen=True)
class AlertLetters:
    """`zone` is where the desk bills."""

    post: Post
    reach: Reach
    zone: ZoneInfo

    def tell(self, month: Month, lines: Ratings, control: Control) -> None:
        """Send a letter of each alert that is untold; the same ones again go out once. Raises Unavailable."""
        channel, to = self.reach.way(month.account_id) if month.untold else (LetterChannel.MAIL, None)
        for name in month.untold:
            at = parse_instant(month.alerts[name])
            scope = alerts.limit_scope(name)
            what, subject_id, facts = (
                self._allowance(name, lines, control) if scope is None else _limit(name, scope, lines, control)
            )
            short = "_text" if channel is LetterChannel.SMS else ""
            self.post.send(
                Letter(
                    name=f"usage/{what}{short}", object_id=subject_id, occasion=f"{month.month}|{name}",
                    account_id=month.account_id, at=at, channel=channel, to=to, currency=control.currency, facts=facts,
                )
            )  # fmt: skip

    def _allowance(self, name: str, lines: Ratings, control: Control) -> tuple[str, str, dict[str, Value]]:
        key = alerts.line_of(name)
        line, (subscription_id, starts_on) = lines.get(key, Rated()), key.stretch
        period = control.period(subscription_id, starts_on, self.zone)
        facts: dict[str, Value] = {
            "percent": alerts.percent_of(name), "category": key.category.value, "until_on": str(period.ends_on),
            "used": spoken_quantity(key.category, line.used), "plan": _plan_name(control, subscription_id),
            **_beyond(key, line),
        }  # fmt: skip
        allowance = line.tariff.allowance(key.category)
        if allowance is not None:
            facts["allowance"] = spoken_quantity(key.category, allowance)
            facts["left"] = spoken_quantity(key.category, max(0, allowance - line.used))
        return "allowance_used", subscription_id, facts


def _limit(name: str, scope: str, lines: Ratings, control: Control) -> tuple[str, str, dict[str, Value]]:
    percent = alerts.percent_of(name)
    facts: dict[str, Value] = {
        "percent": percent,
        "limit_minor": int(name.split("|")[2]),
        "charged_minor": charged_minor(lines, scope),
        "billed_minor": billed_minor(lines, scope),
    }
    if scope != ACCOUNT:
        facts["plan"] = _plan_name(control, scope)
    return ("limit_reached" if percent >= 100 else "limit_near"), scope, facts


def _plan_name(control: Control, subscription_id: str) -> str:
    return next(plan.plan_name for plan in reversed(control.plans) if plan.subscription_id == subscription_id)


def _beyond(key: LineKey, line: Rated) -> dict[str, Value]:
    """What use beyond the allowance costs, where it costs anything."""
    rate = line.tariff.rates.get(key.category)
    if rate is None:
        return {}
    price = line.tariff.with_tax(rate.price_minor)
    return {"beyond_minor": price, "beyond_for": spoken_quantity(key.category, rate.per)}
