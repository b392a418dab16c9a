"""What can follow a payment that succeeded, said by the test card or account that paid: rows of its table use these."""

from dataclasses import dataclass
from enum import Enum

SOON_SECONDS = 3.0
DELAYED_SECONDS = 180.0


class Refunding(Enum):
    """How money goes back to where it came from."""

    AT_ONCE = "succeeded from the start"
    LATER = "pending, then succeeded"
    FAILS_LATER = "succeeded, then failed"


@dataclass(frozen=True)
class Chargeback:
    """A dispute that the customer's bank opens soon after the payment.

    An inquiry only asks and takes no money yet; against a final one no evidence is heard.
    """

    reason: str
    network_reason_code: str | None = None
    inquiry: bool = False
    final: bool = False
