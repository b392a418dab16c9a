"""What letters of other domains say: one template a letter and language in `templates/letters/`, whose first line is
the subject. Amounts, days and instants among the facts are spoken in the customer's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.accounts.letters import Letter, LetterChannel, Row, Value
from chalicelib.cases.letters import Words, spoken_language, templates
from chalicelib.cases.model import clipped
from chalicelib.cases.notice_words import spoken_day
from chalicelib.platform.money import Money, spoken


@dataclass(frozen=True)
class LetterWords:
    """`zone` is where the desk bills: days and times in letters are those there. `secrets` gives the words of a secret
    letter that are kept nowhere, such as a one-time code."""

    zone: ZoneInfo
    secrets: Callable[[Letter], dict[str, str]]

    def of(self, letter: Letter, language: str) -> Words:
        """The letter in the customer's language (BCP 47), in English where there is no template in it; as a text
        message in words of its own where there are such (`<name>.sms.<language>`). `due_minor` of the facts is `due` in
        a template; `due_on` and `sent_at` keep their names."""
        wanted = spoken_language(language)
        template = templates().select_template(_names(letter, wanted))
        written_in = wanted if str(template.name).endswith(f".{wanted}.txt.j2") else "en"
        values = self._spoken(letter.facts, letter.currency, written_in)
        rows = [self._spoken(row, letter.currency, written_in) for row in letter.rows]
        hidden = self.secrets(letter) if letter.secret else {}
        subject, _, text = template.render({**values, **hidden, "rows": rows}).partition("\n")
        return Words(clipped(subject), text.strip() + "\n", written_in)

    def _spoken(self, facts: Row, currency: str | None, language: str) -> dict[str, Value]:
        said: dict[str, Value] = {}
        for name, value in facts.items():
            if name.endswith("_minor") and currency:
                amount = Money(amount_minor=int(value), currency=currency)
                said[name.removesuffix("_minor")] = spoken(amount, language)
            elif name.endswith("_on"):
                said[name] = spoken_day(date.fromisoformat(str(value)), language)
            elif name.endswith("_at"):
                at = datetime.fromisoformat(str(value)).astimezone(self.zone)
                said[name] = f"{spoken_day(at.date(), language)}, {at:%H:%M}"
            else:
                said[name] = value
        return said


def _names(letter: Letter, language: str) -> list[str]:
    """The templates that would do, the best one first."""
    forms = [f"{letter.name}.sms", letter.name] if letter.channel is LetterChannel.SMS else [letter.name]
    return [f"letters/{form}.{spoken}.txt.j2" for spoken in (language, "en") for form in forms]
