"""`loader validate` as its users meet it, and strict validation when statements land."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import loader.reading.inputs
from loader.checkers import checkers
from loader.reading import find_sources
from loader.validation import Request, Validation, validate_sources
from tests.command import Command
from tests.statements import REMOVED, lines, statement, text
from tests.warehouse import Warehouse, counted

GOOD = [statement(number) for number in range(1, 6)]
NO_IRI = statement(6, object={"id": "quiz 7"})
GROUP = statement(7, object={"id": "x:y", "objectType": "GroupActivity"})
FAULTY = lines(*GOOD, NO_IRI, b"", b'{"id": "7', statement(8, actor={"mbox": "ana"}), GROUP)


def test_what_is_well_is_said_in_a_line(alone: Command) -> None:
    (alone.folder / "good.jsonl").write_bytes(lines(*GOOD))
    done = alone("validate", "good.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    head, row, empty, total = done.stdout.splitlines()
    assert head.split() == ["file", "lines", "valid", "rejected", "time"]
    assert row.split()[:4] == ["good.jsonl", "5", "5", "0"]
    assert empty == ""
    assert total.startswith("5 statements in ")
    assert not (alone.folder / "warehouse").exists()


def test_what_would_not_land_is_named_with_its_place(alone: Command) -> None:
    (alone.folder / "faulty.jsonl").write_bytes(FAULTY)
    done = alone("validate", "faulty.jsonl")
    assert done.returncode == 3
    assert done.stdout.splitlines()[4:] == [
        "2 lines would not land:",
        "  1  invalid_json",
        "  1  invalid_actor",
        "In faulty.jsonl:",
        "  line 8, column 9: EOF while parsing a string (invalid_json)",
        "  line 9, actor.mbox: not an e-mail address as mailto:name@host (invalid_actor)",
    ]
    landed = alone("ingest", "--json", "faulty.jsonl")
    assert (landed.returncode, json.loads(landed.stdout)["rejected"]) == (3, 2)


def test_what_is_not_valid_is_named_with_path_rule_and_section(alone: Command) -> None:
    (alone.folder / "faulty.jsonl").write_bytes(FAULTY)
    done = alone("validate", "--strict", "--findings", "3", "faulty.jsonl")
    assert done.returncode == 3
    assert done.stdout.splitlines()[4:] == [
        "4 lines are not valid:",
        "  1  iri",
        "  1  json",
        "  1  mbox",
        "  1  vocabulary",
        "The first of faulty.jsonl:",
        "  line 6, object.id: not an absolute IRI (iri; xAPI 1.0.3 part 2, 4.3)",
        "  line 8, column 9: not JSON, EOF while parsing a string (json; xAPI 1.0.3 part 2, 2.2)",
        "  line 9, actor.mbox: not an e-mail address as mailto:name@host "
        "(mbox; xAPI 1.0.3 part 2, 2.4.2.3)",
    ]


def test_as_json_it_is_one_object_on_one_line(alone: Command) -> None:
    (alone.folder / "a.jsonl.gz").write_bytes(gzip.compress(lines(*GOOD)))
    (alone.folder / "b.jsonl").write_bytes(FAULTY)
    done = alone("validate", "--strict", "--json", ".")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (3, "", 1)
    told = json.loads(done.stdout)
    assert (told["lines"], told["valid"], told["rejected"]) == (14, 10, 4)
    assert told["reasons"] == {"iri": 1, "json": 1, "mbox": 1, "vocabulary": 1}
    good, faulty = told["files"]
    assert (good["file"], good["rejected"], good["findings"]) == ("a.jsonl.gz", 0, [])
    assert faulty["findings"][0] == {
        "line": 6,
        "byte": FAULTY.index(text(NO_IRI)),
        "column": None,
        "path": "object.id",
        "reason": "iri",
        "section": "xAPI 1.0.3 part 2, 4.3",
        "message": "not an absolute IRI",
    }


def test_standard_input_is_a_source_too(alone: Command) -> None:
    done = alone("validate", "-", stdin=FAULTY)
    assert done.returncode == 3
    assert "\nIn -:\n  line 8, " in done.stdout


def test_what_cannot_be_read_is_a_sentence(alone: Command) -> None:
    missing = alone("validate", "missing.jsonl")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "Error: There is no file missing.jsonl.\n"
    (alone.folder / "good.jsonl").write_bytes(lines(*GOOD))
    (alone.folder / "short.jsonl.gz").write_bytes(gzip.compress(FAULTY)[:-20])
    damaged = alone("validate", "good.jsonl", "short.jsonl.gz")
    assert damaged.returncode == 1
    assert "Error: Cannot read short.jsonl.gz further: " in damaged.stderr
    assert damaged.stdout.splitlines()[1].startswith("good.jsonl ")


def validated(path: Path, strict: bool) -> Validation:
    with checkers(workers=1) as workers:
        sources = find_sources([str(path)])
        (found,) = validate_sources(sources, workers, Request(strict, findings=9))
    assert isinstance(found, Validation)
    return found


def test_places_are_those_of_the_file_in_whatever_process_they_are_found(
    alone: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader.reading.inputs, "CHUNK_BYTES", 1000)
    content = lines(*GOOD * 10, b'{"id": }', *GOOD * 10, NO_IRI)
    path = alone.folder / "many.jsonl"
    path.write_bytes(content)
    found = validated(path, strict=True)
    assert (found.lines, found.valid, dict(found.reasons)) == (102, 100, {"json": 1, "iri": 1})
    assert [(one.line, one.byte, one.column) for one in found.findings] == [
        (51, content.index(b'{"id": }'), 8),
        (102, content.index(text(NO_IRI)), None),
    ]


def test_places_in_a_page_of_many_lines(alone: Command) -> None:
    page = b'{\n "statements": [\n  ' + text(GOOD[0]) + b',\n  {"id":\n nonsense}, {"x": 1e}\n]}'
    path = alone.folder / "page.json"
    path.write_bytes(page)
    found = validated(path, strict=False)
    places = [(one.line, one.column) for one in found.findings]
    assert places == [(5, 3), (5, 21)]


def test_with_strict_validation_only_valid_statements_land(warehouse: Warehouse) -> None:
    load = warehouse.ingest(FAULTY, strict=True)
    assert counted(load) == (5, 0, 0, 4)
    assert warehouse.rows(
        "SELECT line, reason, detail FROM xapi.rejected_statements ORDER BY 1"
    ) == [
        (
            6,
            "violates_specification",
            "object.id: not an absolute IRI (iri; xAPI 1.0.3 part 2, 4.3)",
        ),
        (8, "invalid_json", "EOF while parsing a string at line 1 column 9"),
        (9, "invalid_actor", "actor.mbox: not an e-mail address as mailto:name@host"),
        (
            10,
            "violates_specification",
            "object.objectType: not 'Activity', 'Agent', 'Group', 'StatementRef' or 'SubStatement'"
            " (vocabulary; xAPI 1.0.3 part 2, 2.4.4)",
        ),
    ]


def test_of_several_violations_the_first_is_kept_with_their_number(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1, id=REMOVED, object={"id": "a"}, x=1, y=2)), strict=True)
    assert warehouse.value("SELECT detail FROM xapi.rejected_statements") == (
        "object.id: not an absolute IRI (iri; xAPI 1.0.3 part 2, 4.3), and 2 more"
    )


def test_ingest_has_the_choice_and_tells_what_it_did(alone: Command) -> None:
    (alone.folder / "faulty.jsonl").write_bytes(FAULTY)
    strict = alone("ingest", "--json", "--validation", "strict", "faulty.jsonl")
    assert (strict.returncode, json.loads(strict.stdout)["landed"]) == (3, 5)
    envelope = alone("ingest", "--json", "--validation", "envelope", "faulty.jsonl")
    assert (envelope.returncode, json.loads(envelope.stdout)["landed"]) == (3, 2)
    unknown = alone("ingest", "--validation", "loose", "faulty.jsonl")
    assert unknown.returncode == 2
    rows = alone("ingest", "--validation", "strict", "--table", "course_blocks", "faulty.jsonl")
    assert (rows.returncode, rows.stdout) == (2, "")
    assert rows.stderr == (
        "Error: --validation is for statements, not for the rows of a --table.\n"
    )
