"""Mails of other projects' test suites: their authors' expectations of replies, and odd mails that must not hurt."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from chalicelib.intake.parse import parse_mail
from tests.intake import published
from tests.intake.corpus import dense

pytestmark = pytest.mark.skipif(not published.are_here(), reason="`make check` fetches the archives")

READ_OTHERWISE = {
    "test_link_closed_with_quotation_marker_on_new_line/1": "a lone From line is no header: it may be the customer's",
    "test_gmail_quote_blockquote/1": "the history that Gmail marks goes, whatever it holds",
    "test_blockquote_disclaimer/1": "a disclaimer is nobody's words",
    "sparrow.eml": "a signature is no words",
    "iphone.eml": "what the device adds is no words",
}
"""Where talon's authors see it another way, and why we do not."""


def test_replies_are_read_as_their_authors_read_them() -> None:
    cases = published.replies()
    unmet = {case.name for case in cases if dense(parse_mail(case.mail).text) != dense(case.words)}
    assert len(cases) == 68
    assert unmet == set(READ_OTHERWISE)


def test_files_of_sound_mails_are_those_of_the_standard_library() -> None:
    compared = 0
    for name, mail in published.mails():
        parts = list(message_from_bytes(mail).walk())
        files = {file.content for file in parse_mail(mail).attachments}
        if not any(part.defects for part in parts):
            named = [part for part in parts if part.get_filename() and not part.is_multipart()]
            assert {part.get_payload(decode=True) for part in named} <= files, name
            compared += len(named)
    assert compared > 10
