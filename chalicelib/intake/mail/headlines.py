"""The lines that clients put over a quotation: `On 3 May 2026 Ada wrote:`, or the header of the answered mail."""

# ruff: noqa: RUF001 - the letters that customers write with

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from chalicelib.intake.mail.phrases import CREDIT, LABEL, OPENERS, VERBS

_DATE = re.compile(
    r"\d{1,2}[:.]\d{2}(?!\d)|\d{1,2}h\d{2}|\d{4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    r"|(?<!\d)(?:19|20)\d{2}(?!\d)"
)
_ADDRESS = re.compile(r"[^\s@<>]{1,80}@[^\s@<>]{1,80}")
_ANGLED = re.compile(r"[<\[][^\s@<>\[\]]{1,80}@[^\s@<>\[\]]{1,80}[>\]]")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d{2}(?!\d)|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2}(?!\d)")
_FIELD = re.compile(r"[>\s*_|]{0,6}[^\W\d_][^:：<>@\d]{0,24}[:：]\s{0,3}\S")
_STARTS_WITH_DATE = re.compile(r"\W{0,3}(?:[^\W\d]{2,12}\W{1,3}){0,2}\d")
_STAMP = re.compile(r"\W{0,3}\d{1,4}[-/. ]{1,2}\d{1,2}[-/. ]{1,2}\d{2,4}\W{1,3}\d{1,2}[:.]\d{2}\D[^\n]{0,60}$")
_OPENER = re.compile(rf"(?:^|(?<=[\s>-]))(?:{'|'.join(OPENERS)})\s(?=[^\n]{{0,40}}?\d)", re.IGNORECASE)
_VERB_ENDS = frozenset(verb[-2:] for verb in VERBS)
"""Most lines end in none of these, which saves a closer look."""
_SENTENCE_END = re.compile(r"(?:[!?]|(?:[^\W\d]{4}|:\d\d)\.)\s{0,9}$")
_WRITER = re.compile(r"<[^\s<>@]{1,80}@[^\s<>@]{1,80}>\s{0,3}[^\W\d_]{0,9}>{0,1}$")
"""The words before are no words: the writer comes first in some languages (a `>` at the end is gone by then)."""
_ENDING = " :：*_-–—=\t"
_LONGEST = 400
_STAMPED = 200
"""Characters of a headline that only its date and its colon show; people write longer sentences."""
_BARE = 120
_LOOK_BACK = 5
_HEADER_LINES = 10


@dataclass(frozen=True)
class _End:
    """What the last line of a possible headline shows."""

    verb: bool
    colon: bool
    dashed: bool
    quoted: bool


def start_of(lines: list[str], marks: list[bool], index: int, *, quoted: bool) -> int | None:
    """The first line of a headline that ends on line `index`, or None. `quoted`: marked lines follow it.

    A headline has a date and says who wrote, by a verb or by an address; wrapped ones are up to five lines long.
    """
    line = lines[index].rstrip()
    end = _End(
        verb=_verb_last(line), colon=line.endswith((":", "：", ":*")),
        dashed=line.startswith("--") and line.endswith("--"), quoted=quoted,
    )  # fmt: skip
    window = ""
    for start in range(index, max(-1, index - _LOOK_BACK), -1):
        if marks[start] or len(lines[start]) > _LONGEST or (start < index and _SENTENCE_END.search(lines[start][-40:])):
            break
        window = f"{lines[start].strip()} {window}".strip()
        if _DATE.search(window):
            if _names_writer(window, end):
                return _extended(lines, marks, start)
            if start and not lines[start - 1].strip():
                break
    undated = end.verb and ((quoted and bool(_ADDRESS.search(line))) or end.dashed)
    undated = undated or (quoted and (CREDIT.match(line[:_LONGEST]) is not None or (end.colon and _is_named(line))))
    return index if undated else None


def may_end_headline(line: str) -> bool:
    """Whether a line ends as headlines do: with a verb, a colon or an address in angle brackets."""
    line = line.rstrip()
    return line.endswith((":", "：", ":*", ">")) or _verb_last(line)


@lru_cache(maxsize=4096)
def may_end_with(tail: str) -> bool:
    """Whether a line with these last two characters may end a headline: no for most, which saves a closer look."""
    return tail != tail.rstrip(f"{_ENDING}>*") or tail != tail.rstrip() or tail.casefold()[-2:] in _VERB_ENDS


def _verb_last(line: str) -> bool:
    last = line[-60:].rstrip(_ENDING).casefold()
    return last[-2:] in _VERB_ENDS and last.endswith(VERBS)


def words_before(line: str) -> str:
    """Words that share the line with the beginning of a headline: `Thanks! On 3 May 2026 …`."""
    for found in _OPENER.finditer(line):
        before = line[: found.start()].rstrip(" -–—\t>")
        if _DATE.search(before) or before.casefold().endswith(VERBS) or _WRITER.search(f"{before[-200:]}>"):
            break
        if _DATE.search(line[found.start() :]):
            return before
    return ""


def is_header_block(lines: list[str], index: int) -> bool:
    """Whether `From: … Sent: … To: …` begins here: two kinds of field, one of them the sender, or the date with a
    receiver or a subject."""
    first = LABEL.match(lines[index]) if ":" in lines[index] or "：" in lines[index] else None
    if not first or first.lastgroup == "copy":
        return _is_unknown_block(lines, index)
    kinds, plain = {first.lastgroup, *_on_one_line(lines[index])}, 0
    for line in lines[index + 1 : index + _HEADER_LINES]:
        found = LABEL.match(line)
        plain = 0 if found else plain + 1
        if plain > 2 or (not line.strip() and len(kinds) > 1):
            break
        if found:
            kinds.add(found.lastgroup)
    return len(kinds) > 1 and ("from" in kinds or {"date", "to"} <= kinds or {"date", "subject"} <= kinds)


def _is_unknown_block(lines: list[str], index: int) -> bool:
    """Whether a header in whatever language begins here: three fields or more, an address in angles in one of the first
    two, a date with its time in another."""
    if not any("@" in line for line in lines[index : index + 2]):
        return False
    block = list(takewhile(_FIELD.match, (line[:_LONGEST] for line in lines[index : index + _HEADER_LINES])))
    return len(block) > 2 and any(map(_ANGLED.search, block[:2])) and any(map(_is_stamped, block))


def _is_stamped(text: str) -> bool:
    """Whether a text has a date with its year and a time of the day."""
    return _TIME.search(text) is not None and _YEAR.search(text) is not None


def _on_one_line(line: str) -> set[str | None]:
    """The kinds of further fields on a line that HTML ran together, when an address or a date is there too."""
    line = line[:_LONGEST]
    if not (_ADDRESS.search(line) and _DATE.search(line)):
        return set()
    found = [LABEL.match(line, start.end()) for start in re.finditer(r"(?<=\S)\s(?=[^\W\d_]{1,12}\s?[:：])", line)]
    return {field.lastgroup for field in found if field}


def header_end(lines: list[str], start: int) -> int:
    """The line after the fields of the header block that begins on line `start`."""
    end = start
    for index in range(start, min(start + _HEADER_LINES, len(lines))):
        if LABEL.match(lines[index]):
            end = index + 1
        elif not lines[index].strip() and end > start:
            break
    return end


def _names_writer(window: str, end: _End) -> bool:
    """Whether a dated text says who wrote. A verb alone may end any sentence, so it needs one more sign."""
    addressed = bool(_ADDRESS.search(window))
    if end.verb:
        return end.colon or end.dashed or end.quoted or addressed
    if end.colon and any(f" {name} " in window.casefold() for name in VERBS):
        return True
    if end.colon and end.quoted:
        # Whatever the language: a date, an address and a colon over marked lines, or a mere time stamp.
        return addressed or bool(_STAMP.match(window)) or (len(window) < _STAMPED and _is_stamped(window))
    if end.colon and _ANGLED.search(window) and _is_stamped(window):
        return True
    opened = _STARTS_WITH_DATE.match(window) or _OPENER.match(window)
    return addressed and bool(opened) and (end.colon or end.quoted or _is_bare(window))


def _is_bare(window: str) -> bool:
    """Whether a line is a time stamp and a mailbox, and nothing else."""
    return (
        len(window) < _BARE and bool(_STARTS_WITH_DATE.match(window)) and window.endswith(">") and _is_stamped(window)
    )


def _is_named(line: str) -> bool:
    """Whether a line is a name and a verb: `Ada Lovelace wrote:`. Every word of the name has a capital."""
    words = line.strip(_ENDING).split()
    verb = next((n for n in (1, 2, 3) if " ".join(words[-n:]).casefold() in VERBS), 0)
    name = words[: len(words) - verb]
    return verb > 0 and 0 < len(name) < 6 and all(word[0].isupper() or not word[0].isalpha() for word in name)


def _extended(lines: list[str], marks: list[bool], start: int) -> int:
    """A date that was wrapped from the line before belongs to the headline."""
    above = lines[start - 1].strip() if start and not marks[start - 1] else ""
    opens = len(above) < 100 and _OPENER.match(above) and _DATE.search(above)
    return start - 1 if opens and not _OPENER.match(lines[start].strip()) else start
