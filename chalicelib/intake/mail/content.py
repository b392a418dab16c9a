"""The bytes of an attachment, decoded when they are asked for: who only reads a mail does not pay for its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from chalicelib.intake.mail.mime import Part

if TYPE_CHECKING:
    from chalicelib.intake.mail.files import File


class Content:
    """A field that is given bytes or the part that holds them, and gives bytes; a part is decoded once."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, file: None, owner: type) -> bytes: ...
    @overload
    def __get__(self, file: File, owner: type) -> bytes: ...
    def __get__(self, file: File | None, owner: type) -> bytes:
        if file is None:
            raise AttributeError(self._name)  # the field has no default
        held: bytes | Part = file.__dict__[self._name]
        if isinstance(held, Part):
            held = file.__dict__[self._name] = held.content
        return held

    def __set__(self, file: File, value: bytes | Part) -> None:
        file.__dict__[self._name] = value
