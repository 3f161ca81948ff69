"""The `loader` command as its users meet it: what it says, and its exit codes."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess

import pytest

from loader.settings import Settings
from tests.command import LOADER, Command, counts_of
from tests.statements import lines, statement
from tests.warehouse import environment

CUT = gzip.compress(lines(*(statement(number) for number in range(1, 11))))[:-20]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["ingest", "missing.jsonl"], "There is no file missing.jsonl."),
        (["ingest", "*.none"], "There is no file *.none."),
        (["ingest", "folder"], "The folder folder holds no statements (.jsonl, .ndjson, .json, .c"),
        (["ingest", "t.csv"], "t.csv is not statements but a table: `loader ingest --table"),
        (["ingest", "--table", "x", "t.csv"], "There is no table x: --table is one of course_o"),
        (["ingest", "--table", "tag", "folder"], "folder is a folder: name the files of the tab"),
        (["generate", "o", "--until", "soon"], "--until takes a date as 2026-10-31, or today, no"),
        (["generate", "o", "--days", "1", "--learners", "1"], "1 learners cannot make 10000"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_a_sentence(
    alone: Command, arguments: list[str], sentence: str
) -> None:
    (alone.folder / "folder").mkdir()
    (alone.folder / "t.csv").write_text("id\n")
    done = alone(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["ingest"], ["load"], ["ingest", "--jsn", "x"], ["generate", "o", "--late", "1.5"]],
)
def test_what_the_command_does_not_know_is_exit_code_2(
    alone: Command, arguments: list[str]
) -> None:
    done = alone(*arguments)
    assert done.returncode == 2
    assert "Usage: loader" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "code", "sentence"),
    [
        ({"WAREHOUSE_TARGET": "oracle"}, 2, "WAREHOUSE_TARGET: Input should be 'embedded', 'se"),
        ({"WAREHOUSE_TARGET": "cluster"}, 2, "CLICKHOUSE_CLUSTER: the cluster target needs the"),
        ({"CLICKHOUSE_PORT": "http"}, 2, "CLICKHOUSE_PORT: Input should be a valid integer"),
        (
            {"WAREHOUSE_PATH": "/dev/null/x"},
            1,
            "The warehouse folder /dev/null/x cannot be written",
        ),
    ],
)
def test_a_setting_that_makes_no_sense(
    alone: Command, variables: dict[str, str], code: int, sentence: str
) -> None:
    done = alone("status", variables=variables)
    assert done.returncode == code
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1


def test_no_server_answers(alone: Command) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = str(unused.getsockname()[1])
        where = {"WAREHOUSE_TARGET": "server", "CLICKHOUSE_HOST": "127.0.0.1"}
        done = alone("status", variables=where | {"CLICKHOUSE_PORT": port})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: No ClickHouse server answers at 127.0.0.1:{port}: check")
    assert done.stderr.count("\n") == 1


def test_the_server_refuses_the_user(alone: Command, server: Settings) -> None:
    done = alone("init", variables=environment(server) | {"CLICKHOUSE_USER": "stranger"})
    assert done.returncode == 1
    assert "refuses user 'stranger': check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD." in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_stack_trace_with_debug_only(alone: Command) -> None:
    (alone.folder / "cut.jsonl.gz").write_bytes(CUT)
    assert "Traceback" not in alone("ingest", "cut.jsonl.gz").stderr
    (alone.folder / "file").write_bytes(b"")
    path = str(alone.folder / "file" / "warehouse")
    done = alone("--debug", "init", variables={"WAREHOUSE_PATH": path})
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert f"\nError: The warehouse folder {path} cannot be written to: Not a dir" in done.stderr


def test_a_closed_pipe_is_no_reason_to_complain(alone: Command) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [LOADER, "status"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=alone.surroundings,
        cwd=alone.folder,
        check=False,
    )
    os.close(write_end)
    assert done.stderr == b""


def test_generate_says_what_it_wrote_and_what_comes_next(alone: Command) -> None:
    options = ["--statements", "500", "--malformed", "0.1", "--compress", "zstd"]
    done = alone("generate", "out", *options, "--until", "today")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"among them: \d+ malformed\n", done.stdout)
    assert "  loader ingest out/statements.jsonl.zst\n" in done.stdout
    assert "  loader ingest --table course_blocks out/course_blocks.csv\n" in done.stdout
    told = json.loads(alone("generate", "out", *options, "--json").stdout)
    assert (told["statements"], told["lines"]) == (500, 500 + told["malformed"])
    assert told["malformed"] > 0
    assert "out/statements.jsonl.zst" in told["files"]
    load = alone("ingest", "out", "--json")
    assert load.returncode == 3
    assert counts_of(load.stdout)["landed"] == 500
