"""Card numbers are hidden in every disguise; the numbers of accounts, invoices, banks and phones stay."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.card_runs import luhn
from chalicelib.platform.cards import hide_cards, hide_first, holds_card
from tests.platform.planted import GLUES, TAGS, card, disguised, ours, plain_digits

VISA = "4242424242424242"


@pytest.mark.parametrize(
    "planted",
    [
        VISA,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242.4242.4242.4242",
        "4242\u00a04242\u00a04242\u00a04242",
        "4242  4242  4242  4242",
        "4242 - 4242 - 4242 - 4242",
        "4242\u200b4242\u200b4242\u200b4242",
        "4242\n4242\n4242\n4242",
        "4242–4242–4242–4242",
        "４２４２ ４２４２ ４２４２ ４２４２",
        "card4242424242424242",
        f"{VISA} 12/29 123",
        "12/29 4242 4242 4242 4242",
        f"2026-11-02 {VISA}",
        f"1234567890 {VISA}",
        "3782 822463 10005",
        "6011 0009 9013 9424",
        "5555555555554444",
        "4242 4242 4242\n> 4242",
        "4242.4242.4242.\n4242",
        "<b>4242</b> <i>4242</i><br>42424242",
        "4222222222222",
        "42424242\u00ad42424242",
        "4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣4️⃣2️⃣",
    ],
)  # fmt: skip
def test_card_numbers_are_found_in_disguise(planted: str) -> None:
    hidden = hide_cards(f"I paid with {planted}, please check")
    assert "[card ending " in hidden
    assert not any(sum(char.isdigit() for char in word) > 10 for word in hidden.split())
    assert not holds_card(hidden)


@pytest.mark.parametrize(
    "kept",
    [
        "account 1234567897",
        "1234567897 1234567897",
        "invoice INV-2026-10-000123 of 2026-11-02T09:00:00.000Z",
        "4242424242424241",
        "epoch 1793610000000",
        "£1,234.56 due 30/11/2026",
        "case_01JD8ZQ0V5C7M3K9X2R4T6W8Y0",
        "GB33 BUKB 2020 1555 5555 55",
        "42.42 42.42 42.42 42.42",
        "42.42\n42.42\n42.42\n42.42",
        "42,42 € 42,42 € 42,42 € 42,42 €",
        "+4222222222222",
        "SIM card 8946 4012 8888 8888 1881",
        "SIM card 5018 0000 0009",
        "IMEI 3566002020360505",
        "IMEI-Nummer ist: 3566002020360505",
        "35-367513-134360-79",
        "35-660020-203605-05",
        "1. 357818572603540\n0. 357818572603540",
        "0746 634 713\n3224 515 492\n3101 252 432",
        "22:94 22:91 10:12 11:44 13:99 10:71",
        "2026-11-25 2026-11-22 2026-12-08",
        "4915112345678",
        "RF20 4012 8888 8888 1881 please",
        "4. 8944 3851 9714 8900 111",
    ],
)  # fmt: skip
def test_other_numbers_stay(kept: str) -> None:
    assert hide_cards(kept) == kept


@given(st.sampled_from([15, 18]), st.integers(0, 10**18 - 1), st.sampled_from(["", " ", "-", "\u00a0"]))
def test_every_number_that_could_be_a_card_is_hidden(length: int, start: int, glue: str) -> None:
    body = "4" + f"{start:018}"[: length - 1]
    digits = next(body + str(d) for d in range(10) if luhn(body + str(d)))
    written = glue.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    assert hide_cards(written) == f"[card ending {digits[-4:]}]"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("4242 4242 4242 4242 12/27 123", "[card ending 4242] 12/27 [code]"),
        ("4242424242424242, exp 12/2027, CVC: 123 and 300", "[card ending 4242], exp 12/2027, CVC: [code] and 300"),
        ("Sicherheitscode ist 1234: 378282246310005", "Sicherheitscode ist [code]: [card ending 0005]"),
        ("4242424242424242 paid 12.30 345,00", "[card ending 4242] paid 12.30 345,00"),
        ("CVV 123", "CVV 123"),
        ("&#52;242&#x34;242 4242 4242", "[card ending 4242]"),
        ("&#52;2 &#52;3", "&#52;2 &#52;3"),
        ("?card=4242%204242%204242%204242&x=1", "?card=[card ending 4242]&x=1"),
        ("Maestro 501800000009", "Maestro [card ending 0009]"),
        ("Order 501800000009", "Order 501800000009"),
    ],
)  # fmt: skip
def test_what_stands_beside_a_card_number_and_how_it_is_written(written: str, left: str) -> None:
    assert hide_cards(written) == left
    assert not holds_card(left)


def test_a_thousand_cards_in_every_disguise_and_script_are_hidden() -> None:
    random = Random(20261122)
    for _ in range(1_000):
        number = card(random)
        text = f"Please take {disguised(random, number, GLUES + TAGS)} for my bill."
        assert number not in plain_digits(hide_cards(text)), text


def test_a_thousand_numbers_of_accounts_bills_banks_and_phones_stay() -> None:
    for text in islice(ours(Random(20261122)), 1_000):
        assert hide_cards(f"About {text}, please.") == f"About {text}, please."


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["4 ", "1<", "1<a", "4242 4242 ", "1&", "<b>5", "4\u200b", "DE89 ", "1" + " " * 12, "1" + "<" * 40]
)
def test_long_texts_take_linear_time(piece: str) -> None:
    assert hide_cards(piece * (200_000 // len(piece)))


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("6304–2720–4394–9239–9 6304–2720–4394–9239–9", "[card ending 2399] [card ending 2399]"),
        ("4242 4242 4242 4242 4242 4242", "[card ending 4242]"),
        ("Tel +44 7700 900123 3722\u200b1509\u200b9496\u200b899", "Tel +44 7700 900123 [card ending 6899]"),
        ("+4242424242424242", "+[card ending 4242]"),
        ("36-12-34 12345678, 30-12-34 12345674", "36-12-34 12345678, 30-12-34 12345674"),
        ("1Z4738081006527080", "1Z4738081006527080"),
    ],
)
def test_numbers_beside_each_other_do_not_tell_each_other(written: str, left: str) -> None:
    assert hide_cards(written) == left


def test_any_number_of_cards_in_one_run_is_hidden() -> None:
    assert hide_cards(" ".join([VISA] * 2_000)) == " ".join(["[card ending 4242]"] * 2_000)


@pytest.mark.parametrize("glue", ["", " ", "-", "\u200b"])
@pytest.mark.parametrize("most", range(20, 45))
def test_a_number_across_a_cut_is_not_half_there(glue: str, most: int) -> None:
    written = glue.join(VISA[at : at + 4] for at in range(0, 16, 4))
    assert len(plain_digits(hide_first(f"I paid this bill with {written}, as ever.", most))) <= 6


def test_a_text_that_is_not_cut_keeps_its_end() -> None:
    assert hide_first("Order 123456789012", 18) == "Order 123456789012"


def test_every_look_alike_of_these_would_be_a_card_by_its_digits() -> None:
    for digits in ("4012888888881881", "501800000009", "3566002020360505", "3578185726035400", "4915112345678"):
        assert luhn(digits)


@pytest.mark.parametrize(
    "written",
    [
        "3566002020360505",
        "RF21 4012 8888 8888 1881",
        "the IMEI, my card 3566002020360505",
        "8944 4012 8888 8888 1881",
        "89 4012 8888 8888 1881",
        "4242 4242 42\n42 4242",
        "4242 4242-42424242",
        "42 42 42 42 4\n2 42 42 42",
        "424242 424242-4242",
    ],
)
def test_what_is_not_written_as_of_a_device_or_a_list_is_hidden(written: str) -> None:
    assert "[card ending " in hide_cards(written)


_PIECES = st.sampled_from(
    [
        VISA,
        "4242 4242 4242 4242",
        "501800000009",
        "4242",
        "4 2",
        "12/27",
        "123",
        "-",
        "\n",
        ", ",
        "card",
        "CVC",
        "&#52;",
        "<b>",
        "89",
    ]
)


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_what_was_hidden_stays_as_it_is(text: str) -> None:
    hidden = hide_cards(text)
    assert hide_cards(hidden) == hidden
