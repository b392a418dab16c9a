"""How late money is asked for: the steps of the ladder, and what every letter and fee has to pass. Company policy."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints, field_validator

from chalicelib.accounts.letters import LetterChannel
from chalicelib.accounts.preferences_model import QuietHours
from chalicelib.platform.workdays import bank_holidays
from chalicelib.policy.model import PolicyKind, Rules

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Deed(StrEnum):
    """What a step does."""

    LETTER = "letter"
    HAND_OVER = "hand_over"


class LadderLetter(StrEnum):
    """The letters that there are, each as a mail and as a text message."""

    REMINDER = "reminder"
    SECOND_REMINDER = "second_reminder"
    BEFORE_ACTION = "before_action"


class LadderStep(Rules):
    """One step; the days of a step count from the day on which the bill was due."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] = Field(description="What it is called.")
    after_days: int = Field(ge=1, le=365, description="Days after the due day, and the distance to the step before.")
    deed: Deed = Field(default=Deed.LETTER, description="A letter, or handing the debt to a person.")
    channel: LetterChannel = Field(default=LetterChannel.MAIL, description="How a letter goes.")
    letter: LadderLetter = Field(default=LadderLetter.REMINDER, description="Which of the ladder's letters.")
    least_minor: int = Field(default=0, ge=0, description="The step is left out for less than that, minor units.")


class DebtAdvice(Rules):
    """Somebody who gives free and independent advice on debts."""

    country: Country = Field(description="ISO 3166-1 alpha-2 of those it is for.")
    name: str = Field(min_length=1, max_length=80, description="What it is called.")
    phone: str = Field(max_length=40, description="As people dial it.")
    web: str = Field(max_length=120, description="Its address on the web.")


_STEPS: Final = (
    LadderStep(name="reminder", after_days=1),
    LadderStep(name="second_reminder", after_days=10, letter=LadderLetter.SECOND_REMINDER),
    LadderStep(name="before_action", after_days=24, letter=LadderLetter.BEFORE_ACTION),
    LadderStep(name="hand_over", after_days=38, deed=Deed.HAND_OVER),
)
_ADVICE: Final = (
    DebtAdvice(country="GB", name="StepChange", phone="0800 138 1111", web="www.stepchange.org"),
    DebtAdvice(country="GB", name="National Debtline", phone="0808 808 4000", web="www.nationaldebtline.org"),
    DebtAdvice(country="GB", name="MoneyHelper", phone="0800 138 7777", web="www.moneyhelper.org.uk"),
)


class CollectionRules(Rules):
    """The ladder and the interlock. Days and hours are those where the customer is."""

    steps: tuple[LadderStep, ...] = Field(
        default=_STEPS, min_length=1, max_length=10, description="The ladder of each bill, the first step first."
    )
    floor_minor: int = Field(default=500, ge=0, description="Less than that is not asked for by itself, minor units.")
    quiet_hours: QuietHours = Field(
        default=QuietHours(begins="20:00", ends="08:00"), description="When nobody is asked for money."
    )
    quiet_weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(7,), max_length=6, description="Days of the week on which nobody is asked, Monday is 1."
    )
    holidays_of: dict[Country, str] = Field(
        default={"GB": "GB-ENG", "DE": "DE", "IE": "IE", "FR": "FR"},
        description="By country of the billing address, whose bank holidays are quiet: ISO 3166-1 or 3166-2.",
    )
    zones: dict[Country, str] = Field(
        default={"GB": "Europe/London", "DE": "Europe/Berlin", "IE": "Europe/Dublin", "FR": "Europe/Paris"},
        description="By country of the billing address, the time there (IANA); where the desk bills for all others.",
    )
    letters_a_week: int = Field(
        default=3, ge=1, le=7, description="Letters about late money to one account in seven days at most; one a day."
    )
    needs_verified_address: bool = Field(
        default=False, description="Whether letters about late money go to addresses alone that were proven."
    )
    debt_advice: tuple[DebtAdvice, ...] = Field(
        default=_ADVICE, max_length=20, description="Named in every letter to a customer of that country."
    )

    @field_validator("steps")
    @classmethod
    def _ascending(cls, steps: tuple[LadderStep, ...]) -> tuple[LadderStep, ...]:
        days = [step.after_days for step in steps]
        if days != sorted(set(days)):
            raise ValueError("each step comes later than the one before")
        if len({step.name for step in steps}) < len(steps):
            raise ValueError("two steps have one name")
        return steps

    @field_validator("holidays_of")
    @classmethod
    def _known(cls, regions: dict[str, str]) -> dict[str, str]:
        for region in regions.values():
            bank_holidays(region)
        return regions

    @field_validator("zones")
    @classmethod
    def _zones(cls, zones: dict[str, str]) -> dict[str, str]:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        for name in zones.values():
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                raise ValueError(f"no time zone is called {name}") from None
        return zones


COLLECTION_POLICY: Final = PolicyKind(
    "collection", "How late money is asked for, by which steps, and what is never sent.", CollectionRules()
)
