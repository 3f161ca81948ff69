"""The command line explains itself, at once."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_command

from loader.cli import app
from loader.schema import EVENT_SINKS

HEAVY = ("pydantic", "clickhouse_connect", "chdb", "rich", "concurrent.futures")


def commands_of(group: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every command that can be given, by its words."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        words = (*path, name)
        if hasattr(command, "commands"):
            found |= commands_of(command, words)
        found[" ".join(words)] = command
    return found


COMMANDS = commands_of(get_command(app))


def help_of(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from loader.cli import main; main()", *arguments, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_help_names_every_command_and_exit_code() -> None:
    shown = help_of()
    for command in COMMANDS:
        if " " not in command:
            assert f"\n  {command} " in shown
    assert "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but some lines were" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_and_every_option_a_text(name: str) -> None:
    command = COMMANDS[name]
    assert f"Examples:\n  loader {name}" in command.help.replace("WAREHOUSE_TARGET=x ", "")
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name} has no help"


def test_the_help_of_ingest_names_every_table_and_verdict() -> None:
    shown = " ".join(help_of("ingest").split())
    for word in (*EVENT_SINKS, "landed", "duplicate", "conflict", "rejected"):
        assert word in shown


def test_help_waits_for_nothing_heavy() -> None:
    code = f"import loader.cli, sys; print([one for one in {HEAVY!r} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
