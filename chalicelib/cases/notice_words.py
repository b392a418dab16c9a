"""What mails about money say: one template a topic and language, whose first line is the subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.cases.incident_policy import RULES, Matter
from chalicelib.cases.letters import Words, spoken_language, templates
from chalicelib.cases.model import clipped
from chalicelib.payments.declines import shown
from chalicelib.payments.news import Fact, News
from chalicelib.platform.money import Money, spoken

_MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "cy": ("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref",
           "Tachwedd", "Rhagfyr"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip


@dataclass(frozen=True)
class NoticeWords:
    """`number_of` gives the number of an invoice, None for an unknown one; `zone` is where the desk bills: days in
    mails are days there."""

    number_of: Callable[[str], str | None]
    zone: ZoneInfo

    def of(self, news: News, language: str, reference: str | None = None, *, asks: bool = True) -> Words:
        """The mail about the news, in English where there is none in the customer's language (BCP 47). `reference` is
        that of the case that it is about; without `asks` nothing is asked for that is late. Looks up the number of each
        invoice that it names."""
        wanted = spoken_language(language)
        names = [f"news/{news.topic}.{wanted}.txt.j2", f"news/{news.topic}.en.txt.j2"]
        template = templates().select_template(names)
        found = template.name == names[0]
        values = self._values(news, wanted if found else "en")
        subject, _, text = template.render(**values, reference=reference, asks=asks).partition("\n")
        tagged = f"{clipped(subject)} [{reference}]" if reference else clipped(subject)
        return Words(tagged, text.strip() + "\n", wanted if found else "en")

    def _values(self, news: News, language: str) -> dict[str, Any]:
        facts: dict[str, str | None] = {name.value: news.fact(name) for name in Fact}
        due_on = news.fact(Fact.DUE_ON)
        return {
            **facts,
            "due_on": spoken_day(date.fromisoformat(due_on), language) if due_on else None,
            "invoice_number": facts["invoice_number"] or self._own_number(news),
            "amount": _spoken(news.amount_minor, news.currency, language),
            "owed": _spoken(news.balance_minor, news.currency, language),
            "credit": _spoken(-(news.balance_minor or 0), news.currency, language),
            "balance_minor": news.balance_minor,
            "day": self._local_day(news.at, language),
            "deadline": self._local_day(news.deadline, language) if news.deadline else None,
            "advice": shown(news.fact(Fact.DECLINE_CODE)).words,
            "parts": [
                (self.number_of(part.invoice_id), _spoken(part.amount_minor, news.currency, language),
                 part.left_minor and _spoken(part.left_minor, news.currency, language))
                for part in news.parts
            ],
        }  # fmt: skip

    def _own_number(self, news: News) -> str | None:
        return self.number_of(news.object_id) if RULES[news.topic].matter is Matter.INVOICE else None

    def _local_day(self, at: datetime, language: str) -> str:
        return spoken_day(at.astimezone(self.zone).date(), language)


def spoken_day(day: date, language: str) -> str:
    """A day as letters write it: `3 April 2026`, in German `3. April 2026`."""
    dot = "." if language == "de" else ""
    return f"{day.day}{dot} {_MONTHS[language][day.month - 1]} {day.year}"


def _spoken(amount_minor: int | None, currency: str | None, language: str) -> str | None:
    if amount_minor is None or currency is None:
        return None
    return spoken(Money(amount_minor=amount_minor, currency=currency), language)
