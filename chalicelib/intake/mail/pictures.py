"""Images that stand between the words of HTML: marked while the text is made of it, then told by their file's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from chalicelib.intake.mail.body import Body
from chalicelib.intake.mail.files import File
from chalicelib.intake.mail.placing import PICTURE

SEEN_BYTES: Final = 10_000
"""An image of fewer is a logo or an ornament of a signature more often than something to be seen."""
_MARKED: Final = re.compile(f"{PICTURE}([^{PICTURE}\n]*){PICTURE}")
_BARE: Final = "> "


def with_pictures(content: Body, files: Iterable[File]) -> Body:
    """The body with `[image: name]` where an image of the mail itself stands; others leave nothing."""
    if PICTURE not in content.text:
        return content
    names = {file.content_id: file for file in files if file.content_id and file.content_type.startswith("image/")}
    told = "\n".join(_told(content.text.split("\n"), names)).strip("\n")
    return replace(content, text=told.replace(PICTURE, ""))


def _told(lines: list[str], files: Mapping[str, File]) -> Iterator[str]:
    """A line on which only images stood that are not told is left out, with the blank line that followed it."""
    blank, left_out = True, False
    for line in lines:
        told = _MARKED.sub(lambda found: _label(files.get(found[1].lower())), line) if PICTURE in line else line
        empty = not told.strip(_BARE)
        skipped = empty and (told != line or (left_out and blank))
        if not skipped:
            blank = empty
            yield told
        left_out = skipped


def _label(file: File | None) -> str:
    return f"[image: {file.name}]" if file and file.size >= SEEN_BYTES else ""
