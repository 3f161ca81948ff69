"""Progress on stderr while something runs; nothing when stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from loader.progress import Progress, no_progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

# A line has to fit into 80 columns: of long names the end is shown, where they differ.
SHOWN_OF_NAME = 24
BAR_WIDTH = 10


class Display:
    """Progress bars with the rate a second, the time left, and what cannot land."""

    def __init__(self, bars: Bars | None) -> None:
        self._bars = bars

    def start(self, what: str, total: int | None) -> Progress:
        """Begin a bar of `total` units (None: nobody knows); what to tell about it."""
        if self._bars is None:
            return no_progress
        bars = self._bars
        task = bars.add_task(shortened(what), total=total, records=0, rate="", not_landed="")

        def show(done: int, records: int, not_landed: int = 0, /) -> None:
            elapsed = bars.tasks[task].elapsed or 0.0
            bars.update(
                task,
                completed=done,
                records=records,
                rate=f"{records / elapsed:,.0f}/s" if elapsed and records else "",
                not_landed=f"{not_landed:,} not landed" if not_landed else "",
            )

        return show

    def say(self, sentence: str) -> None:
        """A line on stderr, above the bars."""
        if self._bars is None:
            typer.echo(sentence, err=True)
        else:
            self._bars.console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def shortened(name: str) -> str:
    """A name that leaves room for what is told about it."""
    return name if len(name) <= SHOWN_OF_NAME else f"…{name[1 - SHOWN_OF_NAME :]}"


@contextmanager
def display(wanted: bool = True, unit: str = "") -> Iterator[Display]:
    """Show progress on stderr for the time of the block, if it is a terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield Display(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    counted = f"{{task.fields[records]:,}} {unit}".rstrip()
    with Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=BAR_WIDTH),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn(counted),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[not_landed]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        yield Display(bars)
