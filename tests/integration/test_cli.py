"""The `loader` command as its users meet it: what it prints, and its exit codes."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from loader.settings import Settings
from tests.command import LOADER, Command
from tests.server import started_server
from tests.statements import lines, statement
from tests.warehouse import environment
from tests.web import serving

GOOD = lines(*(statement(number) for number in range(1, 11)))
LARGE = lines(*(statement(n, result={"response": "x" * 9_000}) for n in range(1, 3_500)))
FAULTY = GOOD + lines(b"{broken", statement(3, result={"success": True}))


def counts_of(output: str) -> dict[str, int]:
    """The counts of `--json`, which is one line."""
    assert output.count("\n") == 1
    told: dict[str, Any] = json.loads(output)
    return {name: told[name] for name in ("lines", "landed", "duplicates", "conflicts", "rejected")}


def test_a_first_load_makes_the_warehouse_and_says_so(command: Command) -> None:
    (command.folder / "good.jsonl").write_bytes(GOOD)
    first = command("ingest", "good.jsonl")
    assert first.returncode == 0
    assert first.stderr.startswith("Made the warehouse's tables (")
    head, row, empty, total, after = first.stdout.splitlines()
    assert head.split() == [
        *("file", "lines", "landed", "duplicates", "conflicts", "rejected", "time")
    ]
    assert row.split()[:-2] == ["good.jsonl", "10", "10", "0", "0", "0"]
    assert not empty
    assert total.startswith("10 statements in ")
    assert after.startswith("Next: `dbt run`")
    again = command("ingest", "good.jsonl", "good.jsonl")
    assert (again.returncode, again.stderr) == (0, "")
    assert "total          20       0          20          0         0" in again.stdout


def test_rejects_and_conflicts_are_exit_code_3_and_shown(command: Command) -> None:
    (command.folder / "faulty.jsonl").write_bytes(FAULTY)
    done = command("ingest", "faulty.jsonl")
    assert done.returncode == 3
    assert "2 lines did not land; `loader rejects` lists, mends and retries them.\n" in done.stdout
    assert "  faulty.jsonl, line 11: invalid_json (key must be a string" in done.stdout
    conflict = "has landed before with other content"
    told = f"  faulty.jsonl, line 12: id_conflict (00000000-0000-0000-0000-000000000003 {conflict})"
    assert told in done.stdout
    assert "Traceback" not in done.stderr


def test_json_is_one_line_with_the_counts_of_every_file(command: Command) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (command.folder / name).write_bytes(FAULTY)
    done = command("ingest", "--json", "*.jsonl")
    assert done.returncode == 3
    expected = {"lines": 24, "landed": 10, "duplicates": 10, "conflicts": 2, "rejected": 2}
    assert counts_of(done.stdout) == expected
    told = json.loads(done.stdout)
    assert set(told) == {*expected, "untimed", "seconds", "files", "passed_over"}
    assert [one["file"] for one in told["files"]] == ["a.jsonl", "b.jsonl"]
    assert [one["landed"] for one in told["files"]] == [10, 0]
    assert all(set(one) == {*expected, "untimed", "seconds", "file"} for one in told["files"])


def test_a_file_of_several_chunks_lands_whole(command: Command) -> None:
    made = command("generate", "out", "--statements", "16000", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    assert (command.folder / "out/statements.jsonl").stat().st_size > 2 * 8 * 1024 * 1024
    done = command("ingest", "out", "--json")
    assert done.returncode == 0, done.stderr
    expected = {"lines": 16000, "landed": 16000, "duplicates": 0, "conflicts": 0, "rejected": 0}
    assert counts_of(done.stdout) == expected


def test_the_engine_is_not_left_while_it_is_asked(command: Command) -> None:
    """A file cannot be read while it is looked up whether the next one has landed before."""
    slow = """
from loader import cli
from loader.load_chunks import LoadChunks

usual = LoadChunks.history

def slow(self, source, first):
    self._query(f"SELECT sleep({2 if source.endswith('b.jsonl') else 0})")
    return usual(self, source, first)

LoadChunks.history = slow
cli.main()
"""
    broken = command.folder / "a.jsonl.gz"
    broken.write_bytes(gzip.compress(GOOD)[:-20])
    (command.folder / "b.jsonl").write_bytes(GOOD)
    program = (sys.executable, "-c", slow)
    done = Command(command.environment, command.folder, program)("ingest", "a.jsonl.gz", "b.jsonl")
    assert (done.returncode, done.stdout.count("b.jsonl")) == (1, 0), done.stderr
    assert done.stderr.splitlines()[-1].startswith("Error: Cannot read a.jsonl.gz further")


def test_a_file_that_cannot_be_read_ends_it_and_what_was_done_is_told(command: Command) -> None:
    (command.folder / "a.jsonl").write_bytes(GOOD)
    (command.folder / "b.jsonl.gz").write_bytes(gzip.compress(GOOD)[:-20])
    (command.folder / "c.jsonl").write_bytes(lines(statement(99)))
    done = command("ingest", "a.jsonl", "b.jsonl.gz", "c.jsonl")
    assert done.returncode == 1
    assert "a.jsonl     10      10" in done.stdout
    assert "c.jsonl" not in done.stdout
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Error: Cannot read b.jsonl.gz further: its compressed data is cut")
    assert "Traceback" not in done.stderr
    told = json.loads(command("ingest", "--json", "b.jsonl.gz").stdout)
    assert told["error"].startswith("Cannot read b.jsonl.gz further: ")


def test_a_file_on_a_web_server_and_no_secret_anywhere(alone: Command) -> None:
    with serving({"/good.jsonl.gz": gzip.compress(FAULTY)}) as web:
        address = web.address("/good.jsonl.gz?sig=s3cr3t", user="ana:s3cr3t")
        done = alone("ingest", address)
        missing = alone("--debug", "ingest", address.replace("good", "none"))
    assert (done.returncode, missing.returncode) == (3, 2)
    assert f"{web.address('/good.jsonl.gz')}     12      10" in done.stdout
    assert "Traceback" in missing.stderr
    assert missing.stderr.endswith(f"There is no file {web.address('/none.jsonl.gz')}.\n")
    kept = alone("status", "--json").stdout
    assert "s3cr3t" not in done.stdout + done.stderr + missing.stdout + missing.stderr + kept


def test_standard_input(command: Command) -> None:
    done = command("ingest", "-", "--json", stdin=GOOD)
    assert counts_of(done.stdout)["landed"] == 10
    assert json.loads(done.stdout)["files"][0]["file"] == "-"
    packed = command("ingest", "-", "--json", stdin=gzip.compress(GOOD))
    assert counts_of(packed.stdout)["duplicates"] == 10


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
    (alone.folder / "cut.jsonl.gz").write_bytes(gzip.compress(GOOD)[:-20])
    assert "Traceback" not in alone("ingest", "cut.jsonl.gz").stderr
    (alone.folder / "file").write_bytes(b"")
    path = str(alone.folder / "file" / "warehouse")
    done = alone("--debug", "init", variables={"WAREHOUSE_PATH": path})
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert f"\nError: The warehouse folder {path} cannot be written to: Not a dir" in done.stderr


def test_a_folder_in_use_is_said_with_its_holder(alone: Command) -> None:
    with holding(alone) as holder:
        done = alone("status")
        assert done.returncode == 1
        assert done.stderr.startswith(f"Error: The warehouse folder {alone.folder}/warehouse is in")
        assert f"in use by process {holder.pid} (" in done.stderr
        assert done.stderr.count("\n") == 1
        out, _ = holder.communicate(GOOD)
        assert (holder.returncode, b"10 statements in" in out) == (0, True)
    assert alone("status").returncode == 0


def test_ctrl_c_is_one_sentence_and_no_process_stays(alone: Command) -> None:
    with holding(alone, "--validation", "strict") as holder:
        assert holder.stdin
        holder.stdin.write(LARGE)  # three chunks: worker processes are at it when this returns
        os.killpg(holder.pid, signal.SIGINT)
        out, error = holder.communicate()
        assert holder.returncode == 130
        told = b"Stopped. What has landed stays; the same command again finds it and goes on."
        assert (out, error.strip()) == (b"", told)
        assert living(holder.pid) == []
    again = alone("ingest", "-", "--json", stdin=LARGE)
    assert again.returncode == 0
    assert counts_of(again.stdout)["lines"] == 3_499
    assert json.loads(alone("status", "--json").stdout)["statements"] == 3_499


def test_sigterm_leaves_no_process_and_no_files(alone: Command, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    alone.environment["TMPDIR"] = str(scratch)
    with holding(alone) as holder:
        os.killpg(holder.pid, signal.SIGTERM)
        assert holder.communicate() == (b"", b"")
        assert holder.returncode == 143
        assert living(holder.pid) == []
    assert list(scratch.iterdir()) == []


def holding(command: Command, *options: str) -> subprocess.Popen[bytes]:
    """A load that waits for standard input, with the warehouse open."""
    process = command.start("ingest", "-", *options)
    assert process.stderr
    assert process.stderr.readline().startswith(b"Made the warehouse's tables")
    return process


def living(session: int) -> list[str]:
    """The processes of a session that do not end: workers see by themselves that we have."""
    deadline = time.monotonic() + 20
    while (found := _listed(session)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _listed(session: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    return [line for line in listed.stdout.splitlines() if not line.startswith("Z")]


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


def test_a_server_that_goes_away_is_said(tmp_path: Path) -> None:
    impatient = (
        "from loader import cli, ingestion, patience; "
        "ingestion.ingest.__kwdefaults__['patience'] = patience.Patience(4, first_pause=0.05); "
        "cli.main()"
    )
    with started_server(tmp_path / "server") as (host, port):
        variables = {"WAREHOUSE_TARGET": "server", "CLICKHOUSE_HOST": host}
        variables["CLICKHOUSE_PORT"] = str(port)
        loading = holding(Command(variables, tmp_path, (sys.executable, "-c", impatient)))
        assert loading.stdin
        loading.stdin.write(LARGE)  # it reads from its pipe only once it is connected
    with loading:
        out, error = loading.communicate()
    assert (loading.returncode, out) == (1, b"")
    *waits, last = error.decode().splitlines()
    assert last.startswith(f"Error: ClickHouse at {host}:{port} does not answer any more.")
    assert waits
    assert all(wait.startswith("ClickHouse does not answer: waiting") for wait in waits)
