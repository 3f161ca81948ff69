from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dbt.adapters.clickhouse.connections import ClickHouseConnectionManager
from dbt.adapters.clickhouse.credentials import ClickHouseCredentials
from dbt.adapters.clickhouse.httpclient import ChHttpClient
from dbt.adapters.clickhouse.impl import ClickHouseAdapter
from dbt.adapters.contracts.connection import Connection
from dbt.adapters.exceptions import FailedToConnectError

from loader.engine import connect_embedded
from loader.errors import LoaderError


@dataclass
class ChdbCredentials(ClickHouseCredentials):
    path: str = ".warehouse"

    @property
    def type(self) -> str:
        return "chdb"

    @property
    def unique_field(self) -> str:
        return self.path

    def _connection_keys(self) -> tuple[str, ...]:
        return ("path", "schema", "custom_settings")


class ChdbClient(ChHttpClient):
    @staticmethod
    def _inject_query_id(kwargs: dict[str, Any]) -> None:
        kwargs.pop("query_id", None)

    def _create_client(self, credentials: ChdbCredentials) -> Any:
        self._conn_settings.pop("session_id")
        try:
            return connect_embedded(Path(credentials.path), self._conn_settings)
        except LoaderError as error:
            raise FailedToConnectError(str(error)) from error


class ChdbConnectionManager(ClickHouseConnectionManager):
    TYPE = "chdb"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        if connection.state == "open":
            return connection
        return cls.retry_connection(
            connection,
            connect=lambda: ChdbClient(connection.credentials),
            logger=None,
            retry_limit=0,
            retryable_exceptions=[],
        )


class ChdbAdapter(ClickHouseAdapter):
    ConnectionManager = ChdbConnectionManager
