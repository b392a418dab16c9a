"""The guides that customers get: what each is for and what brings it. Its words are a letter, `education/<slug>`.

A guide whose words change gets the next `version`, so that its effect is counted apart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import Field

from chalicelib.platform.fields import Line, Record


class Trigger(StrEnum):
    """What happened on the account that a guide helps with."""

    FIRST_BILL = "first_bill"
    CHANGED_BILL = "changed_bill"
    FAILED_PAYMENT = "failed_payment"
    LATE_AGAIN = "late_again"
    PAID_BY_LINK = "paid_by_link"
    USAGE_ALERT = "usage_alert"
    NEW_SUBSCRIPTION = "new_subscription"
    ON_REQUEST = "on_request"  # somebody of ours sent it


class Guide(Record):
    """One guide. `about_money`: it speaks of paying, so it keeps silent while a hold keeps us from that; `about_bill`:
    it is written from the account's newest bill."""

    slug: str = Field(pattern=r"^[a-z_]+$")
    version: int = 1
    titles: Mapping[str, Line]
    purpose: Line
    trigger: Trigger = Trigger.ON_REQUEST
    about_money: bool = False
    about_bill: bool = False
    comes_again: bool = False

    @property
    def letter(self) -> str:
        return f"education/{self.slug}"

    def title(self, language: str) -> str:
        """In the language of this BCP 47 tag, in English where it is not spoken."""
        return self.titles.get(language.partition("-")[0].lower(), self.titles["en"])


_CATALOGUE: Final = (
    Guide(
        slug="first_bill",
        titles={
            "en": "Your first bill, step by step",
            "de": "Ihre erste Rechnung, Schritt für Schritt",
            "cy": "Eich bil cyntaf, gam wrth gam",
        },
        purpose="Shows what stands where on the first bill, with its own figures.",
        trigger=Trigger.FIRST_BILL,
        about_bill=True,
    ),
    Guide(
        slug="changed_bill",
        titles={
            "en": "Why your bill changed",
            "de": "Warum sich Ihre Rechnung geändert hat",
            "cy": "Pam mae eich bil wedi newid",
        },
        purpose="Names each charge that is new, gone or different, to the penny.",
        trigger=Trigger.CHANGED_BILL,
        about_bill=True,
        comes_again=True,
    ),
    Guide(
        slug="change_card",
        titles={
            "en": "When a payment does not go through",
            "de": "Wenn eine Zahlung nicht klappt",
            "cy": "Pan na fydd taliad yn mynd drwodd",
        },
        purpose="How to look at the card that is saved, and how to change it.",
        trigger=Trigger.FAILED_PAYMENT,
        about_money=True,
    ),
    Guide(
        slug="due_day",
        titles={
            "en": "Choose the day that suits you",
            "de": "Wählen Sie den Tag, der Ihnen passt",
            "cy": "Dewiswch y diwrnod sy'n eich siwtio",
        },
        purpose="How to move the billing day, for those who often pay a little late.",
        trigger=Trigger.LATE_AGAIN,
        about_money=True,
    ),
    Guide(
        slug="save_method",
        titles={
            "en": "Pay without a link each time",
            "de": "Zahlen, ohne jedes Mal einen Link zu brauchen",
            "cy": "Talu heb ddolen bob tro",
        },
        purpose="How to save a card or a bank account, for those who pay by link again and again.",
        trigger=Trigger.PAID_BY_LINK,
        about_money=True,
    ),
    Guide(
        slug="usage",
        titles={
            "en": "Keep an eye on what you use",
            "de": "Behalten Sie Ihren Verbrauch im Blick",
            "cy": "Cadwch lygad ar eich defnydd",
        },
        purpose="How to see the use of the month, and how to set a limit.",
        trigger=Trigger.USAGE_ALERT,
    ),
    Guide(
        slug="new_service",
        titles={
            "en": "Your new service on your bill",
            "de": "Ihr neuer Dienst auf der Rechnung",
            "cy": "Eich gwasanaeth newydd ar eich bil",
        },
        purpose="Why the first bill after a change has part months on it.",
        trigger=Trigger.NEW_SUBSCRIPTION,
        comes_again=True,
    ),
    Guide(
        slug="ways_to_pay",
        titles={"en": "Ways to pay", "de": "So können Sie zahlen", "cy": "Ffyrdd o dalu"},
        purpose="All ways to pay, what each is good for, and what to do when money is short.",
        about_money=True,
    ),
    Guide(
        slug="reading_a_bill",
        titles={
            "en": "How to read your bill",
            "de": "So lesen Sie Ihre Rechnung",
            "cy": "Sut i ddarllen eich bil",
        },
        purpose="What stands where on a bill, and what the words on it mean.",
    ),
)
GUIDES: Final[Mapping[str, Guide]] = {guide.slug: guide for guide in _CATALOGUE}
BY_TRIGGER: Final[Mapping[Trigger, Guide]] = {
    guide.trigger: guide for guide in _CATALOGUE if guide.trigger is not Trigger.ON_REQUEST
}
