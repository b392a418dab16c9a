"""Where people with debts find free advice, and which help of ours may fit. Data and rules; pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from chalicelib.platform.fields import Record


class Signpost(Record):
    """A charity or public service that advises for free and in confidence."""

    name: str
    phone: str
    url: str


_MONEYHELPER: Final = Signpost(name="MoneyHelper", phone="0800 138 7777", url="https://www.moneyhelper.org.uk")
_STEPCHANGE: Final = Signpost(name="StepChange", phone="0800 138 1111", url="https://www.stepchange.org")
_DEBTLINE: Final = Signpost(
    name="National Debtline", phone="0808 808 4000", url="https://www.nationaldebtline.org"
)  # fmt: skip

SIGNPOSTS: Final[Mapping[str, tuple[Signpost, ...]]] = {
    "GB": (_STEPCHANGE, _DEBTLINE, _MONEYHELPER),
    "IE": (Signpost(name="MABS", phone="0818 07 2000", url="https://mabs.ie"),),
    "DE": (
        Signpost(name="Verbraucherzentrale", phone="", url="https://www.verbraucherzentrale.de"),
        Signpost(name="Caritas Schuldnerberatung", phone="", url="https://www.caritas.de/schuldnerberatung"),
    ),
}
"""By country, ISO 3166-1; the first one is the one to try first. Countries without any are left out."""


class Help(StrEnum):
    """What we can offer beside a plan."""

    SOCIAL_TARIFF = "social_tariff"  # a cheaper tariff for households on a low income
    HARDSHIP_FUND = "hardship_fund"  # a grant towards the bill
    DUE_DAY_CHANGE = "due_day_change"  # bills that are due after payday
    DEBT_ADVICE = "debt_advice"  # nothing is left of the month's income: an adviser comes before any plan


def signposts(country: str) -> tuple[Signpost, ...]:
    """Free advice of a country; none where none is known."""
    return SIGNPOSTS.get(country, ())
