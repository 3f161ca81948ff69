"""Progress on stderr while something runs; nothing when stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

Show = Callable[[int, int], None]
"""Told how much is done, in the unit of the total, and how many statements that is."""


class Display:
    """Progress bars with the rate in statements a second and the time left."""

    def __init__(self, bars: Progress | None) -> None:
        self._bars = bars

    def start(self, what: str, total: int | None) -> Show:
        """Begin a bar of `total` units (None: nobody knows); what to tell about it."""
        if self._bars is None:
            return lambda _done, _statements: None
        bars = self._bars
        task = bars.add_task(what, total=total, statements=0, rate="")

        def show(done: int, statements: int) -> None:
            elapsed = bars.tasks[task].elapsed or 0.0
            rate = f"{statements / elapsed:,.0f}/s" if elapsed and statements else ""
            bars.update(task, completed=done, statements=statements, rate=rate)

        return show

    def say(self, sentence: str) -> None:
        """A line on stderr, above the bars."""
        if self._bars is None:
            typer.echo(sentence, err=True)
        else:
            self._bars.console.print(sentence, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def display(wanted: bool = True, unit: str = "statements") -> Iterator[Display]:
    """Show progress on stderr for the time of the block, if it is a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield Display(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn(f"{{task.fields[statements]:,}} {unit}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        yield Display(bars)
