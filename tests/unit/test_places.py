"""Files elsewhere, on a real web server and in fsspec's own memory; and no secret is told."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import fsspec
import pyarrow
import pytest
from pyarrow import parquet

import loader.reading.inputs
from loader.errors import InputError, LoaderError, UsageError
from loader.reading import find_sources
from loader.secrets import without_secrets
from tests.reading import Read, read_inputs, read_one
from tests.statements import lines, statement, text
from tests.web import Web, serving

ONE, TWO = text(statement(1)), text(statement(2))
MANY = lines(*(statement(number) for number in range(500)))


@pytest.fixture
def web() -> Iterator[Web]:
    with serving({"/x/a.jsonl": MANY, "/x/b.jsonl.gz": gzip.compress(MANY)}) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    """The files in `memory://`, for a test."""
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


@pytest.mark.parametrize("path", ["/x/a.jsonl", "/x/b.jsonl.gz"])
def test_a_file_on_a_web_server(web: Web, path: str) -> None:
    read = read_one(web.address(path))
    assert read.name == web.address(path)
    assert read.texts == MANY.splitlines()


def test_what_cannot_be_read_from_anywhere_but_its_start_is_read_too(web: Web) -> None:
    table, archive = io.BytesIO(), io.BytesIO()
    parquet.write_table(pyarrow.table({"event": [ONE, TWO]}), table)
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("x.jsonl", ONE)
    web.files |= {"/t": table.getvalue(), "/z": archive.getvalue()}
    assert read_one(web.address("/t")).texts == [ONE, TWO]
    assert read_one(web.address("/z")).name == web.address("/z/x.jsonl")


@pytest.mark.parametrize("path", ["/x/a.jsonl", "/x/b.jsonl.gz"])
def test_a_connection_that_breaks_off_is_said(web: Web, path: str) -> None:
    web.cut.add(path)
    with pytest.raises(
        LoaderError, match=rf"^Cannot read http://127[^ ]*{path} further: .*payload"
    ):
        read_one(web.address(path))


SECRET = "s3cr3t"  # noqa: S105
SIGNED = f"?X-Amz-Credential={SECRET}&X-Amz-Signature={SECRET}#{SECRET}"


def test_secrets_are_used_and_not_told(web: Web) -> None:
    read = read_one(web.address(f"/x/a.jsonl{SIGNED}", user=f"ana:{SECRET}@x"))
    assert read.name == web.address("/x/a.jsonl")
    _, path, authorization = web.requests[-1]
    assert path == f"/x/a.jsonl{SIGNED.partition('#')[0]}"
    assert authorization.startswith("Basic ")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/missing", "There is no file http://127"),
        ("/forbidden", "http://127[^ ]*/forbidden may not be read: check the credentials"),
        ("/broken", "Cannot read http://127[^ ]*/broken: the server answered 503"),
        ("/cut", "Cannot read http://127.* further"),
    ],
)
def test_no_error_tells_a_secret(web: Web, path: str, says: str) -> None:
    web.files |= {"/forbidden": MANY, "/cut": MANY}
    web.cut.add("/cut")
    web.refused |= {"/forbidden": 403, "/broken": 503}
    address = web.address(path + SIGNED, user=f"ana:{SECRET}")
    with pytest.raises(LoaderError, match=says) as raised:
        read_one(address)
    assert SECRET not in str(raised.value)
    for source in find_sources([address]):
        assert SECRET not in repr(source)


def test_a_server_that_is_not_there(web: Web) -> None:
    web.port = 1
    with pytest.raises(
        InputError, match=r"Cannot read http://127\.0\.0\.1:1/x: .*onnect"
    ) as raised:
        read_one(web.address("/x?" + SECRET))
    assert SECRET not in str(raised.value)


def test_a_scheme_in_capitals_is_the_same(web: Web) -> None:
    assert read_one(web.address("/x/a.jsonl").replace("http", "HTTP")).texts == MANY.splitlines()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("at https://ana:pw@host/p?sig=x#y now", "at https://host/p now"),
        ("URL('https://h/p?token=a%20b')", "URL('https://h/p')"),
        ("sftp://ana:p@w@host/x", "sftp://host/x"),
        ("is this a dump? What has landed stays.",) * 2,
        ("mailto:ana@example.org",) * 2,
        ("s3://bucket/a@b/c",) * 2,
    ],
)
def test_addresses_without_secrets(given: str, told: str) -> None:
    assert without_secrets(given) == told


def test_a_folder_a_glob_and_a_file_of_an_object_store(memory: fsspec.AbstractFileSystem) -> None:
    files = {
        "/b/2026-01/a.jsonl": ONE,
        "/b/2026-02/b.jsonl.gz": gzip.compress(TWO),
        "/b/2026-02/README.md": b"hello",
        "/b/blocks.csv": b"org,name\nx,y\n",
    }
    for path, content in files.items():
        memory.pipe_file(path, content)
    assert [source.size for source in find_sources(["memory://b/2026-01/a.jsonl"])] == [len(ONE)]
    assert names("memory://b/2026-01/a.jsonl") == ["memory://b/2026-01/a.jsonl"]
    assert names("memory://b/2026-*/*.jsonl*") == [
        "memory://b/2026-01/a.jsonl",
        "memory://b/2026-02/b.jsonl.gz",
    ]
    read = read_inputs("memory://b")
    assert [one.texts if isinstance(one, Read) else one for one in read] == [
        [ONE],
        [TWO],
        "memory://b/blocks.csv",
    ]


def names(address: str) -> list[str]:
    return [source.name for source in find_sources([address])]


def test_chunks_are_the_same_wherever_a_file_is(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", 1000)
    memory.pipe_file("/b/a.jsonl", MANY)
    assert read_one("memory://b/a.jsonl").texts == MANY.splitlines()


def test_an_archive_elsewhere_is_read_where_it_is(memory: fsspec.AbstractFileSystem) -> None:
    with zipfile.ZipFile(memory.open("/b/dump.zip", "wb"), "w") as archive:
        archive.writestr("x.jsonl", ONE)
    read = read_one("memory://b/dump.zip")
    assert (read.name, read.texts) == ("memory://b/dump.zip/x.jsonl", [ONE])


def test_addresses_that_name_nothing(memory: fsspec.AbstractFileSystem) -> None:
    for address in ("memory://b/none.jsonl", "memory://b/*.jsonl"):
        with pytest.raises(UsageError, match=r"There is no file memory://b/"):
            find_sources([address])
    memory.pipe_file("/b/README.md", b"hello")
    with pytest.raises(UsageError, match="The folder memory://b holds no statements"):
        find_sources(["memory://b"])
    with pytest.raises(UsageError, match="memory://b is a folder: name the files of the table tag"):
        find_sources(["memory://b"], table="tag")
    with pytest.raises(UsageError, match=r"gopher:// is no place that can be read: use one of az"):
        find_sources(["gopher://x/y"])


@pytest.mark.parametrize(
    ("address", "extra"),
    [
        ("s3://b/x.jsonl", "s3"),
        ("gs://b/x.jsonl", "gs"),
        ("az://b/x.jsonl", "az"),
        ("swift://h/a/c/x.jsonl", "swift"),
        ("sftp://ana:s3cr3t@h/x.jsonl", "sftp"),
        ("https://h/x.jsonl", "http"),
    ],
)
def test_a_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str, extra: str
) -> None:
    for package in ("s3fs", "gcsfs", "adlfs", "swiftspec", "sshfs", "aiohttp"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match=rf"more package: pip install 'xapi-warehouse\[{extra}\]'"):
        find_sources([address])


@pytest.mark.parametrize("debug", [[], ["--debug"]])
def test_what_packages_log_of_a_failure_is_for_debugging(debug: list[str]) -> None:
    program = """
import logging, sys
import loader.reading.sources
from loader.cli import main

def find_places(address):
    try:
        raise OSError("no such host")
    except OSError as error:
        logging.getLogger("gcsfs").exception("out of retries")
        raise

loader.reading.sources.find_places = find_places
main()
"""
    command = [sys.executable, "-c", program, *debug, "validate", "gs://bucket/x.jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    logged, _, told = done.stderr.rpartition("Error: ")
    assert told == "no such host.\n"
    assert ("out of retries" in logged) if debug else not logged
