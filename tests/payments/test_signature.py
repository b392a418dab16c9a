"""The Stripe-Signature header: read from whatever comes, and judged as Stripe's own SDK judges it."""

from __future__ import annotations

import time
from random import Random

import stripe
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.payments import receipt
from chalicelib.platform.errors import BadRequest
from tests.payments.signatures import stripe_signature

header_text = st.text("t=v10,9a ;\u0661\u00e9\n", max_size=30) | st.text(max_size=30)


@given(header_text)
@example("t=1,t=2,v1=a,v1=,v2=b")
@example("v1==,t=1")
def test_any_header_is_read_or_refused(header: str) -> None:
    try:
        signature = receipt.read_signature(header)
    except BadRequest:
        return
    assert 0 <= int(signature.signed_at) < 10**12
    assert len(signature.tags) <= header.count("v1=")


@given(
    st.integers(0, 10**12 - 1), st.lists(st.text("0123456789abcdef", max_size=64), max_size=4),
    st.lists(st.tuples(st.sampled_from(["v0", "v2", "x", ""]), st.text("=abc", max_size=5)), max_size=3), st.randoms(),
)  # fmt: skip
def test_a_header_is_read_in_any_order(at: int, tags: list[str], others: list[tuple[str, str]], random: Random) -> None:
    fields = [("t", str(at)), *(("v1", tag) for tag in tags), *others]
    random.shuffle(fields)
    separator = random.choice([",", ", ", " ,"])
    signature = receipt.read_signature(separator.join(f"{name}={value}" for name, value in fields))
    assert signature.signed_at == str(at)
    assert sorted(signature.tags) == sorted(tag.encode() for tag in tags)


@given(st.text(max_size=200), st.text("abcdef_", min_size=1, max_size=20), st.integers(0, 400), st.booleans())
def test_the_verdict_is_that_of_stripes_own_sdk(text: str, secret: str, age: int, tampered: bool) -> None:
    now = time.time()
    header = stripe_signature(text.encode(), secret, at=now - age)
    sent = text + " " if tampered else text

    def ours() -> bool:
        try:
            signature = receipt.read_signature(header)
            receipt.check_signature(signature, sent.encode(), ["whsec_other", secret], now)
        except BadRequest:
            return False
        return True

    def theirs() -> bool:
        try:
            return bool(stripe.WebhookSignature.verify_header(sent, header, secret, receipt.TOLERANCE_SECONDS))
        except stripe.SignatureVerificationError:
            return False

    assume(abs(age - receipt.TOLERANCE_SECONDS) > 2)  # on the limit a slow machine decides
    assert ours() is theirs()
