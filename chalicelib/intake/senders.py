"""Who wrote: what the From line claims, what DMARC proves, and which customer that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.cases.messages import Forwarding
from chalicelib.intake.mail.addresses import Mailbox
from chalicelib.intake.model import Customers, Verdict
from chalicelib.intake.parse import ParsedMail
from chalicelib.platform.cards import hide_cards
from chalicelib.platform.fields import canonical_email

_NOBODY_READS: Final = re.compile(
    r"(?:no|do-?not|dont)[-_.]?reply|mailer-?daemon|postmaster|bounces?|notifications?|noreply[-+_.].*"
    r"|auto(?:mat\w*)?[-_.]?re\w+"
)


@dataclass(frozen=True)
class Sender:
    """`address` canonical, or as it was written when it is none; `proven` by DMARC, and `account_id` only then and when
    one account has it. `forwarding` when a colleague passed the mail on."""

    address: str | None
    name: str
    account_id: str | None
    refuted: bool
    answerable: bool
    proven: bool = False
    forwarding: Forwarding | None = None

    @property
    def verified(self) -> bool:
        """The sender is proven and is exactly one customer."""
        return self.account_id is not None

    @property
    def may_be_known(self) -> bool:
        """Whether the address may be compared with that of who asked: there is one, and no proof that it was forged."""
        return self.address is not None and not self.refuted


def identify(mail: ParsedMail, dmarc: Verdict, customers: Customers, own_domain: str, own_address: str) -> Sender:
    """The sender of a mail; `own_address` is what we write from, perhaps at another domain than ours that receives. One
    look-up, and only when DMARC passed for the one From address. Raises Unavailable. What came through a list is not
    answered by ourselves."""
    if mail.passage and mail.passage.author:
        return _through_list(mail.passage.author)
    written = (mail.from_addr or "").lower()[:254]
    address = canonical(written)
    refuted = dmarc.failed or mail.senders != 1  # of none or several, DMARC may have looked at another than we do
    proven = dmarc.passed and not refuted
    accounts = customers.with_email(address) if address and proven else []
    answerable = address is not None and not refuted and mail.passage is None
    return Sender(
        address=address or written or None,
        name=mail.from_name,
        account_id=accounts[0] if len(accounts) == 1 else None,
        refuted=refuted,
        proven=proven and address is not None,
        answerable=answerable and _is_read(address or "", own_domain, own_address),
    )


def _through_list(author: Mailbox) -> Sender:
    """DMARC has passed for the list, on which others write too: who wrote is what the list says, and that is no
    proof. To answer by ourselves might tell it to all of them."""
    address = canonical(author.address)
    return Sender(address, hide_cards(author.name), account_id=None, refuted=True, answerable=False)


def canonical(address: str) -> str | None:
    """The address as it is compared; None when it is none."""
    try:
        return canonical_email(address)
    except ValueError:
        return None


def _is_read(address: str, own_domain: str, own_address: str) -> bool:
    """Answers to ourselves make loops, answers to machines make nothing."""
    local, _, domain = address.rpartition("@")
    ours = address == own_address or domain == own_domain or domain.endswith(f".{own_domain}")
    return not ours and not _NOBODY_READS.fullmatch(local.partition("+")[0])
