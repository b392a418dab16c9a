"""Which ports a desk takes."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from infra.local.ports import LOOPBACK, Ports, choose, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_someone_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_a_taken_port_is_left_to_its_owner(tmp_path: Path, taken: int) -> None:
    memory = tmp_path / "ports.json"
    memory.write_text(json.dumps({"aws": taken}))
    chosen = choose(memory)
    assert chosen.aws != taken
    assert is_free(chosen.aws)


def test_ports_are_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    first = choose(tmp_path / "ports.json")
    assert choose(tmp_path / "ports.json") == first


def test_no_two_servers_get_one_port(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    free = choose(tmp_path / "other.json").aws
    free_for_all = dict.fromkeys(asdict(Ports()), free)
    memory.write_text(json.dumps(free_for_all))
    assert len(set(asdict(choose(memory)).values())) == len(free_for_all)
