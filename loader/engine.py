"""The one way to ClickHouse, embedded or over HTTP, and its failures in plain words."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from loader.errors import EngineError, LoaderError, WarehouseBusyError
from loader.lazy_numpy import numpy
from loader.settings import Settings, Target

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

CONNECT_SECONDS = 10
REQUEST_SECONDS = 3600


def connect(settings: Settings) -> Client:
    """An open client for the configured target.

    Raises WarehouseBusyError when another process holds the embedded folder and
    LoaderError when the server cannot be reached or refuses the user.
    """
    if settings.target is Target.EMBEDDED:
        return connect_embedded(settings.path)
    return _connect_server(settings)


def connect_embedded(path: Path, options: dict[str, str] | None = None) -> Client:
    """A client of the engine inside this process, on the folder `path` (made if missing).

    Raises WarehouseBusyError with a sentence that says who holds the folder.
    """
    _refuse_unless_writable(path)
    refuse_if_held(path)

    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import ProgrammingError

    numpy()  # in our way, before the engine's package does it
    try:
        return clickhouse_connect.get_client(interface="chdb", path=str(path), settings=options)
    except ProgrammingError as error:
        if "initializing EmbeddedServer" in str(error):
            refuse_if_held(path)  # someone took the folder between the look and the opening
            raise LoaderError(
                f"Cannot open the warehouse folder {path}: not all in it can be read and written, "
                "or it is no warehouse. See whose the files are, or set WAREHOUSE_PATH to another."
            ) from None
        raise LoaderError(f"Cannot open the warehouse folder {path}: {error}") from error


def is_embedded(client: Client) -> bool:
    """Whether the engine is in this process."""
    return client.uri.startswith("chdb:")


def _refuse_unless_writable(path: Path) -> None:
    """Make the folder if it is missing. Raises LoaderError if it cannot be had or written to.

    The engine would say so on the process's error stream only, and then nothing we can tell
    from a folder that is in use.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=path).close()  # it never gets a name
    except OSError as error:
        raise LoaderError(
            f"The warehouse folder {path} cannot be written to: {error.strerror}. Set "
            "WAREHOUSE_PATH to a folder in which this user may write."
        ) from error


def refuse_if_held(path: Path) -> None:
    """Raise WarehouseBusyError if another process has `path` open as its warehouse.

    The engine itself reports this on the process's error stream only, so we look at
    the lock it takes (`status` in its folder) before it does.
    """
    status = path / "status"
    if not status.exists():
        return
    with status.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if _holder_id(path) != os.getpid():  # this process may open it many times
                raise _busy(path) from None


def _busy(path: Path) -> WarehouseBusyError:
    return WarehouseBusyError(
        f"The warehouse folder {path} is in use by {_holder(path)}: an embedded warehouse "
        "belongs to one process at a time. Wait for it to end (or end it), or use a server: "
        "WAREHOUSE_TARGET=server."
    )


def _holder_id(path: Path) -> int | None:
    """The process id that the engine wrote into its lock file, if it can be read."""
    try:
        found = re.search(r"PID: (\d+)", (path / "status").read_text(errors="replace"))
    except OSError:
        return None
    return int(found.group(1)) if found else None


def _holder(path: Path) -> str:
    pid = _holder_id(path)
    if pid is None:
        return "another process"
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return f"process {pid}"
    name = " ".join(Path(word.decode(errors="replace")).name for word in words[:3] if word)
    return f"process {pid} ({name})" if name else f"process {pid}"


def _connect_server(settings: Settings) -> Client:
    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import ClickHouseError

    from loader.whole_answers import pool_of_connections

    # The library warns on its own logger before it raises what we turn into a sentence.
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    try:
        return clickhouse_connect.get_client(
            host=settings.host,
            port=settings.http_port,
            username=settings.user,
            password=settings.password.get_secret_value(),
            interface="https" if settings.secure else "http",
            connect_timeout=CONNECT_SECONDS,
            send_receive_timeout=REQUEST_SECONDS,
            # Sessions would serialise our inserts and look-ups; none of them needs one.
            autogenerate_session_id=False,
            compress=False,
            pool_mgr=pool_of_connections(),
            client_name="xapi-warehouse loader",
        )
    except ClickHouseError as error:
        where = f"{settings.host}:{settings.http_port}"
        text = str(error)
        if "Authentication failed" in text:
            raise LoaderError(
                f"ClickHouse at {where} refuses user {settings.user!r}: "
                "check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD."
            ) from error
        if "DB::Exception" in text:
            raise LoaderError(f"ClickHouse at {where} refuses: {first_sentence(text)}") from error
        raise LoaderError(
            f"No ClickHouse server answers at {where}: check CLICKHOUSE_HOST, CLICKHOUSE_PORT "
            "and CLICKHOUSE_SECURE, or set WAREHOUSE_TARGET=embedded to work without a server."
        ) from error


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn the engine's own errors, and a lost connection, into EngineError."""
    from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (ClickHouseError, HTTPError) as error:
        text = str(error)
        if isinstance(error, (OperationalError, HTTPError)) and "DB::Exception" not in text:
            found = re.search(r"host='([^']+)', port=(\d+)", text)
            where = f" at {found.group(1)}:{found.group(2)}" if found else ""
            raise EngineError(
                f"ClickHouse{where} does not answer any more. What has landed stays; "
                "run the same command again when it is back."
            ) from error
        raise EngineError(f"ClickHouse refused: {first_sentence(text)}") from error


def first_sentence(message: str) -> str:
    """The engine's message without code, stack, version and query text."""
    found = re.search(r"DB::Exception: (.*)", message, re.DOTALL)
    text = found.group(1) if found else message
    text = re.split(r"\. \([A-Z_]+\)|\(version |Stack trace|\n|: While ", text)[0]
    return text.strip().rstrip(".")[:300] + "."


def quoted(text: str) -> str:
    """A string literal of ClickHouse's SQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def insert_rows(
    client: Client,
    table: str,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    settings: dict[str, Any],
) -> None:
    """Insert a few rows, bytes not among their values; for those there is `insert_bytes`.

    The client's own insert asks about the table first, and imports pandas where it is
    installed, which takes longer than all of a small load.
    """
    lines = "\n".join(json.dumps(row, default=_written, ensure_ascii=False) for row in rows)
    _insert(client, table, names, f"JSONCompactEachRow\n{lines}", settings)


def insert_bytes(
    client: Client,
    table: str,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    settings: dict[str, Any],
) -> None:
    """Insert rows of texts, bytes of any kind, numbers and times, none of them missing.

    The last value of a row is no text: the client takes blanks from the end of what it sends.
    """
    lines = "\n".join("\t".join(map(_escaped, row)) for row in rows)
    _insert(client, table, names, f"TabSeparated\n{lines}", settings)


def _insert(
    client: Client, table: str, names: Sequence[str], written: str, settings: dict[str, Any]
) -> None:
    """Rows as text, after the name of its format."""
    client.command(f"INSERT INTO {table} ({', '.join(names)}) FORMAT {written}", settings=settings)


# What TabSeparated would take for the end of a value or of a row, and the escape itself.
_ESCAPES = ((b"\\", b"\\\\"), (b"\t", b"\\t"), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\0", b"\\0"))


def _escaped(value: object) -> str:
    """A value as TabSeparated has it; bytes that are no UTF-8 as \\xHH, which it reads."""
    text = value if isinstance(value, bytes) else _written(value).encode(errors="surrogatepass")
    for special, escaped in _ESCAPES:
        text = text.replace(special, escaped)
    return text.decode("utf-8", "backslashreplace")


def _written(value: object) -> str:
    """A value that JSON does not have, as the engine reads it."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value)
