"""Makes the local Stripe the biller of the demo company: what it sells, who its customers are, and what each takes.

The company moves to Stripe as real ones do: each subscription begins there in the middle of its period, with its next
billing day and without a bill, and its items say what the desk called them before. The desk follows by Stripe's events.
Doing it again changes nothing: products are found by their ids, prices by their look-up keys, all else by metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from stripe import InvalidRequestError, StripeClient, V1Services

from chalicelib.payments.gateway import StripeGateway
from chalicelib.payments.store import PaymentStore
from chalicelib.subscriptions.calendar import period_of

if TYPE_CHECKING:
    from stripe import RequestOptions
    from stripe.params import SubscriptionCreateParams

OFFERS = Path(__file__).with_name("demo_offers.json")
Row = dict[str, Any]

_TURN: Final = time(2)
"""When in the night (UTC) periods begin: the same calendar day all over the company's countries."""
_CLOCK: Final = "sandbox"


def offers() -> list[Row]:
    """What the company sells, as its file says."""
    found: list[Row] = json.loads(OFFERS.read_text("utf-8"))["offers"]
    return found


@dataclass(frozen=True)
class Biller:
    """One local Stripe; `now` is aware, `terms_days` are those in which a bill that is sent has to be paid."""

    api_key: str
    base: str
    payments: PaymentStore
    now: datetime
    terms_days: int

    @cached_property
    def _v1(self) -> V1Services:
        return StripeClient(self.api_key, base_addresses={"api": self.base}, max_network_retries=2).v1

    def sell(self, sold: list[Row]) -> None:
        """A product and a monthly price for each offer that new customers may take."""
        for offer in sold:
            if offer.get("is_sold", True):
                self._product(offer)
                self._price(offer)

    def bill(self, account: Row, tax_bp: int, clock: str = "") -> None:
        """The account's customer with its card, and its subscriptions; all in the time of a test clock, if given."""
        customer = self._customer(account["account_id"], clock)
        if account.get("card"):
            self._card(customer, account)
        rate = self._rate(account["billing_address"]["country"], tax_bp)
        known = self._known(customer)
        left = [plan for plan in account["subscriptions"] if plan["subscription_id"] not in known]
        for together in _bills(left):
            self._subscribe(customer, account, together, rate)

    def clock(self) -> str:
        """The test clock of the sandbox."""
        for found in self._v1.test_helpers.test_clocks.list({"limit": 100}).auto_paging_iter():
            if found.name == _CLOCK:
                return found.id
        frozen = int(self.now.timestamp())
        return self._v1.test_helpers.test_clocks.create({"frozen_time": frozen, "name": _CLOCK}).id

    def _product(self, offer: Row) -> None:
        try:
            self._v1.products.retrieve(offer["code"])
        except InvalidRequestError:
            self._v1.products.create(
                {
                    "id": offer["code"],
                    "name": offer["name"],
                    "metadata": {"service": offer["service"]},
                }
            )

    def _price(self, offer: Row) -> None:
        if self._price_of(offer["code"]) is None:
            self._v1.prices.create(
                {
                    "product": offer["code"],
                    "lookup_key": offer["code"],
                    "currency": offer["currency"].lower(),
                    "unit_amount": offer["monthly_minor"],
                    "recurring": {"interval": "month"},
                    "metadata": {"service": offer["service"]},
                }
            )

    def _price_of(self, code: str) -> str | None:
        found = self._v1.prices.list({"lookup_keys": [code]}).data
        return found[0].id if found else None

    def _rate(self, country: str, tax_bp: int) -> str:
        name = f"VAT {country}"
        for rate in self._v1.tax_rates.list({"limit": 100}).auto_paging_iter():
            if rate.display_name == name and round(rate.percentage * 100) == tax_bp:
                return rate.id
        given = {"display_name": name, "country": country, "inclusive": False, "percentage": tax_bp / 100}
        return self._v1.tax_rates.create(cast("Any", given)).id

    def _customer(self, account_id: str, clock: str) -> str:
        standing = self.payments.payer(account_id).stripe_customer_id
        if standing:
            return standing
        if clock:
            given: Any = {"metadata": {"account_id": account_id}, "test_clock": clock}
            made = self._v1.customers.create(given, {"idempotency_key": f"seed-customer-{account_id}-{clock}"}).id
        else:
            made = StripeGateway(lambda: self.api_key, self.base).create_customer(account_id)
        return self.payments.set_customer(account_id, made)

    def _card(self, customer: str, account: Row) -> None:
        if self._v1.customers.payment_methods.list(customer).data:
            return
        saved = self._v1.payment_methods.attach(account["card"], {"customer": customer}).id
        self._v1.customers.update(customer, {"invoice_settings": {"default_payment_method": saved}})

    def _known(self, customer: str) -> set[str]:
        """What Stripe bills this customer already, by the desk's ids."""
        found = self._v1.subscriptions.list({"customer": customer, "status": "all", "limit": 100}).auto_paging_iter()
        items = [item for each in found for item in each.to_dict()["items"]["data"]]
        return {item["metadata"].get("desk_subscription_id", "") for item in items}

    def _subscribe(self, customer: str, account: Row, plans: list[Row], rate: str) -> None:
        anchor_day = plans[0]["anchor_day"]
        sent = {"collection_method": "send_invoice", "days_until_due": self.terms_days}
        given = {
            "customer": customer,
            "items": [self._item(plan) for plan in plans],
            "default_tax_rates": [rate],
            "backdate_start_date": self._began(anchor_day),
            "billing_cycle_anchor_config": {"day_of_month": anchor_day, "hour": _TURN.hour, "minute": 0, "second": 0},
            # Its running period was billed elsewhere: what a change gives back of it is reckoned from the price.
            "billing_mode": {"type": "classic"},
            "proration_behavior": "none",
            "metadata": {"desk_account_id": account["account_id"]},
            **({} if account.get("card") else sent),
        }
        key: RequestOptions = {"idempotency_key": f"seed-{plans[0]['subscription_id']}-{customer}"}
        self._v1.subscriptions.create(cast("SubscriptionCreateParams", given), key)

    def _item(self, plan: Row) -> Row:
        known = {"desk_subscription_id": plan["subscription_id"], "desk_started_on": plan["started_on"]}
        label = {"desk_label": plan["label"]} if "label" in plan else {}
        price = self._price_of(plan["plan_code"])
        return {"price": price, "quantity": plan.get("quantity", 1), "metadata": known | label}

    def _began(self, anchor_day: int) -> int:
        """The second in which the running period began; until the turn of the night the day before goes on."""
        turned = (self.now - timedelta(hours=_TURN.hour)).astimezone(UTC).date()
        return int(datetime.combine(period_of(turned, anchor_day).starts_on, _TURN, UTC).timestamp())


def bill_company(biller: Biller, company: Row) -> Row:
    """Sell what the company sells and bill all its accounts; returns who lives by a test clock, and by which."""
    sold = offers()
    biller.sell(sold)
    tax_bp_by_code = {offer["code"]: offer.get("tax_rate_bp", 2000) for offer in sold}
    sandbox, clock = company["sandbox"], biller.clock()
    for account in company["accounts"]:
        biller.bill(account, tax_bp_by_code[account["subscriptions"][0]["plan_code"]])
    biller.bill(sandbox, tax_bp_by_code[sandbox["subscriptions"][0]["plan_code"]], clock)
    return {"account_id": sandbox["account_id"], "test_clock": clock}


def _bills(plans: list[Row]) -> Iterator[list[Row]]:
    """The plans that come on one bill: those of one billing day, each price once, as Stripe has it."""
    bills: list[list[Row]] = []
    for plan in plans:
        fitting = (bill for bill in bills if _fits(plan, bill))
        bill = next(fitting, None)
        if bill is None:
            bills.append([plan])
        else:
            bill.append(plan)
    yield from bills


def _fits(plan: Mapping[str, Any], bill: list[Row]) -> bool:
    codes = {each["plan_code"] for each in bill}
    return plan["anchor_day"] == bill[0]["anchor_day"] and plan["plan_code"] not in codes
