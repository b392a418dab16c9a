"""What bytes are whose label is missing or a lie: UTF-8 with some damage, a script of its own, or else European."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from typing import Final

_LOOKED_AT: Final = 65_536
_SAMPLE: Final = 4_096
_FOREIGN: Final = re.compile("[^\x00-\x7f\ufffd]")
_ROWS: Final = re.compile(rb"(?:[\x80-\xff]{3,}|[\x81-\xfe][\x40-\x7e][\x81-\xfe]|[\x81-\xfe]{2}(?![\x80-\xff]))")
"""High bytes in a row as other scripts have them; Western languages put one or two between letters of ASCII."""
_SINGLE: Final = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
_CYRILLIC: Final = "оеаинтсрвлк"
_KANA: Final = "のにはをたがでてとしれさいうるなまかこもっきくり。、ンスルトイー"
_HAN: Final = "的一是不了在人有我他这這为為来來以个個中上们們到说說时時要就会會可你也过過好请請，。？"
_SCRIPTS: Final = {
    "cp1251": (_CYRILLIC, 0.5), "koi8-r": (_CYRILLIC, 0.5), "iso8859-5": (_CYRILLIC, 0.55), "cp866": (_CYRILLIC, 0.55),
    "cp1253": ("αοιετνσηρςκπμό", 0.55), "cp1255": ("יוהלאמרתבשח", 0.55), "cp1256": ("اليمنوتربةعد", 0.55),
    "cp874": ("านรอกเงมยลวดทสตะ่้ัีิแไข", 0.65),
    "shift_jis": (_KANA, 0.3), "euc_jp": (_KANA, 0.3), "euc_kr": ("이다는을가에고의하지도한은로요습니까", 0.2),
    "gb2312": (_HAN, 0.12), "big5": (_HAN, 0.12),
}  # fmt: skip
"""By codec: what its script writes most, and the least share that this has of a text. Of those codecs that read the
same bytes the one whose text has most of it is meant."""
_WIDER: Final = {"shift_jis": "cp932", "gb2312": "gb18030", "big5": "big5hkscs", "euc_kr": "cp949"}
_WESTERN: Final = "cp1252"
_CENTRAL: Final = "cp1250"
_SIGN_IN_WORD: Final = re.compile(
    r"[^\W\d_][\u00a1-\u00a9\u00ac\u00ae-\u00b4\u00b6\u00b8\u00b9\u00bc-\u00bf\u0178](?=[^\W\d_])"
)
"""What is a letter in Central Europe."""
_SEVERAL: Final = 2
_FEW: Final = 5
_DAMAGED: Final = 0.05


def guess(data: bytes) -> str:
    """The codec that reads the bytes best; each of those named reads any byte, some as a replacement character."""
    beginning = data[:_LOOKED_AT]
    text = beginning.decode("utf-8", "replace")
    proper = len(_FOREIGN.findall(text))
    if proper >= 2 and proper >= 2 * text.count("\ufffd"):
        return "utf-8"
    if is_of_another_script(beginning) and (codec := _of_another_script(beginning[:_SAMPLE])):
        return codec
    signs = _SIGN_IN_WORD.findall(beginning[:_SAMPLE].decode(_WESTERN, "replace"))
    return _WESTERN if len(signs) < _SEVERAL else _CENTRAL


def is_of_another_script(data: bytes) -> bool:
    """Whether bytes outside ASCII come in rows, as they do where the letters are no Latin ones."""
    rows = sum(map(len, _ROWS.findall(data[:_SAMPLE])))
    return rows > _FEW and rows >= 2 * len(_SINGLE.findall(data[:_SAMPLE]))


def _of_another_script(data: bytes) -> str:
    shares = {name: _share(data, name, usual) / least for name, (usual, least) in _SCRIPTS.items()}
    codec = max(shares, key=lambda name: shares[name])
    return _WIDER.get(codec, codec) if shares[codec] >= 1 else ""


def _share(data: bytes, codec: str, usual: str) -> float:
    """How much of the text outside ASCII is usual; nothing when much of the bytes is no text."""
    read = data.decode(codec, "replace")
    damaged, foreign = read.count("\ufffd"), _FOREIGN.findall(read)
    if damaged > 1 + _DAMAGED * len(foreign) or not foreign:
        return 0.0
    return sum(map(usual.__contains__, foreign)) / len(foreign)
