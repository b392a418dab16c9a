"""Mail that is passed on: what the reader keeps of it, and what the inner mail says of itself."""

from __future__ import annotations

import pytest

from chalicelib.intake.mail.addresses import Mailbox
from chalicelib.intake.mail.forwards import inner_of, says_forward, without_prefix
from chalicelib.intake.parse import parse_mail
from tests.intake.mails import raw

ADA = Mailbox("Ada Lovelace", "ada@example.com")
OUTLOOK = """\
See below.

Kind regards
Bob

________________________________
From: Ada Lovelace <ada@example.com>
Sent: Friday, November 20, 2026 10:00 AM
To: Bob <bob@firm.example>
Subject: My bill

Why is it so high?
"""
GMAIL = """\
See below.

--
Bob

---------- Forwarded message ---------
From: Ada Lovelace <ada@example.com>
Date: Fri, 20 Nov 2026 at 10:00
Subject: My bill
To: <bob@firm.example>, <a.very.long.address.of.somebody.else@firm.example>,
 <carol@firm.example>


Why is it so high?
"""
APPLE = """\
See below.

Begin forwarded message:

> From: Ada Lovelace <ada@example.com>
> Subject: My bill
> Date: 20 November 2026 at 10:00:00 GMT
> To: bob@firm.example
>
> Why is it so high?
"""
THUNDERBIRD = """\
Siehe unten.

-------- Weitergeleitete Nachricht --------
Betreff: \tMy bill
Datum: \tFri, 20 Nov 2026 10:00:00 +0000
Von: \tAda Lovelace <ada@example.com>
An: \tbob@firm.example

Why is it so high?
"""
FRENCH = """\
Voir ci-dessous.

De : Ada Lovelace <ada@example.com>
Envoyé : vendredi 20 novembre 2026 10:00
À : Bob
Objet : My bill

Why is it so high?
"""
POLISH = """\
Zobacz niżej.

Od: Ada Lovelace [mailto:ada@example.com]
Wysłano: piątek, 20 listopada 2026 10:00
Do: Bob
Temat: My bill

Why is it so high?
"""
JAPANESE = """\
以下をご覧ください。

差出人: Ada Lovelace <ada@example.com>
送信日時: 2026年11月20日 10:00
宛先: Bob
件名: My bill

Why is it so high?
"""
LINKED = OUTLOOK.replace("<ada@example.com>", "<ada@example.com<mailto:ada@example.com>>")
ALL = [
    (OUTLOOK, "FW: My bill"),
    (LINKED, "Fw: My bill"),
    (GMAIL, "Fwd: My bill"),
    (GMAIL, "Please look at this"),
    (APPLE, "Fwd: My bill"),
    (THUNDERBIRD, "WG: My bill"),
    (FRENCH, "TR : My bill"),
    (POLISH, "PD: My bill"),
    (JAPANESE, "転送: My bill"),
]


@pytest.mark.parametrize(("body", "subject"), ALL)
def test_what_is_passed_on_is_found_with_author_subject_date_and_words(body: str, subject: str) -> None:
    inner = inner_of(body, subject)
    assert inner is not None
    assert (inner.author, inner.subject, inner.text) == (ADA, "My bill", "Why is it so high?")
    assert "2026" in inner.dated
    assert body.startswith(inner.above.split("\n")[0])
    assert "Why" not in inner.above


@pytest.mark.parametrize(("body", "subject"), ALL)
def test_nothing_that_is_passed_on_is_lost_as_history_or_under_a_signature(body: str, subject: str) -> None:
    mail = parse_mail(raw(body, subject=subject))
    assert mail.text.startswith(body.split("\n", maxsplit=1)[0])
    assert "Why is it so high?" in mail.text
    assert "Kind regards" not in mail.text


@pytest.mark.parametrize("subject", ["Re: My bill", "RE: FW: My bill", "My bill", "AW: WG: My bill"])
def test_the_same_block_under_an_answer_is_history(subject: str) -> None:
    assert parse_mail(raw(OUTLOOK, subject=subject)).text == "See below."
    assert inner_of(OUTLOOK, subject) is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "From: \n",
        "Begin forwarded message:\n",
        OUTLOOK.replace(" <ada@example.com>", ""),
        "---------- Forwarded message ---------\n\n\n\n\n\n\nFrom: Ada <ada@example.com>\nDate: 2026\n\nx",
        "\n" * 500 + OUTLOOK,
        "From: " * 5000,
    ],
)
def test_what_names_no_author_is_not_taken_apart(body: str) -> None:
    assert inner_of(body, "FW: My bill") is None


@pytest.mark.parametrize("subject", ["FW: x", "Fwd: x", "WG: x", "TR : x", "RV: x", "ENC: x", "I: x", "转发：x"])
def test_a_subject_that_passes_on(subject: str) -> None:
    assert says_forward(subject)
    assert without_prefix(subject) == "x"


@pytest.mark.parametrize("subject", ["", "Re: FW: x", "Forward planning: x", "VS: x", "Inv: 3", "i think: x"])
def test_a_subject_that_does_not(subject: str) -> None:
    assert not says_forward(subject)
    assert without_prefix(subject) == subject
