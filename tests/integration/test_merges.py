"""Merges that wait while a load is under way, and go on after it."""

from __future__ import annotations

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

import loader.merges
from loader.merges import TABLE, PutOff
from tests.statements import lines, statement
from tests.warehouse import Warehouse


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    """Of a raw table with two parts."""
    for number in (1, 2):
        warehouse.ingest(lines(statement(number)), f"{number}.jsonl")
    return warehouse.clients[0]


def merges(client: Client) -> bool:
    """Whether the engine merges when it is asked to."""
    try:
        client.command(f"OPTIMIZE TABLE {TABLE} FINAL")
    except DatabaseError as error:
        assert "Cancelled merging parts" in str(error)  # noqa: PT017
        return False
    return True


def test_they_wait_until_it_is_over(client: Client) -> None:
    with PutOff(client) as put_off:
        put_off.inserted(client)
        assert not merges(client)
    assert merges(client)


def test_they_go_on_when_there_are_many_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PutOff(client) as put_off:
        monkeypatch.setattr(loader.merges, "MOST_PARTS", 2)
        put_off.inserted(client)
        assert merges(client)


def test_they_do_not_wait_where_there_are_many_already(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.merges, "MOST_PARTS", 2)
    with PutOff(client):
        assert merges(client)


def test_they_go_on_after_a_load_that_fails(client: Client) -> None:
    with pytest.raises(RuntimeError, match="lost"), PutOff(client):
        raise RuntimeError("lost")
    assert merges(client)
