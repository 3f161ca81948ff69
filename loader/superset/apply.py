"""Bring a server to what a bundle says: what is missing, changed, or there no longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from loader.errors import LoaderError, UsageError
from loader.superset.bundle import KINDS, Asset, Bundle, read_archive
from loader.superset.compare import changes
from loader.superset.identity import OURS
from loader.superset.server import Superset

# In the order in which they can be removed: what stands on others first.
RESOURCES = {"dashboards": "dashboard", "charts": "chart", "datasets": "dataset"}
_TITLES = ("dashboard_title", "slice_name", "table_name", "database_name")


@dataclass(frozen=True)
class Difference:
    """An asset that a server has not as the bundle has it."""

    kind: str
    name: str
    uuid: str
    what: str  # "missing", "changed" or "left over"
    changes: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What was done: assets imported and removed, and left-overs that others still use."""

    differences: list[Difference]
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def imported(self) -> list[Difference]:
        """What the server had not, or not so."""
        return [one for one in self.differences if one.what != "left over"]


def at(bundle: Bundle, database_uri: str) -> Bundle:
    """The bundle with the address of the warehouse, whose password is left out.

    Raises UsageError for what is no address of a ClickHouse.
    """
    parts = urlsplit(database_uri)
    if parts.scheme not in ("clickhousedb", "clickhousedb+connect") or not parts.hostname:
        raise UsageError(
            "The address of the warehouse (--database, SUPERSET_DATABASE_URI) is not understood: "
            "write clickhousedb://user:password@host:8123/reporting."
        )
    host = parts.netloc.rpartition("@")[2]
    user = parts.username or "default"
    secret = ":XXXXXXXXXX" if parts.password else ""
    address = urlunsplit(parts._replace(netloc=f"{user}{secret}@{host}"))
    files = {
        path: content | {"sqlalchemy_uri": address} if path.startswith("databases/") else content
        for path, content in bundle.files.items()
    }
    return Bundle(files)


def differences(bundle: Bundle, server: Superset) -> list[Difference]:
    """All that `apply` would change, in the order of KINDS."""
    there = on_server(server)
    found = []
    for kind in KINDS:
        wanted, existing = bundle.by_uuid(kind), there.by_uuid(kind)
        for uuid, asset in wanted.items():
            if uuid not in existing:
                found.append(Difference(kind, title(asset), uuid, "missing"))
                continue
            different = tuple(changes(asset, existing[uuid])) + _address(asset, existing[uuid])
            if different:
                found.append(Difference(kind, title(asset), uuid, "changed", different))
        found += [
            Difference(kind, title(existing[uuid]), uuid, "left over")
            for uuid in existing.keys() - wanted.keys()
            if kind != "databases"
        ]
    return found


def _address(wanted: Asset, found: Asset) -> tuple[str, ...]:
    """Where the warehouse is, apart from the password, which no server shows."""
    if "sqlalchemy_uri" not in wanted:
        return ()
    places = [_without_password(one["sqlalchemy_uri"]) for one in (wanted, found)]
    return () if places[0] == places[1] else (f"address: {places[1]} instead of {places[0]}",)


def _without_password(uri: str) -> str:
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{parts.username or ''}@{host}{parts.path}?{parts.query}"


def title(asset: Asset) -> str:
    """What people call an asset."""
    return str(next(asset[name] for name in _TITLES if name in asset))


def on_server(server: Superset) -> Bundle:
    """What the server has of ours. An export of dashboards has their charts and datasets too."""
    files: dict[str, Asset] = {}
    for resource in RESOURCES.values():
        exported = {content.get("uuid") for content in files.values()}
        rows = _ours(server, resource)
        ids = [number for uuid, number in rows.items() if uuid not in exported]
        if ids:
            files |= {
                path: content
                for path, content in read_archive(server.export(resource, ids)).files.items()
                if str(content.get("uuid", "")).startswith(OURS)
            }
    return Bundle(files)


def _ours(server: Superset, resource: str) -> dict[str, int]:
    """The ids of a resource that we have made, by their UUIDs."""
    rows = server.list(resource, ("id", "uuid"))
    return {row["uuid"]: row["id"] for row in rows if str(row["uuid"]).startswith(OURS)}


def apply(bundle: Bundle, server: Superset, password: str = "") -> Outcome:
    """Import what is missing or changed, remove what is left over, read everything back.

    `password` is that of the database, which is sent beside the bundle and never in it. Raises
    LoaderError when the server refuses, or has something else than was sent.
    """
    found = differences(bundle, server)
    outcome = Outcome(found)
    if outcome.imported:
        passwords = {path: password for path, _content in bundle.of("databases") if password}
        server.import_assets(bundle.archive(), passwords)
    for kind, resource in RESOURCES.items():
        left_over = [one for one in found if one.kind == kind and one.what == "left over"]
        ids = _ours(server, resource) if left_over else {}
        for one in left_over:
            users = _others(server, resource, ids[one.uuid])
            if users:
                outcome.kept.append(f"{resource} {one.name}, used by {', '.join(users)}")
            else:
                server.delete(f"{resource}/{ids[one.uuid]}")
                outcome.removed.append(f"{resource} {one.name}")
    _read_back(bundle, server)
    return outcome


def _others(server: Superset, resource: str, number: int) -> list[str]:
    """Who else stands on a dataset or chart, now that what is ours no longer does."""
    if resource == "dataset":
        related = server.get(f"dataset/{number}/related_objects")
        return [f"chart {one['slice_name']}" for one in related["charts"]["result"]]
    if resource == "chart":
        row: dict[str, Any] = server.get(f"chart/{number}")["result"]
        return [f"dashboard {one['dashboard_title']}" for one in row.get("dashboards", [])]
    return []


def _read_back(bundle: Bundle, server: Superset) -> None:
    wrong = [one for one in differences(bundle, server) if one.what != "left over"]
    if wrong:
        first = wrong[0]
        detail = first.changes[0] if first.changes else first.what
        raise LoaderError(
            f"Superset has taken the bundle, but not as it is: {first.kind} {first.name}, {detail}"
            f" ({len(wrong)} assets in all). Is it Superset 6?"
        )


def lines(found: list[Difference]) -> Iterator[str]:
    """Differences in words, one a line, with the first changes of each."""
    for one in found:
        yield f"{one.what:9}  {one.kind.rstrip('s'):9}  {one.name}"
        yield from (f"           {change}" for change in one.changes[:5])
        if len(one.changes) > 5:
            yield f"           … and {len(one.changes) - 5} more"
