"""Rich text as Outlook puts it into winmail.dat: its compression undone (MS-OXRTFCP), and its words."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.intake.mail import charsets

MAX_RTF: Final = 400_000
"""Bytes that are read."""
_PRESET: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier"
    rb"{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What every compressed text may refer to from its beginning on."""
_WINDOW: Final = 4096
_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SAID: Final = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": " ",
    b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019",
    b"ldblquote": "\u201c", b"rdblquote": "\u201d",
}  # fmt: skip
_MARKS: Final = {b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}"}
_UNSEEN: Final = frozenset(
    {
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"headerl",
        b"headerr", b"footerl", b"footerr", b"listtable", b"listoverridetable", b"rsidtbl", b"filetbl", b"revtbl",
        b"xmlnstbl",
    }
)  # fmt: skip
"""Groups that are no words; so is each that begins with an asterisk."""


def unpacked(data: bytes) -> bytes:
    """The RTF in a PR_RTF_COMPRESSED value. Damage costs what follows it; never raises."""
    if data[8:12] != b"LZFu":
        return data[16 : 16 + MAX_RTF] if data[8:12] == b"MELA" else b""
    wanted = len(_PRESET) + min(int.from_bytes(data[4:8], "little"), MAX_RTF)
    out, at = bytearray(_PRESET), 16
    while at < len(data) and len(out) < wanted:
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            reference = int.from_bytes(data[at : at + 2], "big")
            back = (len(out) - (reference >> 4)) % _WINDOW
            if at + 2 > len(data) or not 0 < back <= len(out):
                return bytes(out[len(_PRESET) :])
            at += 2
            for _ in range((reference & 15) + 2):
                out.append(out[-back])
    return bytes(out[len(_PRESET) : wanted])


def to_text(rtf: bytes) -> str:
    """The words of an RTF document, a line each paragraph. Never raises; takes linear time."""
    if not rtf.startswith(b"{\\rtf"):
        return ""
    page, at = _Page(), 0
    while found := _TOKEN.match(rtf, at, MAX_RTF):
        at = found.end()
        word, number, byte, mark, brace, text = found.groups()
        if word == b"bin":
            at += max(0, int(number or 0))
        elif word:
            page.word(word, int(number) if number else None)
        elif brace:
            page.brace(brace)
        elif mark:
            page.mark(mark)
        else:
            page.letters(bytes.fromhex(byte.decode()) if byte else text or b"")
    return page.text()


class _Page:
    """`unseen`: in a group that is no words. `fallback`: how many bytes repeat each character of Unicode."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pending = bytearray()
        self.around: list[tuple[bool, int]] = []
        self.unseen, self.fallback, self.repeated = False, 1, 0
        self.codec = "cp1252"

    def brace(self, brace: bytes) -> None:
        self.repeated = 0
        if brace == b"{":
            self.around.append((self.unseen, self.fallback))
        elif self.around:
            self.unseen, self.fallback = self.around.pop()

    def word(self, word: bytes, number: int | None) -> None:
        if word in _UNSEEN:
            self.unseen = True
        elif word == b"ansicpg":
            self.codec = f"cp{number}"
        elif word == b"uc":
            self.fallback = min(number or 0, 9)
        elif word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self.repeated = self.fallback
        elif word in _SAID:
            self._say(_SAID[word])

    def mark(self, mark: bytes) -> None:
        if mark == b"*":
            self.unseen = True
        else:
            self._say(_MARKS.get(mark, ""))

    def letters(self, data: bytes) -> None:
        dropped, self.repeated = data[: self.repeated], max(0, self.repeated - len(data))
        if not self.unseen:
            self.pending += data[len(dropped) :]

    def text(self) -> str:
        self._say("")
        # A character outside the basic plane was said in two halves.
        return "".join(self.said).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()

    def _say(self, text: str) -> None:
        if self.unseen:
            return
        if self.pending:
            self.said.append(charsets.decode(bytes(self.pending), self.codec))
            self.pending.clear()
        self.said.append(text)
