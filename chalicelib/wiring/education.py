"""Guides: who hears of occasions for them, and who counts what came of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.platform.clock import new_ulid, utc_now

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.education.effects import Effects
    from chalicelib.education.occasions import Occasions
    from chalicelib.education.policy import EducationRules
    from chalicelib.education.service import Guides
    from chalicelib.education.store import GuideStore
    from chalicelib.policy.model import Ruling


@cache
def guide_store() -> GuideStore:
    from chalicelib.education.store import GuideStore

    return GuideStore(wiring.table())


def _rules(day: date) -> Ruling[EducationRules]:
    from chalicelib.education.policy import EDUCATION_POLICY

    return wiring.policies().on(EDUCATION_POLICY, day)


@cache
def guides() -> Guides:
    from chalicelib.education.service import Guides
    from chalicelib.platform.telemetry import count

    def account_of_case(case_id: str) -> str | None:
        case = wiring.case_store().get(case_id)
        return case.account_id if case else None

    return Guides(
        wiring.guide_store(), wiring.billing_store(), wiring.desk_post(), wiring.letter_words(), _rules,
        account_of_case, utc_now, new_ulid, wiring.today, count,
    )  # fmt: skip


@cache
def guide_occasions() -> Occasions:
    from chalicelib.education.occasions import Occasions
    from chalicelib.platform.telemetry import count

    return Occasions(
        wiring.guide_store(), wiring.billing_store(), wiring.desk_post(), _rules, utc_now, wiring.today, count
    )


@cache
def guide_effects() -> Effects:
    from chalicelib.education.effects import Effects

    return Effects(wiring.guide_store(), _rules, utc_now, wiring.today)
