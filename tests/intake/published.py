"""Mails of other projects' test suites, read from their published source archives: `make check` fetches them.

Nothing of the archives is run: talon's expectations are read from the syntax trees of its tests, where a case is a
body and the words that are to be left of it.
"""

from __future__ import annotations

import ast
import html
import re
import tarfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from tests.intake.mails import raw

FOLDER = Path(__file__).parents[2] / ".local" / "published"
_TALON, _MAIL_PARSER = "talon-1.4.4", "mail_parser-4.8.0"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Case:
    """A mail and the new words that its authors find in it."""

    name: str
    mail: bytes
    words: str


def are_here() -> bool:
    return all((FOLDER / f"{name}.tar.gz").is_file() for name in (_TALON, _MAIL_PARSER))


def replies() -> list[Case]:
    """Every case of talon's tests that states a body and its new words as constants, and its replies of clients."""
    files = dict(_files(_TALON, "tests/"))
    texts = _cases(files["tests/text_quotations_test.py"], "text/plain; charset=utf-8")
    markups = _cases(files["tests/html_quotations_test.py"], "text/html; charset=utf-8")
    return [*texts, *markups, *_clients(files)]


def mails() -> list[tuple[str, bytes]]:
    """Odd mails without expectations: those of mail-parser, and of Python's own tests where they are installed."""
    odd = [(name, content) for name, content in _files(_MAIL_PARSER, "tests/mails/") if content]
    try:
        data = resources.files("test.test_email.data")
    except ModuleNotFoundError:  # most packages of Python come without its tests
        return odd
    return odd + [(file.name, file.read_bytes()) for file in data.iterdir() if file.name.endswith(".txt")]


def _files(name: str, under: str) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(FOLDER / f"{name}.tar.gz") as archive:
        for member in archive:
            path = member.name.removeprefix(f"{name}/")
            content = archive.extractfile(member) if member.isfile() and path.startswith(under) else None
            if content:
                yield path, content.read()


def _clients(files: dict[str, bytes]) -> Iterator[Case]:
    for path, content in files.items():
        if "/standard_replies/" in path and path.endswith(".eml"):
            words = files.get(path.removesuffix(".eml") + "_reply_text", b"Hello").decode()
            yield Case(path.rpartition("/")[2], content, words)


def _cases(source: bytes, kind: str) -> Iterator[Case]:
    with warnings.catch_warnings(action="ignore"):  # old source, escapes of its day
        tests = ast.parse(source).body
    for test in tests:
        # A decorated test sets one of talon's own limits.
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_") and not test.decorator_list:
            for number, (wanted, body) in enumerate(_equations(test), 1):
                words = html.unescape(_TAG.sub("", wanted)) if "html" in kind else wanted
                yield Case(f"{test.name}/{number}", raw(body, content_type=kind), words)


def _equations(test: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """The words and the body of each `eq_(words, extract_from_plain(body))` of one test, where both are constants."""
    known: dict[str, ast.expr] = {}
    for statement in test.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                known[name] = value
            case ast.Expr(value=ast.Call(func=ast.Name(id="eq_"), args=[wanted, found, *_])):
                words, body = _constant(_unspaced(wanted), known), _constant(_extracted(_unspaced(found)), known)
                if words and body:
                    yield words, body


def _unspaced(node: ast.expr) -> ast.expr:
    """What is left of `RE_WHITESPACE.sub('', …)`: white space does not count here."""
    match node:
        case ast.Call(func=ast.Attribute(attr="sub"), args=[_, inner]):
            return inner
    return node


def _extracted(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Attribute(attr="extract_from_plain" | "extract_from_html"), args=[body]):
            return body
    return None


def _constant(node: ast.expr | None, known: dict[str, ast.expr]) -> str | None:
    if isinstance(node, ast.Name):
        node = known.get(node.id)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
