"""What must hold for any bytes: the readers' promises, and the validation's.

A target takes bytes and raises AssertionError, or whatever should not be raised, when a
promise is broken.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import loader.reading.inputs
from loader.envelope import Reason, Rejection, canonical, same_content
from loader.errors import LoaderError
from loader.limits import Limits
from loader.reading import Format, PassedOver, Reading, Source, open_inputs
from loader.reading.archives import is_tar, is_zip
from loader.reading.compression import is_compressed
from loader.scanner import USUAL, Texts, scan
from loader.verdicts import verdict_on, verdicts_on
from loader.xapi import Rule, violations
from tests.reading import Read, read_all
from tests.unit.complete_statement import changed, text
from tests.unit.test_xapi_properties import PLACES

BOM = b"\xef\xbb\xbf"
FORMATS = (None, *Format)
SIZES = (1, 7, 64, 1024, 8 * 1024 * 1024)
LIMITS = (Limits(), Limits(statement_bytes=40), Limits(nesting=3), Limits(expansion=2))
BETWEEN_VALUES = b" \t\r\n\v\f\0,[]"


def read_anything(data: bytes, file: Path) -> None:
    """Two bytes say how to read, and the others are what is read, from a file."""
    how, content = (data[:2] + b"\0\0")[:2], data[2:]
    wanted = FORMATS[how[0] % len(FORMATS)]
    limits = LIMITS[how[0] // len(FORMATS) % len(LIMITS)]
    loader.reading.inputs.CHUNK_BYTES = SIZES[how[1] % len(SIZES)]
    file.write_bytes(content)
    try:
        for opened in open_inputs(Source(file.name, file), Reading(wanted, limits)):
            if not isinstance(opened, PassedOver):
                kind = opened.format()
                _examine_read(content, kind, read_all(opened), limits)
    except LoaderError as error:
        assert str(error).endswith((".", ")"))  # noqa: PT017  # a sentence


def _examine_read(content: bytes, kind: object, read: Read, limits: Limits) -> None:
    for record in read.records:
        for one, verdict in verdicts_on(record.text, limits, strict=True):
            assert isinstance(verdict, Rejection) or same_content(one, one)
    is_unpacked = is_compressed(content) or is_zip(content) or is_tar(content)
    if is_unpacked or kind is Format.PARQUET:
        return
    assert read.size in (len(content), len(content) - len(BOM) * content.startswith(BOM))
    places = [(one.line, one.byte) for one in read.records]
    places += [(one.line, one.byte) for one in read.rejects]
    assert all(line == content.count(b"\n", 0, byte) for line, byte in places)
    if isinstance(kind, Format):
        outside, position = b"", 0
        for record in read.records:
            assert content[record.byte : record.byte + len(record.text)] == record.text
            if len(record.text) <= limits.statement_bytes:  # else there is more of it
                outside += content[position : record.byte]
            position = record.byte + len(record.text)
        if not any(len(one.text) > limits.statement_bytes for one in read.records):
            outside += content[position:]
            if b"statements" not in content:  # of pages, what is around them is left out
                assert not outside.removeprefix(BOM).strip(BETWEEN_VALUES)


def judge_anything(data: bytes) -> None:
    """The bytes as a statement, as a value somewhere in a valid one, and as a member of it."""
    _examine_judgement(data)
    statement, path = PLACES[int.from_bytes(data[:2], "big") % len(PLACES)]
    line = text(changed({path: _value(data[2:])}, of=statement))
    _examine_judgement(line)
    _examine_judgement(line[:-1] + b", " + data[2:] + b"}")


def _value(written: bytes) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written.decode(errors="replace")


def _examine_judgement(line: bytes) -> None:
    limits = Limits()
    verdict = verdict_on(line, limits)
    scanned = scan(Texts.of([line]), limits.statement_bytes)
    if scanned.kinds[0] == USUAL:
        assert verdict == (str(UUID(bytes=scanned.ids[0].tobytes())), scanned.times[0])
    if not isinstance(verdict, Rejection):
        assert canonical(line)
        assert same_content(line, line)
    found = violations(line)
    assert all(str(one) and one.section for one in found)
    if not found:
        assert not isinstance(verdict, Rejection) or _is_documented(verdict)
    elif found[0].rule not in (Rule.JSON, Rule.REPEATED_PROPERTY):
        value = json.loads(line)
        assert not isinstance(value, dict) or violations(value) == found


def _is_documented(verdict: Rejection) -> bool:
    """Whether it is one of the limits that the envelope has and the specification has not."""
    return "account.name" in verdict.detail or verdict.reason is Reason.INVALID_TIMESTAMP
