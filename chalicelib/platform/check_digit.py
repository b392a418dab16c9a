"""The last digit of the numbers that people say: a slip of the tongue or of the pen is found."""

from __future__ import annotations


def check_digit(digits: str) -> str:
    """ISO/IEC 7064 MOD 11,10: finds every single wrong digit and nearly every swap of neighbours."""
    product = 10
    for digit in digits:
        sum_ = (int(digit) + product) % 10 or 10
        product = sum_ * 2 % 11
    return str((11 - product) % 10)
