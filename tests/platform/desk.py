"""A desk of one small domain, to show what every operation gets from its declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Chalice
from pydantic import Field

from chalicelib.platform import aws
from chalicelib.platform.api import Api
from chalicelib.platform.dynamo import Table
from chalicelib.platform.fields import Input, Line, View
from chalicelib.platform.http import Empty, Items, Paged, Reply, Request
from chalicelib.platform.idempotency import Answers
from tests.fakes import FixedClock
from tests.harness import TABLE, HttpDesk

ROLES = {"customer": frozenset({"thing:read"}), "advisor": frozenset({"thing:read", "thing:write"})}


class NewThing(Input):
    """A thing to be."""

    label: Line
    parts: list[int] = Field(default=[], max_length=3)


class ThingView(View):
    """A thing."""

    label: str


class ThingList(Paged):
    """Which things."""

    colour: str | None = None


@dataclass
class Things:
    """The use cases of the small domain; `answer` is what the next write does."""

    answer: Callable[[], str] = lambda: "made"
    written: list[str] = field(default_factory=list)

    def write(self, label: str) -> str:
        self.written.append(label)
        return self.answer()


def desk_of(things: Things, clock: FixedClock) -> HttpDesk:
    """The small domain behind HTTP, on the mocked account."""
    api = Api(__name__, "things", ROLES, lambda: Answers(Table(aws.dynamodb(), TABLE), clock), lambda: b"cursor key")
    _declare(api, things)
    app = Chalice(app_name="small", configure_logs=False)
    app.register_blueprint(api.blueprint)
    desk = HttpDesk()
    desk._app = app
    return desk


def _declare(api: Api, things: Things) -> None:
    @api.operation(
        "POST", "/things", summary="Write", permission="thing:write", body=NewThing, returns=ThingView, status=201,
        idempotency="required",
    )  # fmt: skip
    def write_thing(request: Request[NewThing, Empty]) -> Reply[ThingView]:
        """Writes a thing."""
        return Reply(ThingView(label=things.write(request.body.label)), version=1, location="/things/1")

    @api.operation("GET", "/things", summary="List", permission="thing:read", query=ThingList, returns=ThingView)
    def list_things(request: Request[Empty, ThingList]) -> Items[ThingView]:
        """Lists two pages of things."""
        start: dict[str, Any] = request.start or {"n": 0}
        return Items([ThingView(label=str(start["n"]))], {"n": start["n"] + 1} if start["n"] < 1 else None)

    @api.operation(
        "PUT", "/accounts/{account_id}/thing", summary="Change", permission="thing:read", body=NewThing,
        returns=ThingView, versioned=True,
    )  # fmt: skip
    def change_thing(request: Request[NewThing, Empty]) -> Reply[ThingView]:
        """Changes the thing of an account."""
        return Reply(ThingView(label=request.body.label), version=request.if_match + 1)
