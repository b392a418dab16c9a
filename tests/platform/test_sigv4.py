"""Requests are signed as AWS's published examples are, and as botocore signs whatever else can be sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.sigv4 import Credentials, signed

EXAMPLE = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuw"
    "thAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX"
    "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HOST = {"Host": "example.amazonaws.com"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("headers", "body", "token", "names", "signature"),
    [
        pytest.param(
            {}, b"", "", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            id="post-vanilla",
        ),
        pytest.param(
            {"My-Header1": "VALUE1"}, b"", "", "host;my-header1;x-amz-date",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d", id="post-header-value-case",
        ),
        pytest.param(
            {"My-Header1": "value1"}, b"", "", "host;my-header1;x-amz-date",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c", id="post-header-key-sort",
        ),
        pytest.param(
            FORM, b"Param1=value1", "", "content-type;host;x-amz-date",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", id="post-x-www-form-urlencoded",
        ),
        pytest.param(
            {}, b"", TOKEN, "host;x-amz-date;x-amz-security-token",
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead", id="post-sts-header-before",
        ),
    ],
)  # fmt: skip
def test_the_published_examples(headers: dict[str, str], body: bytes, token: str, names: str, signature: str) -> None:
    """Those of the Signature Version 4 test suite that post to `/`."""
    made = signed({**HOST, **headers}, body, EXAMPLE._replace(session_token=token), "us-east-1", "service", AT)
    assert made["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
instants = st.integers(946_684_800, 4_070_908_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(
    headers=st.dictionaries(words.map("x-{}".format), values, max_size=5), body=st.binary(max_size=200),
    keys=st.tuples(words, st.text(min_size=1, max_size=40), st.just("") | words),
    region=words, service=words, at=instants,
)  # fmt: skip
def test_every_request_is_signed_as_botocore_signs_it(
    headers: dict[str, str], body: bytes, keys: tuple[str, str, str], region: str, service: str, at: datetime
) -> None:
    made = signed({**HOST, **headers}, body, Credentials(*keys), region, service, at)
    theirs = AWSRequest("POST", "https://example.amazonaws.com/", dict(made), body)
    del theirs.headers["Authorization"]
    theirs.context["timestamp"] = at.strftime("%Y%m%dT%H%M%SZ")
    signer = SigV4Auth(BotocoreCredentials(*keys), service, region)
    signature = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    assert made["Authorization"].endswith(f"Signature={signature}")


def test_a_secret_is_not_shown_by_accident() -> None:
    assert "secret" not in f"{Credentials('AKID', 'secret', 'secret-token')!r} {Credentials('AKID', 'secret')}"
