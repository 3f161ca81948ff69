"""One configuration for loader and dbt: environment variables, or a `.env` file."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from typing_extensions import Self

from loader.errors import UsageError
from loader.limits import PARSER_NESTING, Limits


class Target(str, Enum):
    """How ClickHouse is reached (design: embedded, one server, a cluster)."""

    EMBEDDED = "embedded"
    SERVER = "server"
    CLUSTER = "cluster"


class Settings(BaseSettings):
    """Where the warehouse is, and what inputs may ask of the loader.

    The names that say where it is are read by `profiles.example.yml` too.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    target: Target = Field(Target.EMBEDDED, validation_alias="WAREHOUSE_TARGET")
    path: Path = Field(Path(".warehouse"), validation_alias="WAREHOUSE_PATH")
    host: str = Field("localhost", validation_alias="CLICKHOUSE_HOST")
    port: int | None = Field(None, validation_alias="CLICKHOUSE_PORT", ge=1, le=65535)
    user: str = Field("default", validation_alias="CLICKHOUSE_USER")
    password: SecretStr = Field(SecretStr(""), validation_alias="CLICKHOUSE_PASSWORD")
    secure: bool = Field(False, validation_alias="CLICKHOUSE_SECURE")
    cluster: str = Field("", validation_alias="CLICKHOUSE_CLUSTER")
    max_statement_bytes: int = Field(
        Limits.statement_bytes,
        validation_alias="WAREHOUSE_MAX_STATEMENT_BYTES",
        ge=1024,
        le=1024**3,
    )
    max_nesting: int = Field(
        Limits.nesting, validation_alias="WAREHOUSE_MAX_NESTING", ge=10, le=PARSER_NESTING
    )
    max_expansion: int = Field(Limits.expansion, validation_alias="WAREHOUSE_MAX_EXPANSION", ge=1)

    @model_validator(mode="after")
    def _cluster_has_a_name(self) -> Self:
        if self.target is Target.CLUSTER and not self.cluster:
            raise ValueError("CLICKHOUSE_CLUSTER: the cluster target needs the cluster's name")
        return self

    @classmethod
    def embedded(cls, path: str | Path = ".warehouse") -> Self:
        """The warehouse in a folder of this machine, whatever the environment says."""
        return cls.model_validate({"WAREHOUSE_TARGET": Target.EMBEDDED, "WAREHOUSE_PATH": path})

    @classmethod
    def server(
        cls,
        host: str,
        port: int | None = None,
        user: str = "default",
        password: str = "",
        secure: bool = False,
    ) -> Self:
        """The warehouse on a ClickHouse server, whatever the environment says.

        The port is that of HTTP(S); without one, the usual.
        """
        return cls.model_validate(
            {
                "WAREHOUSE_TARGET": Target.SERVER,
                "CLICKHOUSE_HOST": host,
                "CLICKHOUSE_PORT": port,
                "CLICKHOUSE_USER": user,
                "CLICKHOUSE_PASSWORD": password,
                "CLICKHOUSE_SECURE": secure,
            }
        )

    @property
    def http_port(self) -> int:
        """The HTTP(S) port: as set, else ClickHouse's usual one."""
        return self.port or (8443 if self.secure else 8123)

    @property
    def limits(self) -> Limits:
        """What an input may ask of the loader."""
        return Limits(self.max_statement_bytes, self.max_nesting, self.max_expansion)

    @property
    def place(self) -> str:
        """Where the warehouse is, in words, without any secret."""
        if self.target is Target.EMBEDDED:
            return f"embedded, folder {self.path}"
        place = f"{self.target.value}, {self.host}:{self.http_port}"
        return f"{place}, cluster {self.cluster}" if self.cluster else place


def load_settings() -> Settings:
    """Settings from the environment and `.env`.

    Raises UsageError that names the variable when a value makes no sense.
    """
    _refuse_broken_file(Path(".env"))
    try:
        return Settings()  # type: ignore[call-arg]  # every field comes from the environment
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        place = f"{name}: " if name else ""
        raise UsageError(f"{place}{message}; set it in the environment or in .env.") from None


def _refuse_broken_file(path: Path) -> None:
    """Raise UsageError for a file with a line that would be passed over: it may say where to go."""
    from dotenv.parser import parse_stream

    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8") as file:
            broken = next((one.original for one in parse_stream(file) if one.error), None)
    except UnicodeDecodeError:
        raise UsageError(f"The file {path} is not UTF-8 text: write it anew.") from None
    except OSError as error:
        raise UsageError(f"Cannot read the file {path}: {error.strerror}.") from error
    if broken is not None:
        raise UsageError(f"The file {path} has a line that is not NAME=value: line {broken.line}.")
