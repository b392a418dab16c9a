"""What callers see of quotes, and of the notes behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import Field

from chalicelib.plans.advice import Help, Signpost
from chalicelib.plans.affordability import AffordabilityNote
from chalicelib.plans.quote import Choice, Objection, Quote, best
from chalicelib.plans.schedule import Frequency
from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import View
from chalicelib.platform.money import Money


class PartView(View):
    """One instalment of a choice."""

    number: int = Field(description="Counts from one.")
    due_on: date
    amount: Money


class ChoiceView(View):
    """A plan that could be had."""

    choice: str = Field(description="What to name when agreeing to it.", examples=["monthly-3"])
    frequency: Frequency = Field(description="How often an instalment is due.")
    months: int = Field(description="How many months it lasts.")
    monthly: Money = Field(description="What it takes of a month's money.")
    instalments: list[PartView] = Field(description="They sum to the total.")
    is_affordable: bool | None = Field(description="Whether the budget bears it; null when none was told.")
    needs_approval: list[Objection] = Field(
        description="Why a second person has to approve it (`POST /v1/approvals`, subject the quote); empty: nobody."
    )


class SignpostView(View):
    """Free and confidential advice for people with debts."""

    name: str = Field(description="What it is called.")
    phone: str = Field(description="Empty where it has none.")
    url: str = Field(description="Its web site.")


class AffordabilityView(View):
    """What follows from the budget."""

    note_id: str = Field(description="The note that keeps the budget, and can be erased.")
    disposable: Money = Field(description="What is left of a month's income.")
    affordable: Money = Field(description="The most that a plan should take of a month's money.")
    help: list[Help] = Field(description="What may help beside a plan.")


class PlanQuoteView(View):
    """Plans that could be had for what is due now, as they would be agreed."""

    quote_id: str = Field(description="The desk's id of a quote.")
    account_id: str
    total: Money = Field(description="What is due of the invoices now.")
    invoice_ids: list[str] = Field(description="The invoices that it would cover.")
    choices: list[ChoiceView] = Field(description="The shortest first.")
    recommended: str | None = Field(description="The shortest choice that the budget bears; null when none does.")
    affordability: AffordabilityView | None
    advice: list[SignpostView] = Field(description="Where free debt advice is found; say it in every such talk.")
    replaces: str | None = Field(description="The plan under way that it would follow.")
    valid_until: Instant
    policy: str = Field(description="The version of the rules that it goes by.")


class BudgetNoteView(View):
    """A budget as it was told."""

    note_id: str
    income: Money
    essentials: Money
    other_debts: Money
    household_size: int = Field(description="People who live on this income.")
    payday: int | None = Field(description="Day of the month on which income comes.")
    disposable: Money = Field(description="What is left of a month's income.")
    affordable: Money = Field(description="The most that a plan should take of a month's money.")
    told_at: Instant
    told_to: str = Field(description="User name of who wrote it down.")


class ErasedNoteView(View):
    """A note that is no more."""

    note_id: str = Field(description="The id that it had.")


def quote_view(
    quote: Quote, note: AffordabilityNote | None, advice: Sequence[Signpost],
    objections: Mapping[str, Sequence[Objection]],
) -> PlanQuoteView:  # fmt: skip
    """A quote with what each choice needs of the one who asks."""

    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=quote.currency)

    first = best(quote.choices)
    return PlanQuoteView(
        **quote.model_dump(include={"quote_id", "account_id", "replaces", "valid_until", "policy"}),
        total=money(quote.total_minor),
        invoice_ids=[each.invoice_id for each in quote.covered],
        choices=[_choice_view(each, quote.currency, objections[each.choice]) for each in quote.choices],
        recommended=first.choice if first else None,
        affordability=AffordabilityView(
            note_id=note.note_id, disposable=money(note.found.disposable_minor),
            affordable=money(note.found.affordable_minor), help=list(note.found.help),
        ) if note else None,
        advice=[SignpostView(**each.model_dump()) for each in advice],
    )  # fmt: skip


def _choice_view(choice: Choice, currency: str, objections: Sequence[Objection]) -> ChoiceView:
    return ChoiceView(
        **choice.model_dump(include={"choice", "frequency", "months", "is_affordable"}),
        monthly=Money(amount_minor=choice.monthly_minor, currency=currency),
        instalments=[
            PartView(
                number=each.number,
                due_on=each.due_on,
                amount=Money(amount_minor=each.amount_minor, currency=currency),
            )
            for each in choice.instalments
        ],
        needs_approval=list(objections),
    )


def note_view(note: AffordabilityNote) -> BudgetNoteView:
    """A note with its figures as money."""

    def money(minor: int) -> Money:
        return Money(amount_minor=minor, currency=note.currency)

    return BudgetNoteView(
        note_id=note.note_id,
        income=money(note.budget.income_minor),
        essentials=money(note.budget.essentials_minor),
        other_debts=money(note.budget.other_debts_minor),
        household_size=note.budget.household_size,
        payday=note.budget.payday,
        disposable=money(note.found.disposable_minor),
        affordable=money(note.found.affordable_minor),
        told_at=note.told_at,
        told_to=note.told_to,
    )
