"""Bounds of fields hold. Where a field repeats a bound that its type has, pydantic keeps the one that comes last."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo

import chalicelib
from chalicelib.billing.model import CreditNote
from chalicelib.platform.money import Minor
from chalicelib.usage.policy import UsageRules, WarningRules
from chalicelib.usage.tariff import Rate


def models(base: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def loosened(field: FieldInfo) -> bool:
    """Whether the bound that holds, the last of its kind, is looser than another one that was asked for."""
    lows = [_int(bound.ge) for bound in field.metadata if isinstance(bound, Ge)]
    above = [_int(bound.gt) for bound in field.metadata if isinstance(bound, Gt)]
    highs = [_int(bound.le) for bound in field.metadata if isinstance(bound, Le)]
    below = [_int(bound.lt) for bound in field.metadata if isinstance(bound, Lt)]
    return any(each and each[-1] != max(each) for each in (lows, above)) or any(
        each and each[-1] != min(each) for each in (highs, below)
    )


def _int(bound: object) -> int:
    assert isinstance(bound, int), "whole numbers have whole bounds"
    return bound


class Loose(BaseModel):
    """What the check is to find."""

    amount_minor: Minor = Field(default=0, ge=0)


def test_no_field_loses_its_bound_to_that_of_its_type() -> None:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    found = {
        f"{model.__module__}.{model.__name__}.{name}"
        for model in models()
        for name, field in model.model_fields.items()
        if loosened(field)
    }
    assert found == {f"{__name__}.Loose.amount_minor"}


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        (Rate, {"per": 1, "price_minor": -1}, "price_minor"),
        (UsageRules, {"most_minor": {"roaming": -1}}, "most_minor"),
        (WarningRules, {"bill_more_minor": -1}, "bill_more_minor"),
        (WarningRules, {"bill_case_minor": -1}, "bill_case_minor"),
        (WarningRules, {"advice_saves_minor": 0}, "advice_saves_minor"),
        (
            CreditNote,
            {"credit_note_id": "cn_1", "invoice_id": "inv_1", "account_id": "acc_1", "amount_minor": 100,
             "tax_minor": -1, "issued_at": "2026-11-01T00:00:00Z"},
            "tax_minor",
        ),
    ],
)  # fmt: skip
def test_amounts_below_their_bound_are_refused(model: type[BaseModel], values: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(values)
    assert {error["loc"][0] for error in refused.value.errors()} == {field}
