"""What this server takes for its services, in minor units. Pure.

The rule is this server's own, near the prices in Britain: cards 1.5 % and 20, Bacs 1 % but at least 20 and at most 200,
SEPA 35 a debit, a lost or pending chargeback 2000. A refund costs nothing and gives no fee back.
"""

DISPUTE_FEE = 2000
_CARD_PERMILLE, _CARD_FIXED = 15, 20
_BACS_PERMILLE, _BACS_LEAST, _BACS_MOST = 10, 20, 200
_SEPA_FIXED = 35


def fee_of(method_type: str, amount: int) -> int:
    """The fee of taking so many minor units (more than none) by a method of this type; never more than the amount."""
    if method_type == "bacs_debit":
        fee = min(max(_permille(amount, _BACS_PERMILLE), _BACS_LEAST), _BACS_MOST)
    elif method_type == "sepa_debit":
        fee = _SEPA_FIXED
    else:
        fee = _permille(amount, _CARD_PERMILLE) + _CARD_FIXED
    return min(fee, amount)


def _permille(amount: int, rate: int) -> int:
    """So many thousandths of the amount, halves up."""
    return (2 * amount * rate + 1000) // 2000
