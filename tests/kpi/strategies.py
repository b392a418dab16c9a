"""Random call centres: calls with legs, each in several versions, delivered with repeats and in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.contacts.records import a_record

START = datetime(2026, 10, 24, 18, tzinfo=UTC)
HOURS = 40
"""From START; British summer time ends after 7 of them. Contacts begin around that and around two midnights."""
_BUSY = (0, 5, 6, 7, 30)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


_seconds = st.none() | st.integers(0, 2000)
_agents = st.none() | st.builds(
    lambda name, talk, hold, work: {
        "Username": name, "AgentInteractionDuration": talk, "CustomerHoldDuration": hold,
        "AfterContactWorkDuration": work,
    },
    st.sampled_from(["agent.one", "agent.two"]), _seconds, _seconds, _seconds,
)  # fmt: skip
_queues = st.none() | st.sampled_from(["BillingQueue", "PaymentsQueue"]).map(lambda name: {"Name": name})
_methods = st.sampled_from(
    ["INBOUND", "INBOUND", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK", "OUTBOUND", "MONITOR", "DISCONNECT", "NEW_KIND"]
)


@st.composite
def versions(draw: st.DrawFn, contact_id: str, chain_id: str) -> list[dict[str, Any]]:
    """One contact as it was told, time after time; the last is the newest."""
    fixed = {
        "ContactId": contact_id,
        "InitialContactId": None if contact_id == chain_id else chain_id,
        "InitiationMethod": draw(_methods),
        "Channel": draw(st.sampled_from(["VOICE", "VOICE", "VOICE", "CHAT"])),
        "CustomerEndpoint": None,
    }
    told = []
    for n in range(draw(st.integers(1, 3))):
        at = START + timedelta(hours=draw(st.sampled_from(_BUSY)), minutes=draw(st.integers(0, 59)))
        told.append(
            a_record(
                **fixed, InitiationTimestamp=stamp(at), LastUpdateTimestamp=stamp(START + timedelta(days=9, seconds=n)),
                ConnectedToSystemTimestamp=draw(st.none() | st.just(stamp(at))), Agent=draw(_agents),
                Queue=draw(_queues), NextContactId=draw(st.none() | st.just("next")),
                Attributes={"test": draw(st.sampled_from(["no", "no", "no", "true"]))},
            )
        )  # fmt: skip
    return told


@st.composite
def call_centres(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Deliveries of up to four calls of up to three legs, every version at least once, in any order."""
    told = [
        record
        for call in range(draw(st.integers(1, 4)))
        for leg in range(draw(st.integers(1, 3)))
        for record in draw(versions(f"c{call}-{leg}", f"c{call}-0"))
    ]
    again = draw(st.lists(st.sampled_from(told), max_size=4))
    delivered: list[dict[str, Any]] = draw(st.permutations(told + again))
    return delivered
