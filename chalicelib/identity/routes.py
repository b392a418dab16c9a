"""HTTP of verification: how a customer is identified, and how well they are now."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from chalicelib.accounts.assurance import Action, Level, StepUpRequired
from chalicelib.accounts.letters import LetterChannel
from chalicelib.audit.http import actor_of
from chalicelib.identity.access_log import Doer
from chalicelib.identity.answers import QUESTIONS, SET, are_distinct
from chalicelib.identity.model import Method, VerificationFailed, VerificationLocked
from chalicelib.identity.policy import who_is
from chalicelib.identity.service import Given
from chalicelib.identity.verification import Verification
from chalicelib.platform.clock import Instant
from chalicelib.platform.errors import Conflict, Forbidden, NotFound, TooMany, Unprocessable
from chalicelib.platform.fields import Input, ShortLine, View, canonical_email, canonical_phone
from chalicelib.platform.http import Empty, Reply, Request
from chalicelib.policy.permissions import Permission
from chalicelib.wiring import desk_api, securing, step_up, verifications

api = desk_api(__name__, "identity")

QuestionId = Annotated[
    str,
    StringConstraints(pattern=f"^({'|'.join(QUESTIONS)})$"),
    Field(description="; ".join(f"`{name}`: {text}" for name, text in QUESTIONS.items()), examples=["first_pet"]),
]


class NewVerification(Input):
    """How the customer is to be verified."""

    method: Method
    channel: LetterChannel | None = Field(default=None, description="Of a code: how it is sent; mail when left out.")
    contact: str | None = Field(
        default=None, max_length=254, examples=["ada@example.com"],
        description="Of a code: the mail or phone of the account that it goes to; the first one when left out.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> NewVerification:
        if self.method is Method.SECURITY_ANSWERS and (self.channel or self.contact):
            raise ValueError("channel and contact are for a code")
        if self.contact is not None:
            _canonical(self.contact, self.channel)
        return self


class QuestionView(View):
    """A security question."""

    question: str = Field(description="Its id.")
    text: str = Field(description="As it is read out.")


class VerificationView(View):
    """A verification that waits for its answer."""

    verification_id: str
    method: Method
    destination: str | None = Field(description="Where the code went, masked. The same whether or not it is known.")
    questions: list[QuestionView] = Field(description="What is asked; empty for a code.")
    ends_at: Instant = Field(description="Until when it can be answered; RFC 3339 in UTC.")


class AnsweredQuestion(Input):
    """One answer. Case, accents, blanks and signs do not matter."""

    question: QuestionId
    answer: ShortLine = Field(description="What the customer says.")


class NewAnswer(Input):
    """Either the code or the answers."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3} ?[0-9]{3}$")] | None = Field(
        default=None, description="The six digits.", examples=["123456"]
    )
    answers: Annotated[list[AnsweredQuestion], Field(min_length=1, max_length=SET)] | None = Field(
        default=None, description="To all questions that were asked."
    )

    @model_validator(mode="after")
    def _one(self) -> NewAnswer:
        if (self.code is None) is (self.answers is None):
            raise ValueError("give either code or answers")
        return self


class ProvenView(View):
    """What the right answer proved."""

    verification_id: str
    level: Level = Field(description="The level that it gives to whoever asked.")
    counts: bool = Field(description="Whether it is an independent proof; not where its way was changed lately.")
    valid_until: Instant = Field(description="Until when it is good; RFC 3339 in UTC.")


class SecurityAnswers(Input):
    """Three answers, which nobody can read afterwards."""

    answers: Annotated[list[AnsweredQuestion], Field(min_length=SET, max_length=SET)] = Field(
        description="Three different questions with three different answers.",
        examples=[[{"question": "first_pet", "answer": "Ruffles"}, {"question": "first_job", "answer": "The bakery"},
                   {"question": "memorable_place", "answer": "Tenby"}]],
    )  # fmt: skip

    @model_validator(mode="after")
    def _different(self) -> SecurityAnswers:
        if len({each.question for each in self.answers}) < SET:
            raise ValueError("choose three different questions")
        if not are_distinct([each.answer for each in self.answers]):
            raise ValueError("give three different answers, each with letters or digits")
        return self


class SecurityAnswersView(View):
    """Which questions were answered."""

    questions: list[QuestionView] = Field(description="In the order in which they were given.")
    set_at: Instant = Field(description="Since when; RFC 3339 in UTC.")


def _canonical(contact: str, channel: LetterChannel | None) -> str:
    return canonical_phone(contact) if channel is LetterChannel.SMS else canonical_email(contact)


def _asked(questions: tuple[str, ...]) -> list[QuestionView]:
    return [QuestionView(question=name, text=QUESTIONS[name]) for name in questions]


def _view(begun: Verification) -> VerificationView:
    plain = begun.model_dump(include={"verification_id", "method", "ends_at"})
    return VerificationView(**plain, destination=begun.destination, questions=_asked(begun.questions))


@api.operation(
    "POST", "/v1/accounts/{account_id}/verifications", summary="Begin to verify a customer",
    permission=Permission.VERIFICATION_RUN, body=NewVerification, returns=VerificationView, status=201,
    errors=(NotFound, Conflict, VerificationLocked, TooMany), idempotency="optional",
)  # fmt: skip
def start_verification(request: Request[NewVerification, Empty]) -> Reply[VerificationView]:
    """Sends a one-time code to an address of the account, or asks two of the customer's security questions.

    To an address that is not the account's nothing is sent, and the answer looks the same. Too many in an hour are
    refused, and none is begun while the account is locked after wrong answers.
    """
    new, account_id = request.body, request.path["account_id"]
    doer = Doer(actor_of(request), who_is(request.caller))
    if new.method is Method.SECURITY_ANSWERS:
        return Reply(_view(verifications().ask(account_id, doer)))
    contact = _canonical(new.contact, new.channel) if new.contact is not None else None
    return Reply(_view(verifications().send_code(account_id, new.channel or LetterChannel.MAIL, contact, doer)))


@api.operation(
    "POST", "/v1/accounts/{account_id}/verifications/{verification_id}/answers", summary="Answer a verification",
    permission=Permission.VERIFICATION_RUN, body=NewAnswer, returns=ProvenView,
    errors=(NotFound, Conflict, VerificationFailed, VerificationLocked),
)  # fmt: skip
def answer_verification(request: Request[NewAnswer, Empty]) -> Reply[ProvenView]:
    """Hears the answer. A right one identifies the customer for a while to whoever asked, and to nobody else.

    Wrong ones are counted over all verifications of the account; the last one allowed locks it, longer each time.
    """
    answers = {each.question: each.answer for each in request.body.answers or ()}
    code = request.body.code
    given = Given(code.replace(" ", "") if code else None, answers or None)
    doer, path = Doer(actor_of(request), who_is(request.caller)), request.path
    begun, proof = verifications().answer(path["account_id"], path["verification_id"], given, doer)
    return Reply(
        ProvenView(
            verification_id=begun.verification_id, level=proof.level, counts=proof.counts, valid_until=proof.until
        )
    )


@api.operation(
    "PUT", "/v1/accounts/{account_id}/security-answers", summary="Set the security answers",
    permission=Permission.VERIFICATION_RUN, body=SecurityAnswers, returns=SecurityAnswersView,
    errors=(NotFound, StepUpRequired, Unprocessable),
)  # fmt: skip
def set_security_answers(request: Request[SecurityAnswers, Empty]) -> Reply[SecurityAnswersView]:
    """Keeps three answers in place of all former ones, and tells the customer by mail.

    Customers alone may: whoever sets the answers could pass for the customer. For some days they are no independent
    proof.
    """
    if request.caller.is_staff:
        raise Forbidden("Only customers set their security answers; staff could pass for them otherwise.")
    account_id = request.path["account_id"]
    step_up().require(request.caller, account_id, Action.SET_SECURITY_ANSWERS)
    answers = {each.question: each.answer for each in request.body.answers}
    kept = securing().set_answers(account_id, answers, Doer(actor_of(request), who_is(request.caller)))
    return Reply(SecurityAnswersView(questions=_asked(tuple(answers)), set_at=kept.set_at))
