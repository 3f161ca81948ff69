"""Files elsewhere: object stores, web servers and SFTP, through fsspec.

Each kind of place needs a package of its own, which an extra of this one brings:
`pip install 'xapi-warehouse[s3]'`. Credentials are found by these packages, in the
environment or in their usual files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

from loader.errors import InputError, LoaderError, UsageError
from loader.secrets import without_secrets

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_GLOB = re.compile(r"[*?\[]")
_WEB = ("http", "https")
_SHELL = ("sftp", "ssh")

# Object stores whose paths begin with the bucket: there, it stands where others have a host.
_BUCKETS = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory")
# The extra that brings what reads a kind of place.
_EXTRAS = {
    "s3": "s3",
    "s3a": "s3",
    "gs": "gs",
    "gcs": "gs",
    "az": "az",
    "abfs": "az",
    "abfss": "az",
    "http": "http",
    "https": "http",
    "swift": "swift",
    "sftp": "sftp",
    "ssh": "sftp",
}

_AS_A_STREAM = {"block_size": 0}
_IN_BLOCKS = {"block_size": 8 * 1024 * 1024, "cache_type": "readahead"}
_MAY_NOT = (401, 403)
_GONE = (404, 410)
_SILENCE = 60  # seconds that a web server may say nothing


@dataclass(frozen=True)
class Place:
    """A file elsewhere, and how to get at it."""

    name: str  # its address, without secrets
    size: int | None
    is_stream: bool  # whether it can be read from its beginning to its end only
    _filesystem: AbstractFileSystem = field(repr=False)
    _path: str = field(repr=False)
    _options: Mapping[str, Any] = field(repr=False)

    def open(self) -> IO[bytes]:
        """Open it for reading. Raises LoaderError if that is not possible."""
        with remote_errors(self.name):
            return cast("IO[bytes]", self._filesystem.open(self._path, "rb", **self._options))


def is_remote(argument: str) -> bool:
    """Whether an argument is an address, as s3://bucket/folder/, and no path."""
    return _ADDRESS.match(argument) is not None


def find_places(address: str) -> tuple[list[Place], bool]:
    """The files that an address names, and whether it is a folder, of which they are all.

    Folders and globs can be told from files everywhere but on web servers. Raises
    UsageError when there is nothing, or a package is missing, and LoaderError when the
    place cannot be asked.
    """
    scheme = address.partition("://")[0].lower()
    shown = without_secrets(address) if scheme in _WEB else _USER.sub("", address)
    with remote_errors(shown):
        filesystem, path = _connected(scheme, address)
        if scheme in _WEB:
            return [Place(shown, None, True, filesystem, path, _AS_A_STREAM)], False
        options = {} if scheme in _SHELL else _IN_BLOCKS
        if _GLOB.search(path):
            found, is_folder = filesystem.glob(path, detail=True), False
        elif address.endswith("/") or filesystem.isdir(path):
            found, is_folder = filesystem.find(path, detail=True), True
        else:
            found, is_folder = {path: filesystem.info(path)}, False
        places = [
            Place(_name(scheme, shown, one), info.get("size"), False, filesystem, one, options)
            for one, info in sorted(found.items())
            if info.get("type") != "directory"
        ]
    if not places:
        raise UsageError(f"There is no file {shown}.")
    return places, is_folder


_USER = re.compile(r"(?<=://)[^/]*@")


def _connected(scheme: str, address: str) -> tuple[AbstractFileSystem, str]:
    options: dict[str, Any] = {}
    try:
        from fsspec.core import url_to_fs

        if scheme in _WEB:
            from aiohttp import ClientTimeout

            silence = ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE)
            options["client_kwargs"] = {"timeout": silence, "trust_env": True}
        if scheme in _SHELL:
            import sshfs  # noqa: F401  # which replaces another implementation

            options["known_hosts"] = ()  # those of the user, instead of anyone's
        address = f"{scheme}://{address.partition('://')[2]}"  # which may be in capitals
        return cast("tuple[AbstractFileSystem, str]", url_to_fs(address, **options))
    except ImportError:
        raise _not_installed(scheme) from None
    except ValueError as error:
        if "Protocol not known" not in str(error):
            raise
        raise _not_installed(scheme) from None


def _not_installed(scheme: str) -> UsageError:
    if scheme not in _EXTRAS:
        known = ", ".join(sorted(set(_EXTRAS.values())))
        return UsageError(f"{scheme}:// is no place that can be read: use one of {known}.")
    extra = _EXTRAS[scheme]
    return UsageError(f"{scheme}:// needs one more package: pip install 'xapi-warehouse[{extra}]'.")


def _name(scheme: str, shown: str, path: str) -> str:
    if _ADDRESS.match(path):
        return path
    host = "" if scheme in _BUCKETS else shown.partition("://")[2].partition("/")[0] + "/"
    return f"{scheme}://{host}{path.lstrip('/')}"


@contextmanager
def remote_errors(name: str) -> Iterator[None]:
    """What the packages of the places raise, as sentences without secrets."""
    try:
        yield
    except LoaderError:
        raise
    except Exception as error:
        # Of web servers, fsspec says that there is no file, whatever went wrong.
        cause = error.__cause__ if isinstance(error, FileNotFoundError) else None
        status = getattr(cause, "status", None)
        if isinstance(error, PermissionError) or status in _MAY_NOT:
            raise InputError(f"{name} may not be read: check the credentials.") from error
        if isinstance(error, FileNotFoundError) and (cause is None or status in _GONE):
            raise UsageError(f"There is no file {name}.") from error
        said = f"the server answered {status}" if status else str(cause or error)
        what = without_secrets(said).strip().rstrip(".") or type(error).__name__
        raise InputError(f"Cannot read {name}: {what}.") from error
