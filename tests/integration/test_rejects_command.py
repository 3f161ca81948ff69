"""`loader rejects` as its users meet it."""

from __future__ import annotations

import json

import pytest

from tests.command import Command
from tests.statements import lines, statement

BAD = b"{\x1b[31m"
FAULTY = lines(statement(1), statement(1, result={"success": True}), b'{"id": 1}', BAD)
NARROW = {"WAREHOUSE_MAX_NESTING": "10"}
DEEP = statement(7, context={"extensions": {"x:deep": [[[[[[[[[["deep"]]]]]]]]]]}})


def identifiers(command: Command) -> list[str]:
    told = json.loads(command("rejects", "list", "--json").stdout)
    return [one["id"] for one in told["rejects"]]


def test_from_the_list_to_the_last_one(command: Command) -> None:
    (command.folder / "a.jsonl").write_bytes(FAULTY)
    assert command("ingest", "a.jsonl").returncode == 3

    listed = command("rejects", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    head, *rows = listed.stdout.splitlines()
    assert head.split()[:3] == ["reason", "lines", "sources"]
    assert [row.split()[:3] for row in rows[:3]] == [
        ["id_conflict", "1", "1"],
        ["invalid_id", "1", "1"],
        ["invalid_json", "1", "1"],
    ]
    conflict, actor, broken = identifiers(command)
    assert f"  {actor[:8]}  a.jsonl, line 3: invalid_id (id: not a UUID)\n" in listed.stdout
    assert listed.stdout.splitlines()[-1].startswith("Next: `loader rejects show ID`")

    shown = command("rejects", "show", broken[:8])
    assert "Where       a.jsonl, line 4, byte " in shown.stdout
    assert "Its text, 6 bytes:\n{\\x1b[31m\n" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert command("rejects", "show", "--raw", broken).stdout.encode() == BAD
    shown = command("rejects", "show", conflict)
    assert "Differs in  result\n" in shown.stdout
    told = json.loads(command("rejects", "show", conflict, "--json").stdout)
    assert told["landed_first"]["differs_in"] == ["result"]

    nothing = command("rejects", "retry")
    assert nothing.returncode == 3
    assert nothing.stdout.startswith("3 lines tried again: 0 are resolved, 3 still cannot land.\n")

    written = command("rejects", "export", "-o", "mend.jsonl", actor, broken)
    assert written.stdout.splitlines() == [
        "2 lines written to mend.jsonl.",
        "Next: mend them there, then `loader rejects retry --fixed mend.jsonl`.",
    ]
    (command.folder / "mend.jsonl").write_bytes(lines(statement(3), b"{"))
    mended = command("rejects", "retry", "--fixed", "mend.jsonl")
    assert mended.returncode == 3
    assert mended.stdout.startswith("1 mended line is in the warehouse.\n1 statement landed.\n")
    assert "  mend.jsonl, line 2: invalid_json (" in mended.stdout
    (command.folder / "mend.jsonl").write_bytes(lines(b"", statement(4)))
    mended = command("rejects", "retry", "--fixed", "mend.jsonl", "--json")
    assert mended.returncode == 0
    assert json.loads(mended.stdout)["replaced"] == 1

    dismissed = command("rejects", "dismiss", "--reason", "id_conflict", "--yes")
    assert dismissed.stdout == "1 line dismissed.\n"
    assert command("rejects", "list").stdout.startswith("No line: everything has landed")
    assert json.loads(command("rejects", "list", "--all", "--json").stdout)["lines"] == 3
    status = json.loads(command("status", "--json").stdout)
    assert (status["rejects"], status["landed"], status["rejected"]) == ({}, 3, 2)


def test_a_retry_with_other_limits(alone: Command) -> None:
    (alone.folder / "a.jsonl").write_bytes(lines(DEEP))
    assert alone("ingest", "a.jsonl", variables=NARROW).returncode == 3
    planned = alone("rejects", "retry", "--dry-run")
    assert planned.stdout.splitlines()[:2] == [
        "1 line tried again: 1 would be resolved, 0 still cannot land.",
        "1 statement would land.",
    ]
    done = alone("rejects", "retry", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["landed"], told["remaining"]) == (0, 1, {})
    after = alone("rejects", "retry")
    assert after.stdout == "There is nothing to try: no such line is unresolved.\n"


def test_the_lines_on_standard_output_alone(alone: Command) -> None:
    (alone.folder / "a.jsonl").write_bytes(FAULTY)
    alone("ingest", "a.jsonl")
    done = alone("rejects", "export", "--reason", "invalid_json")
    assert (done.stdout.encode(), done.stderr) == (BAD + b"\n", "1 line written.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["list", "--reason", "odd"], 2, "There is no reason odd: --reason is one of too_large"),
        (["list", "--load", "7"], 2, "--load takes the UUID of a load, not 7."),
        (["list", "--since", "soon"], 2, "--since takes a date or a time as 2026-10-31 or"),
        (["show", "xyz"], 2, "xyz is no id of a rejected line: these are 4 to 16 hexadecimal"),
        (["show", "00000000"], 1, "No rejected line has the id 00000000: `loader rejects list`"),
        (["retry", "--fixed", "none"], 2, "There is no file none."),
        (["retry", "--fixed", "none", "00000000"], 2, "--fixed says itself which lines are me"),
        (["export", "--json"], 2, "--json and the lines cannot both go to standard output"),
        (["export", "-o", "none/x"], 1, "Cannot write none/x: No such file or directory."),
        (["dismiss"], 2, "Nobody is there to be asked: say --yes, or `loader rejects list` first"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    alone: Command, arguments: list[str], code: int, sentence: str
) -> None:
    alone("init")
    done = alone("rejects", *arguments)
    assert done.returncode == code
    assert (json.loads(done.stdout)["error"] if "--json" in arguments else done.stdout) in (
        "",
        done.stderr.removeprefix("Error: ").rstrip("\n"),
    )
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1
