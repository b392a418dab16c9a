"""Identity over HTTP: the journeys of a customer and an advisor, and nothing for anyone else."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.accounts.assurance import Action, Level
from chalicelib.identity.policy import IdentityRules, Need, Needs
from chalicelib.identity.verification import code_of
from chalicelib.platform import aws
from chalicelib.policy.model import BEGINNING, Ruling
from tests.accounts.test_routes import ADA
from tests.harness import HttpAnswer, HttpDesk, Meter
from tests.identity.desk import Pool
from tests.identity.http import answer_code, verify

ANSWERS = [
    {"question": "first_pet", "answer": "Ruffles"},
    {"question": "first_job", "answer": "The bakery"},
    {"question": "memorable_place", "answer": "Tenby"},
]


@pytest.fixture
def ada(desk: HttpDesk) -> str:
    account_id: str = desk.call("POST", "/v1/accounts", ADA).json["account_id"]
    return f"/v1/accounts/{account_id}"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, desk: HttpDesk) -> Pool:
    made = Pool()
    monkeypatch.setattr(wiring, "sign_ins", lambda: made)
    return made


def own(account: str) -> dict[str, Any]:
    """A call of the customer's."""
    return {"role": "customer", "account_id": account.rpartition("/")[2]}


def id_of(account: str) -> str:
    return account.rpartition("/")[2]


def patch(desk: HttpDesk, account: str, changes: dict[str, Any], **call: Any) -> HttpAnswer:
    etag = desk.call("GET", account).headers["etag"]
    return desk.call("PATCH", account, changes, headers={"If-Match": etag}, **call)


def code_for(desk: HttpDesk, account: str, **call: Any) -> str:
    body = {"method": "one_time_code"}
    begun = desk.call("POST", f"{account}/verifications", body, **call).json
    return str(begun["verification_id"])


def test_an_advisor_verifies_then_changes_a_mail_and_the_old_one_is_told(desk: HttpDesk, ada: str) -> None:
    refused = patch(desk, ada, {"emails": ["new@example.com"]})
    assert (refused.status, refused.json["code"], refused.json["required_level"]) == (
        403,
        "step_up_required",
        "channel",
    )
    proven = verify(desk, id_of(ada))
    assert (proven["level"], proven["counts"]) == ("strong", True)
    assert patch(desk, ada, {"emails": ["new@example.com"]}).status == 200
    log = desk.call("GET", f"{ada}/access-log", **own(ada)).json["items"]
    assert [line["what"] for line in log] == [
        "contact_changed", "verification_passed", "verification_started", "step_up_refused",
    ]  # fmt: skip
    assert {line["actor_name"] for line in log} == {None}
    assert desk.call("GET", f"{ada}/access-log").json["items"][0]["actor_name"] == "advisor.one"
    points = desk.call("GET", f"{ada}/contact-points").json["items"]
    assert {point["address"]: point["verified_at"] for point in points}["new@example.com"] is None
    held = desk.call("GET", f"{ada}/assurance").json
    assert held["cooling_until"] is not None


def test_policy_can_ask_for_proof_before_a_profile_is_changed(
    desk: HttpDesk, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = IdentityRules(needs={Action.CHANGE_PROFILE: Needs(staff=Need(level=Level.CHANNEL))})
    monkeypatch.setattr(wiring, "identity_rules", lambda _: Ruling(strict, "identity@2026-11-02.1", BEGINNING))
    assert patch(desk, ada, {"language": "cy"}).json["code"] == "step_up_required"
    assert patch(desk, ada, {"language": "cy"}, **own(ada)).status == 200
    verify(desk, id_of(ada))
    assert patch(desk, ada, {"language": "de"}).status == 200


def test_a_code_marks_the_address_as_proven(desk: HttpDesk, ada: str) -> None:
    verify(desk, id_of(ada), channel="sms")
    points = desk.call("GET", f"{ada}/contact-points").json["items"]
    proven = {point["address"]: point["verified_how"] for point in points}
    assert proven == {"ada@example.com": None, "+447700900123": "one_time_code"}


def test_what_was_proven_to_one_advisor_counts_for_no_other_one(desk: HttpDesk, ada: str) -> None:
    verify(desk, id_of(ada), subject="sub-one")
    assert desk.call("GET", f"{ada}/assurance", subject="sub-one").json["level"] == "strong"
    assert desk.call("GET", f"{ada}/assurance", subject="sub-two").json["level"] == "none"
    begun = code_for(desk, ada, subject="sub-one")
    right = code_of(wiring.mail_key(), begun)
    assert answer_code(desk, id_of(ada), begun, right, subject="sub-two").status == 404


def test_a_customer_sets_answers_and_an_advisor_asks_them(desk: HttpDesk, ada: str) -> None:
    body = {"answers": ANSWERS}
    first = desk.call("PUT", f"{ada}/security-answers", body, **own(ada))
    assert (first.status, first.json["code"]) == (403, "step_up_required")
    verify(desk, id_of(ada), **own(ada))
    kept = desk.call("PUT", f"{ada}/security-answers", body, **own(ada))
    assert kept.status == 200
    assert "ruffles" not in kept.text.lower()
    assert desk.call("PUT", f"{ada}/security-answers", body).status == 403
    begun = desk.call("POST", f"{ada}/verifications", {"method": "security_answers"}).json
    known = {each["question"]: each["answer"] for each in ANSWERS}
    said = [{"question": each["question"], "answer": known[each["question"]].upper()} for each in begun["questions"]]
    path = f"{ada}/verifications/{begun['verification_id']}/answers"
    assert desk.call("POST", path, {"answers": said}).json["level"] == "knowledge"


def test_five_wrong_codes_lock_the_account(desk: HttpDesk, ada: str) -> None:
    begun = code_for(desk, ada)
    wrong = f"{(int(code_of(wiring.mail_key(), begun)) + 1) % 10**6:06d}"
    answers = [answer_code(desk, id_of(ada), begun, wrong) for _ in range(6)]
    assert [answer.status for answer in answers] == [422] * 4 + [429] * 2
    assert [answer.json.get("tries_left") for answer in answers[:4]] == [4, 3, 2, 1]
    assert answers[4].json["code"] == "verification_locked"
    assert int(answers[4].headers["retry-after"]) > 800
    assert desk.call("GET", f"{ada}/assurance").json["locked_until"]
    assert desk.call("POST", f"{ada}/verifications", {"method": "one_time_code"}).status == 429


def test_recovery_needs_two_proofs_and_shows_no_secret(desk: HttpDesk, ada: str, pool: Pool) -> None:
    body = {"kind": "password"}
    verify(desk, id_of(ada))
    refused = desk.call("POST", f"{ada}/access-resets", body)
    assert (refused.status, refused.json["required_proofs"], refused.json["present_proofs"]) == (403, 2, 1)
    verify(desk, id_of(ada), channel="sms")
    done = desk.call("POST", f"{ada}/access-resets", body)
    assert (done.status, done.json["invited"]) == (201, True)
    assert "password" not in done.text.replace('"kind":"password"', "")
    assert pool.mailed == [(f"customer.{id_of(ada).lower()}", "invitation")]
    help_ = desk.call("GET", f"{ada}/access-help").json
    assert (help_["failing"], help_["steps"][0]["screenshot_id"]) == ("invitation_open", "invite-01")
    audit = desk.call("GET", f"{ada}/audit", role="supervisor").json["items"]
    assert "identity.access_reset" in [entry["action"] for entry in audit]
    verify(desk, id_of(ada), **own(ada))
    assert desk.call("GET", f"{ada}/assurance", **own(ada)).status == 401


def test_the_portal_opens_for_customers_and_is_sent_to_them_for_staff(desk: HttpDesk, ada: str) -> None:
    sent = desk.call("POST", f"{ada}/portal-sessions?page=bills")
    assert (sent.status, sent.json["url"], sent.json["sent_to"]) == (201, None, "a•••@example.com")
    opened = desk.call("POST", f"{ada}/portal-sessions?page=bills", **own(ada))
    assert (opened.status, opened.json["url"]) == (201, "https://desk.example/?page=bills")
    assert desk.call("POST", f"{ada}/portal-sessions?page=secrets", **own(ada)).status == 400
    (queued,) = [
        item["letter"]["M"]["facts"]["M"]["url"]["S"]
        for item in aws.dynamodb().scan(TableName=wiring.table().name)["Items"]
        if item["sk"]["S"].startswith("MAIL#")
    ]
    assert queued == "https://desk.example/?page=bills"


def test_a_sim_swap_is_noted_by_staff_alone(desk: HttpDesk, ada: str) -> None:
    flag = {"kind": "sim_swap"}
    assert desk.call("POST", f"{ada}/risk-flags", flag, **own(ada)).status == 403
    noted = desk.call("POST", f"{ada}/risk-flags", flag)
    assert (noted.status, noted.json["sim_swap_until"] is not None) == (201, True)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/assurance", None), ("GET", "/access-log", None), ("POST", "/portal-sessions", None),
        ("POST", "/verifications", {"method": "one_time_code"}), ("PUT", "/security-answers", {"answers": ANSWERS}),
    ],
)  # fmt: skip
def test_another_ones_account_is_not_there(desk: HttpDesk, ada: str, method: str, path: str, body: Any) -> None:
    assert desk.call(method, f"{ada}{path}", body, role="customer", account_id="acc_other").status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/verifications", {"method": "palm"}),
        ("/verifications", {"method": "security_answers", "channel": "sms"}),
        ("/verifications", {"method": "one_time_code", "contact": "nobody"}),
        ("/verifications", {"method": "one_time_code", "channel": "sms", "contact": "ada@example.com"}),
        ("/verifications/ver_1/answers", {}),
        ("/verifications/ver_1/answers", {"code": "12345"}),
        ("/verifications/ver_1/answers", {"code": "123456", "answers": ANSWERS[:1]}),
        ("/verifications/ver_1/answers", {"answers": [{"question": "shoe_size", "answer": "9"}]}),
        ("/access-resets", {"kind": "everything"}),
        ("/risk-flags", {"kind": "weather"}),
    ],
)
def test_bad_bodies_are_422(desk: HttpDesk, ada: str, path: str, body: Any) -> None:
    assert desk.call("POST", f"{ada}{path}", body).status == 422


@pytest.mark.parametrize(
    "answers",
    [ANSWERS[:2], [*ANSWERS[:2], ANSWERS[0]], [*ANSWERS[:2], {"question": "memorable_word", "answer": "ruffles!"}]],
)
def test_three_different_questions_get_three_different_answers(desk: HttpDesk, ada: str, answers: Any) -> None:
    assert desk.call("PUT", f"{ada}/security-answers", {"answers": answers}, **own(ada)).status == 422


def test_costs(desk: HttpDesk, ada: str, meter: Meter) -> None:
    """Once the policy is known, for a minute."""
    code_for(desk, ada)
    meter.calls.clear()
    begun = code_for(desk, ada)
    assert meter.calls == ["GetItem", "GetItem", "TransactWriteItems", "PutItem"]
    meter.calls.clear()
    answer_code(desk, id_of(ada), begun, code_of(wiring.mail_key(), begun))
    assert meter.calls[:3] == ["GetItem", "GetItem", "TransactWriteItems"]
    assert len(meter.calls) <= 5
    meter.calls.clear()
    desk.call("GET", f"{ada}/assurance")
    assert meter.calls == ["GetItem"]
