"""What a command does before it writes to a warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from loader.settings import Settings


def prepare(client: Client, settings: Settings) -> None:
    """Make the warehouse's tables, or bring them up to date, and say so."""
    from loader.schema import initialise, is_current

    if not is_current(client):
        initialise(client, settings)
        typer.echo(f"Made the warehouse's tables ({settings.place}).", err=True)
