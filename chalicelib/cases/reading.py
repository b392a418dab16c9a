"""What a mail was read to be about, as its message keeps it: the conclusions, and the words that decided them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from chalicelib.platform.fields import Record


class Intent(StrEnum):
    """What the customer wants from the desk."""

    BILL_QUESTION = "bill_question"
    PAYMENT = "payment"
    DISPUTE = "dispute"
    DETAILS_CHANGE = "details_change"
    PLAN_CHANGE = "plan_change"
    COMPLAINT = "complaint"
    CANCELLATION = "cancellation"
    ACCESS = "access"
    PRAISE = "praise"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon the customer's matter goes bad, from low to high."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Sentiment(StrEnum):
    """How the customer sounds."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Sign(StrEnum):
    """Words that a person has to see, whatever the mail is about. `vulnerable` is a hint to ask with care, never a
    record of somebody's needs: that takes consent."""

    COMPLAINT = "complaint"
    LEGAL = "legal"
    VULNERABLE = "vulnerable"
    URGENT = "urgent"
    ANGRY = "angry"
    GLAD = "glad"


class Reading(Record):
    """What was concluded from a mail's own words. Words stand as the customer wrote them."""

    intent: Intent
    confidence_percent: int = Field(ge=0, le=100, description="Below the bound of the policy a person decides.")
    words: tuple[str, ...] = Field(default=(), description="The words that decided the intent.")
    urgency: Urgency = Urgency.NORMAL
    sentiment: Sentiment = Sentiment.NEUTRAL
    language: str = Field(default="und", description="BCP 47; `und` when the words do not tell.")
    signs: dict[Sign, tuple[str, ...]] = Field(default={}, description="Signs, each with the words that show it.")


class ReferenceKind(StrEnum):
    """What a number that was found names."""

    ACCOUNT = "account"
    INVOICE = "invoice"
    PAYMENT = "payment"
    CASE = "case"


class Place(StrEnum):
    """Where in a mail a number stands; `quoted` is below or between the customer's own words."""

    SUBJECT = "subject"
    TEXT = "text"
    QUOTED = "quoted"
    ATTACHMENT = "attachment"


class Reference(Record):
    """A number that a mail names, as we write it, and where it stands there. It proves nothing: whose it is is looked
    up when somebody reads it."""

    kind: ReferenceKind
    value: str
    places: tuple[Place, ...]
