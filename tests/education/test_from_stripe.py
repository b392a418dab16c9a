"""From Stripe's bill to the customer's mail: the whole way through the functions of the desk, each event told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib import wiring
from chalicelib.accounts.model import AccountKind, Profile
from chalicelib.audit.model import Actor
from chalicelib.education.policy import EDUCATION_POLICY, EducationRules
from chalicelib.platform import aws
from chalicelib.policy.model import Ruling, initial
from tests.billing.builders import a_line, an_invoice
from tests.billing.stripe_bills import a_stripe_invoice
from tests.cases.test_from_stripe import PROFILE, happen, mails
from tests.fakes import FixedClock
from tests.payments.fakes import AT, FakeStripe, as_event

JUST_AFTER = FixedClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture
def ada(cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Stripe's customer cus_1, on the day after Stripe has issued a bill of 36.00."""
    stripe = FakeStripe()
    monkeypatch.setattr(wiring, "stripe_gateway", lambda: stripe)
    stripe.knows(a_stripe_invoice())
    everybody = Ruling(EducationRules(held_out_bp=0), "education@test", initial(EDUCATION_POLICY).effective_from)
    occasions = replace(
        wiring.guide_occasions(), clock=JUST_AFTER, today=lambda: JUST_AFTER().date(), rules=lambda _: everybody
    )
    monkeypatch.setattr(wiring, "guide_occasions", lambda: occasions)
    aws.ses().verify_email_identity(EmailAddress="billing@desk.example")
    profile, actor = Profile.model_validate(PROFILE), Actor("sub-advisor", "advisor.one")
    account_id = wiring.accounts().create(profile, AccountKind.CONSUMER, "GBP", actor).account_id
    wiring.payment_store().set_customer(account_id, "cus_1")
    return account_id


def test_a_bill_of_stripes_that_differs_is_explained_once(ada: str) -> None:
    line = a_line(net_minor=2500, code="EXTRA", description="Film night")
    wiring.invoices().issue(an_invoice("inv_0", line, account_id=ada, issued_on=date(2026, 10, 1)))
    happen(as_event("invoice.finalized", a_stripe_invoice(), "evt_1", AT))
    happen(as_event("invoice.updated", a_stripe_invoice(), "evt_2", AT))
    ((subject, text),) = [said for said in mails() if "here is why" in said[0]]
    assert subject == "Your bill ABC-0001 is £6.00 more than the last one: here is why"
    assert "£36.00. The one before was £30.00." in text
    assert "- No longer there: Film night, it was £30.00" in text


def test_the_first_bill_of_stripes_comes_with_its_tour(ada: str) -> None:
    happen(as_event("invoice.finalized", a_stripe_invoice(), "evt_1", AT))
    assert [subject for subject, _ in mails()].count("Your first bill, step by step") == 1
