"""Bytes to text, whatever label they carry. Decides alone which codec a label means and when the label lies."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from chalicelib.intake.mail.guessing import guess, is_of_another_script

_MEANT = {
    # The label names a subset of what senders really use (WHATWG Encoding Standard, section 4.2).
    "ascii": "", "us-ascii": "", "ansi_x3.4-1968": "", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-big5": "big5hkscs", "cp950": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8",
    # Labels that Python does not know or misreads.
    "utf8mb4": "utf-8", "utf-8-sig": "utf-8", "unicode": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac-roman", "x-mac-cyrillic": "mac-cyrillic", "koi8-ru": "koi8-u",
    "macintosh": "mac-roman", "x-user-defined": "cp1252", "default": "", "unknown": "", "unknown-8bit": "", "8bit": "",
    "x-unknown": "", "none": "", "binary": "",
}  # fmt: skip
_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|ms|ibm|cp|dos)?[-_]?([0-9]{3,5})")
_ISO_8859 = re.compile(r"(?:x-)?iso[-_]?8859[-_]?([0-9]{1,2})(?:-[ei])?")
_STATEFUL = frozenset(
    {"utf-7", "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr"}
)
"""Codecs whose bytes are all ASCII: valid UTF-8 proves nothing about them."""
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
_NOT_ASCII = _STATEFUL | _WIDE
"""Codecs that may read ASCII bytes as something else."""
_USUAL = frozenset({"", "utf-8"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs of Python for other things than mail."""
_LAST = "cp1252"
_SURROGATES = re.compile("[\ud800-\udfff]")
_ASCII = bytes(range(128))


def decode(data: bytes, label: str | None = None) -> str:
    """The text of `data`. Never raises; the result holds no NUL and no lone surrogate.

    In this order: a byte order mark, UTF-8 that is too well-formed for chance, the label as senders mean it, UTF-8,
    ISO-2022-JP by its escapes, and in the end what the bytes look like.
    """
    codec = _codec((label or "")[:60].lower())
    if b"\x1b" not in data and (codec in _USUAL or (data.isascii() and codec not in _NOT_ASCII)):
        with suppress(UnicodeDecodeError):
            text = data.decode().removeprefix("\ufeff")
            return text.replace("\0", "") if b"\0" in data else text
    return _storable(_decode(data, codec))


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATES.sub("", text)
    return text.replace("\0", "")


def _decode(data: bytes, codec: str) -> str:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if codec == _LAST and is_of_another_script(data):
        codec = ""  # what programs write that do not know what else to say
    order = [codec, "utf-8", *(["iso2022_jp_ext"] if b"\x1b$" in data else [])]
    if not codec or (codec not in _NOT_ASCII and _evidently_utf8(data)):
        order = ["utf-8", *order] if b"\x1b$" not in data else ["iso2022_jp_ext", *order]
    for name in filter(None, order):
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    lossy = guess(data) if codec in {"", "utf-8"} else _LAST if codec in _WIDE else codec
    return data.decode(lossy, "replace")


@lru_cache(maxsize=256)
def _codec(label: str) -> str:
    """The Python codec that a label means, or "" when it means none. Codecs that are no text (`zip`, `rot13`) mean
    none."""
    name = re.sub(r"[^a-z0-9_.:-]", "", label).strip("_.:-")
    for spelled in _spellings(name):
        meant = _MEANT.get(spelled, spelled)
        try:
            found = codecs.lookup(meant) if meant else None
        except (LookupError, ValueError):
            continue
        is_text = getattr(found, "_is_text_encoding", True)
        return found.name if found and is_text and found.name.replace("-", "_") not in _NO_TEXT else ""
    return ""


def _spellings(name: str) -> Iterator[str]:
    """A label, and the registered one that it is a corruption of."""
    if iso := _ISO_8859.fullmatch(name):
        yield f"iso-8859-{iso[1]}"
    if page := _CODE_PAGE.fullmatch(name):
        yield f"cp{page[1]}"
    yield name
    yield name.removeprefix("x-")
    yield name.replace("-", "")


def _evidently_utf8(data: bytes) -> bool:
    """Whether the bytes outside ASCII form at least two UTF-8 characters; other charsets hardly ever do so by
    chance."""
    if len(data[:65_536].translate(None, _ASCII)) < 4:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
