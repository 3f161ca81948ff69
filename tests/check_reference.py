"""Compare the published tables with what Open edX Aspects made of the same statements.

    python -m tests.check_reference FOLDER

FOLDER holds statements.jsonl.gz, the event-sink dumps as CSV, and expected/*.csv. The
statements are loaded into an embedded warehouse and built with the variables that turn
our rules into the reference's. The tables are then compared, row by row, with the plain
Python oracle under the same rules, and with the expected files: each by a SELECT on
published tables, and those that the oracle knows by the oracle too. Exits with 1 if
anything differs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from loader.checkers import checkers
from loader.dumps import ingest_dump
from loader.engine import connect
from loader.ingestion import ingest
from loader.loads import Load
from loader.reading import find_sources
from loader.schema import initialise
from tests.integration.arrivals import landed
from tests.integration.oracle_tables import assert_tables_match_oracle
from tests.oracle import check_reference
from tests.oracle.check_reference import Difference, difference, read_csv, report
from tests.reference import SELECTS
from tests.reporting import dbt
from tests.warehouse import settings_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

RULES = {
    "video_end_rule": "last",
    "video_second_rule": "inclusive",
    "video_wall_clock_check": False,
    "video_rounding": "up",
}
# Rows that our tables do not have, and why.
LACKS = {
    "dim_user_pii": "users who are in no statement",
    "dim_most_recent_taxonomies": "taxonomies without tags",
}
DUMPS = (
    *("course_overviews", "course_blocks", "user_profile", "external_id"),
    *("tag", "taxonomy", "object_tag"),
)


def main(folder: Path) -> int:
    with TemporaryDirectory() as scratch:
        settings = settings_of({"WAREHOUSE_TARGET": "embedded", "WAREHOUSE_PATH": scratch})
        client = connect(settings)
        initialise(client, settings)
        for table in DUMPS:
            for source in find_sources([str(folder / f"{table}.csv*")], table):
                ingest_dump(client, source, table)
        with checkers() as workers:
            sources = find_sources([str(folder / "statements.jsonl.gz")])
            (load,) = ingest([client], sources, workers)
        assert isinstance(load, Load)
        print(f"landed {load.counts.landed} of {load.counts.lines} statements")
        dbt(settings, "run", variables=json.dumps(RULES))
        assert_tables_match_oracle(client, landed(client), check_reference.REFERENCE_VIDEO)
        print("every table equals the oracle; published tables and the expected files:")
        agree = [compare_selected(client, folder, name) for name in expected_names(folder)]
        client.close()
    print("the oracle and the expected files:")
    return check_reference.main(folder) or int(not all(agree))


def expected_names(folder: Path) -> list[str]:
    """The relations that have an expected file."""
    return sorted(path.name.partition(".")[0] for path in (folder / "expected").glob("*.csv*"))


def compare_selected(client: Client, folder: Path, name: str) -> bool:
    """Whether one of our SELECTs for a relation gives the rows of its expected file."""
    if name not in SELECTS:
        print(f"{name}: not compared, no SELECT is written for it")
        return True
    expected = read_csv(folder, f"expected/{name}")
    if name.endswith("_engagement"):
        # Some releases have a row of nobody for each part that somebody has not begun.
        expected = [row for row in expected if row["actor_id"]]
    answers = [client.query(select) for select in SELECTS[name]]
    unknown = set(expected[0]) - set(answers[0].column_names)
    if unknown:
        print(f"{name}: without {', '.join(sorted(unknown))}")
    differences = [
        difference(list(answer.named_results()), expected, unknown) for answer in answers
    ]
    return report(name, min(differences, key=Difference.rows), LACKS.get(name, ""))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
