"""The page of every command and option, made of the help that the commands print themselves.

`python -m scripts.docs.commands` writes docs/commands.md; a test says when it is out of step.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from loader.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"

_HEAD = """\
# Every command and option

What `loader COMMAND --help` prints, on one page. Each command has `--help`, or `-h`, and ends with
one of the [exit codes](#loader) below. With `--json` it prints one object on one line, which is
`{"error": …}` when it fails. `loader --debug COMMAND …` shows the stack trace of an error.
"""


def page() -> str:
    """The whole page, as Markdown."""
    root = get_command(app)
    sections = [_section("loader", root)]
    sections += [_section(f"loader {name}", command) for name, command in commands(root)]
    return "\n".join([_HEAD, *sections])


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command, those of groups after their group, with the words that call it."""
    for name, command in group.commands.items():
        words = (*path, name)
        yield " ".join(words), command
        if hasattr(command, "commands"):
            yield from commands(command, words)


def _section(name: str, command: Any) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    parts = [f"## {name}", f"```text\n{usage}\n```", *_paragraphs(command.help)]
    records = [one.get_help_record(context) for one in command.params]
    rows = [f"| {_name(record[0])} | {_told(record[1])} |" for record in records if record]
    if rows:
        parts.append("\n".join(["| | |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _name(written: str) -> str:
    """An option with its value, or an argument, whose type says nothing."""
    name = written if written.startswith("-") else written.partition(" <")[0]
    return f"`{' '.join(name.split())}`".replace("|", "\\|")


def _told(written: str) -> str:
    return " ".join(written.split()).replace("|", "\\|")


def _paragraphs(written: str) -> Iterator[str]:
    """The help as Markdown: what is not to be wrapped, as it stands."""
    for paragraph in re.split(r"\n{2,}", inspect.cleandoc(written)):
        if not paragraph.startswith("\b"):
            yield paragraph
            continue
        title, *lines = paragraph.removeprefix("\b\n").split("\n")
        code = inspect.cleandoc("\n".join(lines))
        kind = "sh" if title.endswith("xamples:") else "text"
        if lines and title.endswith(":"):
            yield f"{title}\n\n```{kind}\n{code}\n```"
        else:
            yield f"```text\n{inspect.cleandoc(chr(10).join([title, *lines]))}\n```"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
