"""How often the desk writes to one address: company policy."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from chalicelib.policy.model import PolicyKind, Rules


class MailRules(Rules):
    """Enough for a busy day of a customer, too few for a fault that writes again and again. Security letters are not
    bounded."""

    most_an_hour: int = Field(default=20, ge=1, le=1000, description="Mails that one address gets in an hour (UTC).")
    most_a_day: int = Field(default=60, ge=1, le=5000, description="Mails that one address gets in a day (UTC).")


MAIL_POLICY: Final = PolicyKind("mail", "How many mails one address gets.", MailRules())
