"""What an advisor can best do next: the operation to call, what to send, and why. Pure.

Nothing is proposed that a hold of the account forbids: who is in breathing space is not offered a link to pay by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

from chalicelib.accounts.holds import SILENT, HoldKind
from chalicelib.workspace.glance import Glance
from chalicelib.workspace.reasons import Likely, Reason, priced

ASKING: Final = SILENT | {HoldKind.DEBT_ADVICE, HoldKind.VULNERABILITY, HoldKind.PAYMENT_PROMISE}
"""Holds in which nobody asks for money."""
GOOD_PROFILE: Final = 80
"""Points of a profile that need no attention."""


class ActionName(StrEnum):
    """What can be done."""

    VERIFY = "verify_customer"
    ANSWER_CASE = "answer_case"
    SAVE_METHOD = "save_payment_method"
    EXPLAIN_BILL = "explain_bill"
    OFFER_PLAN = "offer_payment_plan"
    SEND_PAY_LINK = "send_pay_link"
    SEE_PLAN = "see_payment_plan"
    SEE_USAGE = "see_usage"
    SET_LIMIT = "set_spending_limit"
    COMPARE_PLANS = "compare_plans"
    GIVE_ADVICE = "give_advice"
    COMPLETE_PROFILE = "complete_profile"


@dataclass(frozen=True)
class NextAction:
    """One action: the operation with its path, what to send in its body where that is known, and why."""

    name: ActionName
    method: Literal["GET", "POST", "PUT"]
    path: str
    why: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Situation:
    """What the rules look at."""

    glance: Glance
    because: dict[Reason, Likely]

    def says(self, *reasons: Reason) -> Likely | None:
        """The first of these reasons that holds."""
        return next((self.because[reason] for reason in reasons if reason in self.because), None)

    def is_held(self, kinds: frozenset[HoldKind]) -> bool:
        return any(hold.kind in kinds for hold in self.glance.holds)

    @property
    def account(self) -> str:
        return f"/v1/accounts/{self.glance.account.account_id}"


def next_best(glance: Glance, reasons: Sequence[Likely]) -> list[NextAction]:
    """All that make sense now, the most useful first; none for an account that went on in another one."""
    if glance.account.merged_into:
        return []
    situation = _Situation(glance, {each.reason: each for each in reversed(reasons)})
    return [action for rule in _RANKED for action in rule(situation)]


def _verify(on: _Situation) -> Iterator[NextAction]:
    if on.glance.needs_verification and on.glance.account.addresses:
        said = "Nobody has shown you yet that they are the customer; what is protected asks for it."
        channel = "mail" if on.glance.account.emails else "sms"
        body = {"method": "one_time_code", "channel": channel}
        yield NextAction(ActionName.VERIFY, "POST", f"{on.account}/verifications", said, body)


def _answer(on: _Situation) -> Iterator[NextAction]:
    waiting = [case for case in on.glance.cases if case.due_at and case.channel != "desk"]
    for case in sorted(waiting, key=lambda each: (each.due_at, each.case_id))[:1]:
        said = f"{case.reference} waits for our answer: {case.subject}"
        yield NextAction(ActionName.ANSWER_CASE, "POST", f"/v1/cases/{case.case_id}/messages", said)


def _save_method(on: _Situation) -> Iterator[NextAction]:
    failed = on.says(Reason.PAYMENT_FAILED)
    if failed and not on.is_held(ASKING):
        yield NextAction(ActionName.SAVE_METHOD, "POST", f"{on.account}/payment-methods", failed.fact)


def _explain(on: _Situation) -> Iterator[NextAction]:
    told = on.says(Reason.BILL_WENT_UP, Reason.BILL_WENT_DOWN, Reason.FIRST_BILL)
    bill = on.glance.last_bill
    if told is None or bill is None or not on.glance.account.emails:
        return
    slug = "first_bill" if told.reason is Reason.FIRST_BILL else "changed_bill"
    sent = [guide for guide in on.glance.guides.recent if guide.slug == slug and guide.at.date() >= bill.issued_on]
    if not sent:
        yield NextAction(ActionName.EXPLAIN_BILL, "POST", f"{on.account}/guides", told.fact, {"slug": slug})


def _offer_plan(on: _Situation) -> Iterator[NextAction]:
    late = on.glance.payable_minor(on.glance.late)
    if late and on.glance.plan is None and not on.is_held(ASKING - {HoldKind.VULNERABILITY}):
        said = f"{priced(late, on.glance)} is late; it can be spread over some months."
        yield NextAction(ActionName.OFFER_PLAN, "POST", f"{on.account}/plan-quotes", said)


def _pay_link(on: _Situation) -> Iterator[NextAction]:
    late = on.glance.payable_minor(on.glance.late)
    if late and on.glance.account.emails and not on.is_held(ASKING):
        said = f"{priced(late, on.glance)} is late, and can be paid at once by link."
        amount = {"amount_minor": late, "currency": on.glance.owed.currency}
        yield NextAction(
            ActionName.SEND_PAY_LINK, "POST", f"{on.account}/payment-links", said,
            {"amount": amount, "deliver_to": "mail"},
        )  # fmt: skip


def _see_plan(on: _Situation) -> Iterator[NextAction]:
    told, plan = on.says(Reason.INSTALMENT_LATE, Reason.INSTALMENT_DUE), on.glance.plan
    if told and plan:
        yield NextAction(ActionName.SEE_PLAN, "GET", f"/v1/payment-plans/{plan.plan_id}", told.fact)


def _usage(on: _Situation) -> Iterator[NextAction]:
    told = on.says(Reason.USAGE_ALERT, Reason.UNUSUAL_BILL)
    if told is None:
        return
    yield NextAction(ActionName.SEE_USAGE, "GET", f"{on.account}/usage", told.fact)
    if not on.glance.usage.limits:
        said = "No spending limit is set; with one, nothing beyond it is billed without a yes."
        yield NextAction(ActionName.SET_LIMIT, "PUT", f"{on.account}/spending-limit", said)


def _compare(on: _Situation) -> Iterator[NextAction]:
    if told := on.says(Reason.CONTRACT_END, Reason.PRICE_RISE):
        yield NextAction(ActionName.COMPARE_PLANS, "GET", f"{on.account}/plan-advice", told.fact)


def _advice(on: _Situation) -> Iterator[NextAction]:
    hard = any(need.kind == "financial" for need in on.glance.preferences.needs_on(on.glance.today))
    if hard and on.glance.account.emails and not on.is_held(SILENT):
        said = "The customer told us that money is short: the ways to pay name free advice on debts."
        yield NextAction(ActionName.GIVE_ADVICE, "POST", f"{on.account}/guides", said, {"slug": "ways_to_pay"})


def _profile(on: _Situation) -> Iterator[NextAction]:
    score = on.glance.account.data_quality_score
    if score is not None and score < GOOD_PROFILE:
        said = f"The profile has {score} of 100 points; the gaps are named there."
        yield NextAction(ActionName.COMPLETE_PROFILE, "GET", f"{on.account}/data-quality", said)


_RANKED: Final[Sequence[Callable[[_Situation], Iterator[NextAction]]]] = (
    _verify, _answer, _save_method, _explain, _offer_plan, _pay_link, _see_plan, _usage, _compare, _advice, _profile,
)  # fmt: skip
