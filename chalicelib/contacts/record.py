"""Amazon Connect's contact record, read with tolerance: what may be null is, what is new is ignored, values stay text.

Only what stands here is kept. Attributes hold what a flow's author and a caller put there (names, numbers, card
digits), so they are closed by default: four kinds are read, each by its shape, and the rest is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_pascal

from chalicelib.contacts.customer import Customer, account_id_in, code_in, customer_of
from chalicelib.contacts.model import Contact
from chalicelib.platform.clock import Instant

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_CHANNELS: Final[Mapping[str, str]] = {"EMAIL": "mail"}
_CATEGORIES: Final = ("category", "reason", "topic", "intent")
"""Attributes that may name what the contact is about; the first that does wins."""
_TEST: Final = ("test", "training")
_TRUE: Final = frozenset({"1", "true", "yes"})


class UnreadableRecord(ValueError):
    """No retry makes a contact of this; the message names the fields, never their values."""


def _plausible(at: datetime) -> datetime:
    if not _FIRST <= at < _LAST:
        raise ValueError("outside the years 2000 to 2099")
    return at


_Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")]
_At = Annotated[Instant, AfterValidator(_plausible)]
_Seconds = Annotated[int, Field(ge=0, le=10_000_000)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(lambda name: name[:127])]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_pascal)


class _Named(_Wire):
    arn: _Name | None = Field(default=None, alias="ARN")

    def _called(self, name: str | None) -> str | None:
        return name or (self.arn.rsplit("/", 1)[-1] if self.arn else None) or None


class _Agent(_Named):
    username: _Name | None = None
    agent_interaction_duration: _Seconds | None = None
    customer_hold_duration: _Seconds | None = None
    after_contact_work_duration: _Seconds | None = None

    @property
    def name(self) -> str | None:
        return self._called(self.username)


class _Queue(_Named):
    name: _Name | None = None
    duration: _Seconds | None = None

    @property
    def title(self) -> str | None:
        return self._called(self.name)


class _ContactRecord(_Wire):
    contact_id: _Id
    initial_contact_id: _Id | None = None
    next_contact_id: _Id | None = None
    channel: _Name | None = None
    initiation_method: _Name | None = None
    disconnect_reason: _Name | None = None
    initiation_timestamp: _At | None = None
    connected_to_system_timestamp: _At | None = None
    disconnect_timestamp: _At | None = None
    transfer_completed_timestamp: _At | None = None
    last_update_timestamp: _At | None = None
    agent: _Agent | None = None
    queue: _Queue | None = None
    customer_endpoint: Any = None
    attributes: dict[str, Any] | None = None

    @property
    def instants(self) -> list[datetime]:
        """What is known, in the order in which it happens."""
        happened = (
            self.initiation_timestamp, self.connected_to_system_timestamp, self.transfer_completed_timestamp,
            self.disconnect_timestamp, self.last_update_timestamp,
        )  # fmt: skip
        return [at for at in happened if at is not None]


@dataclass(frozen=True)
class Reading:
    """A contact without its account, unless the flow named one, and by whom the account may be found."""

    contact: Contact
    customer: Customer | None


def read_record(payload: bytes) -> Reading:
    """One contact record of the stream. Raises UnreadableRecord when it is not JSON, or has no id or no instant."""
    try:
        wire = _ContactRecord.model_validate_json(payload)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise UnreadableRecord("; ".join(f"{_path(e['loc'])}: {e['type']}" for e in found)) from None
    if not wire.instants:
        raise UnreadableRecord("no timestamp at all")
    return Reading(_contact(wire), customer_of(wire.customer_endpoint))


def _contact(wire: _ContactRecord) -> Contact:
    agent, queue = wire.agent or _Agent(), wire.queue or _Queue()
    attributes, channel = wire.attributes or {}, (wire.channel or "unknown").upper()
    return Contact(
        contact_id=wire.contact_id,
        chain_id=wire.initial_contact_id or wire.contact_id,
        channel=_CHANNELS.get(channel, channel.lower()),
        method=(wire.initiation_method or "unknown").upper(),
        initiated_at=wire.instants[0],
        updated_at=wire.last_update_timestamp or max(wire.instants),
        connected_at=wire.connected_to_system_timestamp,
        disconnected_at=wire.disconnect_timestamp,
        disconnect_reason=wire.disconnect_reason,
        moved_on=bool(wire.next_contact_id or wire.transfer_completed_timestamp),
        queue=queue.title,
        queue_s=queue.duration,
        agent=agent.name,
        interaction_s=agent.agent_interaction_duration,
        hold_s=agent.customer_hold_duration,
        wrap_up_s=agent.after_contact_work_duration,
        account_id=account_id_in(attributes.get("account_id")),
        category=next(filter(None, (code_in(attributes.get(name)) for name in _CATEGORIES)), None),
        test=any(str(attributes.get(name)).lower() in _TRUE for name in _TEST),
    )


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "record"
