"""Bills whose sums hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.billing.builders import a_line, an_invoice


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"net_minor": 2751}, "net is not the sum"),
        ({"tax_minor": 551}, "tax is not the sum"),
        ({"total_minor": 3301}, "total is not net plus tax"),
        ({"period": "2026-13"}, "period"),
        ({"closed_as": "paid"}, "closed_as"),
    ],
)
def test_a_bill_that_does_not_add_up_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        an_invoice(**changes)


@pytest.mark.parametrize(("changes", "why"), [({"quantity": 2}, "net is not"), ({"tax_minor": 548}, "tax is not")])
def test_a_line_that_does_not_add_up_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        a_line(**changes)


@pytest.mark.parametrize("tax_minor", [549, 550, 551])
def test_another_system_may_have_rounded_tax_by_one_minor_unit(tax_minor: int) -> None:
    assert an_invoice("inv_1", a_line(tax_minor=tax_minor)).total_minor == 2750 + tax_minor


def test_a_bill_stays_the_same_bill_whatever_became_of_it() -> None:
    assert an_invoice().is_same_bill(an_invoice(credit_applied_minor=100, closed_as="void"))
    assert not an_invoice().is_same_bill(an_invoice(number="NWT-2"))
