"""Text whose lines the sender's program broke, put together again (`format=flowed`, RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def unfolded(text: str, *, delete_space: bool) -> str:
    """A line for each paragraph, at each depth of quotation; signature delimiters stay. `delete_space` is DelSp, for
    languages without blanks between words. Lines end with `\\n`."""
    lines: list[str] = []
    pieces: list[str] = []
    around = 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:].removeprefix(" ")
        if pieces and (depth != around or said == _SIGNATURE):
            lines.append(_quoted(pieces, around))
            pieces = []
        around = depth
        flows = said.endswith(" ") and said != _SIGNATURE
        pieces.append(said[:-1] if flows and delete_space else said)
        if not flows:
            lines.append(_quoted(pieces, depth))
            pieces = []
    return "\n".join([*lines, _quoted(pieces, around)] if pieces else lines)


def _quoted(pieces: list[str], depth: int) -> str:
    said = "".join(pieces)
    return f"{'>' * depth} {said}" if depth else said
