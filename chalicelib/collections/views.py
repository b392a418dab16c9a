"""What the HTTP of collections answers with."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from chalicelib.accounts.holds import HoldKind
from chalicelib.collections.desk import LateInvoice, Position
from chalicelib.collections.judgement import Judgement
from chalicelib.collections.ladder import Ladder
from chalicelib.collections.model import Form, Reason
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.money import Minor, Money


class LateInvoiceView(View):
    """One late invoice on the ladder."""

    invoice_id: str
    due_on: date
    due: Money = Field(description="What is still to be paid of it.")
    disputed: Money = Field(description="The part of it that is disputed.")
    on_plan: Money = Field(description="The part of it that a payment plan covers.")
    coming: Money = Field(description="The part of it that a payment which is on its way will pay.")
    may_ask: Money = Field(description="What may be asked for.")
    steps_taken: int = Field(description="How many steps of the ladder were taken.")
    last_step: str | None = Field(description="Name of the last one; null before the first.")
    last_step_on: date | None
    next_step: str | None = Field(description="Name of the next one; null after the last.")
    next_step_on: date | None = Field(description="The day of the next step, YYYY-MM-DD; today while it is held.")
    held_for: tuple[Reason, ...] = Field(
        description="What would hold the next step back now; empty when nothing would."
    )


class PositionView(View):
    """Where collection of an account stands."""

    account_id: str
    overdue: Money = Field(description="What should have been paid by now.")
    holds: tuple[HoldKind, ...] = Field(description="The kinds of the holds that stand today.")
    invoices: tuple[LateInvoiceView, ...] = Field(description="The late invoices, the oldest first.")
    waiting_at_stripe: tuple[str, ...] = Field(description="Invoices that Stripe was told not to collect for now.")
    last_asked_at: Instant | None = Field(description="When the last letter about late money left; RFC 3339 in UTC.")
    policy: str = Field(description="The version of the policy in force.")


class JudgementView(View):
    """One decision about something that asks for late money."""

    judgement_id: str = Field(description="The desk's id of a decision.")
    at: Instant
    form: Form = Field(description="What asked: a letter, a fee, handing over, or a part of another letter.")
    what: str = Field(description="Name of the letter, the step or the fee.")
    invoice_id: str | None
    channel: str | None = Field(description="How it went or would have gone.")
    reasons: tuple[Reason, ...] = Field(description="Why it was held; empty for what left.")
    asked_minor: Minor | None = Field(
        description="What was, or would have been, asked for, in the currency's minor unit: GBP 12.34 is 1234."
    )
    currency: str | None = Field(description="ISO 4217 alphabetic code.")
    is_reduced: bool = Field(description="Whether more is due: a part is disputed or on a plan.")
    policy: str = Field(description="The version of the policy that it went by.")
    message_id: str | None = Field(description="The letter; null when none was written.")


class CheckView(View):
    """What the interlock answers."""

    passes: bool = Field(description="Whether it may leave now.")
    reasons: tuple[Reason, ...] = Field(description="Why not.")
    amount: Money | None = Field(description="What may be asked for of the invoice; null without one.")
    is_reduced: bool = Field(description="Whether more is due: a part is disputed or on a plan.")
    policy: str = Field(description="The version of the policy that it went by.")


class OnLadderView(View):
    """An account on the ladder, in few words."""

    account_id: str
    steps: tuple[str, ...] = Field(description="The last step of each of its late invoices.")
    held_for: tuple[Reason, ...] = Field(description="What keeps a step back, over all its invoices.")
    visited_on: date | None = Field(description="When it was last looked at, YYYY-MM-DD.")
    next_on: date | None


def position_view(position: Position) -> PositionView:
    known = position.standing
    currency, asked = known.owed.currency, known.asked_at
    return PositionView(
        account_id=known.owed.account_id,
        overdue=Money(amount_minor=sum(each.owing.due_minor for each in position.invoices), currency=currency),
        holds=tuple(sorted({hold.kind for hold in position.holds})),
        invoices=tuple(_late_view(each, currency) for each in position.invoices),
        waiting_at_stripe=known.ladder.paused,
        last_asked_at=max(asked, default=None),
        policy=position.policy,
    )


def _late_view(late: LateInvoice, currency: str) -> LateInvoiceView:
    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=currency)

    return LateInvoiceView(
        invoice_id=late.invoice.invoice_id, due_on=late.invoice.due_on, due=money(late.owing.due_minor),
        disputed=money(late.owing.disputed_minor), on_plan=money(late.owing.covered_minor),
        coming=money(late.owing.coming_minor), may_ask=money(late.owing.free_minor), steps_taken=late.place.taken,
        last_step=late.place.step, last_step_on=late.place.taken_on, next_step=late.next_step,
        next_step_on=late.next_on, held_for=late.verdict.reasons if late.verdict else (),
    )  # fmt: skip


def judgement_view(judged: Judgement) -> JudgementView:
    return JudgementView(**judged.model_dump(exclude={"account_id"}))


def check_view(judged: Judgement) -> CheckView:
    amount = judged.asked_minor
    money = Money(amount_minor=amount, currency=judged.currency) if amount is not None and judged.currency else None
    return CheckView(
        passes=not judged.is_held, reasons=judged.reasons, amount=money, is_reduced=judged.is_reduced,
        policy=judged.policy,
    )  # fmt: skip


def ladder_view(ladder: Ladder) -> OnLadderView:
    return OnLadderView(
        account_id=ladder.account_id,
        steps=tuple(place.step for place in ladder.places if place.step),
        held_for=tuple(sorted({reason for place in ladder.places for reason in place.held})),
        visited_on=ladder.visited_on,
        next_on=ladder.next_on,
    )
