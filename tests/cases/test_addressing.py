"""Signed addresses: ours come back through any mail system, nobody else's are taken for ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases.addressing import (
    case_id_of_message_id,
    case_id_of_reply_address,
    message_id,
    reply_address,
)

KEY, DOMAIN = b"key", "desk.example"
CASE = "case_01JD3Z8Q4N5T6V7W8X9Y0ZABCD"
MESSAGE = "msg_01JD3Z8Q4N5T6V7W8X9Y0ZEFGH"
OURS = message_id(CASE, MESSAGE, DOMAIN, KEY)
ADDRESS = reply_address(CASE, "billing@desk.example", DOMAIN, KEY)


@pytest.mark.parametrize("seen", [OURS, OURS.lower(), OURS.upper(), OURS.strip("<>"), f" {OURS} "])
def test_our_message_id_is_known_again(seen: str) -> None:
    assert case_id_of_message_id(seen, "Desk.Example", KEY) == CASE


@pytest.mark.parametrize("seen", [ADDRESS, ADDRESS.upper(), f" {ADDRESS} "])
def test_our_reply_address_is_known_again_and_its_local_part_fits(seen: str) -> None:
    assert case_id_of_reply_address(seen, DOMAIN, KEY) == CASE
    assert ADDRESS.startswith("billing+01jd3z")
    assert len(ADDRESS.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "forged",
    [
        "", "<>", "<a@b>", "<one@mail.example>", OURS.replace("01JD", "01JE"), OURS.replace("EFGH", "EFGJ"),
        OURS.replace(DOMAIN, "evil.example"), OURS[:-4] + ">", "x" * 5000, OURS + OURS,
    ],
)  # fmt: skip
def test_a_message_id_that_we_did_not_sign_is_not_ours(forged: str) -> None:
    assert case_id_of_message_id(forged, DOMAIN, KEY) is None
    assert case_id_of_message_id(OURS, DOMAIN, b"other") is None


@pytest.mark.parametrize(
    "forged",
    [
        "", "billing@desk.example", "billing+tag@desk.example", ADDRESS.replace("01jd", "01je"),
        ADDRESS.replace(DOMAIN, "evil.example"), "a" * 70 + ADDRESS,
    ],
)  # fmt: skip
def test_an_address_that_we_did_not_sign_is_not_ours(forged: str) -> None:
    assert case_id_of_reply_address(forged, DOMAIN, KEY) is None


def test_a_signature_of_one_kind_does_not_serve_the_other() -> None:
    signature = ADDRESS.partition(".")[2].partition("@")[0]
    assert case_id_of_message_id(f"<{CASE}.{MESSAGE}.{signature}@{DOMAIN}>", DOMAIN, KEY) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_error(text: str) -> None:
    assert case_id_of_message_id(text, DOMAIN, KEY) is None
    assert case_id_of_reply_address(text, DOMAIN, KEY) is None
