"""Signatures, lines of mail programs and footers; never the customer's last sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.intake.mail.armour import without_armour
from chalicelib.intake.mail.signature import without_signature


@pytest.mark.parametrize(
    "ending",
    [
        "-- \nAda Lovelace\nAnalyst",
        "—\nAda",
        "_______________\nAnalysts mailing list",
        "Kind regards,\nAda Lovelace\n+44 7700 900123",
        "Mit freundlichen Grüßen\n\nAda Lovelace",
        "Cordialement,\nAda",
        "Cofion gorau,\nAda",
        "Pozdrawiam\nAda",
        "/Ada",
        "Sent via the Samsung Galaxy S21, an AT&T 5G smartphone",
        "Liebe Grüße, Ada",
        "LG Ada Lovelace",
        "Lep pozdrav,\nAda",
        "敬具\n山田",
        "Ada Lovelace | Analyst | +44 113 496 0000 | www.example.com",
        "-Ada Lovelace",
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi Samsung",
        "Anfonwyd o fy iPhone",
        "iPhoneから送信",
        "Отправлено с iPhone",
        "This email and any attachments are confidential and intended for the addressee only.\nPlease delete it.",
        "Kind regards,\nAda\n\nSent from my iPhone",
        "Ada Lovelace\nvia mobile",
        "Ada Lovelace\nada@example.com\n(0113) 496 0000\nwww.example.com",
        "----------------\n\nAda\n\nt. 0113 496 0000\n\nskype: ada\n\nhttps://example.com/ada",
    ],
)
def test_endings_go(ending: str) -> None:
    assert without_signature(f"Please call me.\n\n{ending}\n") == "Please call me."


@pytest.mark.parametrize("ending", Path(__file__).with_name("endings.txt").read_text("utf-8").splitlines())
def test_lines_of_devices_and_legal_footers_go_in_any_language(ending: str) -> None:
    assert without_signature(f"Please call me.\n\n{ending}\n") == "Please call me."


def test_who_sent_too_early_is_heard() -> None:
    text = "Is the discount gone?\n\nSent from my iPhone\n\nSorry, sent too early: I mean the one for two lines."
    assert without_signature(text) == text.replace("Sent from my iPhone\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "My iPhone was never\nsent to me",
        "Thanks.\nVon Ihnen wurde mir nichts gesendet",
        "Thanks.\nMit dem Handy wurde mir nie eine SMS gesendet",
        "Thanks.\nI use Outlook, on iOS it fails",
        "Thanks.\nEnviado el pago ayer",
        "Thanks.\nPobierz proszę rachunek",
        "Thanks.\n\nYou sent my confidential bill to a recipient whom I do not know. Such disclosure is prohibited, and"
        " I expect you to notify the regulator and to have that person destroy it.",
        "Danke.\n\nSie haben meine vertrauliche Rechnung an einen falschen Empfänger geschickt. Diese Weitergabe ist"
        " verboten. Löschen Sie die Adresse, und informieren Sie mich über Ihre Haftung.",
    ],
)
def test_words_about_sending_and_secrets_stay(text: str) -> None:
    assert without_signature(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Please call me.\n\nSent from my desk, because I was at home.",
        "With regards to the bill, please call me.",
        "Two things:\n- the bill\n- the router",
        "Kind regards,\nAda\n\nPS: my account is 4021836575",
        "Kind regards,\nAda\n\nWhen will you call?",
        "Best",
        "a -- b",
        "Sent from my iPhone",
        "Cheap at best.\nBest Buy was cheaper.",
        "It was the usual.\nRegards Ada",
        "My new details are:\n\nAda Lovelace\nada@example.com\n+44 113 496 0000",
        "Please call\n\nAda Lovelace\n+44 113 496 0000",
        "Two lines\n----------------\n0113 496 0000 is one, and what is 0113 496 0001?\n0113 496 0002",
    ],
)
def test_words_stay(text: str) -> None:
    assert without_signature(text) == text


def test_openpgp_armour_goes() -> None:
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- --dashed\nPlease call me.\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----"
    )
    assert without_armour(signed) == "--dashed\nPlease call me.\n"
    assert without_armour("no armour") == "no armour"
