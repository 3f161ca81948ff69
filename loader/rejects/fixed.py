"""Land what was mended by hand, and mark the rejects whose texts it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING

from loader.checkers import Checkers
from loader.envelope import Rejection
from loader.errors import InputError, UsageError
from loader.limits import Limits
from loader.loads import Load
from loader.rejects.export import ids_path
from loader.rejects.judging import judge
from loader.rejects.resolve import Resolution, mark
from loader.rejects.retry import landing
from loader.rejects.selection import PAGE_BYTES, Reject, Wanted, read_rejects

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Ids of so many lines are looked up together.
_AT_ONCE = 1000

_USUAL = Limits()


@dataclass(frozen=True)
class StillBroken:
    """A line of the mended file that cannot land either; lines count from 1."""

    line: int
    reason: str
    detail: str


@dataclass
class Fixed:
    """What became of a mended file: every line is in one of the four numbers."""

    replaced: int = 0  # lines that are in the warehouse now
    left: int = 0  # empty lines: nobody has mended them
    resolved_before: int = 0
    broken: list[StillBroken] = field(default_factory=list)
    landed: int = 0  # statements
    duplicates: int = 0
    loads: list[Load] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    number: int
    id: str
    text: bytes


def retry_fixed(
    clients: Sequence[Client],
    workers: Checkers,
    path: Path,
    limits: Limits = _USUAL,
    *,
    strict: bool = False,
    dry_run: bool = False,
) -> Fixed:
    """Land the lines of a file that `export_rejects` wrote and somebody has mended.

    Each line replaces the reject that stood there; an empty one leaves it as it is. What
    cannot land is told and can be mended further: the same file may be given again. Raises
    UsageError if lines were added or taken away, since nobody knows then which is which.
    """
    _refuse_other_lines(path)
    done = Fixed()
    with landing(clients, workers, limits, strict) as land:
        for lines in _pages(path):
            rejects = _unresolved(clients[0], lines)
            done.left += sum(not line.text for line in lines)
            done.resolved_before += sum(line.id not in rejects for line in lines if line.text)
            texts = [(line, line.text) for line in lines if line.text and line.id in rejects]
            judged = judge(clients[0], texts, limits, strict)
            done.replaced += len(judged.good)
            done.landed += judged.landing
            done.duplicates += judged.duplicates
            done.broken += [_broken(line, verdict) for line, verdict in judged.bad]
            if judged.good and not dry_run:
                load = land(path.name, (text for _, texts in judged.good for text in texts))
                mended = [rejects[line.id] for line, _ in judged.good]
                mark(clients[0], mended, Resolution.REPLACED, load.load_id)
                done.loads.append(load)
    return done


def _broken(line: _Line, verdict: Rejection) -> StillBroken:
    return StillBroken(line.number, verdict.reason.value, verdict.detail)


def _refuse_other_lines(path: Path) -> None:
    ids = ids_path(path)
    if not ids.is_file():
        raise UsageError(
            f"There is no file {ids}: `loader rejects export -o {path}` writes it, and it says "
            f"which line is which. Without it, `loader ingest {path}` lands what was mended."
        )
    with path.open("rb") as texts, ids.open("rb") as names:
        lines, wanted = _count(texts), _count(names)
    if lines != wanted:
        raise UsageError(
            f"{path} has {lines} lines, and {wanted} were exported: keep one line for each, and "
            "leave it empty where there is nothing to mend."
        )


def _count(file: IO[bytes]) -> int:
    return sum(1 for _ in file)


def _pages(path: Path) -> Iterator[list[_Line]]:
    """The lines of the file with the ids of their rejects, in pages that fit into memory."""
    page: list[_Line] = []
    size = 0
    try:
        with path.open("rb") as texts, ids_path(path).open("rb") as names:
            for number, (text, name) in enumerate(zip_longest(texts, names, fillvalue=b""), 1):
                line = _Line(number, name.decode("ascii", "replace").strip(), text.strip())
                page.append(line)
                size += len(text)
                if len(page) >= _AT_ONCE or size >= PAGE_BYTES:
                    yield page
                    page, size = [], 0
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror}.") from error
    if page:
        yield page


def _unresolved(client: Client, lines: Sequence[_Line]) -> dict[str, Reject]:
    """The rejects that lines are about, by id, unless they are resolved."""
    wanted = Wanted(ids=tuple({line.id for line in lines}))
    # The same text may have been rejected several times at one place: one mark is for all.
    return {one.id: one for one in read_rejects(client, wanted, 100 * len(lines))}
