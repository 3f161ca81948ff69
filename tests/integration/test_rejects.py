"""What did not land: it is found, shown, mended, retried, and never counted twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loader.rejects.retry
import loader.rejects.selection
from loader.errors import LoaderError, UsageError
from loader.limits import Limits
from loader.loads import Load
from loader.reading import Format, Reading
from loader.rejects import (
    Retried,
    Wanted,
    dismiss_rejects,
    export_rejects,
    list_rejects,
    retry_fixed,
    retry_rejects,
    show_reject,
    summary_of,
)
from loader.rejects.remedies import REMEDIES
from tests.statements import lines, statement, text
from tests.warehouse import Warehouse, counted

ALL = Wanted()
USUAL = Limits()
NARROW = Limits(nesting=10)
LINES = Reading(Format.LINES)
DEEP = statement(7, context={"extensions": {"x:deep": {"a": [[[[[[[[[["deep"]]]]]]]]]]}}})
LOOSE = statement(8, context={"language": "not a language"})
BROKEN = b'{"id": "\xff\x1b[31m'


def retry(
    warehouse: Warehouse,
    wanted: Wanted = ALL,
    limits: Limits = USUAL,
    strict: bool = False,
    dry_run: bool = False,
) -> Retried:
    return retry_rejects(
        warehouse.clients, warehouse.workers, wanted, limits, strict=strict, dry_run=dry_run
    )


def open_reasons(warehouse: Warehouse, wanted: Wanted = ALL) -> dict[str, int]:
    return {one.reason: one.lines for one in summary_of(warehouse.client, wanted)}


def load_rows(warehouse: Warehouse) -> list[tuple[str, int, int, int, int, int]]:
    """Source, lines, landed, duplicates, conflicts and rejected of all loads; they add up."""
    found = warehouse.rows(
        "SELECT source, lines, landed, duplicates, conflicts, rejected "
        "FROM xapi.loads ORDER BY started_at"
    )
    assert all(row[1] == sum(row[2:]) for row in found)
    return [(str(row[0]).rpartition("/")[2], *row[1:]) for row in found]


def test_rejects_are_counted_and_found_by_each_of_their_sides(warehouse: Warehouse) -> None:
    first = warehouse.ingest(lines(b"{", statement(1)), "a.jsonl")
    content = lines(b"{", statement(1, result={"success": True}), b"[1]")
    second = warehouse.ingest(content, "b.jsonl", LINES)
    assert open_reasons(warehouse) == {"invalid_json": 2, "id_conflict": 1, "not_an_object": 1}
    assert open_reasons(warehouse, Wanted(reasons=("invalid_json",), loads=(_id(second),))) == {
        "invalid_json": 1
    }
    assert open_reasons(warehouse, Wanted(sources=(first.source,))) == {"invalid_json": 1}
    assert open_reasons(warehouse, Wanted(since=datetime(2200, 1, 1, tzinfo=timezone.utc))) == {}
    found = list_rejects(warehouse.client, Wanted(), 3)
    assert [(one.source, one.line, one.byte_offset) for one in found] == [
        (second.source, 1, 0),
        (second.source, 2, 2),
        (second.source, 3, content.index(b"[1]")),
    ]
    assert open_reasons(warehouse, Wanted(ids=(found[0].id[:9].upper(),))) == {"invalid_json": 1}


def _id(load: Load) -> str:
    return str(load.load_id)


def test_one_is_shown_byte_by_byte_and_with_what_to_do(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1), BROKEN), reading=LINES)
    ((one),) = list_rejects(warehouse.client, Wanted(), 10)
    shown = show_reject(warehouse.client, one.id[:6])
    assert (shown.raw, shown.reject.line, shown.reject.size) == (BROKEN, 2, len(BROKEN))
    assert "loader rejects export" in shown.remedy
    assert (shown.landed, shown.resolution) == (None, "")
    with pytest.raises(LoaderError, match="No rejected line has the id 0000000000000000"):
        show_reject(warehouse.client, "0000000000000000")


def test_a_conflict_shows_who_was_first_and_in_what_they_differ(warehouse: Warehouse) -> None:
    first = warehouse.ingest(lines(statement(1, result={"success": True})), "first.jsonl")
    other = statement(1, result={"success": False, "response": "b"}, stored="2026-03-02T00:00:00Z")
    warehouse.ingest(lines(other), "second.jsonl")
    ((one),) = list_rejects(warehouse.client, Wanted(), 10)
    landed = show_reject(warehouse.client, one.id).landed
    assert landed
    assert (landed.source, landed.load_id) == (first.source, first.load_id)
    assert landed.differences == ("result.success", "result.response")


def test_every_reason_has_something_to_do() -> None:
    from loader.envelope import Reason

    assert set(REMEDIES) == set(Reason)


def test_what_other_limits_allow_lands_once_under_its_name(warehouse: Warehouse) -> None:
    load = warehouse.ingest(lines(statement(1), DEEP, b"{"), reading=Reading(limits=NARROW))
    assert counted(load) == (1, 0, 0, 2)
    assert retry(warehouse, limits=NARROW).remaining == {"too_deep": 1, "invalid_json": 1}
    assert len(load_rows(warehouse)) == 1  # a retry without a result leaves no trace

    planned = retry(warehouse, dry_run=True)
    assert (planned.tried, planned.resolved, planned.landed) == (2, 1, 1)
    assert len(warehouse.events) == 1

    done = retry(warehouse)

    assert (done.tried, done.resolved, done.landed, done.duplicates) == (2, 1, 1, 0)
    assert done.remaining == {"invalid_json": 1}
    name = Path(load.source).name
    assert load_rows(warehouse) == [(name, 3, 1, 0, 0, 2), (name, 1, 1, 0, 0, 0)]
    assert text(DEEP).decode() in warehouse.events
    ((source, load_id),) = warehouse.rows(
        "SELECT source, load_id FROM xapi.xapi_events_all WHERE event_id = {id:UUID}", id=DEEP["id"]
    )
    assert (source, load_id) == (load.source, done.loads[0].load_id)
    assert open_reasons(warehouse) == {"invalid_json": 1}
    assert open_reasons(warehouse, Wanted(resolved_too=True)) == {"invalid_json": 1, "too_deep": 1}

    again = retry(warehouse)
    assert (again.tried, again.resolved, again.loads) == (1, 0, [])
    (deep,) = (
        one
        for one in list_rejects(warehouse.client, Wanted(resolved_too=True), 9)
        if one.reason == "too_deep"
    )
    shown = show_reject(warehouse.client, deep.id)
    assert (shown.resolution, shown.resolved_by) == ("landed", load_id)


def test_what_was_too_strict_lands_when_it_is_not(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(LOOSE, statement(1)), strict=True)
    assert open_reasons(warehouse) == {"violates_specification": 1}
    assert retry(warehouse, strict=True).resolved == 0
    assert retry(warehouse).landed == 1
    assert open_reasons(warehouse) == {}


def test_a_conflict_stays_one_while_the_other_statement_is_there(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(statement(1)))
    one, other = statement(1, result={"success": True}), statement(1, result={"success": False})
    warehouse.ingest(lines(one, other))
    tried = retry(warehouse)
    assert (tried.resolved, tried.remaining) == (0, {"id_conflict": 2})

    for table in ("xapi_events_all", "statement_ids"):
        warehouse.client.command(
            f"ALTER TABLE xapi.{table} DELETE WHERE true SETTINGS mutations_sync = 2"
        )
    done = retry(warehouse)

    assert (done.landed, done.remaining) == (1, {"id_conflict": 1})
    assert warehouse.events == [text(one).decode()]
    assert retry(warehouse).remaining == {"id_conflict": 1}
    assert len(load_rows(warehouse)) == 3


def test_what_died_before_it_was_marked_is_a_duplicate_then(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.ingest(lines(DEEP, LOOSE), reading=Reading(limits=NARROW))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loader.rejects.retry, "mark", die)
        with pytest.raises(KeyboardInterrupt):
            retry(warehouse)
    assert open_reasons(warehouse) == {"too_deep": 1}
    done = retry(warehouse)
    assert (done.resolved, done.landed, done.duplicates) == (1, 0, 1)
    assert open_reasons(warehouse) == {}
    assert [row[1:] for row in load_rows(warehouse)][1:] == [(1, 1, 0, 0, 0), (1, 0, 1, 0, 0)]
    assert len(warehouse.events) == 2


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is hours behind UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
def test_a_resolution_has_the_time_of_its_reject(warehouse: Warehouse) -> None:
    """So a retention cuts both together, wherever the loader runs."""
    warehouse.ingest(lines(DEEP), reading=Reading(limits=NARROW))
    assert retry(warehouse).resolved == 1
    ((rejected, resolved),) = warehouse.rows(
        "SELECT (SELECT max(received_at) FROM xapi.rejected_statements), received_at "
        "FROM xapi.resolved_rejects"
    )
    assert resolved == rejected


def test_the_same_text_from_two_loads_lands_once_and_resolves_both(warehouse: Warehouse) -> None:
    for name in ("a.jsonl", "b.jsonl", "b.jsonl"):
        warehouse.ingest(lines(DEEP), name, Reading(limits=NARROW))
    done = retry(warehouse)
    assert (done.tried, done.resolved, done.landed, done.duplicates) == (3, 3, 1, 2)
    assert open_reasons(warehouse) == {}
    assert len(warehouse.events) == 1
    assert load_rows(warehouse)[3:] == [("a.jsonl", 1, 1, 0, 0, 0), ("b.jsonl", 2, 0, 2, 0, 0)]


def test_statements_over_several_lines_land_as_they_are(warehouse: Warehouse) -> None:
    pretty = json.dumps([DEEP, LOOSE], indent=1).encode()
    warehouse.ingest(pretty, "page.json", Reading(limits=NARROW))
    assert retry(warehouse).landed == 1
    assert json.dumps(DEEP, indent=1).replace("\n", "\n ") in warehouse.events


def test_what_is_not_kept_whole_stays_too_large(warehouse: Warehouse) -> None:
    large = statement(9, result={"response": "x" * 200_000})
    warehouse.ingest(lines(large), reading=Reading(limits=Limits(statement_bytes=1024)))
    assert retry(warehouse).remaining == {"too_large": 1}


RECORDS = st.one_of(
    st.integers(1, 9).map(statement),
    st.integers(1, 9).map(lambda n: statement(n, result={"success": True})),
    st.integers(1, 9).map(lambda n: DEEP | {"id": statement(n)["id"]}),
    st.sampled_from([b"{", b"\xff", b"[]", text(DEEP) + b"}"]),
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.lists(RECORDS, max_size=12), min_size=1, max_size=3),
    st.integers(1, 5),
    st.integers(1, 4_000),
)
def test_after_a_retry_every_line_is_landed_or_open(
    warehouse: Warehouse, files: list[list[object]], rejects: int, size: int
) -> None:
    """However the rejects are cut into pages, what can land has, and all sums are true."""
    warehouse.empty()
    for number, content in enumerate(files):
        # Some of these are broken from their first line to the last.
        narrow = Reading(Format.LINES, NARROW)
        warehouse.ingest(lines(*content), f"{number}.jsonl", narrow)  # type: ignore[arg-type]
    before = sum(open_reasons(warehouse).values())
    events = set(warehouse.events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader.rejects.selection, "PAGE_REJECTS", rejects)
        patch.setattr(loader.rejects.selection, "PAGE_BYTES", size)
        planned = retry(warehouse, dry_run=True)
        done = retry(warehouse)
        again = retry(warehouse)
    assert done.tried == before
    assert planned.tried == done.tried
    assert done.landed == len(set(warehouse.events) - events)
    assert sum(open_reasons(warehouse).values()) == done.tried - done.resolved == again.tried
    assert (again.resolved, again.loads) == (0, [])
    assert done.landed + done.duplicates == sum(load.counts.lines for load in done.loads)
    load_rows(warehouse)
    kept = warehouse.value("SELECT count() FROM xapi.rejected_statements")
    assert kept == warehouse.value("SELECT sum(conflicts + rejected) FROM xapi.loads")
    ids = "SELECT count() - uniqExact(event_id) FROM xapi.xapi_events_all"
    assert warehouse.value(ids) == 0


def test_exported_lines_are_mended_and_come_back(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(b"{", BROKEN, statement(1), b"nothing", DEEP), reading=LINES)
    path = warehouse.folder / "mend.jsonl"
    assert export_rejects(warehouse.client, Wanted(), path) == 3
    assert path.read_bytes() == lines(b"{", BROKEN, b"nothing")

    path.write_bytes(lines(statement(21), b"", b"{still"))
    planned = retry_fixed(warehouse.clients, warehouse.workers, path, dry_run=True)
    assert (planned.replaced, len(warehouse.events)) == (1, 2)
    done = retry_fixed(warehouse.clients, warehouse.workers, path)
    assert (done.replaced, done.landed, done.left, done.resolved_before) == (1, 1, 1, 0)
    assert [(one.line, one.reason) for one in done.broken] == [(3, "invalid_json")]
    assert load_rows(warehouse)[1:] == [("mend.jsonl", 1, 1, 0, 0, 0)]
    assert open_reasons(warehouse) == {"invalid_json": 1, "invalid_utf8": 1}

    path.write_bytes(lines(statement(21), statement(1), statement(22)))
    done = retry_fixed(warehouse.clients, warehouse.workers, path)
    assert (done.replaced, done.landed, done.duplicates) == (2, 1, 1)
    assert (done.resolved_before, done.broken) == (1, [])
    assert open_reasons(warehouse) == {}
    assert len(warehouse.events) == 4


def test_a_mended_file_with_other_lines_is_refused(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(b"{", b"["), reading=LINES)
    path = warehouse.folder / "mend.jsonl"
    with pytest.raises(UsageError, match=r"There is no file .*mend\.jsonl\.rejects: `loader rej"):
        retry_fixed(warehouse.clients, warehouse.workers, path)
    export_rejects(warehouse.client, Wanted(), path)
    path.write_bytes(lines(statement(1)))
    with pytest.raises(UsageError, match=r"mend\.jsonl has 1 lines, and 2 were exported"):
        retry_fixed(warehouse.clients, warehouse.workers, path)
    assert warehouse.events == []


def test_what_is_dismissed_is_not_offered_again(warehouse: Warehouse) -> None:
    warehouse.ingest(lines(b"{", DEEP), reading=Reading(Format.LINES, NARROW))
    assert dismiss_rejects(warehouse.client, Wanted(reasons=("too_deep",))) == 1
    assert dismiss_rejects(warehouse.client, Wanted(reasons=("too_deep",))) == 0
    assert retry(warehouse).tried == 1
    assert open_reasons(warehouse) == {"invalid_json": 1}
    assert len(warehouse.rejects) == 2
