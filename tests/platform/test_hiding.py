"""No door takes a card number in: what a caller writes loses it once the body was read, and no refusal repeats it."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

import boto3
import pytest
from pydantic import AfterValidator, Field

from chalicelib.platform.errors import TooLarge
from chalicelib.platform.fields import ForeignId, Input, Patch
from chalicelib.platform.hiding import LONGEST, fingerprint, hidden
from tests.fakes import FixedClock
from tests.harness import TABLE, HttpDesk
from tests.platform.desk import Things, desk_of

CARD = "4242 4242 4242 4242"
LEFT = "[card ending 4242]"


class Inner(Input):
    note: str = ""


class Outer(Patch):
    said: str | None = None
    tags: tuple[str, ...] = ()
    inner: Inner = Inner()
    more: dict[str, Any] = Field(default_factory=dict)


def test_every_text_of_a_body_loses_its_card_numbers() -> None:
    given = Outer(
        said=f"my {CARD}", tags=("a", CARD), inner=Inner(note=CARD), more={CARD: [CARD, 7, None, {"x": CARD}]}
    )
    assert hidden(given) == Outer(
        said=f"my {LEFT}", tags=("a", LEFT), inner=Inner(note=LEFT), more={LEFT: [LEFT, 7, None, {"x": LEFT}]}
    )


def test_what_was_not_named_stays_not_named() -> None:
    assert hidden(Outer(said=CARD)).model_fields_set == {"said"}


@pytest.mark.parametrize(
    "kept", ["4242424242424242@example.com", "acc_1", "+4222222222222", "GB33 BUKB 2020 1555 5555 55"]
)
def test_what_is_no_card_number_stays(kept: str) -> None:
    given = Outer(said=kept)
    assert hidden(given) is given


@pytest.mark.parametrize(
    "said", ["4242424242424242,ada@example.com", "4242424242424242/12/29;123;a@b.example", "@4242424242424242"]
)
def test_what_is_more_than_an_address_is_searched(said: str) -> None:
    assert "42424242" not in str(hidden(Outer(said=said)).said)


def test_a_text_too_long_to_be_searched_is_refused() -> None:
    with pytest.raises(TooLarge):
        hidden(Outer(said="4 " * LONGEST))


def test_an_id_of_another_system_goes_on_as_it_was_given() -> None:
    class Told(Input):
        record_id: Annotated[str, AfterValidator(ForeignId)] | None = None

    given = Told.model_validate_json('{"record_id": "4242424242424242"}', strict=True)
    assert hidden(given) is given


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def small(cloud: None, things: Things, clock: FixedClock) -> HttpDesk:
    return desk_of(things, clock)


def _stored() -> str:
    return json.dumps(boto3.client("dynamodb").scan(TableName=TABLE)["Items"])


def test_neither_the_work_nor_the_kept_answer_sees_it(small: HttpDesk, things: Things) -> None:
    made = small.call("POST", "/things", {"label": f"my {CARD}"}, headers={"Idempotency-Key": "k1"})
    assert made.status == 201
    assert things.written == [f"my {LEFT}"]
    refused = small.call("POST", "/things", {"label": "x", CARD: 1}, headers={"Idempotency-Key": "k2"})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, f"/{LEFT}")
    assert "4242 4242" not in _stored()


def test_what_is_kept_of_a_body_does_not_tell_the_hidden_digits() -> None:
    body, other = (f'{{"label": "my {number}"}}'.encode() for number in (CARD, "4012880000034242"))
    assert fingerprint(body) != hashlib.sha256(body).hexdigest()
    assert fingerprint(body) == fingerprint(other)
    number, like = (f'{{"number": {number}}}'.encode() for number in ("4242424242424242", "4012880000034242"))
    assert fingerprint(number) == fingerprint(like) != hashlib.sha256(number).hexdigest()
    assert fingerprint(b'{"label": "x"}') == hashlib.sha256(b'{"label": "x"}').hexdigest()
    assert fingerprint(b"") == hashlib.sha256(b"").hexdigest()


def test_a_field_with_an_endless_name_is_a_refusal(small: HttpDesk) -> None:
    refused = small.call("POST", "/things", {"label": "x", "4 " * 100_000: 1}, headers={"Idempotency-Key": "k"})
    assert refused.status == 422


def test_an_address_with_a_card_number_is_not_repeated(small: HttpDesk) -> None:
    found = small.call("PUT", "/accounts/4242424242424242/thing", {"label": "x"}, role="customer", account_id="acc_1")
    assert found.status == 404
    assert "42424242" not in found.text
