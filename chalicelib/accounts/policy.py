"""What the desk goes by when it weighs the quality of a profile and looks for accounts of the same customer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import Field

from chalicelib.policy.model import PolicyKind, Rules, Ruling, initial

Points = Annotated[int, Field(ge=0, le=100)]


class QualityRules(Rules):
    """Points that each gap takes from a hundred, and what counts as a value that nobody meant."""

    no_email: Points = Field(default=15, description="Points off: no mail address.")
    email_unverified: Points = Field(default=10, description="Points off: no mail address was proven.")
    email_bounced: Points = Field(default=20, description="Points off: mail to one of the addresses came back.")
    no_phone: Points = Field(default=10, description="Points off: no phone number.")
    phone_invalid: Points = Field(default=10, description="Points off: a phone number that its country does not have.")
    address_wrong: Points = Field(default=25, description="Points off: the postal address breaks its country's rules.")
    consent_unasked: Points = Field(default=10, description="Points off: the customer was never asked for consents.")
    duplicate_suspected: Points = Field(default=15, description="Points off: another account is likely the same's.")
    name_in_capitals: Points = Field(default=5, description="Points off: the name is all capitals.")
    placeholder: Points = Field(default=30, description="Points off: a value that looks like a test or a filler.")
    placeholder_words: tuple[str, ...] = Field(
        default=("asdf", "dummy", "n/a", "na", "nobody", "noname", "none", "null", "qwerty", "tba", "tbc", "test",
                 "tester", "testing", "unknown", "xx", "xxx", "xxxx"),
        description="Words, lower-case, that are no name, no street and no local part of a mail address.",
    )  # fmt: skip
    placeholder_domains: tuple[str, ...] = Field(
        default=("invalid", "localhost", "nomail.com", "noemail.com", "none.com", "test", "test.com"),
        description="Domains, or ends of domains, at which nobody has a mail address.",
    )


class DuplicateRules(Rules):
    """Points for what two accounts have in common, and how many make a likely duplicate."""

    same_name: Points = Field(default=45, description="Points: the same words of the name in any order.")
    like_name: Points = Field(default=30, description="Points: a spelling mistake, an initial or a short form apart.")
    same_email: Points = Field(default=35, description="Points: a mail address of both.")
    same_phone: Points = Field(default=30, description="Points: a phone number of both.")
    same_address: Points = Field(default=25, description="Points: the same postal address.")
    same_postal_code: Points = Field(default=8, description="Points: the same postal code, another address.")
    others_at_most: Points = Field(
        default=45, description="Points at most for two names that differ: people of one household share the rest."
    )
    possible_from: Points = Field(default=60, description="Points from which two accounts are shown as possibly one.")
    likely_from: Points = Field(default=80, description="Points from which two accounts are likely one.")
    undo_days: int = Field(default=30, ge=0, le=365, description="Days in which a merge of two accounts can be undone.")


QUALITY_POLICY: Final = PolicyKind(
    "data_quality", "What is missing or doubtful in a profile, and how much it weighs.", QualityRules()
)
DUPLICATES_POLICY: Final = PolicyKind(
    "duplicates", "When two accounts are likely one customer's, and how long a merge can be undone.", DuplicateRules()
)


def quality_as_shipped(_: date) -> Ruling[QualityRules]:
    """Until somebody sets other values; for whoever is given no policies."""
    return initial(QUALITY_POLICY)


def duplicates_as_shipped(_: date) -> Ruling[DuplicateRules]:
    """Until somebody sets other values; for whoever is given no policies."""
    return initial(DUPLICATES_POLICY)
