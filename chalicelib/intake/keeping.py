"""What a mail brings besides its words, put into the bucket before its case is written: a case never names what is not
there, and a repeat writes the same objects."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.cases.mail_page import pictured
from chalicelib.cases.messages import Attachment
from chalicelib.intake.cards import all_cleaned
from chalicelib.intake.display import display
from chalicelib.intake.mail.files import File
from chalicelib.intake.mail.mime import Part
from chalicelib.intake.mail.sniffing import sniffed
from chalicelib.intake.model import MailBucket


def keep(
    bucket: MailBucket, files: list[File], rich: tuple[Part, ...], place: str, *, scanned: bool
) -> tuple[tuple[Attachment, ...], str | None]:
    """Store the files and the HTML of a mail under a place; what its message says of the files, and the key of the
    HTML if there is any. `rich` are the parts that it is made of. Files that were not proven free of viruses are held.
    Raises Unavailable."""
    shown = display(rich, images(files)) if rich else None
    inline = pictured(shown or "")
    kept = tuple(
        _attachment(bucket, number, file, place, held=not scanned, inline=number in inline)
        for number, file in enumerate(all_cleaned(files), 1)
    )
    if shown is None:
        return kept, None
    key = f"messages/{place}.html"
    bucket.keep(key, File("message.html", "text/html; charset=utf-8", shown.encode()))
    return kept, key


def images(files: list[File]) -> dict[str, int]:
    """Numbers of the images that the HTML of the mail may name, by Content-ID; of two with one id the first."""
    found: dict[str, int] = {}
    for number, file in enumerate(files, 1):
        if file.content_id and sniffed(file.content, file.content_type).startswith("image/"):
            found.setdefault(file.content_id, number)
    return found


def _attachment(bucket: MailBucket, number: int, file: File, place: str, *, held: bool, inline: bool) -> Attachment:
    key, kind = f"attachments/{place}/{number}/{file.name}", sniffed(file.content, file.content_type)
    bucket.keep(key, replace(file, content_type=kind))
    return Attachment(
        name=file.name, content_type=kind, size=file.size, key=key, sniffed=True, held=held, inline=inline
    )  # fmt: skip
