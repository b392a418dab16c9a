"""Field types that several domains share, with their validation and canonical form."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator


class ForeignId(str):
    """An id that another system gave. It goes on as it was given: two of them with other digits hidden could be one."""


class Record(BaseModel):
    """A stored fact: immutable; unknown attributes are ignored, so that older code reads newer items."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Input(BaseModel):
    """A request body or query: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Patch(Input):
    """The fields to change; those left out stay. At least one is named, and none is null."""

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one field to change")
        emptied = sorted(name for name in self.model_fields_set if getattr(self, name) is None)
        if emptied:
            raise ValueError(f"null is not a value for {', '.join(emptied)}")
        return self


class View(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical_email(text: str) -> str:
    """Lower-case, NFC, IDNA domain. Raises ValueError with the reason. Syntax only: no DNS look-up."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return found.normalized.lower()


def takes_mail(address: str) -> bool:
    """Whether mail can go to an address in its canonical form: our mail service writes its local part in ASCII."""
    return address.rpartition("@")[0].isascii()


def canonical_phone(text: str) -> str:
    """E.164 of a number written internationally (`+44 20 7946 0000`). Raises ValueError when none can be like it."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise ValueError("write the number internationally, such as +442079460000") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("this number has the wrong length for its country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in text):
        raise ValueError("control characters and line breaks are not allowed here")
    return text


def as_line(text: str) -> str:
    """Text of others as a `Line`: control characters and line breaks become spaces, what is too long is cut."""
    plain = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text)
    return " ".join(plain.split())[:200].strip() or "-"


def _as_text(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Email = Annotated[
    str,
    Field(max_length=254, examples=["ada@example.com"], json_schema_extra={"format": "email"}),
    AfterValidator(canonical_email),
]
Phone = Annotated[str, Field(max_length=32, examples=["+447700900123"]), AfterValidator(canonical_phone)]
Line = Annotated[
    str, BeforeValidator(_as_text), StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)
]
"""One line of text, 1 to 200 characters, no control characters."""
ShortLine = Annotated[
    str, BeforeValidator(_as_text), StringConstraints(min_length=1, max_length=80), AfterValidator(_one_line)
]
Text = Annotated[str, BeforeValidator(_as_text), StringConstraints(min_length=1, max_length=20_000)]
"""Free text, 1 to 20,000 characters, line breaks allowed."""
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$"), Field(examples=["en-GB"])]
"""BCP 47, language and optional region."""
Version = Annotated[int, Field(ge=1, description="Grows by one with each change; also the ETag.")]
