"""How often the desk writes to one address: company policy."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from chalicelib.policy.model import PolicyKind, Rules

Domain = Annotated[str, StringConstraints(pattern=r"^(?:[a-z0-9-]{1,63}\.){1,9}[a-z][a-z0-9-]{1,62}$")]


class MailRules(Rules):
    """Enough for a busy day of a customer, too few for a fault that writes again and again. Security letters are not
    bounded. Nobody's mail domain is our own until somebody says so."""

    most_an_hour: int = Field(default=20, ge=1, le=1000, description="Mails that one address gets in an hour (UTC).")
    most_a_day: int = Field(default=60, ge=1, le=5000, description="Mails that one address gets in a day (UTC).")
    staff_domains: tuple[Domain, ...] = Field(
        default=(),
        max_length=50,
        description="Mail domains in which nobody but staff has an address: a customer's mail that is passed on from"
        " there opens the customer's case.",
    )


MAIL_POLICY: Final = PolicyKind("mail", "How many mails one address gets, and whose mail is our own.", MailRules())
