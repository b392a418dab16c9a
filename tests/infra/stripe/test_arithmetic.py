"""The arithmetic of invoices against an oracle of its own: exact decimals, written another way."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from infra.local.stripe.arithmetic import Entry, Rate, Reduction, owed, reckon, rounded, shares, taxes
from infra.local.stripe.crediting import part

amounts = st.integers(-(10**8), 10**8)
percentages = st.decimals(0, 100, places=4).map(Fraction)
rates = st.lists(st.builds(Rate, st.uuids().map(str), percentages, st.booleans()), max_size=3)
reductions = st.lists(
    st.one_of(
        st.builds(lambda i, p: Reduction(str(i), percent=Fraction(p)), st.uuids(), st.decimals(0, 100, places=2)),
        st.builds(lambda i, a: Reduction(str(i), amount=a), st.uuids(), st.integers(1, 10**6)),
    ),
    max_size=3,
).map(tuple)
entries = st.lists(
    st.builds(
        lambda amount, own, its: Entry(amount, None, amount >= 0, own, tuple(its)),
        amounts,
        reductions,
        rates,
    ),
    max_size=6,
)


def _half_up(value: Fraction) -> int:
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.fractions(-(10**9), 10**9, max_denominator=10**6))
def test_a_half_is_rounded_away_from_zero(value: Fraction) -> None:
    assert rounded(value) == _half_up(value)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_shares_sum_to_the_amount_and_are_less_than_one_unit_off(amount: int, weights: list[int]) -> None:
    parts = shares(amount, weights)

    assert sum(parts) == amount
    assert all(abs(Fraction(amount * w, sum(weights)) - p) < 1 for p, w in zip(parts, weights, strict=True))


@given(entries, reductions)
def test_a_total_is_its_lines_less_discounts_plus_exclusive_tax(
    lines: list[Entry], invoice_wide: tuple[Reduction, ...]
) -> None:
    results = reckon(lines, invoice_wide)

    discounts = sum(amount for each in results for _, amount in (*each.own, *each.shared))
    exclusive = sum(tax.amount for each in results for tax in each.taxes if not tax.rate.inclusive)
    assert sum(each.total for each in results) == sum(line.amount for line in lines) - discounts + exclusive
    for line, result in zip(lines, results, strict=True):
        taken = sum(amount for _, amount in (*result.own, *result.shared))
        assert 0 <= taken <= max(line.amount, 0)


@example(999, [Fraction(20)])
@given(amounts, st.lists(percentages, min_size=1, max_size=3))
def test_inclusive_tax_and_what_is_taxed_are_the_price(amount: int, given_rates: list[Fraction]) -> None:
    found = taxes(amount, [Rate(str(number), each, inclusive=True) for number, each in enumerate(given_rates)])

    assert found[0].taxable + sum(tax.amount for tax in found) == amount
    assert found[0].taxable == amount - _half_up(amount - amount / (1 + sum(given_rates, Fraction(0)) / 100))


@given(amounts, percentages)
def test_exclusive_tax_is_rounded_once_for_each_line(amount: int, percentage: Fraction) -> None:
    (tax,) = taxes(amount, [Rate("one", percentage, inclusive=False)])

    assert (tax.amount, tax.taxable) == (_half_up(amount * percentage / 100), amount)


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**5), min_size=1).filter(any))
def test_an_amount_off_is_spread_whole_over_what_it_can_take(off: int, prices: list[int]) -> None:
    results = reckon([Entry(price) for price in prices], [Reduction("d", amount=off)])

    assert sum(amount for each in results for _, amount in each.shared) == min(off, sum(prices))


@given(amounts, amounts, st.integers(0, 300))
def test_the_balance_and_the_due_amount_are_together_what_they_were(total: int, balance: int, least: int) -> None:
    due, ending = owed(total, balance, least)

    assert due + ending == total + balance
    assert due == 0 or due >= least


@given(amounts, st.integers(1, 10**6), st.lists(st.tuples(st.integers(1, 10**5), st.integers(0, 3)), max_size=12))
def test_credits_of_a_line_never_exceed_it_and_the_last_completes_it(
    whole: int, line: int, asked: list[tuple[int, int]]
) -> None:
    """Any sequence of credits, some of them taken back in between."""
    issued: list[tuple[int, int]] = []
    for amount, withdrawn in asked:
        credited, before = (sum(column) for column in zip(*issued, (0, 0), strict=True))
        if credited + amount <= line:
            issued.append((amount, part(whole, line, credited + amount, before)))
            assert abs(before + issued[-1][1]) <= abs(whole)
        if withdrawn == 0 and issued:
            issued.pop(0)
    credited, before = (sum(column) for column in zip(*issued, (0, 0), strict=True))
    if credited < line:
        assert before + part(whole, line, line, before) == whole
