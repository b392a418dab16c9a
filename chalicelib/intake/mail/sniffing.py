"""What a file is, by how it begins; what the sender says it is decides only where content cannot."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"), (8, b"WEBP", "image/webp"), (0, b"BM", "image/bmp"), (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"), (4, b"ftypheic", "image/heic"), (4, b"ftypmif1", "image/heic"),
    (0, b"%PDF-", "application/pdf"), (0, b"PK\x03\x04", "application/zip"), (0, b"PK\x05\x06", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"), (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"), (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"), (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-executable"), (0, b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"), (4, b"ftyp", "video/mp4"),
)  # fmt: skip
_PROVEN: Final = frozenset(kind for _, _, kind in _BEGINNINGS)
_PACKED: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.", "application/epub+zip")
_OLE: Final = ("application/msword", "application/vnd.ms-")


def sniffed(content: bytes, declared: str) -> str:
    """The media type of a file. What begins like a known kind is that kind; what is called one and does not begin like
    it is unknown; documents that are archives inside keep their name."""
    found = next((kind for at, mark, kind in _BEGINNINGS if content.startswith(mark, at)), None)
    if found == "image/webp" and not content.startswith(b"RIFF"):
        found = None
    if found == "application/zip" and declared.startswith(_PACKED):
        return declared
    if found == "application/x-ole-storage" and declared.startswith(_OLE):
        return declared
    if found:
        return found
    return UNKNOWN if declared in _PROVEN or declared.startswith("image/") else declared
