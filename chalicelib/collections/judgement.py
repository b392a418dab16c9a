"""What is kept of each decision about something that asks for late money: what left and what was held, and why."""

from __future__ import annotations

import hashlib
from datetime import datetime

from chalicelib.collections.model import Form, Reason, Verdict
from chalicelib.platform.clock import Instant, format_instant
from chalicelib.platform.fields import Record
from chalicelib.platform.money import Currency, Minor


class Judgement(Record):
    """`what` names the letter, or the step, or the fee; `reasons` are empty for what left. `asked_minor` is what was or
    would have been asked for; `is_reduced` says that more is due. `policy` is the version of the rules."""

    judgement_id: str
    account_id: str
    at: Instant
    form: Form
    what: str
    invoice_id: str | None = None
    channel: str | None = None
    reasons: tuple[Reason, ...] = ()
    asked_minor: Minor | None = None
    currency: Currency | None = None
    is_reduced: bool = False
    policy: str
    message_id: str | None = None

    @property
    def is_held(self) -> bool:
        return bool(self.reasons)

    @property
    def sk(self) -> str:
        """Held ones and others stand apart, each in order of time."""
        return f"{'H' if self.is_held else 'HP'}#{format_instant(self.at)}#{self.judgement_id}"


def judgement(
    account_id: str, at: datetime, form: Form, what: str, verdict: Verdict, policy: str, *, invoice_id: str | None,
    channel: str | None = None, currency: str | None = None, message_id: str | None = None,
) -> Judgement:  # fmt: skip
    """A record of a verdict; the same decision about the same thing at the same instant is the same record."""
    named = (account_id, what, invoice_id or "", message_id or "", format_instant(at), *verdict.reasons)
    return Judgement(
        judgement_id="jdg_" + hashlib.sha256("\0".join(named).encode()).hexdigest()[:24], account_id=account_id, at=at,
        form=form, what=what, invoice_id=invoice_id, channel=channel, reasons=verdict.reasons,
        asked_minor=verdict.amount_minor, currency=currency if verdict.amount_minor is not None else None,
        is_reduced=verdict.is_reduced, policy=policy, message_id=message_id,
    )  # fmt: skip
