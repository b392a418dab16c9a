"""One local Stripe for each test, and one for a whole module where a property is tried many times."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.stripe.desk import Desk, start
from tests.infra.stripe.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = start(tmp_path / "stripe.sqlite")
    yield desk
    desk.server.stop()


@pytest.fixture
def hooked(tmp_path: Path, receiver: Receiver) -> Iterator[Desk]:
    """A desk whose webhooks go to the receiver."""
    desk = start(tmp_path / "stripe.sqlite", receiver.url)
    yield desk
    desk.server.stop()


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = start(tmp_path_factory.mktemp("shared") / "stripe.sqlite")
    yield desk
    desk.server.stop()
