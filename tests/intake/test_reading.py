"""What a mail is about, from the door to what an advisor sees."""

from __future__ import annotations

from typing import Any

from chalicelib.cases.reading import Intent, Place, Sign
from tests.harness import HttpDesk
from tests.intake.fakes import Door
from tests.intake.mails import multipart, raw
from tests.intake.test_jobs import ADA, case_of, deliver, put

CARD = "4111 1111 1111 1111"


def shown(desk: HttpDesk, case_id: str, role: str = "advisor") -> dict[str, Any]:
    """The customer's mail on the timeline."""
    entries = desk.call("GET", f"/v1/cases/{case_id}/timeline", role=role).json["items"]
    return next(entry for entry in entries if entry["direction"] == "in")


def test_a_mail_goes_to_its_team_and_everybody_sees_why(desk: HttpDesk) -> None:
    account = desk.call("POST", "/v1/accounts", ADA, role="admin").json
    number = account["account_number"]
    words = f"My direct debit failed, how can I pay? My account is {number[:4]} {number[4:7]} {number[7:]}. "
    deliver(put(raw(words + "I am on dialysis. Invoice NWT-001002327.\n", subject="Payment failed")))
    case_id = case_of("one@mail.example")
    case = desk.call("GET", f"/v1/cases/{case_id}").json
    assert (case["queue"], case["category"], case["routed_by"]) == ("payments", "payment", "mail_routing@initial")

    entry = shown(desk, case_id)
    assert entry["reading"]["intent"] == "payment"
    assert "Payment failed" in entry["reading"]["words"]
    assert entry["reading"]["signs"]["vulnerable"] == ["dialysis"]
    assert entry["references_found"] == [
        {"kind": "account", "value": number, "places": ["text"], "verified": True},
        {"kind": "invoice", "value": "NWT-001002327", "places": ["text"], "verified": False},
    ]


def test_a_number_joins_no_case_to_an_account_whose_sender_is_not_proven(desk: HttpDesk) -> None:
    number = desk.call("POST", "/v1/accounts", ADA, role="admin").json["account_number"]
    deliver(put(raw(f"Cancel my contract for {number}.", from_="eve@example.net", subject="Cancellation")))
    case_id = case_of("one@mail.example")
    case = desk.call("GET", f"/v1/cases/{case_id}").json
    assert (case["account_id"], case["queue"], case["category"]) == (None, "triage", "cancellation")
    (found,) = shown(desk, case_id)["references_found"]
    assert (found["value"], found["verified"]) == (number, False)


def test_numbers_in_names_of_attachments_and_in_what_is_quoted_are_found(door: Door) -> None:
    part = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="NWT-001002327.pdf"\r\n\r\nx'
    text = "See the file.\r\n\r\nOn 3 Nov 2026, Desk <help@firm.example> wrote:\r\n> Your case is C1234567897."
    door.deliver(multipart(f"Content-Type: text/plain\r\n\r\n{text}", part))
    (mail,) = door.cases.received
    assert {each.value: each.places for each in mail.references_found} == {
        "C1234567897": (Place.QUOTED,), "NWT-001002327": (Place.ATTACHMENT,),
    }  # fmt: skip


def test_no_card_number_is_among_the_words_that_decided(door: Door) -> None:
    door.deliver(raw(f"Please pay {CARD} bill, I want to pay {CARD} now. My solicitor {CARD} knows.\n"))
    (mail,) = door.cases.received
    assert mail.reading is not None
    assert mail.reading.intent is Intent.PAYMENT
    assert Sign.LEGAL in mail.reading.signs
    assert "1111 1111" not in mail.reading.model_dump_json()
    assert mail.references_found == ()


def test_what_a_machine_wrote_is_not_read(door: Door) -> None:
    door.cases.by_message_id["ours@desk.example"] = "case_1"
    door.cases.requesters["case_1"] = "ada@example.com"
    door.deliver(raw(auto_submitted="auto-replied", in_reply_to="ours@desk.example"))
    (mail,) = door.cases.received
    assert mail.reading is None
