"""Guides over HTTP: the catalogue, one sent by hand, who sees which, and the effect."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.education.guides import GUIDES
from chalicelib.payments.news import News, Topic
from chalicelib.platform.clock import utc_now
from chalicelib.platform.codec import decode
from chalicelib.platform.dynamo import Put
from tests.billing.builders import a_line, an_invoice, open_account
from tests.harness import TABLE, HttpAnswer, HttpDesk

ACCOUNT = "acc_1"
URL = f"/v1/accounts/{ACCOUNT}/guides"


@pytest.fixture
def account(desk: HttpDesk) -> str:
    """Was billed 33.00, then 39.00."""
    open_account(wiring.table(), ACCOUNT, emails=["ada@example.com"], language="de-DE")
    today = wiring.today()
    for n, net in ((2, 2750), (1, 3250)):
        bill = an_invoice(f"inv_{n}", a_line(net_minor=net), number=f"N-{n}", issued_on=today - timedelta(days=n * 28))
        wiring.invoices().issue(bill)
    return ACCOUNT


def send(desk: HttpDesk, slug: str = "reading_a_bill") -> HttpAnswer:
    return desk.call("POST", URL, {"slug": slug})


def letters() -> list[dict[str, Any]]:
    items = map(decode, wiring.table().client.scan(TableName=TABLE)["Items"])
    return [item["letter"] for item in items if item["sk"].startswith("MAIL#")]


def test_the_catalogue_is_for_everybody_with_an_account(desk: HttpDesk, account: str) -> None:
    found = desk.call("GET", "/v1/guides?language=de-DE", role="customer", account_id=account).json["items"]
    assert [guide["slug"] for guide in found] == list(GUIDES)
    assert found[-1]["title"] == "So lesen Sie Ihre Rechnung"
    assert desk.call("GET", "/v1/guides", role=None).status == 401


def test_a_guide_has_its_words_in_the_language_asked_for_or_in_english(desk: HttpDesk) -> None:
    found = desk.call("GET", "/v1/guides/reading_a_bill?language=cy-GB").json
    assert (found["title"], found["language"]) == ("Sut i ddarllen eich bil", "cy")
    assert found["text"].startswith("Helo")
    assert desk.call("GET", "/v1/guides/usage?language=fr-FR").json["language"] == "en"
    assert desk.call("GET", "/v1/guides/unheard_of").status == 404


def test_an_advisor_sends_one_and_it_is_recorded_and_audited(desk: HttpDesk, account: str) -> None:
    answer = send(desk)
    assert answer.status == 201, answer.text
    assert (answer.json["outcome"], answer.json["trigger"], answer.json["by_name"]) == (
        "sent",
        "on_request",
        "advisor.one",
    )
    (letter,) = letters()
    assert (letter["name"], letter["purpose"]) == ("education/reading_a_bill", "service")
    assert [guide["guide_id"] for guide in desk.call("GET", URL).json["items"]] == [answer.json["guide_id"]]
    (entry,) = desk.call("GET", f"/v1/accounts/{account}/audit", role="supervisor").json["items"]
    assert (entry["action"], entry["after"]["slug"]) == ("guide.sent", "reading_a_bill")


def test_a_key_sends_it_once(desk: HttpDesk, account: str) -> None:
    for _ in range(2):
        answer = desk.call("POST", URL, {"slug": "ways_to_pay"}, headers={"idempotency-key": "one"})
        assert answer.status == 201
    assert len(letters()) == 1


def test_a_comparison_sent_by_hand_has_the_two_last_bills(desk: HttpDesk, account: str) -> None:
    assert send(desk, "changed_bill").status == 201
    (letter,) = letters()
    assert (letter["facts"]["number"], letter["facts"]["more_minor"]) == ("N-1", 600)
    assert send(desk, "first_bill").status == 201


def test_without_the_bills_it_speaks_of_there_is_nothing_to_send(desk: HttpDesk) -> None:
    open_account(wiring.table(), ACCOUNT, emails=["ada@example.com"])
    assert send(desk, "changed_bill").json["reason"] == "no_bill"
    wiring.invoices().issue(an_invoice())
    assert send(desk, "changed_bill").json["reason"] == "no_bill_before"
    assert letters() == []


def test_a_case_of_the_account_can_be_named_and_no_other(desk: HttpDesk) -> None:
    address = {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
    profile = {"name": {"family": "Lovelace"}, "emails": ["ada@example.com"], "billing_address": address}
    own, other = (str(desk.call("POST", "/v1/accounts", profile).json["account_id"]) for _ in range(2))
    asked = {"subject": "Bill", "text": "How do I read it?"}
    cases = {
        name: desk.call("POST", "/v1/cases", {**asked, "account_id": name}).json["case_id"] for name in (own, other)
    }
    guide = {"slug": "reading_a_bill", "case_id": cases[own]}
    assert desk.call("POST", f"/v1/accounts/{own}/guides", guide).json["case_id"] == cases[own]
    for wrong in (cases[other], "case_unheard_of"):
        answer = desk.call("POST", f"/v1/accounts/{own}/guides", {**guide, "case_id": wrong})
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/case_id")


@pytest.mark.parametrize(("slug", "status"), [("ways_to_pay", 409), ("reading_a_bill", 201)])
def test_a_breathing_space_forbids_what_speaks_of_money(desk: HttpDesk, account: str, slug: str, status: int) -> None:
    hold = {"hold_id": "h", "kind": "breathing_space", "from_on": "2000-01-01", "policy": "p", "placed_by_name": "a"}
    holds = [{**hold, "placed_at": "2026-11-01T09:00:00.000Z"}]
    wiring.table().write(Put({"pk": f"A#{account}", "sk": "L$HOLDS", "account_id": account, "holds": holds}))
    assert send(desk, slug).status == status


@pytest.mark.parametrize(
    ("account_id", "slug", "status"), [("acc_9", "reading_a_bill", 404), (ACCOUNT, "unheard_of", 404)]
)
def test_what_is_not_there(desk: HttpDesk, account: str, account_id: str, slug: str, status: int) -> None:
    assert desk.call("POST", f"/v1/accounts/{account_id}/guides", {"slug": slug}).status == status
    assert desk.call("GET", "/v1/accounts/acc_9/guides").status == 404


def test_an_account_without_mail_is_a_conflict(desk: HttpDesk) -> None:
    open_account(wiring.table(), ACCOUNT)
    assert send(desk).json["reason"] == "no_mail_address"


def test_customers_see_what_they_got_and_nobody_elses(desk: HttpDesk, account: str) -> None:
    send(desk)
    occasions = wiring.guide_occasions()
    for n in range(2):
        occasions.tell(News(topic=Topic.PAYMENT_FAILED, object_id=f"pay_{n}", at=utc_now(), account_id=account))
    staff = desk.call("GET", URL).json["items"]
    assert {guide["outcome"] for guide in staff} >= {"sent", "too_many"}
    own = desk.call("GET", URL, role="customer", account_id=account).json["items"]
    assert {(guide["outcome"], guide["by_name"]) for guide in own} == {("sent", None)}
    assert desk.call("GET", URL, role="customer", account_id="acc_2").status == 404
    assert desk.call("POST", URL, {"slug": "usage"}, role="customer", account_id=account).status == 403


def test_pages_of_guides_are_stable(desk: HttpDesk, account: str) -> None:
    sent = [send(desk, slug).json["guide_id"] for slug in ("usage", "ways_to_pay", "reading_a_bill")]
    page = desk.call("GET", f"{URL}?limit=2").json
    seen = [guide["guide_id"] for guide in page["items"]]
    send(desk, "due_day")
    page = desk.call("GET", f"{URL}?limit=2&cursor={page['next_cursor']}").json
    assert seen + [guide["guide_id"] for guide in page["items"]] == sent[::-1]


def test_the_effect_says_plainly_when_there_is_nothing_to_say(desk: HttpDesk, account: str) -> None:
    today = date.today()  # noqa: DTZ011 - any day will do
    url = f"/v1/guides/change_card/effect?from={today - timedelta(days=30)}&to={today}"
    found = desk.call("GET", url).json
    assert (found["reading"], found["difference_bp"], found["got_it"]["accounts"]) == ("nothing_to_compare", None, 0)
    assert "nobody to compare with" in found["words"]
    assert desk.call("GET", url, role="customer", account_id=account).status == 403


@pytest.mark.parametrize("query", ["from=2026-11-02&to=2026-11-01", "from=2026-01-01&to=2026-11-01", "to=2026-11-01"])
def test_a_period_that_is_none(desk: HttpDesk, query: str) -> None:
    assert desk.call("GET", f"/v1/guides/usage/effect?{query}").status == 400
    assert desk.call("GET", "/v1/guides/unheard_of/effect?from=2026-11-01&to=2026-11-01").status == 404
