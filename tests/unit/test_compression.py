"""Compressed inputs and archives: whole, cut short, damaged, nested, or made to do harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loader.errors import LoaderError, UsageError
from loader.limits import Limits
from loader.reading import Reading, Source, open_input
from loader.reading.compression import Allowance, Unpacked
from tests.reading import Read, read_inputs, read_one

Packer = Callable[[bytes], bytes]
PACKERS: dict[str, Packer] = {
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
    "bzip2": partial(bz2.compress, compresslevel=1),
    "xz": lzma.compress,
}
EACH_PACKER = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
RANDOM = b"\n".join(os.urandom(20).hex().encode() for _ in range(20_000))


@EACH_PACKER
def test_several_frames_one_after_the_other(tmp_path: Path, pack: Packer) -> None:
    (tmp_path / "x").write_bytes(pack(b"one\n") + pack(b"") + pack(b"two\n"))
    assert read_one(tmp_path / "x").texts == [b"one", b"two"]


@pytest.mark.parametrize("before", [b"", zstandard.compress(b"one\n")])
def test_frames_of_zstd_without_content_are_passed_over(tmp_path: Path, before: bytes) -> None:
    skipped = b"\x5f\x2a\x4d\x18\x03\x00\x00\x00abc"
    (tmp_path / "x").write_bytes(before + skipped + zstandard.compress(b"two\n") + skipped)
    assert read_one(tmp_path / "x").texts == [*([b"one"] if before else []), b"two"]


@EACH_PACKER
def test_zeros_after_the_end_are_padding(tmp_path: Path, pack: Packer) -> None:
    (tmp_path / "x").write_bytes(pack(b"one\n") + bytes(2_000))
    assert read_one(tmp_path / "x").texts == [b"one"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=5_000), st.sampled_from(list(PACKERS.values())), st.integers(1, 700))
def test_what_was_packed_comes_out(content: bytes, pack: Packer, size: int) -> None:
    packed = pack(content)
    unpacked = Unpacked(packed, io.BytesIO(packed).read, Allowance("x", 500))
    assert b"".join(iter(lambda: unpacked.read(size), b"")) == content


@EACH_PACKER
@pytest.mark.parametrize("cut", [1, 50, 99])
def test_content_cut_short_is_said_and_what_came_before_it_is_read(
    tmp_path: Path, pack: Packer, cut: int
) -> None:
    packed = pack(RANDOM)
    (tmp_path / "x").write_bytes(packed[: len(packed) * cut // 100])
    read: list[bytes] = []
    with pytest.raises(LoaderError, match=r"^Cannot read x further: .* and load it again\.$"):
        read_into(read, tmp_path / "x")
    assert len(b"".join(read)) >= len(RANDOM) * (cut - 30) // 100
    assert RANDOM.startswith(b"".join(read))


def read_into(read: list[bytes], path: Path) -> None:
    with open_input(Source(path.name, path)) as opened:
        read.extend(chunk.data for chunk in opened.chunks())


@EACH_PACKER
@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[: len(packed) // 2] + b"\xff" * 99 + packed[len(packed) // 2 :],
        lambda packed: packed + b"and then something else",
        lambda packed: packed[:12],
        lambda packed: packed[:6] + b"nothing of the kind",
    ],
    ids=["in the middle", "something after it", "beginning alone", "beginning and others"],
)
def test_damage_is_said(tmp_path: Path, pack: Packer, damage: Packer) -> None:
    (tmp_path / "x").write_bytes(damage(pack(RANDOM)))
    with pytest.raises(LoaderError, match=r"^Cannot read .*x further: .* and load it again\.$"):
        read_one(tmp_path / "x")


@EACH_PACKER
def test_compressed_twice_is_refused(tmp_path: Path, pack: Packer) -> None:
    (tmp_path / "x").write_bytes(gzip.compress(pack(b"one\n")))
    with pytest.raises(LoaderError, match="x is compressed twice: unpack it once"):
        read_one(tmp_path / "x")


@EACH_PACKER
def test_a_bomb_is_stopped(tmp_path: Path, pack: Packer) -> None:
    (tmp_path / "x").write_bytes(pack(bytes(30_000_000)))
    with pytest.raises(LoaderError, match=r"x further: it unpacks to more than 500 bytes for each"):
        read_one(tmp_path / "x")
    with pytest.raises(LoaderError, match="set WAREHOUSE_MAX_EXPANSION higher"):
        read_one(tmp_path / "x", Reading(limits=Limits(expansion=20)))


def test_a_bomb_of_zstd_blocks_stays_small_in_memory() -> None:
    """Each 4 bytes say: the same byte 131,072 times."""
    block = struct.pack("<I", (131_072 << 3) | (1 << 1))[:3] + b"x"
    frame = b"\x28\xb5\x2f\xfd" + b"\x00\x58" + block * 100_000
    unpacked = Unpacked(frame, io.BytesIO(frame).read, Allowance("x", 500))
    with pytest.raises(LoaderError, match="unpacks to more than 500 bytes"):
        for _ in iter(lambda: unpacked.read(1024), b""):
            pass


def test_an_expansion_within_the_limit_is_read(tmp_path: Path) -> None:
    content = b"\n".join(b"nearly the same line %d" % number for number in range(100_000))
    (tmp_path / "x").write_bytes(gzip.compress(content))
    assert read_one(tmp_path / "x").size == len(content)
    with pytest.raises(LoaderError, match="more than 5 bytes"):
        read_one(tmp_path / "x", Reading(limits=Limits(expansion=5)))


FILES = {
    "a/part-1.jsonl": b"one\n",
    "part-2.json": b'[{"two": 2}]',
    "./part-3.jsonl.gz": gzip.compress(b"three\n"),
    "README.md": b"hello",
    "blocks.csv": b"org,name\nx,y\n",
    "events.csv": b'id,event\n1,"four"\n',
    ".hidden": b"x",
    "__MACOSX/part-1.jsonl.old": b"x",
    "empty.jsonl": b"",
}
EXPECTED = [
    ("a/part-1.jsonl", [b"one"]),
    ("part-2.json", [b'{"two": 2}']),
    ("part-3.jsonl.gz", [b"three"]),
    "README.md",
    "blocks.csv",
    ("events.csv", [b"four"]),
    ("empty.jsonl", []),
]


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/", b"")
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(files: dict[str, bytes], format_: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=format_) as archive:
        folder = tarfile.TarInfo("a")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        link = tarfile.TarInfo("link.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


ARCHIVES: dict[str, bytes] = {
    "zip": zipped(FILES),
    "tar": tarred(FILES),
    "tar of GNU": tarred(FILES, tarfile.GNU_FORMAT),
} | {f"tar, {kind}": pack(tarred(FILES)) for kind, pack in PACKERS.items()}


@pytest.mark.parametrize("archive", ARCHIVES)
def test_what_is_in_an_archive(tmp_path: Path, archive: str) -> None:
    path = tmp_path / "dump"
    path.write_bytes(ARCHIVES[archive])
    found = [
        (read.name.removeprefix(f"{path}/"), read.texts)
        if isinstance(read, Read)
        else read.removeprefix(f"{path}/")
        for read in read_inputs(path)
    ]
    assert found == EXPECTED


@pytest.mark.parametrize("archive", ["zip", "tar", "tar, gzip"])
def test_an_archive_from_standard_input(monkeypatch: pytest.MonkeyPatch, archive: str) -> None:
    class Stdin:
        buffer = Stream(ARCHIVES[archive])

    monkeypatch.setattr("sys.stdin", Stdin)
    first, *_ = read_inputs("-")
    assert isinstance(first, Read)
    assert (first.name, first.texts) == ("-/a/part-1.jsonl", [b"one"])


class Stream(io.BytesIO):
    """What cannot be read at any place but the next."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("a stream")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("part.zip", zipped({"a.jsonl": b"x"})),
        ("part.tar", tarred({"a.jsonl": b"x"})),
        ("part.tgz", gzip.compress(tarred({"a.jsonl": b"x"}))),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_within_an_archive_is_refused(
    tmp_path: Path, name: str, content: bytes, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    (tmp_path / "dump").write_bytes(pack({"first.jsonl": b"one\n", name: content}))
    with pytest.raises(LoaderError, match=rf"dump/{name} is an archive within an archive: unpack"):
        read_inputs(tmp_path / "dump")


def test_a_zip_that_is_compressed_again_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dump").write_bytes(gzip.compress(ARCHIVES["zip"]))
    with pytest.raises(LoaderError, match="dump is a compressed zip archive: unpack it once"):
        read_inputs(tmp_path / "dump")


@pytest.mark.parametrize("kind", ["zip", "tar", "tar, zstd"])
def test_an_archive_cut_short_is_said_wherever_it_is_cut(tmp_path: Path, kind: str) -> None:
    whole = ARCHIVES[kind]
    last = whole.rstrip(b"\0")  # the end of a tar is zeros
    for length in range(600, len(last), 97):
        (tmp_path / "dump").write_bytes(whole[:length])
        with pytest.raises(LoaderError, match=r"^Cannot read .*dump.* further: "):
            read_inputs(tmp_path / "dump")


def test_a_damaged_header_in_a_tar_is_said(tmp_path: Path) -> None:
    damaged = bytearray(ARCHIVES["tar"])
    damaged[damaged.index(b"part-2.json") + 140] ^= 255
    (tmp_path / "dump").write_bytes(damaged)
    with pytest.raises(LoaderError, match="the archive is cut short or damaged"):
        read_inputs(tmp_path / "dump")


@pytest.mark.parametrize(
    "kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK]
)
def test_a_header_in_a_tar_that_is_too_large_is_not_kept(tmp_path: Path, kind: bytes) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, 64 * 1024 * 1024
    with (tmp_path / "x.tar").open("wb") as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        file.truncate(header.size + 10 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(LoaderError, match=r"x.tar further: a header of 67,108,864 bytes"):
            read_inputs(tmp_path / "x.tar")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < header.size / 4


def test_a_damaged_file_in_a_zip_is_said(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.jsonl", b"one\n" * 100)
    (tmp_path / "dump.zip").write_bytes(made.getvalue().replace(b"one\none\n", b"one\ntwo\n", 1))
    with pytest.raises(LoaderError, match=r"Cannot read .*dump.zip/a.jsonl further: Bad CRC-32"):
        read_inputs(tmp_path / "dump.zip")


def test_a_zip_with_a_password_is_said(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.jsonl": b"one\n"}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "dump.zip").write_bytes(content)
    with pytest.raises(LoaderError, match=r"dump.zip/a.jsonl needs a password: unpack the arch"):
        read_inputs(tmp_path / "dump.zip")


@pytest.mark.parametrize("pack", [zipped, lambda files: gzip.compress(tarred(files))])
def test_a_bomb_in_an_archive_is_stopped(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    (tmp_path / "dump").write_bytes(pack({f"{n}.jsonl": bytes(9_000_000) for n in range(3)}))
    with pytest.raises(LoaderError, match="unpacks to more than 500 bytes for each of its own"):
        read_inputs(tmp_path / "dump")


def test_a_dump_of_a_table_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "dump.zip").write_bytes(zipped({"a.csv": b"id\n"}))
    with (
        pytest.raises(UsageError, match=r"dump\.zip is an archive: unpack it first"),
        open_input(Source("dump.zip", tmp_path / "dump.zip")),
    ):
        pass
