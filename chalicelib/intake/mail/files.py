"""Attachments: which parts are files, and names that are safe to store, to log and to hand to a browser."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.intake.mail import body
from chalicelib.intake.mail.content import Content
from chalicelib.intake.mail.mime import Part

MAX_NAME = 255
"""Bytes of a name in UTF-8, as file systems and S3 consoles take it."""
_RESERVED = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$) ?(?:\.|$)",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status", "text/rfc822-headers"})
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True)
class File:
    """An attachment. `name` is safe, `size` is in bytes, `content` is decoded when it is first read, `charset` is what
    the sender says of its text; archives are never opened."""

    name: str
    content_type: str
    content: Content = Content()  # noqa: RUF009 - a descriptor, which is what the instances share
    charset: str = ""
    content_id: str = ""

    @property
    def size(self) -> int:
        return len(self.content)


def files(root: Part) -> Iterator[File]:
    """The attachments in the order of the mail. A mail inside the mail is one file."""
    for number, part in enumerate((part for part in root.walk() if _is_file(part)), 1):
        kind = part.kind if _TYPE.fullmatch(part.kind) else "application/octet-stream"
        charset = part.parameters.get("charset", "")
        yield File(safe_name(_given_name(part), number, kind), kind, part, charset, _content_id(part))


def _content_id(part: Part) -> str:
    return part.headers.raw("content-id").strip("<> \t").lower()


def safe_name(given: str, number: int, kind: str) -> str:
    """The last element of a given path without control, direction and reserved characters and no name of a device, at
    most MAX_NAME bytes."""
    last = re.split(r"[/\\]", given)[-1]
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    name = _BLANKS.sub(" ", _RESERVED.sub("_", kept)).strip(" .")
    if not name:
        return f"attachment-{number}{_ending(kind)}"
    name = f"_{name}" if _DEVICE.match(name) else name
    stem, dot, ending = name.rpartition(".")
    tail = f".{ending}" if dot and stem and len(ending.encode()) <= 20 else ""
    head = name[: len(name) - len(tail)] if tail else name
    return head.encode()[: MAX_NAME - len(tail.encode())].decode("utf-8", "ignore").rstrip() + tail


def _is_file(part: Part) -> bool:
    if part.children or part.kind.startswith("multipart/"):
        return False
    return not (body.is_text(part) or part.kind in _REPORTS | body.OTHER_FORMS)


def _given_name(part: Part) -> str:
    _, parameters = part.headers.parametered("content-disposition")
    given = parameters.get("filename") or part.parameters.get("name") or part.parameters.get("filename", "")
    location = part.headers.text("content-location")
    return given or ("" if "://" in location else location) or part.headers.text("content-description")[:100]


def _ending(kind: str) -> str:
    return ".eml" if kind == "message/rfc822" else mimetypes.guess_extension(kind) or ".bin"
