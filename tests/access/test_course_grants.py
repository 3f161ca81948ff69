"""`loader ingest --table course_grants`: who may see which course, one whole dump at a time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from loader.errors import InputError
from tests.command import Command
from tests.warehouse import Warehouse, counted

HEADER = "username,org,course_key,role,until\n"
TABLE = "course_grants"


def current(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "SELECT username, org, course_key, role FROM access.current_course_grants ORDER BY ALL"
    )


def test_a_dump_replaces_the_former_one_whole(warehouse: Warehouse) -> None:
    warehouse.ingest_dump(f"{HEADER}ana,A,a,instructor,\nben,B,b,staff,\n".encode(), TABLE)
    assert current(warehouse) == [("ana", "A", "a", "instructor"), ("ben", "B", "b", "staff")]
    warehouse.ingest_dump(f"{HEADER}ben,B,b,staff,\ncleo,C,,instructor,\n".encode(), TABLE)
    assert current(warehouse) == [("ben", "B", "b", "staff"), ("cleo", "C", "", "instructor")]
    assert warehouse.value("SELECT count() FROM access.course_grants") == 2


def test_a_dump_that_breaks_off_leaves_the_former_one_in_force(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse.ingest_dump(f"{HEADER}ana,A,a,instructor,\n".encode(), TABLE)
    monkeypatch.setattr("loader.dumps.BATCH_ROWS", 1)  # the first row is there when the rest fails
    with pytest.raises(Exception, match=r"."):
        warehouse.ingest_dump(
            f"{HEADER}ben,B,b,staff,\n".encode() + b"x" * (20 * 1024 * 1024), TABLE
        )
    assert warehouse.value("SELECT count() FROM access.course_grants") == 2
    assert current(warehouse) == [("ana", "A", "a", "instructor")]
    warehouse.ingest_dump(f"{HEADER}cleo,C,c,staff,\n".encode(), TABLE)
    assert current(warehouse) == [("cleo", "C", "c", "staff")]
    assert warehouse.value("SELECT count() FROM access.course_grants") == 1


@pytest.mark.parametrize("content", ["", HEADER, f"{HEADER},A,a,instructor,\n"])
def test_a_dump_without_a_grant_takes_nothing_away(warehouse: Warehouse, content: str) -> None:
    warehouse.ingest_dump(f"{HEADER}ana,A,a,instructor,\n".encode(), TABLE)
    with pytest.raises(InputError, match="holds no grant, so those from before stay in force"):
        warehouse.ingest_dump(content.encode(), TABLE)
    assert current(warehouse) == [("ana", "A", "a", "instructor")]


def test_a_grant_ends(warehouse: Warehouse) -> None:
    now = datetime.now(timezone.utc)
    yesterday, today = ((now - timedelta(days=days)).date().isoformat() for days in (1, 0))
    before, after = ((now + timedelta(hours=hours)).isoformat() for hours in (-1, 1))
    ends = {
        "never": "",
        "yesterday": yesterday,
        "with_today": today,  # a day counts to its end
        "before": before,
        "after": after,
        "without_zone": (now + timedelta(minutes=5)).replace(tzinfo=None).isoformat(),
        "zulu": "2200-01-01T00:00:00Z",
        "far_away": "9999-12-31",
    }
    rows = "".join(f"{name},A,a,instructor,{until}\n" for name, until in ends.items())
    warehouse.ingest_dump((HEADER + rows).encode(), TABLE)
    assert {name for name, *_ in current(warehouse)} == {
        *("never", "with_today", "after", "without_zone", "zulu", "far_away")
    }


def test_what_is_no_grant_is_rejected(warehouse: Warehouse) -> None:
    load = warehouse.ingest_dump(
        (
            f"{HEADER}ana,A,a,instructor,\n"
            ",A,a,instructor,\n"
            "ana,,,instructor,\n"
            "ana,A,a,,\n"
            "ana,A,a,instructor,some day\n"
            "ana,A,a,instructor,1901-12-31\n"
        ).encode(),
        TABLE,
    )
    assert counted(load) == (1, 0, 0, 5)
    details = warehouse.rows("SELECT detail FROM xapi.rejected_statements ORDER BY line")
    assert [detail for (detail,) in details] == [
        "username: a grant without one opens nothing",
        "org, course_key: a grant names an organisation or a course",
        "role: a grant without one opens nothing",
        "until: 'some day' is not a date (and time)",
        "until: '1901-12-31' is before 1970",
    ]


def test_rows_as_json(warehouse: Warehouse) -> None:
    rows = b'{"username": "ana", "course_key": "a", "role": "staff", "until": null}\n'
    assert counted(warehouse.ingest_dump(rows, TABLE)) == (1, 0, 0, 0)
    assert current(warehouse) == [("ana", "", "a", "staff")]


def test_the_command(command: Command) -> None:
    (command.folder / "a.csv").write_text(f"{HEADER}ana,A,a,instructor,\n")
    (command.folder / "b.csv").write_text(f"{HEADER}ben,B,b,instructor,\n")
    done = command("ingest", "--table", TABLE, "a.csv")
    assert done.returncode == 0, done.stderr
    assert "1 row in " in done.stdout
    several = command("ingest", "--table", TABLE, "a.csv", "b.csv")
    assert several.returncode == 2
    assert "name one file that has all grants" in several.stderr
    empty = command("ingest", "--table", TABLE, "-", stdin=HEADER.encode())
    assert empty.returncode == 1
    assert "holds no grant" in empty.stderr
