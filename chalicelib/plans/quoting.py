"""Use cases of quotes: reckon the plans that an account could have, and keep or erase what was told for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.accounts.service import Accounts
from chalicelib.audit.model import Actor, entry
from chalicelib.billing.receivables import OpenInvoice, Receivables
from chalicelib.billing.store import BillingStore
from chalicelib.plans.advice import Signpost, signposts
from chalicelib.plans.affordability import AffordabilityNote, Budget, assess
from chalicelib.plans.model import Covered
from chalicelib.plans.policy import PlanRules
from chalicelib.plans.quote import Choice, Quote, Wish, choices
from chalicelib.plans.quote_store import QuoteStore
from chalicelib.plans.store import PlanStore
from chalicelib.platform.clock import Clock, NewId
from chalicelib.platform.codec import Item
from chalicelib.platform.errors import Conflict, FieldError, Unprocessable
from chalicelib.platform.workdays import working_days
from chalicelib.policy.model import RulesOn


@dataclass(frozen=True)
class PlanQuotes:
    """`today` is the calendar day where the desk bills; `count` adds one to a metric."""

    quotes: QuoteStore
    plans: PlanStore
    billing: BillingStore
    accounts: Accounts
    rules: RulesOn[PlanRules]
    clock: Clock
    new_id: NewId
    today: Callable[[], date]
    count: Callable[[str], None]

    def make(self, account_id: str, wish: Wish, actor: Actor) -> tuple[Quote, AffordabilityNote | None]:
        """The plans that could be had for the open invoices wished for, all of them when none is named, as of now.

        With a plan under way they are to follow it, and cover its bills too. Two reads, one transaction. Raises
        NotFound, Conflict when nothing is due, Unprocessable for what cannot be."""
        owed, before = self.billing.receivables(account_id, consistent=True), self.plans.under_way(account_id)
        if wish.currency not in (None, owed.currency):
            wrong = FieldError("", f"this account pays in {owed.currency}")
            raise Unprocessable("The amounts are not in the currency of the account.", [wrong])
        bills = _bills(owed, wish.invoice_ids, before.covered if before else ())
        today, now, ruling = self.today(), self.clock(), self.rules(self.today())
        note = self._note(account_id, owed.currency, wish.budget, bills, actor)
        total = sum(each.due_minor for each in bills)
        quote = Quote(
            quote_id=self.new_id("pq"), account_id=account_id, currency=owed.currency, total_minor=total,
            covered=tuple(Covered(invoice_id=each.invoice_id, due_minor=each.due_minor) for each in bills),
            choices=_offered(total, wish, today, ruling.rules, note), made_on=today, made_at=now,
            valid_until=now + timedelta(hours=ruling.rules.quote_hours), policy=ruling.version,
            note_id=note.note_id if note else None, replaces=before.plan_id if before else None,
        )  # fmt: skip
        self._keep(quote, note, ruling.rules.note_kept_days, actor)
        return quote, note

    def get(self, quote_id: str) -> Quote:
        """Raises NotFound."""
        return self.quotes.get(quote_id)

    def notes(self, account_id: str, limit: int, start: Item | None) -> tuple[list[AffordabilityNote], Item | None]:
        """What was told of a household, newest first."""
        return self.quotes.notes(account_id, limit, start)

    def erase(self, account_id: str, note_id: str, actor: Actor) -> None:
        """Delete a note for good. Raises NotFound."""
        done = entry(
            self.new_id("aud"), f"A#{account_id}", "affordability_note.erased", actor, self.clock(),
            {"note_id": note_id}, {},
        )  # fmt: skip
        self.quotes.erase(account_id, note_id, done)
        self.count("AffordabilityNotesErased")

    def advice(self, account_id: str) -> tuple[Signpost, ...]:
        """Free debt advice where the account is. Raises NotFound."""
        return signposts(self.accounts.get(account_id).billing_address.country)

    def _note(
        self, account_id: str, currency: str, budget: Budget | None, bills: list[OpenInvoice], actor: Actor
    ) -> AffordabilityNote | None:
        if budget is None:
            return None
        ruling = self.rules(self.today())
        found = assess(budget, ruling.rules, tuple(bill.due_on for bill in bills))
        return AffordabilityNote(
            note_id=self.new_id("note"), account_id=account_id, currency=currency, budget=budget, found=found,
            policy=ruling.version, told_at=self.clock(), told_to=actor.name,
        )  # fmt: skip

    def _keep(self, quote: Quote, note: AffordabilityNote | None, kept_days: int, actor: Actor) -> None:
        said = quote.model_dump(
            mode="json", include={"quote_id", "total_minor", "note_id", "policy"}, exclude_none=True
        )
        made = entry(
            self.new_id("aud"), f"A#{quote.account_id}", "plan_quote.made", actor, quote.made_at, {}, said
        )  # fmt: skip
        until = datetime.combine(quote.made_on + timedelta(days=kept_days), time(), UTC)
        self.quotes.add(quote, note, until, made)
        self.count("PlanQuotesMade")


def _bills(owed: Receivables, invoice_ids: tuple[str, ...], covered: tuple[Covered, ...]) -> list[OpenInvoice]:
    """The open invoices that the plan is for: those named with those of the plan under way, else all. Raises Conflict,
    Unprocessable."""
    if unknown := [i for i, each in enumerate(invoice_ids) if not owed.due_minor(each)]:
        wrong = [FieldError(f"/invoice_ids/{i}", "not an open invoice of this account") for i in unknown]
        raise Unprocessable("Some invoices cannot go on a plan.", wrong)
    wanted = {*invoice_ids, *(each.invoice_id for each in covered)} if invoice_ids else None
    bills = [each for each in owed.payable() if wanted is None or each.invoice_id in wanted]
    if not bills:
        raise Conflict("Nothing is due on this account.", reason="nothing_due")
    return bills


def _offered(
    total_minor: int, wish: Wish, today: date, rules: PlanRules, note: AffordabilityNote | None
) -> tuple[Choice, ...]:  # fmt: skip
    """What can be had. Raises Unprocessable."""
    is_working = working_days(rules.working_days_of)
    try:
        offered = choices(total_minor, wish, today, rules, is_working, note.found if note else None)
    except ValueError as wrong_day:
        raise Unprocessable("This day cannot be.", [FieldError("/first_due_on", str(wrong_day))]) from None
    if not offered:
        raise Unprocessable("This cannot be split so.", [FieldError("/instalments", "too many for what is due")])
    return offered
