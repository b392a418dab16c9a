"""Cursors: they open for the query and the caller they were made for, and for nobody else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.cursor import seal, unseal
from chalicelib.platform.errors import BadRequest

SECRET = b"a secret of the desk"
KEY = {"pk": "A#acc_1", "sk": "B#2026-10#inv_1", "gs1pk": "A#acc_1", "n": 7}


def test_a_cursor_opens_for_its_query_and_caller() -> None:
    assert unseal(seal(KEY, "list_invoices ada", SECRET), "list_invoices ada", SECRET) == KEY


def test_a_cursor_is_safe_in_a_url() -> None:
    assert seal({"pk": "ÿ" * 50}, "list", SECRET).replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("binding", "secret"), [("list_invoices eve", SECRET), ("list_cases ada", SECRET), ("list_invoices ada", b"other")]
)
def test_a_cursor_of_another_query_caller_or_key_is_refused(binding: str, secret: bytes) -> None:
    with pytest.raises(BadRequest):
        unseal(seal(KEY, "list_invoices ada", SECRET), binding, secret)


@given(st.integers(0), st.integers(1, 255))
def test_a_cursor_that_was_tampered_with_is_refused(at: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(KEY, "q", SECRET) + "=="))
    raw[at % len(raw)] ^= flip
    with pytest.raises(BadRequest):
        unseal(base64.urlsafe_b64encode(raw).decode(), "q", SECRET)


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        unseal(text, "q", SECRET)
