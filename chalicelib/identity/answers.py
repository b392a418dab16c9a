"""Security answers: what the customer alone knows, kept so that nobody can read it. Pure.

An answer is compared by its letters and digits alone, so that `St. Mary's` is `st marys` on the phone. What is kept is
scrypt (RFC 7914) of a keyed hash of it: answers are easily guessed, so the table alone must not be enough to try
them."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.platform.clock import Instant
from chalicelib.platform.fields import Record

QUESTIONS: Final[Mapping[str, str]] = {
    "childhood_street": "In which street did you live as a child?",
    "first_pet": "What was the name of your first pet?",
    "first_job": "Where was your first job?",
    "childhood_friend": "Who was your best friend as a child?",
    "first_concert": "What was the first concert that you went to?",
    "memorable_place": "Which place do you like to remember?",
    "favourite_teacher": "Who was your favourite teacher?",
    "memorable_word": "What is the word that you chose for us?",
}
SET: Final = 3
ASKED: Final = 2
_COST, _BLOCK, _LANES = 2**14, 8, 5
"""What OWASP's password storage sheet asks of scrypt at 16 MiB; kept with each answer, so that it can be raised."""


class KeptAnswer(Record):
    """One answer: the question's id, the salt, scrypt's three numbers and the digest."""

    question: str
    salt: str
    cost: int = _COST
    block: int = _BLOCK
    lanes: int = _LANES
    digest: str


class KeptAnswers(Record):
    """The answers of an account. `asked` are the questions of the next verification: the same until it is passed, so
    that starting again does not lead to easier ones."""

    account_id: str
    answers: tuple[KeptAnswer, ...]
    asked: tuple[str, ...]
    set_at: Instant

    def are_right(self, given: Mapping[str, str], key: bytes) -> bool:
        """Whether all that was asked was answered rightly. Every answer is looked at: the time tells nothing."""
        kept = {answer.question: answer for answer in self.answers}
        checked = [_is_right(kept[question], given.get(question, ""), key) for question in self.asked]
        return all(checked)


def keep(question: str, answer: str, salt: bytes, key: bytes) -> KeptAnswer:
    """An answer as it is kept."""
    kept = KeptAnswer(question=question, salt=salt.hex(), digest="")
    return kept.model_copy(update={"digest": _digest(kept, answer, key)})


def plain_answer(text: str) -> str:
    """The letters and digits of an answer, without case and accents."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in parts if unicodedata.category(char)[0] in "LN")


def are_distinct(answers: Sequence[str]) -> bool:
    """Whether each answer says something, and something else."""
    said = [plain_answer(answer) for answer in answers]
    return all(said) and len(set(said)) == len(said)


def _is_right(kept: KeptAnswer, given: str, key: bytes) -> bool:
    return hmac.compare_digest(kept.digest, _digest(kept, given, key))


def _digest(kept: KeptAnswer, answer: str, key: bytes) -> str:
    keyed = hmac.new(key, f"security-answer\0{plain_answer(answer)}".encode(), hashlib.sha256).digest()
    memory = 256 * kept.cost * kept.block
    return hashlib.scrypt(
        keyed, salt=bytes.fromhex(kept.salt), n=kept.cost, r=kept.block, p=kept.lanes, maxmem=memory, dklen=32
    ).hex()
