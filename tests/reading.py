"""What is read of an input, for tests: every record with its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from loader.chunks import Reject, records_of
from loader.reading import AS_IT_COMES, Input, PassedOver, Reading, find_sources, open_inputs


@dataclass(frozen=True)
class Record:
    """A record that is not blank: line from 0, byte in the input, text."""

    line: int
    byte: int
    text: bytes


@dataclass
class Read:
    """All of an input: its records, the rows that hold none, and how many bytes it had."""

    name: str
    records: list[Record]
    rejects: list[Reject]
    size: int
    lines: int

    @property
    def texts(self) -> list[bytes]:
        return [record.text for record in self.records]


def read_all(opened: Input) -> Read:
    found = Read(opened.name, [], [], 0, 0)
    for chunk in opened.chunks():
        data = chunk.read()
        assert len(data) <= chunk.size
        cut = records_of(data, chunk)
        found.records += [
            Record(found.lines + line, byte, text)
            for line, byte, text in zip(cut.lines, cut.offsets, cut.texts, strict=True)
            if text.strip()
        ]
        found.rejects += [
            Reject(found.lines + one.line, one.byte, one.reason, one.detail, one.raw)
            for one in cut.rejects
        ]
        found.lines += cut.line_ends
        found.size += chunk.size
    return found


def read_inputs(path: Path | str, reading: Reading = AS_IT_COMES) -> list[Read | str]:
    """What is read of every input at a place; of those passed over, the name."""
    return [
        opened.name if isinstance(opened, PassedOver) else read_all(opened)
        for source in find_sources([str(path)])
        for opened in open_inputs(source, reading)
    ]


def read_one(path: Path | str, reading: Reading = AS_IT_COMES) -> Read:
    """The one input at a place."""
    (read,) = read_inputs(path, reading)
    assert isinstance(read, Read)
    return read
