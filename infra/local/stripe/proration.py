"""Proration to the second. Pure and exact: every line is rounded once, half away from zero, as its last step."""

from fractions import Fraction

from infra.local.stripe.arithmetic import rounded


def share(amount: int, moment: int, period: tuple[int, int]) -> int:
    """What of an amount for the whole period falls on the rest of it from the moment on, in minor units.

    A moment outside of the period counts as its nearer end.
    """
    start, end = period
    left = end - min(max(moment, start), end)
    return rounded(Fraction(amount * left, end - start))
