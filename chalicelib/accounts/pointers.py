"""The pointer items by which an account is found: with what a list shows, so that a search is one query. Pure.

A pointer of a merged account leads on to the one that it goes on in, and one of a person to the account that they
belong to: those carry no copy of its name, and who finds them reads the head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.accounts.finding import SearchBy, name_tokens, person_tokens, postal_key
from chalicelib.accounts.model import Account, AccountStatus
from chalicelib.platform.codec import Item

PREFIX: Final[dict[SearchBy, str]] = {
    "email": "E", "phone": "T", "account_number": "N", "name": "S", "postal_code": "PC",
}  # fmt: skip


def pointers(account: Account) -> list[Item]:
    """Every pointer of an account. A merged one keeps number and name; what it was reached at is the other's now."""
    shown = {
        "kind": "pointer", "account_id": account.account_id, "account_number": account.account_number,
        "display_name": account.name.display, "status": account.status.value,
    }  # fmt: skip
    own = [(f"N#{account.account_number}", "#")]
    words = sorted(name_tokens(account.name))
    named = [{"pk": pk, "sk": sk, **shown, "words": words} for pk, sk in _word_keys(words, account.account_id)]
    if account.status is AccountStatus.MERGED:
        return [{"pk": pk, "sk": sk, **shown} for pk, sk in own] + named
    own += [(key, f"A#{account.account_id}") for key in _reached_at(account)]
    return [{"pk": pk, "sk": sk, **shown} for pk, sk in own] + named + list(_people(account))


def is_lead(pointer: Item) -> bool:
    """Whether the head must be read to say which account it is."""
    return "person" in pointer or pointer.get("status") == AccountStatus.MERGED


def _reached_at(account: Account) -> Iterator[str]:
    yield from (f"E#{email}" for email in account.emails)
    yield from (f"T#{phone}" for phone in account.phones)
    if code := postal_key(account.billing_address.country, account.billing_address.postal_code):
        yield f"PC#{code}"


def _people(account: Account) -> Iterator[Item]:
    for person in account.people:
        words = sorted(person_tokens(person.name))
        said = {"kind": "pointer", "account_id": account.account_id, "person": person.shown, "words": words}
        for pk, sk in _word_keys(words, f"{account.account_id}#{person.person_id}"):
            yield {"pk": pk, "sk": sk, **said}


def _word_keys(words: Iterable[str], owner: str) -> Iterator[tuple[str, str]]:
    return ((f"S#{word[:2]}", f"{word}#{owner}") for word in words)
