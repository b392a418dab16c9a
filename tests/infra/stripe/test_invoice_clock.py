"""Invoices of a customer who lives by a test clock."""

from tests.infra.stripe.billing import draft, opened, payer
from tests.infra.stripe.desk import Desk
from tests.infra.stripe.test_test_clocks import advance

START = 1_800_000_000
HOUR, DAY = 3600, 86400


def test_an_invoice_is_collected_in_the_time_of_its_customer(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": START}).id
    customer = payer(desk, test_clock=clock)
    invoice = str(draft(desk, customer, 1000, auto_advance=True).id)

    advance(desk, clock, START + HOUR - 1)
    assert desk.v1.invoices.retrieve(invoice).status == "draft"
    advance(desk, clock, START + 2 * HOUR)

    done = desk.v1.invoices.retrieve(invoice)
    assert (done.status, done.created, done.test_clock) == ("paid", START, clock)
    assert done.status_transitions.finalized_at == done.status_transitions.paid_at == START + HOUR


def test_the_schedule_and_the_due_date_follow_the_clock(desk: Desk) -> None:
    clock = desk.v1.test_helpers.test_clocks.create({"frozen_time": START}).id
    failing = payer(desk, "pm_card_chargeCustomerFail", test_clock=clock)
    charged = str(draft(desk, failing, 1000, auto_advance=True).id)
    sent = opened(desk, failing, 500, collection_method="send_invoice", days_until_due=10)

    advance(desk, clock, START + 9 * DAY)
    tried = desk.v1.invoices.retrieve(charged)
    assert (tried.attempt_count, tried.next_payment_attempt) == (3, START + HOUR + 15 * DAY)
    assert "invoice.overdue" not in desk.event_types()
    advance(desk, clock, START + 20 * DAY)

    tried = desk.v1.invoices.retrieve(charged)
    assert (tried.attempt_count, tried.next_payment_attempt, tried.status) == (4, None, "open")
    (overdue,) = desk.v1.events.list({"type": "invoice.overdue"}).data
    assert (overdue.data.object["id"], overdue.created) == (sent.id, START + 10 * DAY)
