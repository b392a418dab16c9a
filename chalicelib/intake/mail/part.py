"""One part of a mail, and how much of them a mail may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.mail import transfer
from chalicelib.intake.mail.headers import Headers

MAX_PARTS = 500
MAX_UNWRAPPED = 60_000_000
"""Bytes that are taken out of other parts, in all: wrapping can be repeated without the mail growing much."""
MAX_STEPS = 100_000
"""Elements of binary structures that are looked at, in all."""
MAX_RICH = 1_000_000
"""Bytes of rich text that are read, in all: each of its signs costs as much as a word of other texts."""


@dataclass(frozen=True)
class Part:
    """One MIME part. `start` and `end` bound its body in `raw`; a part with `children` is made of them and has no
    content of its own."""

    raw: bytes
    start: int
    end: int
    headers: Headers
    kind: str
    parameters: dict[str, str]
    children: tuple[Part, ...] = ()

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        return transfer.undo(self.raw, self.start, self.end, self.headers.raw("content-transfer-encoding"))

    @property
    def given_name(self) -> str:
        """The name of a file as the sender gave it, not yet safe; or ""."""
        _, parameters = self.headers.parametered("content-disposition")
        return parameters.get("filename") or self.parameters.get("name") or self.parameters.get("filename", "")

    @property
    def is_attached(self) -> bool:
        """Whether the sender calls it a file, by its disposition or by a name."""
        return self.is_set_apart or bool(self.given_name)

    @property
    def is_set_apart(self) -> bool:
        return self.headers.parametered("content-disposition")[0] == "attachment"

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the mail. A message inside the mail is one part, not walked
        into."""
        pending = [self]
        while pending:
            part = pending.pop()
            yield part
            pending.extend(reversed(part.children))


class Budget:
    """How many parts may still be made, and how many bytes be taken out of others."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.unwrapped = MAX_UNWRAPPED
        self.rich = MAX_RICH
        self.steps = iter(range(MAX_STEPS))

    def take(self) -> bool:
        self.parts -= 1
        return self.parts >= 0

    def spend(self, size: int) -> bool:
        self.unwrapped -= size
        return self.unwrapped >= 0


def made(kind: str, content: bytes, *, start: int = 0, end: int | None = None, name: str = "") -> Part:
    """A part that no header announced; text is UTF-8. One with a name is a file."""
    headers = Headers((("content-disposition", b"attachment"),) if name else ())
    parameters = {"name": name} if name else {"charset": "utf-8"}
    return Part(content, start, len(content) if end is None else end, headers, kind, parameters)
