"""`loader validate`: what is wrong with the statements of a source. No database is needed."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from loader.checkers import Checkers
from loader.chunks import Chunk, records_of
from loader.envelope import Rejection
from loader.limits import Limits
from loader.pipeline import CheckedInput, checked_inputs
from loader.progress import Progress, Show, show_nothing
from loader.reading import AS_IT_COMES, PassedOver, Reading, Source
from loader.verdicts import verdict_on, wrapped


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
    limits: Limits = field(default_factory=Limits)


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


def validate_sources(
    sources: Sequence[Source],
    workers: Checkers,
    request: Request,
    reading: Reading = AS_IT_COMES,
    show: Show = show_nothing,
) -> Iterator[Validation | PassedOver]:
    """Judge every statement of some sources; nothing is written anywhere.

    Gives what was found in each input; an archive has several. Raises LoaderError when one
    cannot be read to its end.
    """
    for found in checked_inputs(sources, reading, workers, judge, lambda _opened, _first: request):
        if isinstance(found, PassedOver):
            yield found
        else:
            yield _validated(found, request, show(found.opened.name, found.opened.size))


def _validated(
    found: CheckedInput[Request, Judged], request: Request, progress: Progress
) -> Validation:
    started = time.perf_counter()
    validation = Validation(found.opened.name)
    next_line = 1
    for judged in found.chunks:
        validation.lines += judged.lines
        validation.reasons += judged.reasons
        wanted = request.findings - len(validation.findings)
        validation.findings += [
            replace(one, line=next_line + one.line - 1) for one in judged.findings[:wanted]
        ]
        next_line += judged.line_ends
        progress(found.opened.position, validation.lines, validation.rejected)
    validation.seconds = time.perf_counter() - started
    return validation


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
    found = records_of(data, chunk)
    judging = _Judging(request, data, chunk, found.line_ends)
    for row in found.rejects:
        fault = _Fault(row.reason.value, "", "", row.detail)
        judging.add([fault], row.line, row.byte, None)
    for line, byte, record in zip(found.lines, found.offsets, found.texts, strict=True):
        judging.judge(record, line, byte)
    return judging.judged


class _Judging:
    """A chunk's records as they are judged, one after the other."""

    def __init__(self, request: Request, data: bytes, chunk: Chunk, line_ends: int) -> None:
        self.judged = Judged(line_ends=line_ends)
        self._wanted = request.findings
        self._limits = request.limits
        self._faults = _faults_of_specification() if request.strict else _faults_of_envelope
        self._data = data
        self._chunk = chunk

    def judge(self, record: bytes, line: int, byte: int) -> None:
        text = record.strip()
        if not text:
            return
        faults = self._faults(text, self._limits)
        if not faults:
            self.judged.lines += 1
            return
        try:
            inside = wrapped(text, self._limits)
        except Rejection as verdict:
            inside, faults = None, [_fault(verdict)]
        for one in inside or ():
            self.add(self._faults(one, self._limits), line, byte, None)
        if not inside:
            begin = byte + len(record) - len(record.lstrip())
            self.add(faults, line, byte, self._column(begin))

    def add(self, faults: Sequence[_Fault], line: int, byte: int, column: int | None) -> None:
        self.judged.lines += 1
        if faults:
            self.judged.reasons[faults[0].reason] += 1
            wanted = faults[: self._wanted - len(self.judged.findings)]
            self.judged.findings += [_finding(one, line, byte, column) for one in wanted]

    def _column(self, byte: int) -> int | None:
        """How many bytes of its line are before a place in the input, if that can be told."""
        chunk = self._chunk
        if chunk.layout is not None or chunk.are_rows:
            return None
        place = byte - chunk.first_byte
        line_start = self._data.rfind(b"\n", 0, place) + 1
        return place - line_start if line_start or not chunk.first_byte else None


# How the envelope says which value is meant.
_PATH = re.compile(r"(\w+(?:\.\w+)*): (.*)", re.DOTALL)


def _faults_of_envelope(text: bytes, limits: Limits) -> Sequence[_Fault]:
    verdict = verdict_on(text, limits)
    return [_fault(verdict)] if isinstance(verdict, Rejection) else ()


def _fault(verdict: Rejection) -> _Fault:
    placed = _PATH.match(verdict.detail)
    path, message = placed.groups() if placed else ("", verdict.detail)
    return _Fault(verdict.reason.value, path, "", message)


def _faults_of_specification() -> Callable[[bytes, Limits], Sequence[_Fault]]:
    from loader.xapi import violations  # the models take their time to build

    def faults(text: bytes, limits: Limits) -> Sequence[_Fault]:
        if len(text) > limits.statement_bytes:
            return _faults_of_envelope(text, limits)
        broken = violations(text)
        return [_Fault(one.rule.code, one.path, one.section, one.message) for one in broken]

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
