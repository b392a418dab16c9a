"""Pairs of accounts, labelled by hand: the same customer twice, or two customers who have something in common. The
rules were made with the first two sets in view; the unseen ones were written afterwards, and no rule was made for them.
"""

from __future__ import annotations

from typing import Any

from chalicelib.accounts.model import Account

_HOME = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
_AWAY = {"line1": "14 Mill Lane", "city": "Leeds", "postal_code": "LS1 4AP", "country": "GB"}
_BERLIN = {"line1": "Lindenstraße 5", "city": "Berlin", "postal_code": "10117", "country": "DE"}


def holder(
    name: str, emails: str = "", phones: str = "", address: dict[str, str] | None = None, account_id: str = "acc_1"
) -> Account:
    """`name` is `Given Family`, or a company after `@`; mails and phones are parted by blanks."""
    given, _, family = name.rpartition(" ")
    named: dict[str, Any] = {"company": name[1:]} if name[0] == "@" else {"given": given or None, "family": family}
    return Account.model_validate(
        {
            "account_id": account_id, "account_number": "1234567897", "currency": "GBP", "name": named,
            "emails": emails.split(), "phones": phones.split(), "billing_address": address or _HOME,
            "created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:00:00Z",
        }
    )  # fmt: skip


def _at(**changes: str) -> dict[str, str]:
    return {**_HOME, **changes}


SAME: tuple[tuple[str, Account, Account], ...] = (
    ("told twice", holder("Ada Lovelace", "a@x.example"), holder("Ada Lovelace", "a@x.example")),
    ("moved house", holder("Ada Lovelace", "a@x.example"), holder("Ada Lovelace", "a@x.example", address=_AWAY)),
    ("new mail", holder("Ada Lovelace", "a@x.example"), holder("Ada Lovelace", "b@y.example")),
    ("words turned", holder("Ada Lovelace", "a@x.example"), holder("Lovelace Ada", "a@x.example", address=_AWAY)),
    ("slip of the pen", holder("Ada Lovelace", "a@x.example"), holder("Ada Lovelcae", "a@x.example")),
    ("misheard", holder("Jon Smith", phones="+447911123456"), holder("John Smyth", phones="+447911123456")),
    ("accent left out", holder("Zoë Núñez", "z@x.example"), holder("Zoe Nunez", "z@x.example", address=_AWAY)),
    ("umlaut spelt out", holder("Jörg Müller", "j@x.example", address=_BERLIN),
     holder("Joerg Mueller", "j@x.example", address={**_BERLIN, "line1": "Lindenstr. 5"})),
    ("letters of Poland", holder("Łukasz Wałęsa", phones="+447911123456"),
     holder("Lukasz Walesa", phones="+447911123456")),
    ("initial alone", holder("A Lovelace", "a@x.example"), holder("Ada Lovelace", "a@x.example")),
    ("short form", holder("Bob Carter", "b@x.example"), holder("Robert Carter", "b@x.example")),
    ("short form, no mail", holder("Liz Carter", phones="+447911123456"),
     holder("Elizabeth Carter", phones="+447911123456")),
    ("second given name", holder("Ada Lovelace", "a@x.example"), holder("Ada Augusta Lovelace", "a@x.example")),
    ("double name", holder("Ada Byron-King", "a@x.example"), holder("Ada Byron", "a@x.example")),
    ("title", holder("Dr Ada Lovelace", "a@x.example"), holder("Ada Lovelace", "a@x.example", address=_AWAY)),
    ("apostrophe", holder("Sean O'Neill", "s@x.example"), holder("Sean ONeill", "s@x.example", address=_AWAY)),
    ("street shortened", holder("Ada Lovelace"), holder("Ada Lovelace", address=_at(line1="1 High St."))),
    ("postal code without blank", holder("Ada Lovelace"), holder("Ada Lovelace", address=_at(postal_code="SW1A1AA"))),
    ("flat in the other line", holder("Ada Lovelace", address=_at(line1="Flat 2, 1 High Street")),
     holder("Ada Lovelace", address=_at(line2="Apartment 2"))),
    ("capitals", holder("ADA LOVELACE", phones="+447911123456"), holder("ada lovelace", phones="+447911123456")),
    ("company, short", holder("@Analytical Engines Ltd", "e@x.example"),
     holder("@Analytical Engines Limited", "e@x.example")),
    ("company, slip", holder("@Analytical Engines", "e@x.example"), holder("@Analytical Engine Co", "e@x.example")),
    ("phone and address", holder("Ann Lee", phones="+447911123456"), holder("Anne Lee", phones="+447911123456")),
)  # fmt: skip
OTHERS: tuple[tuple[str, Account, Account], ...] = (
    ("a couple", holder("Ada Lovelace", "home@x.example"), holder("William Lovelace", "home@x.example")),
    ("a couple who share all", holder("Ada King", "home@x.example", "+442079460001"),
     holder("Byron King", "home@x.example", "+442079460001")),
    ("mother and daughter", holder("Ada Lovelace", phones="+442079460001"),
     holder("Anne Lovelace", phones="+442079460001")),
    ("brothers", holder("Tom Carter", "family@x.example"), holder("Tim Carter", "family@x.example")),
    ("flat mates", holder("Ada Lovelace"), holder("Mary Somerville")),
    ("one name, two towns", holder("John Smith"), holder("John Smith", address=_AWAY)),
    ("one name, one street", holder("John Smith"), holder("John Smith", address=_at(line1="7 High Street"))),
    ("next flat", holder("John Smith", address=_at(line2="Flat 1")), holder("Jon Smith", address=_at(line2="Flat 2"))),
    ("strangers", holder("Ada Lovelace", "a@x.example"), holder("Charles Babbage", "c@y.example", address=_AWAY)),
    ("one office", holder("@Engines Ltd", "office@x.example"), holder("@Looms Ltd", "office@x.example")),
    ("a person and a firm", holder("Ada Lovelace", "ada@x.example"), holder("@Analytical Engines", "ada@x.example")),
    ("a family name alone", holder("Lovelace", "home@x.example"), holder("Ada Lovelace", "home@x.example")),
    ("a carer's phone", holder("Ada Lovelace", phones="+447911123456"),
     holder("Charles Babbage", phones="+447911123456", address=_AWAY)),
    ("near names, one block", holder("Maria Rossi"), holder("Mario Rossi", address=_at(line1="3 High Street"))),
    ("father and son", holder("John Smith", phones="+442079460001"),
     holder("Jack Smith", phones="+442079460001")),
    ("a landlord's mail", holder("Ada Lovelace", "let@x.example"), holder("Grace Hopper", "let@x.example")),
    ("one village", holder("Gwen Jones", address=_at(line1="Rose Cottage")),
     holder("Gwen Jones", address=_at(line1="The Mill"))),
)  # fmt: skip
UNSEEN_SAME: tuple[tuple[str, Account, Account], ...] = (
    ("circumflex", holder("Siân Davies", "s@x.example"), holder("Sian Davies", "s@x.example", address=_AWAY)),
    ("short form of a variant", holder("Kate Brown", "k@x.example"), holder("Katharine Brown", "k@x.example")),
    ("letter doubled", holder("Philip Green", phones="+447911123456"), holder("Phillip Green", phones="+447911123456")),
    ("letters turned", holder("Brian Taylor", "b@x.example"), holder("Brain Taylor", "b@x.example")),
    ("hyphen for a blank", holder("Mary Jane Watson", "m@x.example"), holder("Mary-Jane Watson", "m@x.example")),
    ("nobody's mail", holder("Olu Adeyemi", phones="+447911123456"),
     holder("Olu Adeyemi", phones="+447911123456", address=_AWAY)),
    ("a road", holder("Priya Patel", address=_at(line1="22 Station Road")),
     holder("Priya Patel", address=_at(line1="22 Station Rd"))),
    ("a letter lost", holder("Margaret Thompson", "m@x.example"), holder("Margaret Thomson", "m@x.example")),
)  # fmt: skip
UNSEEN_OTHERS: tuple[tuple[str, Account, Account], ...] = (
    ("twins", holder("Emma Clark", "clarks@x.example"), holder("Lucy Clark", "clarks@x.example")),
    ("one name, one postal code", holder("Mohammed Ali"), holder("Mohammed Ali", address=_at(line1="9 High Street"))),
    ("a shared switchboard", holder("Peter Novak", phones="+442079460009"),
     holder("Petra Svoboda", phones="+442079460009")),
    ("sisters, near names", holder("Anna Berg", address=_AWAY), holder("Hanna Berg")),
    ("house numbers turned", holder("Paul White", address=_at(line1="12 High Street")),
     holder("Paul White", address=_at(line1="21 High Street"))),
    ("two firms of a group", holder("@North Energy Ltd", "group@x.example"),
     holder("@South Energy Ltd", "group@x.example")),
)  # fmt: skip
