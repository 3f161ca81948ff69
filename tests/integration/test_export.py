"""Statements back out: which ones, their text as it landed, and a file that is whole."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from loader.errors import LoaderError, UsageError
from loader.exporting import Exported, Selection, export_to_file, export_to_stream, kind_of
from tests.command import Command
from tests.statements import REMOVED, Statement, lines, statement, text
from tests.warehouse import Warehouse

DEMO = "course-v1:Org+Demo+1"


def exported(warehouse: Warehouse, **selection: Any) -> list[bytes]:
    """The lines that an export of a selection has."""
    file = io.BytesIO()
    done = export_to_stream(warehouse.client, Selection(**selection), file)
    found = file.getvalue().splitlines()
    assert done == Exported(len(found), len(file.getvalue()) - len(found))
    return found


def test_statements_come_back_in_the_order_they_happened(warehouse: Warehouse) -> None:
    late = statement(1, timestamp="2026-05-01T00:00:00Z")
    early = statement(2, timestamp="2025-12-31T23:59:59Z", result={"response": "ü\u2028 \\ \t"})
    warehouse.ingest(lines(late, early))
    assert exported(warehouse) == [text(early), text(late)]


def test_an_empty_warehouse_has_none(warehouse: Warehouse) -> None:
    assert exported(warehouse) == []


def at(time: str) -> datetime:
    return datetime.fromisoformat(time).replace(tzinfo=timezone.utc)


def test_a_period_has_its_beginning_and_not_its_end(warehouse: Warehouse) -> None:
    made = [statement(day, timestamp=f"2026-03-0{day}T00:00:00Z") for day in range(1, 6)]
    warehouse.ingest(lines(*made))
    assert exported(warehouse, since=at("2026-03-02"), until=at("2026-03-04")) == [
        text(made[1]),
        text(made[2]),
    ]


def activity(identifier: str) -> Statement:
    return {"id": identifier}


@pytest.mark.parametrize(
    "changes",
    [
        {"object": activity(f"https://lms.example/course/{DEMO}")},
        {"object": activity(DEMO)},
        {"context": {"contextActivities": {"parent": [activity(f"https://lms.example/x/{DEMO}")]}}},
        {"context": {"contextActivities": {"grouping": [activity("x:y"), activity(f"x:/{DEMO}")]}}},
        {"context": {"contextActivities": {"category": activity(f"https://lms.example/{DEMO}")}}},
        {"context": {"contextActivities": {"other": [activity(f"x:/{DEMO}")]}}, "result": {"n": 0}},
    ],
)
def test_a_course_is_named_by_the_object_or_by_its_context(
    warehouse: Warehouse, changes: dict[str, Any]
) -> None:
    others = [
        statement(2, object=activity(f"https://lms.example/course/{DEMO}2")),
        statement(3, object=activity(f"https://lms.example/course/Other{DEMO}")),
        statement(4, object=activity(f"https://lms.example/course/{DEMO}/about")),
    ]
    one = statement(1, **({"object": activity("https://lms.example/unit/1")} | changes))
    warehouse.ingest(lines(one, *others))
    assert exported(warehouse, courses=(DEMO,)) == [text(one)]
    assert exported(warehouse, courses=("course-v1:None+None+None", DEMO)) == [text(one)]


def test_a_verb_is_named_by_its_iri_or_its_name(warehouse: Warehouse) -> None:
    passed = statement(1, verb={"id": "http://adlnet.gov/expapi/verbs/passed"})
    own = statement(2, verb={"id": "https://own.example/verbs/danced"})
    warehouse.ingest(lines(passed, own, statement(3)))
    assert exported(warehouse, verbs=("passed",)) == [text(passed)]
    assert exported(warehouse, verbs=("https://own.example/verbs/danced",)) == [text(own)]
    assert exported(warehouse, verbs=("danced",)) == []
    assert len(exported(warehouse, verbs=("passed", "registered"))) == 2


@pytest.mark.parametrize(
    ("actor", "identifier"),
    [
        ({"account": {"homePage": "https://lms.example", "name": "ana"}}, "ana"),
        ({"mbox": "mailto:ana@example.org"}, "mailto:ana@example.org"),
        ({"mbox_sha1sum": "a" * 40}, "a" * 40),
        ({"openid": "https://ana.example.org"}, "https://ana.example.org"),
    ],
)
def test_an_actor_is_named_as_in_the_reports(
    warehouse: Warehouse, actor: dict[str, Any], identifier: str
) -> None:
    hers = statement(1, actor=actor)
    about_her = statement(2, object={"objectType": "Agent", **actor})
    warehouse.ingest(lines(hers, about_her))
    assert exported(warehouse, actors=(identifier,)) == [text(hers)]


def test_conditions_of_different_kinds_must_all_hold(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(*map(statement, range(1, 15))))
    found = exported(warehouse, actors=("learner1", "learner2"), verbs=("registered",))
    assert len(found) == 4
    assert exported(warehouse, actors=("learner1",), verbs=("passed",)) == []


def test_what_looks_like_sql_is_only_a_value(warehouse: Warehouse) -> None:
    odd = "x') OR 1 = 1 --\\'"
    hers = statement(1, actor={"account": {"homePage": "https://lms.example", "name": odd}})
    warehouse.ingest(lines(hers, statement(2)))
    assert exported(warehouse, actors=(odd,)) == [text(hers)]
    assert exported(warehouse, courses=(odd,), verbs=(odd,)) == []


def test_a_number_no_computer_holds_hides_no_statement(warehouse: Warehouse) -> None:
    odd = text(statement(1)).replace(b'"id"', b'"n": 1e9999, "id"', 1)
    warehouse.ingest(lines(odd))
    assert exported(warehouse, verbs=("registered",)) == [odd]


def test_of_copies_the_first_to_land_comes_out(warehouse: Warehouse) -> None:
    """Other writers check nothing: the same id may come with other text and another time."""
    kept = statement(1, timestamp="2026-03-02T00:00:00Z")
    rows = [
        ("2026-03-02", kept, "2026-04-01"),
        ("2026-03-02", kept | {"verb": {"id": "x:later"}}, "2026-04-02"),
        ("2026-03-01", kept | {"verb": {"id": "x:other-time"}}, "2026-04-03"),
    ]
    for day, made, received in reversed(rows):
        warehouse.client.command(
            "INSERT INTO xapi.xapi_events_all (event_id, emission_time, event, received_at) "
            "VALUES ({id:UUID}, {day:String}, {event:String}, {received:String})",
            parameters={
                "id": made["id"],
                "day": day,
                "event": json.dumps(made),
                "received": received,
            },
        )
    assert exported(warehouse) == [text(kept)]
    assert exported(warehouse, verbs=("x:later", "x:other-time")) == []
    assert exported(warehouse, until=at("2026-03-02")) == []


# What a statement in a JSON document may look like: white space anywhere between its parts.
BLANKS = st.sampled_from([None, 1, "\t"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
# Any JSON, and the numbers that Python writes though JSON has none of them.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> list[str]:
    """Distinct statements as a document may have them."""
    numbers = draw(st.lists(st.integers(1, 30), max_size=12, unique=True))
    made = []
    for number in numbers:
        result = {"response": draw(TEXTS), "extensions": {"x:y": draw(VALUES)}}
        one = statement(number, result=result)
        if draw(st.booleans()):
            one = {name: value for name, value in one.items() if name != "id"} | {"n": number}
        ascii_only = draw(st.booleans())
        written = json.dumps(one, indent=draw(BLANKS), ensure_ascii=ascii_only)
        made.append(written.replace("\n", draw(st.sampled_from(["\n", "\r\n", " \n\n"]))))
    return made


def raw_layer(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "SELECT toString(event_id), toString(emission_time), event FROM xapi.xapi_events_all "
        "ORDER BY event_id"
    )


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(documents(), st.sampled_from([".jsonl", ".jsonl.zst", ".parquet"]))
def test_out_and_in_again_is_the_same(
    warehouse: Warehouse, documents: list[str], ending: str
) -> None:
    warehouse.empty()
    warehouse.ingest(f"[{','.join(documents)}]".encode(), "all.json")
    before = raw_layer(warehouse)
    assert sorted(event for _, _, event in before) == sorted(documents)
    path = warehouse.folder / f"out{ending}"
    export_to_file(warehouse.client, Selection(), path)
    if documents:
        again = warehouse.ingest_path(path).counts
        assert (again.lines, again.duplicates) == (len(documents), len(documents))
    warehouse.empty()
    if documents:
        warehouse.ingest_path(path)
    # A line cannot hold the end of one: it has become a blank, if there was any.
    expected = [
        (identifier, time, event if ending == ".parquet" else event.replace("\n", " "))
        for identifier, time, event in before
    ]
    assert raw_layer(warehouse) == expected


@pytest.mark.parametrize(
    ("ending", "unpack"),
    [
        ("", bytes),
        (".gz", gzip.decompress),
        (".bz2", bz2.decompress),
        (".xz", lzma.decompress),
        (".zst", lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()),
    ],
)
def test_the_name_says_how_it_is_compressed(
    warehouse: Warehouse, ending: str, unpack: Callable[[bytes], bytes]
) -> None:
    content = lines(*map(statement, range(1, 4)))
    warehouse.ingest(content)
    path = warehouse.folder / f"out.jsonl{ending}"
    export_to_file(warehouse.client, Selection(), path)
    written = path.read_bytes()
    assert unpack(written) == content
    export_to_file(warehouse.client, Selection(), path)
    assert path.read_bytes() == written
    assert warehouse.ingest_path(path).counts.duplicates == 3


def test_parquet_has_the_columns_of_other_stores(warehouse: Warehouse) -> None:
    warehouse.ingest(
        lines(statement(1), statement(2, id=REMOVED, timestamp="1900-01-01T00:00:00Z"))
    )
    path = warehouse.folder / "out.parquet"
    export_to_file(warehouse.client, Selection(), path)
    rows = parquet.read_table(path).to_pylist()
    assert [list(row) for row in rows] == [["event_id", "emission_time", "event"]] * 2
    assert rows[1] == {
        "event_id": "00000000-0000-0000-0000-000000000001",
        "emission_time": datetime(2026, 3, 1, 10, 0, 0, 123456, timezone.utc),
        "event": text(statement(1)).decode(),
    }
    assert rows[0]["emission_time"].year == 1900


@pytest.mark.parametrize("name", ["out", "out.json", "out.csv.gz", "out.gz", "out.parquet.zst"])
def test_a_name_that_does_not_say_how(name: str) -> None:
    with pytest.raises(UsageError, match="let it end with"):
        kind_of(Path(name))


def test_what_was_there_stays_until_the_export_is_complete(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(*map(statement, range(1, 4))))
    path = warehouse.folder / "out.jsonl"
    path.write_text("before")

    def stop(_bytes: int, _statements: int, _not_landed: int = 0, /) -> None:
        raise LoaderError("enough")

    with pytest.raises(LoaderError, match="enough"):
        export_to_file(warehouse.client, Selection(), path, stop)
    assert path.read_text() == "before"
    assert {file.name for file in warehouse.folder.iterdir()} == {"out.jsonl", "statements.jsonl"}
    assert exported(warehouse) != []  # the connection is free again


def test_the_command_writes_a_file_and_says_what(command: Command) -> None:
    (command.folder / "in.jsonl").write_bytes(lines(*map(statement, range(1, 15))))
    assert command("ingest", "in.jsonl").returncode == 0
    done = command("export", "-o", "out.jsonl.gz", "--actor", "learner1", "--actor", "learner2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("4 statements written to out.jsonl.gz in ")
    told = json.loads(command("export", "-o", "out.jsonl", "--json").stdout)
    assert set(told) == {"file", "statements", "bytes", "seconds"}
    assert told["statements"] == 14
    piped = command("export", "--output", "-", "--since", "2026-03-01", "--until", "2026-03-02")
    assert piped.stdout.encode() == lines(*map(statement, range(1, 15)))
    assert piped.stderr.startswith("14 statements written to - in ")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["-o", "out.txt"], 2, "The name of out.txt does not say what to write: let it end with"),
        (["-o", "-", "--json"], 2, "--json and the statements cannot both go to standard output"),
        (["-o", "x.jsonl", "--since", "May"], 2, "--since takes a date or a time as 2026-10-31 or"),
        (["-o", "-", "--since", "2026-05-02", "--until", "2026-05-01"], 2, "--since is not before"),
        (
            ["-o", "x.jsonl"],
            1,
            "This warehouse has no tables yet (or old ones): run `loader init`.",
        ),
    ],
)
def test_wrong_usage(alone: Command, arguments: list[str], code: int, sentence: str) -> None:
    done = alone("export", *arguments)
    assert done.returncode == code
    told = f"Error: {json.loads(done.stdout)['error']}\n" if "--json" in arguments else ""
    assert told in ("", done.stderr)
    assert done.stderr.startswith(f"Error: {sentence}")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_not_there(alone: Command) -> None:
    assert alone("init").returncode == 0
    done = alone("export", "-o", "nowhere/out.jsonl")
    assert done.returncode == 1
    assert done.stderr == "Error: Cannot write nowhere/out.jsonl: No such file or directory.\n"
