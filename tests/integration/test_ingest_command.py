"""`loader ingest` as its users meet it: what it prints of a load, and its exit codes."""

from __future__ import annotations

import gzip
import json
import sys

from tests.command import Command, counts_of
from tests.statements import lines, statement
from tests.web import serving

GOOD = lines(*(statement(number) for number in range(1, 11)))
FAULTY = GOOD + lines(b"{broken", statement(3, result={"success": True}))


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
