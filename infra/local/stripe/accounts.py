"""Stripe's test bank accounts and how a debit of each ends, one row an account. Others do not exist on this server."""

from dataclasses import dataclass

from infra.local.stripe.aftermath import DELAYED_SECONDS, SOON_SECONDS, Chargeback, Refunding
from infra.local.stripe.cards import Decline

CURRENCY_BY_TYPE = {"bacs_debit": "gbp", "sepa_debit": "eur"}
SORT_CODE = "108800"


@dataclass(frozen=True)
class TestAccount:
    """One test account: its number (an IBAN or one of a bank), and what its bank answers after so many seconds."""

    __test__ = False  # not a test case, whatever its name begins with

    type: str
    number: str
    failure: Decline | None = None
    seconds: float = SOON_SECONDS
    ends_mandate: bool = False
    refuses_mandate: bool = False
    chargeback: Chargeback | None = None
    refunding: Refunding = Refunding.LATER

    @property
    def currency(self) -> str:
        """The only currency of this scheme."""
        return CURRENCY_BY_TYPE[self.type]


INSUFFICIENT = Decline("insufficient_funds", None, "The customer's account has insufficient funds for this payment.")
NOT_AUTHORIZED = Decline(
    "debit_not_authorized", None, "The customer has told their bank that this debit is not theirs."
)
OVER_WEEKLY = Decline("charge_exceeds_source_limit", None, "This payment exceeds the weekly limit of your account.")
OVER_SINGLE = Decline("charge_exceeds_transaction_limit", None, "This payment exceeds the limit of one payment.")
_DISPUTED = Chargeback("debit_not_authorized", final=True)


def _bacs(number: str, failure: Decline | None = None, seconds: float = SOON_SECONDS) -> TestAccount:
    return TestAccount("bacs_debit", number, failure, seconds, ends_mandate=failure is NOT_AUTHORIZED)


def _sepa(number: str, failure: Decline | None = None, seconds: float = SOON_SECONDS) -> TestAccount:
    return TestAccount("sepa_debit", number, failure, seconds)


# The name after `pm_`.
ACCOUNTS: dict[str, TestAccount] = {
    "bacsDebit_success": _bacs("00012345"),
    "bacsDebit_successDelayed": _bacs("90012345", seconds=DELAYED_SECONDS),
    "bacsDebit_debitNotAuthorized": _bacs("33333335", NOT_AUTHORIZED),
    "bacsDebit_debitNotAuthorizedDelayed": _bacs("93333335", NOT_AUTHORIZED, DELAYED_SECONDS),
    "bacsDebit_insufficientFunds": _bacs("22222227", INSUFFICIENT),
    "bacsDebit_insufficientFundsDelayed": _bacs("92222227", INSUFFICIENT, DELAYED_SECONDS),
    "bacsDebit_dispute": TestAccount("bacs_debit", "55555559", chargeback=_DISPUTED),
    "bacsDebit_mandateRefused": TestAccount("bacs_debit", "00033333", refuses_mandate=True),
    "bacsDebit_exceedsWeeklyLimit": _bacs("34343434", OVER_WEEKLY),
    "bacsDebit_exceedsTransactionLimit": _bacs("12121212", OVER_SINGLE),
    "success_at": _sepa("AT611904300234573201"),
    "successDelayed_at": _sepa("AT321904300235473204", seconds=DELAYED_SECONDS),
    "failed_at": _sepa("AT861904300235473202", INSUFFICIENT),
    "failedDelayed_at": _sepa("AT051904300235473205", INSUFFICIENT, DELAYED_SECONDS),
    "disputed_at": TestAccount("sepa_debit", "AT591904300235473203", chargeback=_DISPUTED),
    "success_de": _sepa("DE89370400440532013000"),
}
# Accounts that cannot even be written down.
UNUSABLE = frozenset({"00044444", "AT511904300000066666"})


def account_named(debit_type: str, number: str) -> str | None:
    """The name of the test account with this number, or None."""
    for name, account in ACCOUNTS.items():
        if (account.type, account.number) == (debit_type, number):
            return name
    return None
