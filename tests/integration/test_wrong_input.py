"""What users get wrong, or find broken, is said in a sentence with the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command import LOADER, Command
from tests.statements import lines, statement

IS_ROOT = os.geteuid() == 0


@contextmanager
def locked(path: Path, mode: int = 0) -> Iterator[None]:
    """A file or folder that nobody may read; for root, capabilities have to go as well."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def without_rights(command: Command, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as somebody whom locks keep out, also where the tests run as root."""
    drop = "-dac_override,-dac_read_search"
    prefix = ["setpriv", f"--bounding-set={drop}", f"--inh-caps={drop}"] if IS_ROOT else []
    return subprocess.run(
        [*prefix, LOADER, *arguments],
        capture_output=True,
        text=True,
        env=command.surroundings,
        cwd=command.folder,
        check=False,
    )


def is_one_sentence(done: subprocess.CompletedProcess[str], code: int, sentence: str) -> None:
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["validate", "locked.jsonl"], "Cannot read locked.jsonl: Permission denied."),
        (["ingest", "locked"], "Cannot look into the folder locked: Permission denied."),
        (["validate", "."], "Cannot look into the folder ./locked: Permission denied."),
        (["ingest", "locked/a.jsonl"], "locked/a.jsonl: Permission denied."),
        (["generate", "locked/out"], "locked/out: Permission denied."),
    ],
)
def test_a_file_or_folder_without_rights(
    alone: Command, arguments: list[str], sentence: str
) -> None:
    (alone.folder / "locked").mkdir()
    (alone.folder / "locked.jsonl").write_bytes(lines(statement(1)))
    with locked(alone.folder / "locked"), locked(alone.folder / "locked.jsonl"):
        is_one_sentence(without_rights(alone, *arguments), 1, sentence)


def test_a_folder_that_cannot_be_followed(alone: Command) -> None:
    (alone.folder / "locked").mkdir()
    with locked(alone.folder / "locked"):
        done = without_rights(alone, "ingest", "--follow", "locked")
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last == "Error: Cannot look into the folder locked: Permission denied."


@pytest.mark.parametrize("arguments", [["status"], ["ingest", "a.jsonl"], ["rejects", "list"]])
def test_a_warehouse_that_cannot_be_written_to(alone: Command, arguments: list[str]) -> None:
    (alone.folder / "a.jsonl").write_bytes(lines(statement(1)))
    assert alone("init").returncode == 0
    with locked(alone.folder / "warehouse", 0o500):
        done = without_rights(alone, *arguments)
        doctor = without_rights(alone, "doctor")
    is_one_sentence(
        done,
        1,
        f"The warehouse folder {alone.folder}/warehouse cannot be written to: Permission denied. "
        "Set WAREHOUSE_PATH to",
    )
    assert "failed   folder " in doctor.stdout
    assert (doctor.returncode, doctor.stderr) == (1, "")


def test_a_warehouse_whose_files_are_of_somebody_else(alone: Command) -> None:
    """As after a first load by root: nobody holds it, so nobody is blamed."""
    assert alone("init").returncode == 0
    (alone.folder / "warehouse" / "status").write_text("")
    (alone.folder / "warehouse" / "status").chmod(0)
    done = without_rights(alone, "status")
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "in use by" not in done.stderr


def test_doctor_says_that_the_folder_cannot_be_reached(alone: Command) -> None:
    inside = alone.folder / "locked" / "inside"
    inside.mkdir(parents=True)
    alone.environment["WAREHOUSE_PATH"] = str(inside / "warehouse")
    with locked(alone.folder / "locked"):
        done = without_rights(alone, "doctor", "--json")
    (check,) = (one for one in json.loads(done.stdout)["checks"] if one["name"] == "folder")
    assert (done.returncode, done.stderr, check["level"]) == (1, "", "failed")
    assert "Permission denied" in check["found"]


def test_a_file_in_the_place_of_the_warehouse(alone: Command) -> None:
    alone.environment["WAREHOUSE_PATH"] = "a.jsonl"
    (alone.folder / "a.jsonl").write_bytes(lines(statement(1)))
    is_one_sentence(
        alone("init"), 1, "The warehouse folder a.jsonl cannot be written to: File exists."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe=\n", "The file .env is not UTF-8 text: write it anew."),
        (b"A=1\nthis is no setting\n", "The file .env has a line that is not NAME=value: line 2."),
        (b"WAREHOUSE_TARGET=oops\n", "WAREHOUSE_TARGET: Input should be 'embedded', 'server' or"),
    ],
)
def test_a_broken_file_of_settings(alone: Command, content: bytes, sentence: str) -> None:
    (alone.folder / ".env").write_bytes(content)
    is_one_sentence(alone("status"), 2, sentence)


def test_what_people_write_into_a_file_of_settings_is_read(alone: Command) -> None:
    (alone.folder / ".env").write_text(
        "# where it is\n\nexport WAREHOUSE_PATH='there'  # quoted\nOTHER=\"a\nb\"\nEMPTY=\n"
    )
    alone.environment.clear()
    assert alone("init").stdout.startswith("Warehouse: embedded, folder there\n")


def test_a_machine_is_told_what_is_wrong(alone: Command) -> None:
    alone.environment |= {"WAREHOUSE_TARGET": "server", "CLICKHOUSE_HOST": "127.0.0.1"}
    for arguments in (["status"], ["ingest", "x"], ["rejects", "list"], ["init"]):
        done = alone(*arguments, "--json", variables={"CLICKHOUSE_PORT": "1"})
        assert done.stderr == f"Error: {json.loads(done.stdout)['error']}\n"


def test_a_pipe_that_is_closed_early(alone: Command) -> None:
    (alone.folder / "a.jsonl").write_bytes(b"{\n" * 5_000)
    alone("ingest", "--format", "lines", "a.jsonl")
    for arguments in ("rejects list --limit 5000", "rejects export", "ingest --help"):
        done = subprocess.run(
            ["bash", "-c", f"{LOADER} {arguments} | head -1"],
            capture_output=True,
            text=True,
            env=alone.surroundings,
            cwd=alone.folder,
            check=False,
        )
        assert (done.stdout.count("\n"), done.stderr) == (1, "")
