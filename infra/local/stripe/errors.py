"""Every refusal this server can give, in Stripe's shape.

StripeError
├── InvalidRequest        400  the request cannot be carried out as it stands
│   ├── Missing           404  no such object
│   └── UnknownUrl        404  no such method and path
├── Unauthorized          401  no key, or not ours
├── CardError             402  the card was refused; what the attempt recorded is kept
├── KeyReused             400  an idempotency key came back with another request
└── KeyInUse              409  the first request with this idempotency key has not ended
"""

from typing import ClassVar

from infra.local.stripe.values import Json

DOCS = "https://docs.stripe.com/error-codes/"


class StripeError(Exception):
    """A refusal with its HTTP status and the members of Stripe's `error` object."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"

    def __init__(
        self, message: str, *, code: str | None = None, param: str | None = None, about: Json | None = None
    ) -> None:
        super().__init__(message)
        self.members: Json = {"code": code, "param": param, "message": message, **(about or {})}
        if code:
            self.members["doc_url"] = DOCS + code.replace("_", "-")

    def body(self) -> Json:
        """The answer's JSON; members without a value are left out, as Stripe leaves them out."""
        members = {name: value for name, value in self.members.items() if value is not None}
        return {"error": {"type": self.type, **members}}


class InvalidRequest(StripeError):
    """The request cannot be carried out as it stands."""


class Missing(InvalidRequest):
    """The object that the path names does not exist."""

    status = 404

    def __init__(self, kind: str, object_id: str, param: str = "id") -> None:
        super().__init__(no_such(kind, object_id), code="resource_missing", param=param)


class UnknownUrl(InvalidRequest):
    """No operation has this method and path."""

    status = 404

    def __init__(self, method: str, path: str) -> None:
        super().__init__(f"Unrecognized request URL ({method}: {path}).")


class NotFormEncoded(InvalidRequest):
    """The body is not a readable form."""


class TooLarge(InvalidRequest):
    """The body is larger than any request Stripe takes."""

    status = 413


class Unauthorized(StripeError):
    """No API key, or one that this server was not started with."""

    status = 401


class RawCardNumber(InvalidRequest):
    """A card number in a request; Stripe refuses it for accounts like ours."""

    status = 402


class CardError(StripeError):
    """The issuer refused, or wants the customer to authenticate."""

    status = 402
    type = "card_error"


class KeyReused(StripeError):
    """An idempotency key came back with another request."""

    type = "idempotency_error"


class KeyInUse(StripeError):
    """The first request with this idempotency key has not ended."""

    status = 409
    type = "idempotency_error"


def no_such(kind: str, object_id: str) -> str:
    """Stripe's words for a missing object."""
    return f"No such {kind}: '{object_id}'"
