"""Every command and option is documented, and every example can be given as it stands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_command

from loader.cli import app
from scripts.docs.commands import PAGE, commands, page
from tests.server import ROOT

HEAVY = ("clickhouse_connect", "chdb", "concurrent.futures")
ROOT_COMMAND: Any = get_command(app)
COMMANDS = dict(commands(ROOT_COMMAND))
EXAMPLE = re.compile(r"^ +((?:[A-Z_]+=\S+ )*|.*\| )loader (.+)$", re.MULTILINE)


def examples_of(written: str) -> list[str]:
    """The calls of the loader in a help text's examples, without what surrounds them."""
    after = written.partition("xamples:")[2]
    return [re.split(r" [|>] ", found.group(2))[0] for found in EXAMPLE.finditer(after)]


EXAMPLES = [example for command in COMMANDS.values() for example in examples_of(command.help or "")]


def parse(arguments: list[str]) -> str:
    """The command that these arguments call; raises if they cannot be given."""
    command, words = ROOT_COMMAND, ["loader"]
    context = command.make_context("loader", arguments)
    while hasattr(command, "commands"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        words.append(name)
        context = command.make_context(name, rest, parent=context)
    return " ".join(words[1:])


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m scripts.docs.commands`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_on_the_page(name: str) -> None:
    section = page().partition(f"\n## loader {name}\n")[2].partition("\n## ")[0]
    assert section
    for parameter in COMMANDS[name].params:
        for option in parameter.opts if parameter.param_type_name == "option" else ():
            assert option in section


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_of_itself(name: str) -> None:
    found = examples_of(COMMANDS[name].help or "")
    assert found
    assert any(example.startswith(name) for example in found)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_given(example: str) -> None:
    assert example.startswith(parse(shlex.split(example)))


def test_an_example_with_an_option_that_is_not_there_would_be_found() -> None:
    with pytest.raises(Exception, match="--jsno"):
        parse(["ingest", "--jsno", "x"])


def test_every_command_that_tells_something_tells_it_to_machines_too() -> None:
    groups = {name for name, command in COMMANDS.items() if hasattr(command, "commands")}
    without = {
        name
        for name, command in COMMANDS.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without - groups == {"completion"}


def completed(shell: str, written: str, **more: str) -> list[str]:
    """What a shell is offered for the last word."""
    asked = {
        "_LOADER_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": written,
        "COMP_CWORD": str(len(written.split(" ")) - 1),
        "_TYPER_COMPLETE_ARGS": written,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from loader.cli import main; main()"],
        capture_output=True,
        text=True,
        env=os.environ | asked | more,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_shells_are_offered_commands_options_and_values() -> None:
    assert completed("bash", "loader in") == ["init", "ingest"]
    assert completed("bash", "loader rejects re") == ["retry"]
    assert completed("bash", "loader ingest --validation ") == ["envelope", "strict"]
    (table,) = completed("fish", "loader ingest --ta")  # one line, however long its text is
    assert table.startswith("--table\tThe files are dumps of this table: course_overviews")
    assert '"--table"' in "".join(completed("zsh", "loader ingest --ta"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script(shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from loader.cli import main; main()", "completion", shell],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"_LOADER_COMPLETE=complete_{shell}" in done.stdout
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True)


def test_completion_waits_for_nothing_heavy() -> None:
    code = (
        "import sys\nfrom loader.cli import main\n"
        "try: main()\n"
        f"finally: print([one for one in {HEAVY!r} if one in sys.modules], file=sys.stdout)"
    )
    asked = {"_LOADER_COMPLETE": "complete_bash", "COMP_WORDS": "loader in", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | asked,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout.splitlines() == ["init", "ingest", "[]"]
