"""Mails made to cost time or memory out of all proportion to their size."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from chalicelib.intake.display import sanitised
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw

SECONDS = 2.0


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("host", ["\ufdfa" * 600, "\u00e9." * 126, "\u00e9" * 250])
def test_hosts_in_other_letters(host: str) -> None:
    link = f'<a href="http://{host}x/">x</a>'
    assert seconds(lambda: sanitised(link * (400_000 // len(link)), {})) < SECONDS


@pytest.mark.parametrize("around", ["x " * 25_000, " " * 50_000, "@media " + "x " * 25_000])
def test_rules_within_a_long_condition(around: str) -> None:
    page = "<style>" + around + "{" + "a{}" * 16_000 + "}</style>hello"
    assert seconds(lambda: parse_mail(raw(page, content_type="text/html"))) < SECONDS
