"""`loader validate`: what is wrong with the statements of a source. No database is needed."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from loader.blocks import MAX_STATEMENT_BYTES, Chunk, examine_record, records
from loader.checkers import Checkers
from loader.envelope import Rejection, examine_usual
from loader.reading import Input, Source

if TYPE_CHECKING:
    from loader.loads import Progress


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one statement.

    `line` counts from 1 in the file, in which `byte` counts from 0; `column` is told of
    what is no JSON, `path` and `section` of what is.
    """

    line: int
    byte: int
    column: int | None
    path: str
    reason: str  # a code: of `Reason`, or of `loader.xapi.Rule`
    section: str
    message: str


@dataclass(frozen=True)
class Request:
    """By what to judge statements, and how much to tell of them."""

    strict: bool  # by the whole specification, not by the envelope alone
    findings: int  # at most so many of a source


@dataclass
class Judged:
    """What `judge` found in a chunk; the lines of its findings count from 1 in the chunk."""

    lines: int = 0  # records
    reasons: Counter[str] = field(default_factory=Counter)  # of what is rejected
    findings: list[Finding] = field(default_factory=list)
    line_ends: int = 0


@dataclass
class Validation:
    """What is wrong with the statements of a source, and how long it took to find out."""

    source: str
    lines: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # rejected statements by the first
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    @property
    def valid(self) -> int:
        return self.lines - self.rejected


def validate_source(
    source: Source,
    workers: Checkers,
    request: Request,
    progress: Progress = lambda _bytes, _records: None,
) -> Validation:
    """Judge every statement of a source; nothing is written anywhere.

    Raises LoaderError when the source cannot be read to its end.
    """
    started = time.perf_counter()
    found = Validation(source.name)
    opened = Input(source)
    next_line = 1
    try:
        for judged in workers.checked(opened.chunks(), judge, request):
            found.lines += judged.lines
            found.reasons += judged.reasons
            wanted = request.findings - len(found.findings)
            found.findings += [
                replace(one, line=next_line + one.line - 1) for one in judged.findings[:wanted]
            ]
            next_line += judged.line_ends
            progress(opened.position, found.lines)
    finally:
        opened.close()
    found.seconds = time.perf_counter() - started
    return found


@dataclass(frozen=True)
class _Fault:
    """One thing wrong with a record, wherever the record stands."""

    reason: str
    path: str
    section: str
    message: str


def judge(chunk: Chunk, request: Request) -> Judged:
    """What is wrong with the records of a chunk; blank lines are not records."""
    data = chunk.read()
    faults_of = _faults_of_specification() if request.strict else _faults_of_envelope
    judged = Judged(line_ends=data.count(b"\n"))
    for line, byte, record in records(data, chunk):
        text = record.strip()
        if not text:
            continue
        judged.lines += 1
        faults = faults_of(text)
        if faults:
            judged.reasons[faults[0].reason] += 1
            start = byte - chunk.first_byte + record.index(text)
            for fault in faults[: request.findings - len(judged.findings)]:
                judged.findings.append(_finding(fault, line, byte, _column(data, chunk, start)))
    return judged


# How the envelope says which value is meant.
_PATH = re.compile(r"(\w+(?:\.\w+)*): (.*)", re.DOTALL)


def _faults_of_envelope(text: bytes) -> Sequence[_Fault]:
    if len(text) <= MAX_STATEMENT_BYTES and examine_usual(text):
        return ()
    try:
        examine_record(text)
    except Rejection as verdict:
        placed = _PATH.match(verdict.detail)
        path, message = placed.groups() if placed else ("", verdict.detail)
        return (_Fault(verdict.reason.value, path, "", message),)
    return ()


def _faults_of_specification() -> Callable[[bytes], Sequence[_Fault]]:
    from loader.xapi import violations  # the models take their time to build

    def faults(text: bytes) -> Sequence[_Fault]:
        if len(text) > MAX_STATEMENT_BYTES:
            return _faults_of_envelope(text)
        return [
            _Fault(one.rule.code, one.path, one.section, one.message) for one in violations(text)
        ]

    return faults


# How the parsers say where a text stops to be JSON.
_PLACE = re.compile(r" at line (\d+) column (\d+)$")


def _finding(fault: _Fault, line: int, byte: int, start: int | None) -> Finding:
    place = _PLACE.search(fault.message)
    if not place:
        return Finding(line + 1, byte, None, fault.path, fault.reason, fault.section, fault.message)
    lines, column = int(place[1]), int(place[2])
    return Finding(
        line=line + lines,
        byte=byte,
        column=column if lines > 1 else None if start is None else start + column,
        path=fault.path,
        reason=fault.reason,
        section=fault.section,
        message=fault.message[: place.start()],
    )


def _column(data: bytes, chunk: Chunk, start: int) -> int | None:
    """How many bytes of its line are before a place in a chunk, if the line begins in it."""
    line_start = data.rfind(b"\n", 0, start) + 1
    return start - line_start if line_start or not chunk.first_byte else None
