"""The pages that a customer sees. They need no script, and every value on them is escaped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug.wrappers import Request, Response

from infra.local.stripe.call import Call
from infra.local.stripe.errors import StripeError, UnknownUrl
from infra.local.stripe.hosted import authenticate, checkout, invoices, links, mandates, portal, receipts
from infra.local.stripe.hosted.html import message
from infra.local.stripe.outbox import Outbox
from infra.local.stripe.values import NewId

# What answers `/_hosted/<name>/<id of an object>`, by method and name.
_PAGES: Mapping[tuple[str, str], Callable[[Call, Request, str], Response]] = {
    ("GET", "authenticate"): authenticate.ask,
    ("POST", "authenticate"): authenticate.answered,
    ("GET", "checkout"): checkout.show,
    ("POST", "checkout"): checkout.pay,
    ("GET", "invoices"): invoices.show,
    ("POST", "invoices"): invoices.pay,
    ("GET", "links"): links.follow,
    ("GET", "mandates"): mandates.show,
    ("GET", "portal"): portal.show,
    ("POST", "portal"): portal.change,
    ("GET", "receipts"): receipts.show,
}


@dataclass(frozen=True)
class Hosted:
    """Answers `/_hosted/...`."""

    outbox: Outbox
    new_id: NewId

    def answer(self, request: Request, request_id: str) -> Response:
        """A page, or the way to the next one; a refusal is a page too, and undoes what the request began."""
        try:
            name, object_id = _parts(request)
            with self.outbox.store.transaction():
                call = self._call(request, request_id).in_time_of(object_id)
                return _PAGES[request.method, name](call, request, object_id)
        except StripeError as refusal:
            return message("Something is not right", str(refusal), status=refusal.status)

    def _call(self, request: Request, request_id: str) -> Call:
        base_url = request.host_url.rstrip("/")
        outbox = self.outbox
        return Call(outbox.store, outbox, outbox.clock, self.new_id, {}, base_url, request.path, request_id)


def _parts(request: Request) -> tuple[str, str]:
    match request.path.split("/"):
        case ["", "_hosted", name, object_id] if (request.method, name) in _PAGES:
            return name, object_id
    raise UnknownUrl(request.method, request.path)
